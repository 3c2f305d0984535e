# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Another ansible-core than the default of tests/requirements-ansible.txt: make test ANSIBLE_CORE=2.18
ANSIBLE_CORE ?=
VENV := .venv$(addprefix -,$(ANSIBLE_CORE))
READY := $(VENV)/.ready
MODULES := $(patsubst plugins/modules/%.py,panw.cloud.%,$(wildcard plugins/modules/*.py))
SCRIPTS := .ci/run tests/tools/setup.sh
PYTEST := pytest --numprocesses auto --dist worksteal

# Naming a shell that is not make's default makes it honour PATH in every version.
SHELL := bash
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export MOLECULE_EPHEMERAL_DIRECTORY := $(CURDIR)/.build/molecule/work

.PHONY: help setup demo test lint format sanity unit integration browser molecule clean
.NOTPARALLEL:

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make the virtual environment (every other target does it, too)
$(READY): tests/tools/setup.sh $(wildcard tests/requirements*.txt) meta/ee-requirements.txt roles/simulator/files/requirements.txt
	@tests/tools/setup.sh $(VENV) $(ANSIBLE_CORE)
	@mkdir -p .build/home .build/ansible_collections/panw
	@ln -sfn ../../.. .build/ansible_collections/panw/cloud
	@touch $@

demo: setup ## The whole job on embedded stand-ins, no account needed
	@ansible-playbook playbooks/demo.yml

test: browser lint sanity molecule ## Everything: lint, sanity, scenarios, then one run of all tests
	@$(PYTEST) tests/unit tests/simulator tests/integration tests/browser

lint: setup ## Style, types, YAML, playbooks, changelog and documentation
	ruff check
	ruff format --check
	mypy
	yamllint --strict .
	ansible-lint --offline
	shellcheck $(SCRIPTS)
	antsibull-changelog lint
	HOME="$(CURDIR)/.build/home" antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all .
	@! ansible-doc --type module $(MODULES) 2>&1 >/dev/null | grep .

format: setup ## Format the Python code and mend what ruff can
	ruff check --fix
	ruff format

sanity: setup ## ansible-test sanity on a copy of the checkout
	@python tests/sanity/run.py

unit: setup ## Unit tests of the plugins and the simulator
	@$(PYTEST) tests/unit tests/simulator

integration: setup ## Playbooks and modules against the stand-ins
	@$(PYTEST) tests/integration

browser: setup ## See to a browser for the tests of the report (root on Debian: installs Chromium)
	@python -m tests.browser.install

molecule: setup ## The roles' scenarios, on one pair of stand-ins
	@molecule destroy --scenario-name default
	@molecule test --all

clean: ## Remove everything that the other targets made
	rm -rf .venv* .build .ansible .mypy_cache .pytest_cache .ruff_cache tests/output

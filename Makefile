# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Another ansible-core than the default of tests/requirements-ansible.txt: make test ANSIBLE_CORE=2.18
ANSIBLE_CORE ?=
# What `make coverage` compares with.
BASE ?= main
VENV := .venv$(addprefix -,$(ANSIBLE_CORE))
READY := $(VENV)/.ready
MODULES := $(patsubst plugins/modules/%.py,panw.cloud.%,$(wildcard plugins/modules/*.py))
ARTEFACT := .build/artefact
SCRIPTS := .ci/run tests/tools/docs.sh tests/tools/everything.sh tests/tools/setup.sh
PYTEST := pytest --numprocesses auto --dist worksteal
# One more than there are cores: many tests wait.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

# Naming a shell that is not make's default makes it honour PATH in every version.
SHELL := bash
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export MOLECULE_EPHEMERAL_DIRECTORY := $(CURDIR)/.build/molecule/work

.PHONY: help setup demo test lint format sanity unit integration explore programs molecule docs bench hooks hooks-run coverage test-matrix artefact execution-environment release clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-22s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make the virtual environment (every other target does it, too)
$(READY): tests/tools/setup.sh $(wildcard tests/requirements*.txt) meta/ee-requirements.txt roles/simulator/files/requirements.txt
	@tests/tools/setup.sh $(VENV) $(ANSIBLE_CORE)
	@mkdir -p .build/home .build/ansible_collections/panw
	@ln -sfn ../../.. .build/ansible_collections/panw/cloud
	@touch $@

demo: setup ## The whole job on embedded stand-ins, no account needed
	@ansible-playbook playbooks/demo.yml

test: setup programs ## Lint, sanity, scenarios and tests, side by side
	@MAKE="$(MAKE)" tests/tools/everything.sh $(PYTEST)

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

explore: setup ## Explore the stores' interleavings without bounds, not part of make test
	@EXPLORE=1 $(PYTEST) -rA tests/unit/plugins/module_utils/_stores/test_reconciler.py

programs: setup ## See to a browser and to receptor for the tests (root on Debian: installs them)
	@python -m tests.tools.programs

molecule: setup ## The roles' scenarios, on one pair of stand-ins
	@molecule destroy --scenario-name default
	@molecule test --all

docs: setup ## The documentation site, in .build/docs/html
	@HOME="$(CURDIR)/.build/home" tests/tools/docs.sh .build/docs

hooks: setup ## Let git check what you commit
	@pre-commit install

hooks-run: setup ## The checks of the hooks, on all files
	@pre-commit run --all-files

coverage: setup ## What the unit tests cover, and of the lines changed since BASE (main)
	@mkdir -p .build/coverage
	@$(PYTEST) --quiet tests/unit tests/simulator --cov --cov-report= --cov-report=json:.build/coverage/report.json --cov-report=xml:.build/coverage/report.xml
	@diff-cover .build/coverage/report.xml --compare-branch $(BASE)
	@python tests/tools/coverage_gate.py .build/coverage/report.json

test-matrix: setup ## The tests on every supported ansible-core; PYTHONS, CORES, AGES, TESTS narrow it down
	@python tests/tools/matrix.py $(if $(LIST),--list) --workers $(or $(WORKERS),auto) --pythons $(PYTHONS) --cores $(CORES) --ages $(AGES) --tests $(TESTS)

artefact: setup ## Build the tarball that users install, in .build/artefact
	@rm -rf $(ARTEFACT)
	@ansible-galaxy collection build --output-path $(ARTEFACT)
	@cp $(ARTEFACT)/panw-cloud-*.tar.gz $(ARTEFACT)/panw-cloud.tar.gz

execution-environment: artefact ## Write the build context of an execution environment
	@ansible-builder create --context .build/execution-environment --output-filename Containerfile

release: setup ## Release VERSION=x.y.z; DRY_RUN=1 rehearses it on a copy
	@python tests/tools/release.py $(if $(DRY_RUN),--dry-run) $(VERSION)

# make bench TARGETS="100 1000", FULL=1 for all figures, VENDOR_TOOL=/path/to/get_pa_token.py to compare with that
bench: setup ## Benchmarks on the stand-ins, not part of make test
	@python -m tests.benchmarks $(if $(TARGETS),--targets $(TARGETS)) $(if $(FULL),--full) $(addprefix --vendor-tool ,$(VENDOR_TOOL))

clean: ## Remove everything that the other targets made
	-@[ ! -x $(VENV)/bin/pre-commit ] || pre-commit uninstall
	rm -rf .venv* .build .ansible .mypy_cache .pytest_cache .ruff_cache tests/output

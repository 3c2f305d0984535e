# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Override the ansible-core version of tests/requirements-ansible.txt: make test ANSIBLE_CORE=2.18
ANSIBLE_CORE ?=
# The branch that `make coverage` compares with.
BASE ?= main
VENV := .venv$(addprefix -,$(ANSIBLE_CORE))
READY := $(VENV)/.ready
MODULES := $(patsubst plugins/modules/%.py,panw.cloud.%,$(wildcard plugins/modules/*.py))
INVENTORIES := $(patsubst plugins/inventory/%.py,panw.cloud.%,$(wildcard plugins/inventory/*.py))
LOOKUPS := $(patsubst plugins/lookup/%.py,panw.cloud.%,$(wildcard plugins/lookup/*.py))
ARTIFACT := .build/artifact
SCRIPTS := .ci/run tests/tools/docs.sh tests/tools/everything.sh tests/tools/setup.sh
PYTEST := pytest --numprocesses auto --dist worksteal
# One more than there are cores, because many tests wait.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

# With a shell other than make's default, every version of make honors PATH.
SHELL := bash
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export MOLECULE_EPHEMERAL_DIRECTORY := $(CURDIR)/.build/molecule/work

# With bytecode, programs that the tests run many times start twice as fast.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint format sanity quick unit integration explore test-deps molecule docs bench hooks hooks-run coverage test-matrix build execution-environment release clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-22s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Create the virtual environment (a prerequisite of most targets)
$(READY): tests/tools/setup.sh $(wildcard tests/requirements*.txt) meta/ee-requirements.txt roles/simulator/files/requirements.txt
	@tests/tools/setup.sh $(VENV) $(ANSIBLE_CORE)
	@mkdir -p .build/home .build/ansible_collections/panw
	@ln -sfn ../../.. .build/ansible_collections/panw/cloud
	@touch $@

demo: setup ## Run the whole job on embedded simulated services, no account needed
	@ansible-playbook playbooks/demo.yml

test: setup test-deps ## Run lint, sanity, scenarios and tests in parallel
	@MAKE="$(MAKE)" tests/tools/everything.sh $(PYTEST)

lint: setup ## Check style, types, YAML, playbooks, changelog and documentation
	ruff check
	ruff format --check
	mypy
	yamllint --strict .
	python -m tests.tools.forked ansible-lint --offline
	shellcheck $(SCRIPTS)
	antsibull-changelog lint
	HOME="$(CURDIR)/.build/home" antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all .
	@! ansible-doc --type module $(MODULES) 2>&1 >/dev/null | grep .
	@! ansible-doc --type inventory $(INVENTORIES) 2>&1 >/dev/null | grep .
	@! ansible-doc --type lookup $(LOOKUPS) 2>&1 >/dev/null | grep .

format: setup ## Format the Python code and apply ruff's fixes
	ruff check --fix
	ruff format

sanity: setup ## Run ansible-test sanity on a copy of the checkout
	@python tests/sanity/run.py

quick: setup ## Lint the files that differ from BASE (main) and run the unit tests, in under two minutes
	@changed=$$(git diff --name-only --diff-filter=d $(BASE) -- '*.py'; git ls-files --others --exclude-standard -- '*.py'); \
		[ -z "$$changed" ] || { ruff check $$changed && ruff format --check $$changed; }
	@mypy
	@$(PYTEST) --quiet tests/unit

unit: setup ## Run the unit tests of the plugins and the simulator
	@$(PYTEST) tests/unit tests/simulator

integration: setup ## Run playbooks and modules against the simulated services
	@$(PYTEST) tests/integration

explore: setup ## Explore the stores' interleavings without bounds, not part of make test
	@EXPLORE=1 $(PYTEST) -rA tests/unit/plugins/module_utils/_stores/test_reconciler.py

test-deps: setup ## Install test dependencies other than Python packages: a browser, receptor, promtool (root on Debian)
	@python -m tests.tools.dependencies

molecule: setup ## Run the roles' scenarios on shared simulated services
	@python -m tests.tools.forked molecule destroy --scenario-name default
	@python -m tests.tools.forked molecule test --all

docs: setup ## Build the documentation site in .build/docs/html
	@HOME="$(CURDIR)/.build/home" tests/tools/docs.sh .build/docs

hooks: setup ## Install the git hooks
	@pre-commit install

hooks-run: setup ## Run the hooks on all files
	@pre-commit run --all-files

coverage: setup ## Measure unit test coverage, and that of the lines changed since BASE (main)
	@mkdir -p .build/coverage
	@$(PYTEST) --quiet tests/unit tests/simulator --cov --cov-report= --cov-report=json:.build/coverage/report.json --cov-report=xml:.build/coverage/report.xml
	@diff-cover .build/coverage/report.xml --compare-branch $(BASE)
	@python tests/tools/coverage_gate.py .build/coverage/report.json

test-matrix: setup ## Run the tests on every supported ansible-core; filter with PYTHONS, CORES, AGES, TESTS
	@python tests/tools/matrix.py $(if $(LIST),--list) --workers $(or $(WORKERS),auto) --pythons $(PYTHONS) --cores $(CORES) --ages $(AGES) --tests $(TESTS)

build: setup ## Build the collection tarball in .build/artifact
	@rm -rf $(ARTIFACT)
	@ansible-galaxy collection build --output-path $(ARTIFACT)
	@cp $(ARTIFACT)/panw-cloud-*.tar.gz $(ARTIFACT)/panw-cloud.tar.gz

execution-environment: build ## Write the build context of an execution environment
	@ansible-builder create --context .build/execution-environment --output-filename Containerfile

release: setup ## Release VERSION=x.y.z; rehearse it on a copy with DRY_RUN=1
	@python tests/tools/release.py $(if $(DRY_RUN),--dry-run) $(VERSION)

# make bench TARGETS="100 1000", FULL=1 for all figures, VENDOR_TOOL=/path/to/get_pa_token.py to compare with the vendor's tool
bench: setup ## Run benchmarks on the simulated services, not part of make test
	@status=0; \
	python -m tests.benchmarks $(if $(TARGETS),--targets $(TARGETS)) $(if $(FULL),--full) $(addprefix --vendor-tool ,$(VENDOR_TOOL)) || status=$$?; \
	python -m tests.benchmarks.rulestacks $(if $(FULL),--rounds 3 --grown 500 5000) $(addprefix --terraform ,$(TERRAFORM)) \
		$(addprefix --provider ,$(TERRAFORM_PROVIDER)) || status=$$?; \
	python -m tests.benchmarks.policy $(if $(FULL),,--accounts 20) $(addprefix --terraform ,$(TERRAFORM)) \
		$(addprefix --provider ,$(TERRAFORM_PROVIDER)) || status=$$?; \
	exit $$status

clean: ## Remove everything that the other targets created
	-@[ ! -x $(VENV)/bin/pre-commit ] || pre-commit uninstall
	rm -rf .venv* .build .ansible .mypy_cache .pytest_cache .ruff_cache tests/output

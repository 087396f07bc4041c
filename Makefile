# Every target sets up what it needs in .venv; `make` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PORT ?= 8000
CHECK := $(MAKE) --no-print-directory check

# what was compiled is kept: else each of the processes that the tests start compiles all anew
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test quick check soak mutants bench screenshots sbom constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(READY_DEV): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(READY)

run: $(READY) ## the demo on a simulated Jira, ending in a browser
	$(BIN)/telemetry demo --port $(PORT)

# checks run beside the tests, most of which leave room; at the end all that they say if one failed,
# else what is known of vulnerabilities
test: $(READY_DEV) ## everything: lint, types, import contracts, all tests, browser included
	@mkdir -p build; $(CHECK) >build/check.txt 2>&1 & trap "kill $$!" INT TERM; \
	$(BIN)/python -m pytest -n 3 --dist worksteal; tests=$$?; \
	if wait $$!; then sed -n '/tests\.audit/,$$p' build/check.txt; exit $$tests; fi; \
	cat build/check.txt; exit 1

quick: $(READY_DEV) ## the tests without browser, soak, PostgreSQL and what is slow, within a minute
	$(BIN)/python -m pytest -n 3 --dist worksteal -m 'not (slow or postgresql)' \
		--ignore tests/browser --ignore tests/soak

check: $(READY_DEV) ## lint, types, import contracts, known vulnerabilities only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml telemetry bot web
	$(BIN)/python -m tests.audit

soak: $(READY_DEV) ## all that `make test` tries in turn, 200 random histories, 1,000 schedules of alerts, fuzz, load
	TEST_DEPTH=all $(BIN)/python -m pytest -n 2 --dist worksteal -m 'in_turn or hypothesis'
	$(BIN)/python -m tests.soak
	$(BIN)/python -m tests.alerts
	$(BIN)/python -m tests.security.fuzz 500
	$(BIN)/python -m tests.security.load 20

mutants: $(READY_DEV) ## change the calculations in thousands of ways; list what no test notices
	$(BIN)/python -m tests.mutation --least 92

bench: $(READY_DEV) ## measure speed and memory; prints a table
	$(BIN)/python -m tests.bench

screenshots: $(READY_DEV) ## every page at 1440 and 390 px, light and dark, into tests/screenshots/
	$(BIN)/python -m tests.screenshots tests/screenshots

sbom: $(READY_DEV) ## what the program is made of, and its hashes, into build/sbom/
	$(BIN)/python -m tests.sbom build/sbom

constraints: $(READY_DEV) ## resolve constraints.txt anew from pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 --upgrade --extra dev pyproject.toml -o constraints.txt

clean: ## remove the virtual environment and what tools left behind
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

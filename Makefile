# `make demo` shows it, `make test` proves it. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# Where the slow targets write what they measured.
SEED ?= 1
N ?=

.PHONY: help demo salesforce test lint unit browser soak bench matrix messages

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	  { echo "Python 3.10 or newer is needed; name it with: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python has no venv module here (Debian: apt install python3-venv)."; exit 1; }

$(VENV)/sandbox: pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the sandbox needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[sandbox]"
	@touch $@

$(VENV)/tests: $(VENV)/sandbox
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[sandbox,test]"
	@sh tests/browser/set-up.sh
	@touch $@

## make demo        a filled Wagtail site, a Salesforce simulator and a worker; Ctrl-C stops all
demo: $(VENV)/sandbox
	@exec $(BIN)/python -m sandbox.demo

## make salesforce  the Salesforce simulator alone (PORT=8900 TLS=1 LATENCY_MS= PER_RECORD_MS= ROTATION=1 SEED=)
salesforce: $(VENV)/sandbox
	@exec $(BIN)/python -m sandbox.salesforce

## make test        everything, browser included
test: lint unit browser

lint: $(VENV)/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DJANGO_SETTINGS_MODULE=tests.site.settings $(BIN)/python -m django makemigrations --check --dry-run -v 0
	DJANGO_SETTINGS_MODULE=sandbox.settings $(BIN)/python -m django makemigrations --check --dry-run -v 0

unit: $(VENV)/tests
	$(PYTEST) -n 4

browser: $(VENV)/tests
	$(PYTEST) -m browser -n 2

## make soak        random faults, kills and freezes; N=100000 SEED=1
soak: $(VENV)/tests
	$(BIN)/python -m tests.soak --seed $(SEED) $(if $(N),--submissions $(N))

## make bench       side by side with a plain hook and with wagtail.contrib.forms; QUICK=1
bench: $(VENV)/tests
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

## make matrix      the suite on each supported Python, Wagtail and Django
matrix:
	sh tests/matrix.sh

## make messages    collect and compile the translations
messages: $(VENV)/sandbox
	cd wagtail_salesforce_leads && ../$(BIN)/python -m django makemessages --locale ja --no-wrap --no-location --no-obsolete
	cd wagtail_salesforce_leads && ../$(BIN)/python -m django compilemessages --locale ja

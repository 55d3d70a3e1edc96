# `make demo` and `make test` are all that a newcomer needs; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test up lint format observe faults soak bench clean

help: ## List the targets.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/installed ## Watch a dozen support mails become suggestions.
	$(BIN)/draftdesk demo

test: $(VENV)/installed ## Run the tests, against real servers that they start themselves.
	$(BIN)/pytest $(ARGS)

up: $(VENV)/installed ## Run everything until Ctrl-C.
	$(BIN)/draftdesk up

lint: $(VENV)/installed ## Format, lint, types, import layers, migration drift.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.drift

format: $(VENV)/installed ## Format the code and mend what ruff can mend.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

observe: $(VENV)/installed ## Prove dashboards and alerts before a real Prometheus, and draw them (2 minutes).
	$(BIN)/python -m tests.observe

faults: $(VENV)/installed ## Do every fault to a real Draftdesk, and print what came of it (about 25 minutes).
	$(BIN)/python -m tests.faults

soak: $(VENV)/installed ## Ten minutes of steady mail and random faults: nothing lost, nothing doubled.
	$(BIN)/python -m tests.faults.soak --minutes 10

bench: $(VENV)/installed ## Measure webhooks, mail by size, the queue, drafting, the worker and the relay, beside a floor.
	$(BIN)/python -m benchmarks

clean: ## Remove the virtual environment and the caches.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Draftdesk needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

# What a fresh machine needs: Python 3.11 or later, make and git.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: chat test check bench lock
chat: .venv/ready-to-chat ## set up, build the index of seeds/ where it is missing or stale, open the chat
	@$(BIN)/python -m index
	@$(BIN)/python app.py

test: .venv/ready-to-test ## set up and run all tests
	@$(BIN)/python -m pytest

check: .venv/ready-to-test ## what CI runs beside the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# STATEMENTS is a folder to grow the index from. With BENCHMARK, a folder as `python -m qa bench` takes it, the
# models alone and other programs are measured too.
SIZES ?= 12 10000
bench: .venv/ready-to-test $(if $(BENCHMARK),.venv-peers/ready) ## measure: BENCHMARKS.md tells what and how
	$(BIN)/python -m index
	-$(BIN)/python -m qa check
	$(BIN)/python tests/bench/scale.py $(STATEMENTS) --sizes $(SIZES)
	$(if $(STATEMENTS),$(BIN)/python tests/bench/throughput.py $(firstword $(STATEMENTS)))
	$(if $(BENCHMARK),$(BIN)/python tests/bench/encoders.py $(BENCHMARK))
	$(if $(BENCHMARK),$(BIN)/python -m qa bench $(BENCHMARK) --limit 40)
	$(if $(BENCHMARK),$(BIN)/python tests/bench/peers/compare.py $(BENCHMARK) --python .venv-peers/bin/python)

lock: ## renew constraints.txt from pyproject.toml
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --editable '.[dev]'
	.venv-lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu//' > constraints.txt
	rm -rf .venv-lock

.venv/bin/python:
	@echo 'Making a virtual environment in .venv'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or later is needed; name one with: make chat PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -m venv .venv 2> /dev/null || { rm -rf .venv; ./.ci/install-venv $(PYTHON) && $(PYTHON) -m venv .venv; }

.venv/ready-to-chat: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Installing what the chat needs (about 1.5 GB, once)'
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/ready-to-test: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Installing what the chat and its tests need (about 1.5 GB, once)'
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ .venv/ready-to-chat

.venv-peers/ready: tests/bench/peers/requirements.txt | .venv/bin/python
	@echo 'Installing the programs to compare with (about 2 GB, once)'
	@$(BIN)/python -m venv .venv-peers
	@.venv-peers/bin/python -m pip --quiet --disable-pip-version-check install --requirement $<
	@touch $@

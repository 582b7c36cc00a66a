# One command a need; `make help` lists them. Everything lives in .venv, which any target makes by itself.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.synced-runtime
SYNCED := $(VENV)/.synced
TEST_WORKERS ?= 2

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Shufang needs Python 3.11 or newer; say which with: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make a virtual environment (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# --inexact keeps uv itself, and keeps the developers' packages when only the demo is asked for.
UV_SYNC = UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --frozen --inexact --python $(BIN)/python

$(RUNTIME): $(BIN)/uv pyproject.toml uv.lock
	@$(UV_SYNC) --no-dev
	@touch $(RUNTIME)

$(SYNCED): $(BIN)/uv pyproject.toml uv.lock
	@$(UV_SYNC)
	@touch $(RUNTIME) $(SYNCED)

.PHONY: setup
setup: $(SYNCED) ## Make .venv with everything in it; .venv/bin/shufang is then the command

.PHONY: demo
demo: $(RUNTIME) ## Run the Daxing network on this machine: web page and SIP2 server
	@$(BIN)/shufang demo $(ARGS)

.PHONY: test
test: $(SYNCED) ## Run the whole test suite (SQLite; DATABASE_URL=postgresql://… for PostgreSQL)
	@$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal $(ARGS)

.PHONY: check
check: export SHUFANG_DATA := $(CURDIR)/build/check
check: $(SYNCED) ## Lint, types, imports, templates, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --check --lint src/shufang
	@$(BIN)/shufang makemigrations --check --dry-run

.PHONY: format
format: $(SYNCED) ## Format the code
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format --quiet .

.PHONY: bench
bench: $(SYNCED) ## Measure against floors of the same run; writes build/bench.json
	@$(BIN)/python -m bench $(ARGS)

.PHONY: lock
lock: $(SYNCED) ## Renew uv.lock from pyproject.toml
	@UV_PYTHON_DOWNLOADS=never $(BIN)/uv lock --default-index https://pypi.org/simple

.PHONY: clean
clean: ## Remove .venv and caches, never data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache

# Two commands: `make run` opens the web chat, `make test` checks it; `make test-slow` breaks rebuilds
# at every single call, flips more bits and kills servers, which takes minutes. Tests of a real Milvus
# need `.venv/bin/pip install milvus==2.3.5` on Linux, and are skipped without it.
# Both set up .venv first; PYTHON=python3.12 make run picks another interpreter (3.11 to 3.13).
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-slow clean

run: .venv/installed
	$(BIN)/python app.py

test: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses=auto --dist=loadfile

test-slow: .venv/installed-dev
	$(BIN)/pytest -m slow --numprocesses=auto --dist=loadgroup

clean:
	rm -rf .venv

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $@

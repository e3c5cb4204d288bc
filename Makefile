# `make run` opens the web chat, `make test` checks it; `make test-slow` breaks rebuilds at every
# single call, flips more bits and kills servers, which takes minutes. Tests of a real Milvus need
# `.venv/bin/pip install milvus==2.3.5` on Linux, and are skipped without it.
# All set up .venv first; PYTHON=python3.12 make run picks another interpreter (3.11 to 3.13).
# The versions are those in constraints.txt; `make constraints` brings it up to date.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-slow constraints clean

run: .venv/installed
	$(BIN)/python app.py

test: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses=auto --dist=loadfile

test-slow: .venv/installed-dev
	$(BIN)/pytest -m slow --numprocesses=auto --dist=loadgroup

# Without torch and what only torch needs: which build of it fits depends on the machine.
constraints: .venv/installed
	$(BIN)/pip install --quiet uv
	$(BIN)/uv lock --quiet --upgrade
	$(BIN)/uv export --quiet --frozen --all-extras --no-hashes --no-emit-project --no-annotate \
		--prune torch --output-file constraints.txt
	rm uv.lock

clean:
	rm -rf .venv

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

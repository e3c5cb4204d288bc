# make run          opens the web chat
# make test         checks style and types, and runs the tests
# make test-slow    runs the slow tests, in minutes: rebuilds broken at every call, servers killed
# make docs         builds the docs site in build/site, strictly and offline
# make constraints  updates the versions in constraints.txt, which all targets install
#
# Each target sets up .venv first. PYTHON=python3.12 make run picks another interpreter (3.11 to
# 3.13). Tests of a real Milvus need `.venv/bin/pip install milvus==2.3.5` on Linux; without it they
# are skipped.
#
# TORCH=cpu make run installs PyTorch's CPU build, without 2 GB of GPU libraries.
PYTHON ?= python3
BIN := .venv/bin
PYTORCH_CPU := https://download.pytorch.org/whl/cpu

# The tests start hundreds of processes, which would compile pullquote again without its bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-slow docs constraints clean

run: .venv/installed
	$(BIN)/python app.py

test: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder --durations=25

test-slow: .venv/installed-dev
	$(BIN)/pytest -m slow --numprocesses=3 --dist=loadgroup --no-loadscope-reorder --durations=40

docs: .venv/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "The site is in build/site. To read and search it: python -m http.server --directory build/site"

# Without torch and its own dependencies, since the right build depends on the machine.
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
ifeq ($(TORCH),cpu)
	@echo "Installing PyTorch's CPU build into .venv."
	$(BIN)/pip install --quiet --index-url $(PYTORCH_CPU) torch
endif
	@echo "Installing pullquote into .venv. The first time, this takes a few minutes."
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests and the docs need into .venv."
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

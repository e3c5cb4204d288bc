# make run          opens the web chat
# make test         checks style and types, and runs the tests
# make test-slow    runs the slow tests, in minutes: rebuilds broken at every call, servers killed
# make docs         builds the docs site in build/site, strictly and offline
# make release      builds wheel and sdist in dist/, checks them, and tries the wheel where nothing
#                   else is installed; needs the package index
# make constraints  updates the versions in constraints.txt, which all targets install
#
# Each target sets up .venv first. PYTHON=python3.12 make run picks another interpreter (3.11 to
# 3.13). Tests of a real Milvus need `.venv/bin/pip install milvus==2.3.5` on Linux; without it they
# are skipped.
#
# TORCH=cpu make run installs PyTorch's CPU build, without 2.4 GB of GPU libraries.
PYTHON ?= python3
BIN := .venv/bin
PYTORCH_CPU := https://download.pytorch.org/whl/cpu
TRIAL := build/release

# pip shows its progress in a terminal. In a log, that would only be many lines.
PIP_INSTALL = $(BIN)/pip install $$([ -t 2 ] || echo --quiet)

# The tests start hundreds of processes, which would compile pullquote again without its bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-slow docs release constraints clean

run: .venv/installed
	@echo "Starting the chat. It indexes the articles in corpus/, or what has changed in them."
	$(BIN)/python app.py --browser

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

# The second build shows that the same files give the same bytes.
release: .venv/installed-release
	@! git status --porcelain --ignored corpus src | grep -v __pycache__ || \
		{ echo "The files above are not committed, and would be part of the release."; exit 1; }
	rm -rf dist $(TRIAL)
	$(BIN)/python -m hatchling build --directory dist
	$(BIN)/python -m hatchling build --directory $(TRIAL)
	for built in dist/*; do cmp $$built $(TRIAL)/$${built##*/} || exit 1; done
	$(BIN)/twine check --strict dist/*
	$(BIN)/python -m docs.licences
	$(PYTHON) -m venv $(TRIAL)/venv
	$(TRIAL)/venv/bin/pip install --quiet --constraint constraints.txt dist/*.whl
	cd $(TRIAL) && venv/bin/pullquote rebuild-index --corpus venv/lib/*/site-packages/pullquote/sample_articles
	cd $(TRIAL) && venv/bin/pullquote ask "who agreed to the Interpol centre?"
	cd dist && sha256sum *

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
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" || \
		{ echo "pullquote needs Python 3.11 to 3.13: PYTHON=python3.12 make run"; exit 1; }
	@echo "Making the environment .venv."
	@$(PYTHON) -m venv .venv
ifeq ($(TORCH),cpu)
	@echo "Installing PyTorch's CPU build into .venv (about 0.2 GB to download)."
	@$(PIP_INSTALL) --retries 0 --index-url $(PYTORCH_CPU) torch || { \
		echo "PyTorch's CPU build could not be installed from $(PYTORCH_CPU): see pip's error above."; \
		echo "If this machine cannot reach that address, there are two ways without it:"; \
		echo "  make run                            installs the default build (on Linux, 3.3 GB to download)"; \
		echo "  $(BIN)/pip install FILE && make run    installs a wheel of PyTorch that you have"; \
		exit 1; }
endif
	@echo "Installing pullquote and what it needs into .venv. The first time, this takes minutes:"
	@echo "without PyTorch 0.35 GB to download; on Linux, with PyTorch's GPU build, 3.3 GB."
	@$(PIP_INSTALL) --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests and the docs need into .venv."
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

.venv/installed-release: .venv/installed-dev
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev,release]"
	touch $@

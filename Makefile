# Needs make and a Python of at least 3.11; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
DEMO := demo/workbook.toml
ARGS ?=

LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lab serve lint bench lock words screenshots clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Make a workspace with the sample plans in demo/
	@echo "Making the sample workspace in demo/"
	@$(BIN)/workbook demo demo

lab: $(READY) $(DEMO) ## Open the sample workspace in JupyterLab
	@echo "Opening the notebooks of demo/ in JupyterLab (stop with Ctrl-C)"
	@$(BIN)/workbook lab --workspace demo

serve: $(READY) $(DEMO) ## Serve the sample workspace's pages and dashboards
	@echo "Serving the pages of demo/ (stop with Ctrl-C)"
	@$(BIN)/workbook serve --workspace demo

test: $(READY) ## Run the tests, with a browser (ARGS="-m slow" for the long ones)
	@$(BIN)/python tests/chromium.py --install
	@echo "Running the tests"
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY) ## Check style, types, imports and that notebooks hold no outputs
	@echo "Checking style, types, imports and notebooks"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@$(if $(wildcard notebooks/*.ipynb),$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb)

bench: $(READY) ## Measure speed against plain Python and print the ratios
	@$(BIN)/python benchmarks/bench.py $(ARGS)

lock: $(READY) ## Write requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@test -x $(BIN)/uv || { echo "Installing uv"; $(PIP) install -qq uv; }
	@echo "Locking the dependencies"
	@$(BIN)/uv pip compile pyproject.toml --quiet --all-extras --universal --generate-hashes \
		--no-emit-index-url --no-header -o requirements.lock $(ARGS)

words: $(READY) ## Gather the sentences to translate into the catalogues
	@echo "Gathering the words"
	@$(BIN)/python -m workbook.words.gather

screenshots: $(READY) ## Take the pictures of docs/ and the README anew
	@$(BIN)/python tests/chromium.py --install
	@echo "Taking the pictures"
	@$(BIN)/python docs/screenshots.py

clean: ## Remove the environment, caches and builds (demo/ is yours and stays)
	@echo "Removing the environment, caches and builds"
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find workbook tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(DEMO): | $(READY)
	@echo "Making the sample workspace in demo/"
	@$(BIN)/workbook demo demo

$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3."; exit 1; }
	@echo "Making the environment in $(VENV) (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@echo "Installing the workbook into $(VENV)"
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

# make demo and make test need python3, make and a network; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Exact versions, checked against their hashes, without dependency resolution: see [tool.uv] in pyproject.toml.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: demo test lint notebooks model evaluate compare lock clean

demo: $(VENV)/.run
	$(BIN)/tasrib demo

# Where Python is told to keep no compiled modules, each worker would compile tasrib and rewrite the asserts of every test anew: half of its start.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev
	$(BIN)/python -m pytest -p no:nbmake -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

notebooks: $(VENV)/.dev
	$(BIN)/python -m pytest -n 3 --nbmake --nbmake-timeout=1800 notebooks

model: $(VENV)/.dev  ## fit, measure and pack model/ from data/corpus/
	$(BIN)/python -m training.make_model

evaluate: $(VENV)/.dev  ## print the figures of model/metrics.json, measured anew (with --write they are written)
	$(BIN)/python -m training.evaluate

compare: $(VENV)/.dev  ## the model beside what people use today; tens of minutes on two cores
	$(BIN)/python -m training.compare

$(VENV)/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (about a minute)"
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

# Needs uv. Names no registry, so that the files hold on any machine; uv asks the one pip is set up for.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet
lock:
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) demo-report

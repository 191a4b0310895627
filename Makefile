# make run    environment, model, index, then the page and the API at http://127.0.0.1:8000/
# make test   the whole suite
# make check  ruff and mypy
# make screens  pictures of the page for docs/screens, from a server that runs already
# make attacks  questions that try to make it say what the rules do not say, without a model and with a hostile one
# make fuzz   calls made up from the API's document, thousands of them
# make small-model  a small language model for tests and development: runtime and weights, 1.2 GB
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that share the tests; each takes 1 to 2 GB
WORKERS := 2
URL    ?= http://127.0.0.1:8000/
MODEL  := var/models/multilingual-e5-small-zh

.PHONY: run test check attacks fuzz screens index model small-model clean

run: index
	@$(BIN)/anze serve

test: model
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  command -v google-chrome >/dev/null || echo "No browser found: the page's tests will be skipped."
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screens: $(VENV)/installed
	$(BIN)/python -m tests.e2e.screens $(URL) docs/screens

attacks: index
	OMP_NUM_THREADS=1 $(BIN)/python -m evals.attacks
	OMP_NUM_THREADS=1 $(BIN)/python -m evals.attacks --mode hostile

fuzz: index
	OMP_NUM_THREADS=1 $(BIN)/python -m evals.fuzz --examples 200
	OMP_NUM_THREADS=1 $(BIN)/python -m evals.fuzz --examples 50 --keys

index: model
	$(BIN)/anze index

model: $(MODEL)/anze-model.json

$(MODEL)/anze-model.json: $(VENV)/installed
	$(BIN)/python -m index.weights $(MODEL)

small-model: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[small-model]'
	$(BIN)/python -m evals.small_model fetch

$(VENV)/installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) var

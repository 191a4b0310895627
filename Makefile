# make run    environment, model, index, then the page and the API at http://127.0.0.1:8000/
# make test   the whole suite
# make check  ruff and mypy
# make screens  pictures of the page for docs/screens, from a server that runs already
# make attacks  questions that try to make it say what the rules do not say, without a model and with a hostile one
# make fuzz   calls made up from the API's document, thousands of them
# make bench  ways to rank, side by side, and what each form costs up to a million provisions: hours
# make bench-quick  the same on samples: some minutes
# make bench-peers  LangChain's splitter and paper-qa into var/bench/peers, for the two above
# make small-model  a small language model for tests and development: runtime and weights, 1.2 GB
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that share the tests; each takes 1 to 2 GB
WORKERS := 2
URL    ?= http://127.0.0.1:8000/
MODEL  := var/models/multilingual-e5-small-zh

.PHONY: run test check attacks fuzz screens bench bench-quick bench-peers index model small-model clean

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

BENCH := OMP_NUM_THREADS=1 $(BIN)/python -m evals.bench --markdown var/bench/bench.md --json var/bench/bench.json
PEERS := langchain-text-splitters==1.1.3 paper-qa==2026.8.12

bench: model
	$(BENCH) --chart docs/bench.svg

bench-quick: model
	$(BENCH) --quick --chart var/bench/bench.svg

# One of their sources asks for another packaging while it is built; the project's own is used
bench-peers: $(VENV)/installed
	@mkdir -p var/bench
	grep -v '^packaging==' requirements.lock > var/bench/constraints.txt
	$(BIN)/pip install --quiet --target var/bench/peers --constraint var/bench/constraints.txt $(PEERS)

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

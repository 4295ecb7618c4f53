# Two commands matter: `make serve` and `make test`. Everything lives in .venv.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)
CORPUS ?= corpus/documents
INDEX  ?= .index
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: test-slow fuzz audit install serve test test-neural bench train page test-page clean

KERNELS := $(wildcard models/tiaowen_models/kernels/*.[ch]) hatch_build.py

$(VENV)/.installed: pyproject.toml $(KERNELS)
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' || \
	  { echo "需要 Python 3.11 以上 / Python 3.11 or newer is needed: make PYTHON=..."; exit 1; }
	@echo "安装到 $(VENV),首次约一两分钟 / installing into $(VENV), a minute or two the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --no-compile --editable .  # bytecode of what is never imported would take 130 MB
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/.neural: $(VENV)/.dev
	@$(PIP) torch==2.13.0
	@$(PIP) --editable '.[dev,neural]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@$(PIP) --editable '.[dev,milvus,bench]' || \
	  echo "同类引擎未能安装,将略过 / peers could not be installed and will be left out"
	@touch $@

$(VENV)/.stores: $(VENV)/.dev
	@$(PIP) --editable '.[dev,milvus]'
	@touch $@

install: $(VENV)/.installed

# The first run leaves the bytecode of what it imports, so that the next one starts at once.
serve: install
	@PYTHONDONTWRITEBYTECODE= $(BIN)/tiaowen serve --corpus "$(CORPUS)" --index "$(INDEX)" --port $(PORT)

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not neural and not slow"

test-neural: $(VENV)/.neural
	$(BIN)/pytest -m neural

# both stores hold to one contract; Milvus as Milvus Lite, two service processes before it
test-stores: $(VENV)/.stores
	$(BIN)/pytest tests/indexer/test_store_contract.py tests/indexer/test_store_loading.py \
	  tests/service/test_two_processes.py

test-slow: $(VENV)/.dev
	$(BIN)/pytest -m "slow and not neural"

# a hundred thousand damaged files before the readers; FUZZ="--only .pdf --seed 2" narrows it
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.corpus.fuzz_readers $(FUZZ)

# known holes in what is installed; where its registry cannot be reached it says so and passes
audit: $(VENV)/.dev
	@$(BIN)/python deploy/audit.py

bench: $(VENV)/.bench
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tiaowen_evaluation.bench

train: $(VENV)/.neural
	$(BIN)/python -m tiaowen_models.training
	$(BIN)/python -m tiaowen_evaluation.train_ranking

# the built page is committed (service/web/dist): only those who change it need Node 20
page:
	cd service/web && npm ci --no-audit --no-fund && npm run build

test-page: $(VENV)/.dev
	$(BIN)/pytest -m browser

clean:
	rm -rf $(VENV) .index build dist

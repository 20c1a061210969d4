# Two commands are the front door: `make demo` and `make test`. They need Python 3.11 or later and
# nothing else; each makes .venv for itself, with uv where it is installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto

# Nothing is written outside .venv and liantu-demo.
export RUFF_CACHE_DIR := $(CURDIR)/$(VENV)/cache/ruff
export MYPY_CACHE_DIR := $(CURDIR)/$(VENV)/cache/mypy

.PHONY: demo test lint page docs bench bench-quick clean

demo: $(READY)
	$(BIN)/liantu demo

test: $(READY)
	$(BIN)/python -m pytest -o cache_dir=$(VENV)/cache/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The page's script: type-checked, tested, built; fails where the committed build is another.
page:
	cd views/page && npm ci --silent --no-progress && npm run --silent check && npm run --silent test
	cp views/page/script.js views/page/.committed.js
	cd views/page && npm run --silent build
	cmp views/page/script.js views/page/.committed.js && rm views/page/.committed.js

docs: $(READY)
	$(BIN)/python docs/build_reference.py

bench: $(READY)
	$(BIN)/python -m benchmarks.run

bench-quick: $(READY)
	$(BIN)/python -m benchmarks.run --quick

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Liantu needs Python 3.11 or later; found: $$($(PYTHON) --version 2>&1)." \
		"Install it, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then \
		set -ex; \
		uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV); \
		uv pip install --quiet --python $(BIN)/python --editable . --group dev; \
	else \
		set -ex; \
		$(PYTHON) -m venv $(VENV); \
		$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"; \
		$(BIN)/python -m pip install --quiet --editable . --group dev; \
	fi
	@touch $(READY)

clean:
	rm -rf $(VENV) liantu-demo dist build

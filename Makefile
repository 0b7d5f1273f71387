# make run: start the service. make test: all tests. make check: everything that is checked before a change lands.
# make bench SETS=FOLDER: measure the matcher beside other methods on sets of questions.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test trust bench check format lock clean

run: .venv/run.stamp
	@$(BIN)/caunoi run

test: .venv/dev.stamp
	@$(BIN)/pytest -n auto -m "not trust"

trust: .venv/dev.stamp
	@$(BIN)/pytest -m trust -s

bench: .venv/bench.stamp
	@$(BIN)/python -m benchmarks.matchers $(SETS)

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/dev.stamp
	$(BIN)/uv pip compile pyproject.toml --group dev --group bench $(LOCK) --output-file requirements-bench.lock
	$(BIN)/uv pip compile pyproject.toml --group dev $(TESTED) --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build $(TESTED) --output-file requirements.lock

clean:
	rm -rf .venv data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

LOCK := --universal --generate-hashes --no-emit-index-url --no-header --quiet
TESTED := $(LOCK) --constraint requirements-bench.lock  # what runs is what was tested

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cầu Nối cần Python 3.11 trở lên (needs Python 3.11 or newer)")'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Đang cài thư viện (chỉ lần đầu) … installing libraries, the first time only"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Đang cài công cụ kiểm thử (chỉ lần đầu) … installing the test tools, the first time only"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

.venv/bench.stamp: requirements-bench.lock .venv/dev.stamp
	@$(PIP) install --require-hashes --requirement requirements-bench.lock
	@touch $@

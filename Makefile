# Short names for the commands of README.md, for machines with make.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test bench lint notebooks figures docs constraints clean
.DEFAULT_GOAL := run

.venv/made: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e ".[test]"
	touch $@

run: .venv/made  ## the main job on the example; then open out/taichung-103/report.html
	$(BIN)/subsidy allocate data/taichung-103 --out out/taichung-103

test: .venv/made  ## all tests
	$(BIN)/python -m pytest -q -n 2

bench: .venv/made  ## speed against rivals (half an hour to an hour)
	$(BIN)/python tests/benchmarks/run.py

lint: .venv/made  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: .venv/made  ## run every notebook, store its outputs, and fail if what it says has changed
	$(BIN)/python -m pytest -q --nbmake --overwrite notebooks

figures: .venv/made  ## draw the figures of README.md again
	$(BIN)/python docs/figures.py

docs: .venv/made  ## make the pages that are made from the program, then the site in site/
	$(BIN)/pip install -q -c constraints.txt -e ".[docs]"
	$(BIN)/python -m docs.making
	$(BIN)/python -m zensical build --strict

constraints:  ## freeze the newest versions that work together; with the oldest Python (3.11)
	rm -rf .venv-freeze
	$(PYTHON) -m venv .venv-freeze
	.venv-freeze/bin/pip install -q ".[test,notebooks,cluster,parquet,desk,pdf,docs]"
	echo "# Versions that work together, from Python 3.11 on; make constraints writes this file." > constraints.txt
	.venv-freeze/bin/pip freeze --exclude subsidy-optimizer | grep -v ' @ ' >> constraints.txt
	rm -rf .venv-freeze

clean:  ## everything that can be made again
	rm -rf .venv .venv-freeze out build site .cache *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

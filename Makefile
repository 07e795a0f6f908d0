# Thin names for the commands of README.md.
PYTHON ?= python3

.venv: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -q -c constraints.txt -e ".[test,notebooks]"
	touch .venv

.PHONY: run test bench lint notebooks constraints clean

run: .venv  ## the main job on the example
	.venv/bin/subsidy allocate data/taichung-103 --out out/taichung-103

test: .venv  ## all tests
	.venv/bin/python -m pytest -q -n 2

bench: .venv  ## speed against rivals (about half an hour)
	.venv/bin/python tests/benchmarks/run.py

lint: .venv  ## style and types
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

notebooks: .venv  ## run every notebook
	.venv/bin/python -m pytest --nbmake notebooks -q

constraints:  ## freeze the versions that work together
	$(PYTHON) -m venv .venv-freeze
	.venv-freeze/bin/pip install -q ".[test,notebooks,cluster]"
	.venv-freeze/bin/pip freeze --exclude-editable --exclude subsidy-optimizer | grep -v ' @ ' > constraints.txt
	rm -rf .venv-freeze

clean:
	rm -rf .venv .venv-freeze out build *.egg-info

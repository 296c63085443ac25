.PHONY: help run test check fix bench shape

help:  ## Show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

run:  ## Start on the demo organisation; PORT=8000 unless told
	@./run

test:  ## Everything a change has to pass: check, then all tests on SQLite and PostgreSQL
	@./test

check:  ## Style, types, direction of imports, markup
	@scripts/setup.sh dev
	@scripts/check.sh

fix:  ## Apply every automatic repair
	@scripts/setup.sh dev
	@.venv/bin/python -m ruff check --fix --exit-zero --quiet .
	@.venv/bin/python -m ruff format --quiet .
	@.venv/bin/python -m djlint templates --reformat --quiet || true

bench:  ## Measure, and write docs/benchmarks.md
	@scripts/setup.sh dev
	@scripts/postgresql.sh
	@.venv/bin/python -m benchmarks

shape:  ## Long files and functions, as questions
	@scripts/setup.sh dev
	@.venv/bin/python -m tests.architecture.shape

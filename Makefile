# minisora: everything starts here. `make` alone lists what there is.
# Needs Python 3.11 or later and make; the first call of a target makes .venv, later calls start at once.

PROMPT ?= a small red circle moving right and a large blue star bouncing
OUTPUT ?= outputs/demo.mp4
SEED   ?= 0
PRESET ?= nano
LESSONS ?=
STAGES := text reword autoencoder latents layouts denoiser refine ship
VENV   ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

# Passed on as an environment variable, so that quotes in a prompt need no care.
export PROMPT

.DEFAULT_GOAL := help
.PHONY: help demo lab studio notebooks class book browser test check format train evaluate install clean

help: ## list the targets
	@echo "minisora: from a sentence to a graded video"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@echo
	@echo '  A prompt of your own:  make demo PROMPT="a large yellow star spinning"'

demo: $(VENV)/.installed ## write a video and a contact sheet from PROMPT="…", and grade them
	@mkdir -p "$(dir $(OUTPUT))"
	$(BIN)/minisora generate "$$PROMPT" --output "$(OUTPUT)" --seed $(SEED) --candidates 4 --scale 8 --overwrite --sheet
	@echo "Next: make lab, and open 00_start_here.ipynb"

lab: $(VENV)/.installed ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

studio: $(VENV)/.installed ## open the prompt studio in the browser, without a notebook
	$(BIN)/minisora studio

notebooks: $(VENV)/.installed-dev ## run the lessons from their sources, outputs in place: LESSONS="03 04", or all
	$(BIN)/python -m minisora.course run $(LESSONS)

class: $(VENV)/.installed ## copies for a class: dist/student, and dist/teacher with solutions and the lesson plan
	$(BIN)/python -m minisora.course class $(LESSONS)

book: $(VENV)/.installed-book ## the lessons, the gallery and the API as a site that needs no internet: dist/book/index.html
	$(BIN)/python -m sphinx -W --keep-going -q -b html -d build/book book dist/book
	@echo "dist/book/index.html"

test: $(VENV)/.installed-dev browser ## run every test, notebooks and a real browser included
	$(BIN)/python -m pytest

# A browser for the tests: one that is there, or Debian's. Without one those tests are skipped (under CI they fail).
browser:
	@test -z "$(MINISORA_BROWSER)" || exit 0; \
	for name in chromium chromium-browser google-chrome; do ! command -v $$name > /dev/null || exit 0; done; \
	echo "Installing Chromium for the browser tests"; \
	{ test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y chromium; } || \
	  echo "No Chromium could be installed. Install it, or set MINISORA_BROWSER=/path/to/chromium."

check: $(VENV)/.installed-dev ## format, lint, types and the quick tests, in two minutes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not slow and not notebook and not browser and not gpu and not distributed"

format: $(VENV)/.installed-dev ## mend format and lint where a tool can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# glibc keeps freed memory instead of handing it back at every step; ignored where there is no glibc.
train: export GLIBC_TUNABLES = glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=20000000000:glibc.malloc.top_pad=268435456
train: $(VENV)/.installed ## train PRESET=nano from nothing, stage by stage; a second call resumes
	@for stage in $(STAGES); do \
	  test -f "minisora/presets/$(PRESET)/$$stage.yaml" || continue; \
	  echo "minisora train $$stage --preset $(PRESET)"; \
	  until $(BIN)/minisora train $$stage --preset $(PRESET); do code=$$?; test $$code = 4 || exit $$code; done; \
	done

evaluate: $(VENV)/.installed ## print the table of scores of the README
	$(BIN)/minisora evaluate

install: $(VENV)/.installed-dev ## make the environment with all that developing needs

clean: ## remove the environment, caches and what was generated (runs/ and cache/ stay)
	rm -rf $(VENV) outputs build dist $(addprefix book/,api code house lessons pieces teaching) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find minisora tests notebooks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment. A stamp file remembers that it is complete; it is made anew when the versions change.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python found. Install Python 3.11, then run make again."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$("$(PYTHON)" --version 2>&1), minisora needs 3.11 or later."; \
	  echo "Install Python 3.11, or name one: make demo PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version 2>&1)"
	@"$(PYTHON)" -m venv $(VENV) || { \
	  rm -rf $(VENV); echo "Python's venv module is incomplete (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing minisora and what it needs: a few minutes the first time"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-book: $(VENV)/.installed
	@echo "Installing what the book is built with"
	@$(PIP) --editable ".[book]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for tests and checks"
	@$(PIP) --editable ".[book,dev,digits,c2pa]"
	@touch $@

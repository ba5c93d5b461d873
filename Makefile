# Needs only make and Python 3.11 or newer: `make report` and `make test` build .venv themselves.
SHELL = /bin/sh
PYTHON ?= python3
UV_VERSION = 0.13.9
PY = .venv/bin/python

# Compiled files are what make the second and later runs start quickly.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help report test fuzz bench lab lint clean lock
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:

help:
	@echo 'make report   run the analysis; results go to outputs/'
	@echo 'make lab      open the notebooks in JupyterLab'
	@echo 'make test     run the tests'
	@echo 'make fuzz     read 10,000 invented official workbooks, texts with errors planted; kill runs'
	@echo 'make lint     ruff and mypy'
	@echo 'make bench    what a run costs beside papermill and nbconvert: ten minutes (FULL=1: an hour)'
	@echo 'make lock     rewrite requirements*.txt from pyproject.toml (UPGRADE=1: newest versions)'
	@echo 'make clean    delete .venv, caches and everything generated in outputs/'

report: .venv/.runtime
	@.venv/bin/selfeval run

lab: .venv/.runtime
	@.venv/bin/jupyter lab --config=.jupyter/lab.json

test: .venv/.dev
	@$(PY) -m pytest -n auto --dist worksteal

fuzz: .venv/.dev
	@$(PY) tests/fuzzing.py --files 10000
	@$(PY) tests/planting.py
	@SELFEVAL_EXAMPLES=1000 SELFEVAL_KILLS=40 $(PY) -m pytest -q -n auto --dist worksteal \
	    tests/test_text_grammar.py tests/test_text_fuzz.py tests/test_kills.py

bench: .venv/.dev
	@$(PY) -m benchmarks $(if $(FULL),--full)

lint: .venv/.dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy selfeval

# --- environment ---------------------------------------------------------------------------
# .venv/.runtime is written last and holds the path of this folder, so an installation that was
# broken off, or a .venv that was copied or moved, is never trusted: it is built anew.
USABLE = [ -x $(PY) ] && [ "$$(cat .venv/.runtime 2>/dev/null)" = "$$(pwd -P)" ]

ifneq ($(shell $(USABLE) && echo yes),yes)
.PHONY: .venv/.runtime
endif

# uv on PATH; otherwise a pinned uv inside .venv; otherwise pip alone.
define new_venv
if command -v uv >/dev/null 2>&1; then \
    uv venv -q --no-python-downloads --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
elif $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
    $(PYTHON) -m venv .venv && \
    { $(PY) -m pip install -q uv==$(UV_VERSION) 2>/dev/null || echo 'uv could not be installed; going on with pip' >&2; }; \
else \
    $(PYTHON) -m venv --without-pip .venv && \
    $(PYTHON) -m pip --python $(PY) install -q uv==$(UV_VERSION) || \
    { echo 'This Python cannot make a virtual environment (on Debian: apt install python3-venv).' >&2; exit 1; }; \
fi
endef

# $(1): arguments for install. A uv that was fetched here uses the index that pip is set to.
define install
if command -v uv >/dev/null 2>&1; then uv=uv; \
elif [ -x .venv/bin/uv ]; then \
    uv=.venv/bin/uv; \
    index=$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(PYTHON) -m pip config get global.index-url 2>/dev/null)}}; \
    if [ -n "$$index" ]; then UV_DEFAULT_INDEX=$$index; export UV_DEFAULT_INDEX; fi; \
else uv=; fi; \
if [ -n "$$uv" ] && "$$uv" pip install -q --python $(PY) --compile-bytecode $(1); then :; \
else \
    { $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; } && \
    $(PY) -m pip install -q --disable-pip-version-check $(1) && \
    { $(PY) -m compileall -q .venv/lib >/dev/null 2>&1 || :; }; \
fi
endef

.venv/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "selfeval needs Python 3.11 or newer: make PYTHON=/path/to/python3 ...")'
	@if ! { $(USABLE) && $(PY) -c ''; }; then \
	    echo 'Building .venv (once) ...'; rm -rf .venv; $(new_venv); \
	fi
	@rm -f .venv/.runtime
	@$(call install,--require-hashes -r requirements.txt)
	@$(call install,--no-deps --no-build-isolation -e .)
	@if [ -d selfeval ]; then $(PY) -m compileall -q selfeval || :; fi
	@pwd -P > .venv/.runtime

.venv/.dev: .venv/.runtime requirements-dev.txt
	@if [ -e .venv/.dev-begun ]; then rm -rf .venv; $(MAKE) --no-print-directory .venv/.runtime; fi
	@rm -f .venv/.dev
	@: > .venv/.dev-begun
	@$(call install,--require-hashes -r requirements-dev.txt)
	@rm -f .venv/.dev-begun
	@: > .venv/.dev

# --- upkeep --------------------------------------------------------------------------------
# requirements.txt: runtime, and hatchling for the editable install.
# requirements-dev.txt: all of that with the same pins, and the dev extra.
COMPILE = pip compile -q --universal --generate-hashes --python-version 3.11 \
    --no-emit-index-url --no-emit-find-links --no-annotate \
    --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock:
	@set -e; unset PIP_FIND_LINKS UV_FIND_LINKS; \
	uv=$$(command -v uv || :); \
	if [ -z "$$uv" ]; then \
	    tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	    $(PYTHON) -m venv "$$tmp"; "$$tmp/bin/python" -m pip install -q uv==$(UV_VERSION); \
	    uv=$$tmp/bin/uv; \
	fi; \
	echo hatchling | "$$uv" $(COMPILE) -o requirements.txt pyproject.toml - >/dev/null; \
	"$$uv" $(COMPILE) -c requirements.txt --extra dev -o requirements-dev.txt pyproject.toml >/dev/null

clean:
	@rm -rf .venv .jupyter/workspaces .pytest_cache .mypy_cache .ruff_cache .hypothesis dist *.egg-info
	@if [ -d outputs ]; then find outputs -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +; fi
	@find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -prune -exec rm -rf {} +

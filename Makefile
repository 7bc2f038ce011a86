# The same few verbs everywhere; CI runs them too. Each works as the first command in a bare clone.
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/bin/python -m
LOCK := requirements/dev.txt
# Named after what they were made from: a changed lock, project file or interpreter gives another name, and so a new install.
INTERPRETER := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
INSTALLED := $(VENV)/.installed-$(INTERPRETER)-$(firstword $(shell cat $(LOCK) | cksum))
LINKED := $(INSTALLED)-$(firstword $(shell cat pyproject.toml | cksum))
PIP := $(RUN) pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help generate test check lock clean

help:
	@echo "make generate   check the contracts in specs/ and write generated/"
	@echo "make test       everything a change must pass: check, then the tests"
	@echo "make check      lint, types, import contracts, generated/ up to date"
	@echo "make lock       resolve $(LOCK) again (needs uv)"
	@echo "make clean      remove the environment and all caches"
	@echo "PYTHON=python3.13 chooses the interpreter of the environment (now: $(PYTHON))"

generate: $(LINKED)
	@$(RUN) bothends generate

check: $(LINKED)
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(VENV)/bin/lint-imports
	$(RUN) mypy
	$(RUN) pyright
	$(RUN) bothends generate --check

test: check
	$(RUN) pytest -n 2

$(LINKED): $(INSTALLED)
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@rm -f $(INSTALLED)-* && touch $@

$(INSTALLED):
	@$(PYTHON) requirements/interpreter.py
	@echo "Making $(VENV) with $(PYTHON) and installing $(LOCK)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement $(LOCK)
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --all-extras --group dev --output-file $(LOCK) pyproject.toml

clean:
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find generator generated tests -name __pycache__ -type d -prune -exec rm -rf {} +

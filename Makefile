# The same few verbs everywhere; CI runs them too. Each works as the first command in a bare clone.
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/bin/python -m
# Tests start hundreds of processes: where an environment forbids it to keep what was compiled, each compiles all anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK := requirements/dev.txt
# Named after what they were made from: another interpreter, lock or project file gives another name, so a new install.
INTERPRETER := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
INSTALLED := $(VENV)/.installed-$(INTERPRETER)-$(firstword $(shell cksum < $(LOCK)))
LINKED := $(INSTALLED)-$(firstword $(shell cksum < pyproject.toml))
PIP := $(RUN) pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help generate test coverage check lint types mypy pyright imports current behaviour proofs proofs-of-specs proofs-of-stand-ins proofs-of-defaults proofs-of-cases prove hostile fuzz mutants golden corpus corpus-proofs corpus-values bench bench-quick real lock outdated clean

help:
	@echo "make generate   check the contracts in specs/ and write generated/"
	@echo "make test       all that a change must pass: check, then the tests"
	@echo "make coverage   branch coverage, one line per room, against the floors in tests/coverage.json"
	@echo "make check      lint, types, import contracts, generated/ up to date"
	@echo "make proofs     attack the generated servers, with EXAMPLES=1000 and SEEDS=\"1 2 3\""
	@echo "make prove      the same, and the rare bugs that a proof must see: takes long"
	@echo "make hostile    the long attacks: hundreds of kills, every text position: takes long"
	@echo "make fuzz       each reader on mutated bytes, SECONDS=600 each"
	@echo "make mutants    every keyword of the contracts changed, each verdict of diff judged: half an hour"
	@echo "make golden     rewrite what each case in tests/cases/ is expected to give; read the difference"
	@echo "make corpus     what each real contract gives: refusals, losses, types, seconds"
	@echo "make corpus-proofs the default stand-in of each real contract, proved: takes hours"
	@echo "make corpus-values values of each component of them, through the models: takes long"
	@echo "make bench      CPU time of requests and calls beside peers, into tests/benchmarks/RESULTS.md"
	@echo "make bench-quick the same, ours only: under two minutes"
	@echo "make real       real SDKs and servers, with ONLY=\"stripe chroma\" some of them: takes long"
	@echo "make lock       resolve $(LOCK) again (needs uv)"
	@echo "make outdated   which pinned dependencies have a newer release (asks the index of pip)"
	@echo "make clean      remove the environment and all caches"
	@echo "PYTHON=python3.13 chooses the interpreter of the environment (now: $(PYTHON))"

generate: $(LINKED)
	@$(RUN) bothends generate

# One failure does not hide the next, and the tests' own summary comes last.
test: $(LINKED)
	@$(MAKE) --no-print-directory check; checked=$$?; $(MAKE) --no-print-directory behaviour && exit $$checked

# Side by side: the slow ones among them use one core each.
check: $(LINKED)
	@$(MAKE) --no-print-directory --keep-going --jobs 2 mypy pyright lint imports current

lint: $(LINKED)
	$(RUN) ruff check
	$(RUN) ruff format --check

types: mypy pyright

mypy: $(LINKED)
	$(RUN) mypy

pyright: $(LINKED)
	$(RUN) pyright

imports: $(LINKED)
	$(VENV)/bin/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

current: $(LINKED)
	$(RUN) bothends generate --check

# One more than the cores of the smallest machine: many tests wait for a process or a socket.
WORKERS := -n 3 --dist worksteal

behaviour: $(LINKED)
	$(RUN) pytest $(WORKERS)

# Also of the processes that tests start. A room below its floor fails.
coverage: $(LINKED)
	@rm -rf .coverage-data && mkdir .coverage-data
	$(RUN) coverage run -m pytest $(WORKERS)
	@$(RUN) coverage combine --quiet && $(RUN) coverage json --quiet -o .coverage-data/report.json
	@$(RUN) tests.coverage_floors .coverage-data/report.json

# What a change must not break: the contracts in specs/, by their stand-ins and by the default ones, and every case of
# tests/cases. CI runs the first with EXAMPLES=100 SEEDS=1; the second is among the tests, without its random part.
EXAMPLES ?= 1000
SEEDS ?= 1 2 3

proofs: proofs-of-specs proofs-of-cases

# Side by side: a proof uses one core.
proofs-of-specs: $(LINKED)
	@$(MAKE) --no-print-directory --keep-going --jobs 2 proofs-of-stand-ins proofs-of-defaults

proofs-of-stand-ins: $(LINKED)
	for seed in $(SEEDS); do $(RUN) bothends prove --max-examples $(EXAMPLES) --seed $$seed || exit 1; done

proofs-of-defaults: $(LINKED)
	for seed in $(SEEDS); do $(RUN) bothends prove --max-examples $(EXAMPLES) --seed $$seed --default || exit 1; done

proofs-of-cases: $(LINKED)
	PROVE_EXAMPLES=$(EXAMPLES) PROVE_SEEDS="$(SEEDS)" $(RUN) pytest $(WORKERS) -m "slow or not slow" tests/prove/test_cases.py

# Long: the same, then the rare bugs that a proof must see.
prove: proofs
	$(RUN) pytest -m slow tests/prove

hostile: $(LINKED)
	$(RUN) pytest -m "slow or not slow" tests/hostile

# Goes on where it was stopped; SECONDS=500 stops it after a part.
mutants: $(LINKED)
	$(RUN) tests.diff.judge_mutants
	$(RUN) pytest -m slow tests/laws/test_diff_servers.py

# What real contracts give; BOTHENDS_CORPUS=folder, ONLY="github stripe", TYPES=0 without type checkers.
corpus: $(LINKED)
	@$(RUN) tests.corpus.report
	$(if $(ONLY),,$(RUN) pytest -m "slow or not slow" tests/corpus)

# What `prove` says of the default stand-ins of the same contracts; EVIDENCE=folder keeps what was seen, SAMPLE=10 tries so many operations.
corpus-proofs: $(LINKED)
	@$(RUN) tests.corpus.proofs

# Values of each component of the same contracts, through the models; VALUES=20 drawn ones.
corpus-values: $(LINKED)
	@$(RUN) tests.corpus.values

fuzz: $(LINKED)
	@SECONDS=$(or $(SECONDS),600) $(RUN) tests.hostile.fuzz $(ONLY)

golden: $(LINKED)
	@$(RUN) tests.goldens
	@$(RUN) tests.broken
	@$(RUN) tests.diagnostics.messages
	@$(RUN) tests.diagnostics.commands
	@$(RUN) tests.diff.test_families
	@$(RUN) tests.reference

bench: $(LINKED)
	@$(RUN) tests.benchmarks

bench-quick: $(LINKED)
	@$(RUN) tests.benchmarks --quick

# Installs other people's programs in environments of their own; see tests/real/README.md.
real: $(LINKED)
	@$(RUN) tests.real $(ONLY)

$(LINKED): $(INSTALLED)
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@rm -f $(INSTALLED)-* && touch $@

$(INSTALLED):
	@$(PYTHON) requirements/interpreter.py
	@echo "Making $(VENV) with $(PYTHON) and installing $(LOCK)"
	@# An activated .venv is $(PYTHON) itself: the interpreter it was made from survives its removal.
	@base=$$($(PYTHON) -c 'import sys; print(sys._base_executable)') && rm -rf $(VENV) && "$$base" -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement $(LOCK)
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --all-extras --group dev --output-file $(LOCK) pyproject.toml

outdated: $(LINKED)
	@$(VENV)/bin/python requirements/outdated.py

clean:
	rm -rf $(VENV) .coverage-data .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find generator generated specs tests -name __pycache__ -type d -prune -exec rm -rf {} +

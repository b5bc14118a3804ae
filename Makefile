# make setup | check | check-all | simulate | fuzz | demo | docs | bench
#
# `check` leaves out the tests marked `slow`: those in attacks, simulation and below scenarios (SLOW in
# tests/conftest.py), with several clones, a server, a browser or an attacker. `check-all` runs all, and tries the wheel.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help setup check check-all simulate fuzz demo docs bench wheel

help:
	@echo "make setup   install everything into $(VENV)"
	@echo "make check   formatting, lint, types, layers, docs, and the tests that are not slow: before every commit"
	@echo "make check-all   the same with all tests and the built wheel: what CI runs"
	@echo "make simulate    eight clones at work at once, a hundred changes each"
	@echo "make fuzz    the property tests again, with other examples each time"
	@echo "make demo    the main job shown on fictional appeals"
	@echo "make docs    write the generated parts of schemas/ and docs/ again"
	@echo "make bench   measure speed; the table goes to docs/development/benchmarks.md"
	@echo "make wheel   build the installable package into dist/"

setup: $(STAMP)

$(STAMP): pyproject.toml scripts/setup.py
	@$(PYTHON) scripts/setup.py $(VENV)
	@touch $@

check: $(STAMP)
	@$(BIN)/python scripts/check.py

check-all: $(STAMP)
	@$(BIN)/python scripts/check.py --all

simulate: $(STAMP)
	@SOLIDARITY_SIMULATED_CHANGES=100 $(BIN)/python -m pytest tests/simulation/test_many_clones.py

fuzz: $(STAMP)
	@$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile fuzz

demo: $(STAMP)
	@$(BIN)/solidarity demo $(if $(MAILS),--mails $(MAILS))

docs: $(STAMP)
	@$(BIN)/python scripts/generate_schemas.py
	@$(BIN)/python scripts/generate_docs.py

bench: $(STAMP)
	@$(BIN)/python benchmarks/run.py

wheel: $(STAMP)
	@$(BIN)/python -m build --outdir dist . && ls dist

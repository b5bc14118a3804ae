# make setup | check | fuzz | demo | docs | bench
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help setup check fuzz demo docs bench wheel

help:
	@echo "make setup   install everything into $(VENV)"
	@echo "make check   formatting, lint, types, layers, docs, tests, the built wheel (what CI runs)"
	@echo "make fuzz    the property tests again, with other examples each time"
	@echo "make demo    the main job shown on fictional appeals"
	@echo "make docs    write the generated parts of schemas/ and docs/ again"
	@echo "make bench   measure speed; the table goes to docs/benchmarks.md"
	@echo "make wheel   build the installable package into dist/"

setup: $(STAMP)

$(STAMP): pyproject.toml scripts/setup.py
	@$(PYTHON) scripts/setup.py $(VENV)
	@touch $@

check: $(STAMP)
	@$(BIN)/python scripts/check.py

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

"""Every example is refused by exactly the rule that its first line names, or by none."""

from __future__ import annotations

from pathlib import Path

import pytest

from solidarity_cli.core import rules
from solidarity_cli.core.findings import Finding
from solidarity_cli.records.schemas import Schemas, files_in
from solidarity_cli.register.matching.fold import fold
from tests.support.examples import FOLDER, Example, load, paths
from tests.support.program import CHECKOUT

SCHEMAS = Schemas(files_in(CHECKOUT / "schemas"))
EXAMPLES = [pytest.param(load(path), id=f"{path.parent.name}/{path.stem}") for path in paths()]
KIND = {"cases": "case", "actions": "action", "directory": "directory"}


def found(example: Example) -> list[Finding]:
    facts = example.facts(SCHEMAS.words)
    records = [*example.records.cases, *example.records.actions]
    own = [finding for one in records for finding in rules.check_record(one, words=SCHEMAS.words, fold=fold)]
    return [*rules.check_all(facts), *own]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_named_rule_decides_and_no_other(example: Example) -> None:
    findings = found(example)
    errors = {finding.rule for finding in findings if finding.refuses}
    warnings = {finding.rule for finding in findings if not finding.refuses}
    match example.outcome:
        case "refused":
            assert errors == {example.rule}, findings
        case "warned":
            assert (errors, warnings) == (set(), {example.rule}), findings
        case _:
            assert not findings


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_record_of_an_example_has_a_valid_shape(example: Example) -> None:
    for state in (example.records, example.before):
        for path, record in state.files().items():
            assert not SCHEMAS.explain(KIND[path.partition("/")[0]], record), path
    assert not SCHEMAS.explain("register", example.register)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_finding_names_ids_and_fields_and_what_to_type_and_no_private_value(example: Example) -> None:
    for finding in found(example):
        told = f"{finding.message} {finding.field} {finding.hint}"
        assert any(Path(path).stem in told for path in example.records.files())
        assert finding.hint
        assert not finding.message.endswith(".")
        for record in (*example.records.cases, *example.records.actions):
            private = record.get("private", {})
            texts = {"message": finding.message, "field": finding.field, "hint": finding.hint}
            assert not rules.leaks(texts, private, words=SCHEMAS.words, fold=fold)


def test_every_rule_has_examples_on_both_sides() -> None:
    known = {rule.id for rule in rules.RULES}
    accepted = {load(path).rule for path in paths() if path.parent.name == "accepted"}
    refused = {load(path).rule for path in paths() if path.parent.name == "refused"}
    assert accepted == known
    assert refused == known


def test_an_outcome_stands_in_its_folder() -> None:
    for path in paths():
        assert (load(path).outcome == "accepted") == (path.parent == FOLDER / "accepted"), path.name

"""Every example by the front door: its verb, typed in a real register; then `validate` of the register it describes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from solidarity_cli.records.canonical import compose
from solidarity_cli.records.schemas import Schemas, files_in
from tests.support.examples import Example, Plain, State, load, paths
from tests.support.program import CHECKOUT, Run

SCHEMAS = Schemas(files_in(CHECKOUT / "schemas"))
EXAMPLES = [pytest.param(load(path), id=f"{path.parent.name}/{path.stem}") for path in paths()]
TYPED = [example for example in EXAMPLES if example.values[0].verb]
KIND = {"cases": "case", "actions": "action", "directory": "directory"}


def write(register: Path, state: State, settings: Plain) -> None:
    """The records of an example as a register that somebody committed by hand."""
    for path, record in state.files().items():
        kind = KIND[path.partition("/")[0]]
        file = register / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(compose(record, kind, SCHEMAS.shape(kind)), encoding="utf-8", newline="\n")
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
    (register / "register.yaml").write_text("".join(lines), encoding="utf-8", newline="\n")
    subprocess.run(["git", "add", "-A"], cwd=register, check=True)
    subprocess.run(
        ["git", "commit", "-q", "--no-verify", "-m", "an example"], cwd=register, check=True, capture_output=True
    )


@pytest.mark.parametrize("example", TYPED)
def test_what_a_coordinator_types_is_refused_or_carried_out(example: Example, register: Path, run: Run) -> None:
    write(register, example.before, example.register)
    answer = run("--no-input", *example.verb)
    if example.outcome == "refused":
        assert answer.exit_code == 1, answer
        assert f"[{example.rule}]" in answer.err
    else:
        assert answer.exit_code == 0, answer


def _one_of_each_rule() -> list[object]:
    """The first refused and the first warned example of each rule; `tests/core/test_examples.py` judges them all."""
    first: dict[tuple[str, str], object] = {}
    for param in EXAMPLES:
        example = param.values[0]
        if example.outcome != "accepted":
            first.setdefault((example.rule, example.outcome), param)
    return list(first.values())


@pytest.mark.parametrize("example", _one_of_each_rule())
def test_validate_names_the_rule(example: Example, register: Path, run: Run) -> None:
    write(register, example.before, example.register)
    earlier = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=register, check=True, capture_output=True, text=True
    ).stdout.strip()
    write(register, example.records, example.register)
    answer = run("validate", "--format", "json", "--changed-since", earlier)
    findings = json.loads(answer.out)["findings"]
    errors = {finding["rule"] for finding in findings if finding["severity"] == "error"}
    warnings = {finding["rule"] for finding in findings if finding["severity"] == "warning"}
    assert answer.exit_code == (1 if errors else 0)
    assert errors == ({example.rule} if example.outcome == "refused" else set()), findings
    assert example.outcome != "warned" or example.rule in warnings, findings

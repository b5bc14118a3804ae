"""What a command may load, that model, schema and vocabulary say the same, and where tests are."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from solidarity_cli.cli.main import HIDDEN, VERBS
from solidarity_cli.core import model
from solidarity_cli.core.verbs.edit import PROTECTED, shape_of
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from tests.support.program import CHECKOUT

HEAVY = (
    "git",
    "ruamel",
    "jsonschema",
    "questionary",
    "babel",
    "rich",
    "stdnum",
    "filelock",
    "pyrage",
    "cryptography",
    "jinja2",
)
SCHEMAS = Schemas(files_in(schema_folder(None)))


@pytest.mark.parametrize(
    ("arguments", "free_of"),
    [
        (["--help"], (*HEAVY, "solidarity_cli.register.register", "sqlite3")),
        (["list", "--status", "received"], (*HEAVY, "solidarity_cli.core.model", "solidarity_cli.core.rules")),
        (["list", "--ids"], HEAVY),
    ],
)
def test_reading_commands_load_nothing_heavy(arguments: list[str], free_of: tuple[str, ...], register: Path) -> None:
    code = (
        "import sys, json; from solidarity_cli.cli.main import main\n"
        f"sys.argv = ['solidarity', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=register, check=True, capture_output=True)  # the cache is made
    told = subprocess.run([sys.executable, "-c", code], cwd=register, check=True, capture_output=True, text=True).stderr
    loaded = set(json.loads(told.splitlines()[-1]))
    assert not loaded & set(free_of)


def test_every_verb_has_its_file_and_one_main() -> None:
    folder = Path(sys.modules["solidarity_cli"].__file__ or "").parent / "cli" / "commands"
    others = ("__init__", "options", "desk")
    own = {file.stem.replace("_", "-") for file in folder.glob("*.py") if file.stem not in others}
    own |= {family.parent.name for family in folder.glob("*/__init__.py")}
    assert own == {*VERBS, *HIDDEN}


@pytest.mark.parametrize(
    ("noun", "kind", "field"),
    [
        (model.Subject, "case", "subject"),
        (model.Incident, "case", "incidents.i1"),
        (model.Hearing, "case", "hearings.h1"),
        (model.Deadline, "case", "deadlines.d1"),
        (model.Consent, "case", "consent.c1"),
        (model.Assessment, "case", "assessments.a1"),
        (model.Note, "case", "notes.n1"),
        (model.Closure, "case", "closure"),
    ],
)
def test_the_model_has_the_fields_of_the_schema(noun: type, kind: str, field: str) -> None:
    known = set(shape_of(field, SCHEMAS.shape(kind))["properties"])
    assert {one.name for one in fields(noun)} == known  # type: ignore[arg-type]


@pytest.mark.parametrize(("enum", "name"), [(model.Status, "status"), (model.Decision, "decision")])
def test_the_model_has_the_codes_of_the_vocabulary(enum: type[model.Status], name: str) -> None:
    words = SCHEMAS.words
    assert [one.value for one in enum] == list(words.codes(name))
    if enum is model.Status:
        assert all(one.is_open == bool(words.lists[name][one].get("open")) for one in model.Status)
    else:
        for one in model.Decision:
            assert one.is_positive == bool(words.lists[name][one].get("positive"))
            assert one.leads_to == words.lists[name][one]["leads_to"]


def test_public_and_mission_types_are_those_of_the_vocabulary() -> None:
    types = SCHEMAS.words.lists["action-type"]
    assert {code for code, entry in types.items() if entry.get("public")} == model.PUBLIC_TYPES
    assert {code for code, entry in types.items() if entry.get("mission")} == model.MISSION_TYPES


def test_the_register_model_has_the_fields_of_its_schema() -> None:
    known = set(SCHEMAS.shape("register")["properties"]) - {"schema_version"}
    assert {one.name for one in fields(model.Charter)} == known


def test_what_edit_protects_is_in_the_schema() -> None:
    for field in PROTECTED:
        assert shape_of(field, SCHEMAS.shape("action" if field.startswith("referral.") else "case"))


def test_each_folder_of_tests_is_of_a_package_or_of_one_of_four_other_kinds() -> None:
    packages = {path.parent.name for path in (CHECKOUT / "solidarity_cli").glob("*/__init__.py")}
    folders = {path.parent.name for path in (CHECKOUT / "tests").glob("*/__init__.py")}
    assert folders - packages == {"attacks", "scenarios", "simulation", "support"}
    assert {path.name for path in (CHECKOUT / "tests").glob("test_*.py")} == {"test_architecture.py", "test_names.py"}


def test_each_folder_that_is_said_to_be_slow_is_there() -> None:
    from tests.conftest import SLOW

    assert [folder for folder in SLOW if not (CHECKOUT / "tests" / folder / "__init__.py").exists()] == []

"""Examples of the rules: small registers in one file each, built from the whole records of `base.yaml`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ryaml

from solidarity_cli.core.edits import Remove, Set, carry_out
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Charter, Organisation
from solidarity_cli.core.vocabulary import Vocabulary
from tests.support.program import CHECKOUT

FOLDER = CHECKOUT / "tests" / "examples"
TODAY = "2026-10-31"
REGISTER = {"name": "Example register", "prefix": "SG"}
KINDS = ("cases", "actions", "directory")

Plain = dict[str, Any]
_FIRST_LINE = re.compile(r"# (refused|warned|accepted): ([a-z-]+)")


@dataclass(frozen=True)
class State:
    """The records of a register, by kind."""

    cases: list[Plain] = field(default_factory=list)
    actions: list[Plain] = field(default_factory=list)
    directory: list[Plain] = field(default_factory=list)

    def files(self) -> dict[str, Plain]:
        """Path -> record, as a register on disk has them."""
        paths = {f"cases/{one['id'][3:7]}/{one['id']}.yaml": one for one in self.cases}
        paths |= {f"actions/{one['id'][3:7]}/{one['id']}.yaml": one for one in self.actions}
        return paths | {f"directory/{one['id']}.yaml": one for one in self.directory}


@dataclass(frozen=True)
class Example:
    """One file: what it says, the register it describes, and what a coordinator would type in the one before."""

    path: Path
    outcome: str
    rule: str
    about: str
    today: str
    register: Plain
    records: State
    before: State
    verb: tuple[str, ...]

    def facts(self, words: Vocabulary) -> Facts:
        """What the rules look at."""
        charter = {key: value for key, value in self.register.items() if key != "schema_version"}
        cases = {one["id"]: Case.from_plain(one) for one in self.records.cases}
        actions = {one["id"]: Action.from_plain(one) for one in self.records.actions}
        directory = {one["id"]: Organisation.from_plain(one) for one in self.records.directory}
        return Facts(
            charter=Charter(**charter),
            today=date.fromisoformat(self.today),
            words=words,
            cases=cases,
            actions=actions,
            directory=directory,
            known=frozenset([*cases, *actions, *directory]),
            before={one["id"]: Case.from_plain(one) for one in self.before.cases if one["id"] in cases},
        )


def paths() -> list[Path]:
    """Every example, in order."""
    return sorted([*FOLDER.glob("accepted/*.yaml"), *FOLDER.glob("refused/*.yaml")])


def load(path: Path) -> Example:
    """One example with its records written out."""
    text = path.read_text(encoding="utf-8")
    first = _FIRST_LINE.fullmatch(text.partition("\n")[0])
    assert first, f"{path.name}: the first line names outcome and rule"
    plain = ryaml.loads(text)
    unknown = set(plain) - {"about", "today", "register", "verb", "before", *KINDS}
    assert not unknown, f"{path.name}: there are no such keys: {sorted(unknown)}"
    before = plain.get("before") or {}
    return Example(
        path=path,
        outcome=first[1],
        rule=first[2],
        about=plain["about"],
        today=plain.get("today", TODAY),
        register=REGISTER | plain.get("register", {}),
        records=_state(before | {kind: plain[kind] for kind in KINDS if kind in plain}),
        before=_state(before),
        verb=tuple(plain.get("verb", ())),
    )


def record(kind: str, like: str, **changes: Any) -> Plain:
    """One record of `base.yaml` with some fields changed; `__` stands for a dot."""
    return _record(kind, {"like": like, **{key.replace("__", "."): value for key, value in changes.items()}})


def _state(plain: Mapping[str, Iterable[Plain]]) -> State:
    return State(**{kind: [_record(kind, one) for one in plain.get(kind, ())] for kind in KINDS})


def _record(kind: str, changes: Plain) -> Plain:
    made = copy.deepcopy(_base()[kind][changes["like"]])
    for key, value in changes.items():
        if key != "like":
            _change(made, key, value)
    return made


def _change(made: Plain, key: str, value: Any) -> None:
    if value is None:
        carry_out([Remove(key)], made)
    elif "." in key:
        carry_out([Set(key, value)], made)
    elif isinstance(value, dict) and isinstance(made.get(key), dict):
        made[key] = made[key] | value
    else:
        made[key] = value


@cache
def _base() -> Plain:
    return ryaml.loads((FOLDER / "base.yaml").read_text(encoding="utf-8"))

"""A dispute between two sides of a merge, told in words: which field, who wrote which value, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import SolidarityError
from solidarity_cli.core.merge import Conflict, Why, value_at
from solidarity_cli.core.token_format import MARK, PREFIX, is_sealed
from solidarity_cli.core.verbs.edit import shape_of
from solidarity_cli.crypto.keyring.sealer import Seals
from solidarity_cli.git.process import blobs, git
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.register import Register
from solidarity_cli.sync.merge_commit import RecordConflict

WHOLE = "record"
"""What a whole record is called, which one side took away."""
_MAX_COMMITS = 50
"""Commits in which the author of a value is looked for."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one side says of a field, who said so, and on which day."""

    value: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Question:
    """One field that a person has to decide on. `may_choose`: false when it takes the key of the record."""

    record: str
    field: str
    why: str
    ours: Version
    theirs: Version
    may_choose: bool


def questions(register: Register, dispute: RecordConflict) -> list[Question]:
    """The open fields of a record in words; private values as far as there are keys."""
    view = _DisputeView(register, dispute)
    return [view.question(clash) for clash in dispute.clashes]


class _DisputeView:
    """One record's dispute in words."""

    def __init__(self, register: Register, dispute: RecordConflict) -> None:
        self._register, self._dispute = register, dispute
        self._schemas = register.reading("HEAD").schemas
        self._seals = Seals(lambda: register.keyring)

    def question(self, clash: Conflict) -> Question:
        """One open field."""
        ours, theirs = (self._version(clash, side) for side in (self._dispute.ours, self._dispute.theirs))
        field = clash.field or WHOLE
        return Question(self._dispute.record, field, str(clash.why), ours, theirs, clash.why is not Why.LOCKED)

    def _version(self, clash: Conflict, commit: str) -> Version:
        value = clash.ours if commit == self._dispute.ours else clash.theirs
        return Version(self._format(clash.field, value, commit), *self._author(clash.field, commit))

    def _format(self, field: str, value: Any, commit: str) -> str:
        if value is None:
            return "nothing"
        if not field:
            return "the record as it stands"
        if field.partition(".")[0] == "private" and self._dispute.kind in ("case", "action"):
            value = value_at(self._record_at(commit), field)
        return _flat(value, lambda code: self._label(field, code))

    def _label(self, field: str, code: str) -> str:
        try:
            shape = shape_of(field, self._schemas.shape(self._dispute.kind))
        except SolidarityError:
            return code
        name = str(shape.get("x-vocabulary") or shape.get("items", {}).get("x-vocabulary") or "")
        label = self._schemas.words.label(name, code) if name else code
        return code if label == code else f"{code} ({label})"

    def _record_at(self, commit: str) -> dict[str, Any]:
        """The record at a commit, opened as far as there are keys; empty where there is none that can be read."""
        name = f"{commit}:{self._dispute.path}"
        blob = git(self._register.root, "rev-parse", "--verify", "--quiet", name, quiet_codes=(1, 128)).decode().strip()
        if not blob:
            return {}
        try:
            plain = read(dict(blobs(self._register.root, [blob]))[blob] or b"")
        except UnreadableError:
            return {}
        return self._seals.opened(self._dispute.record, plain) if "schema_version" in plain else plain

    def _author(self, field: str, commit: str) -> tuple[str, str]:
        """Author and day of the newest act of one side that gave the field the value it has there."""
        args = ("log", f"--max-count={_MAX_COMMITS}", "--no-merges", "-z", "--format=%H%x1f%ae%x1f%as")
        span = f"{self._dispute.base}..{commit}" if self._dispute.base else commit
        output = git(self._register.root, "--literal-pathspecs", *args, span, "--", self._dispute.path)
        rows = [row.split("\x1f") for row in output.decode(errors="replace").split("\0") if row]
        for commit_id, by, on in rows:
            if not field or value_at(self._record_at(commit_id), field) != value_at(
                self._record_at(f"{commit_id}^"), field
            ):
                return by, on
        return (rows[0][1], rows[0][2]) if rows else ("", "")


def _flat(value: Any, label: Callable[[str], str]) -> str:
    """A value on one line; what is sealed to us says so."""
    return ", ".join(_parts(value, label)) or "nothing"


def _parts(value: Any, label: Callable[[str], str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (f"{name}: {_flat(part, label)}" for name, part in value.items())
    elif isinstance(value, list):
        yield from (_flat(part, label) for part in value)
    elif isinstance(value, str):
        yield MARK if is_sealed(value) or value.startswith(PREFIX) else label(value)
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    elif isinstance(value, int):
        yield str(value)
    else:
        yield "nothing"

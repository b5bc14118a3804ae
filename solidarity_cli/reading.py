"""A snapshot read: rows from the cache, the misses parsed and checked in one batch, facts, findings with their line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from solidarity_cli import __version__
from solidarity_cli.cache import Cache, Learned
from solidarity_cli.core import rules
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.figures.listing import Row, row
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.model import Action, Case, Charter, Organisation
from solidarity_cli.folding import fold
from solidarity_cli.ids import is_mistyped, normal
from solidarity_cli.ledger import Ledger
from solidarity_cli.records import Fault, Unreadable, position, read
from solidarity_cli.schemas import Schemas, files_in, schema_folder
from solidarity_cli.snapshot import Snapshot, record_kind


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and where it stands; line and column count from 1, 0 when unknown."""

    path: str
    line: int
    column: int
    finding: Finding


class Reading:
    """Everything that one snapshot says. Private parts are read only where a method says so."""

    def __init__(self, snapshot: Snapshot, ledger: Ledger, today: date) -> None:
        self.snapshot = snapshot
        self.today = today
        self._ledger = ledger

    # What the register is

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas of the snapshot itself where it has any, so that an old report can be made again."""
        own = {path[len("schemas/") :]: blob for path, blob in self.snapshot.blobs.items() if path.startswith("schemas/")}
        if "case.schema.json" not in own:
            return Schemas(files_in(schema_folder(None)))
        contents: dict[str, bytes | None] = {}

        def bytes_of(blob: str) -> bytes:
            if not contents:
                contents.update(self.snapshot.read(own.values()))
            return contents[blob] or b""

        return Schemas({name: lambda blob=blob: bytes_of(blob) for name, blob in own.items()})  # type: ignore[misc]

    @cached_property
    def charter(self) -> Charter:
        """`register.yaml`. Raises Refused when it cannot be read."""
        try:
            plain = read(self.snapshot.text("register.yaml") or b"")
        except KeyError:
            raise Refused("this commit holds no register.yaml", hint="--as-of a later date") from None
        except Unreadable as trouble:
            at = f" (line {trouble.fault.line})" if trouble.fault.line else ""
            raise Refused(f"register.yaml: {trouble.fault.message}{at}", hint=trouble.fault.hint) from None
        if not self.schemas.fits("register", plain):
            fault = self.schemas.explain("register", plain)[0]
            raise Refused(f"register.yaml: {fault.field}: {fault.message}", hint="solidarity explain register")
        return Charter.from_plain(plain)

    # What its records say

    @cached_property
    def _cache(self) -> Cache:
        schemas = [item for item in self.snapshot.blobs.items() if item[0].startswith("schemas/")]
        stamp = sha256(json.dumps([__version__, schemas]).encode()).hexdigest()[:16]
        cache = Cache(self._ledger.shared_folder / "solidarity" / f"cache-{stamp}.sqlite", stamp)
        kinds = {blob: record_kind(path) or "" for path, blob in self.ordinary()}
        missing = cache.missing(kinds)
        if missing:
            cache.keep([self._learn(kinds[blob], blob, data) for blob, data in self.snapshot.read(missing)])
        return cache

    def _ordinary(self) -> Iterator[tuple[str, str]]:
        """Records that are files of their own: no links, nothing over the size of a record, no half-merged text."""
        odd = self.snapshot.links | self.snapshot.unmerged
        return ((path, blob) for path, blob in self.snapshot.records() if path not in odd and ":" not in blob)

    def is_canonical(self, blob: str) -> bool:
        """Whether a blob is known to be in canonical form."""
        return self._cache.is_canonical(blob)

    def remember_canonical(self, blobs: list[str]) -> None:
        """Keep that these blobs are in canonical form."""
        self._cache.remember_canonical(blobs)

    @cached_property
    def _present(self) -> dict[str, str]:
        """Blob id -> path."""
        return {blob: path for path, blob in self.ordinary()}

    def _learn(self, kind: str, blob: str, data: bytes | None) -> Learned:
        if data is None:
            return Learned(blob, kind, faults=(_row_of("format", Fault("the file is larger than 1 MB")),))
        try:
            plain = read(data)
        except Unreadable as trouble:
            return Learned(blob, kind, faults=(_row_of("format", trouble.fault),))
        faults = tuple(
            (found.rule, found.severity.value, found.message, found.field, found.hint, "0", "0")
            for found in rules.check_record(plain, words=self.schemas.words, fold=fold)
        )
        if not self.schemas.fits(kind, plain):
            shape = tuple(_row_of("schema", fault) for fault in self.schemas.explain(kind, plain))
            return Learned(blob, kind, faults=(*shape, *faults))
        opened = {key: value for key, value in plain.items() if key != "private"}
        if kind != "case":
            return Learned(blob, kind, plain["id"], open=opened, faults=faults, names=tuple(plain.get("cases", ())))
        listed = row(Case.from_plain(opened))
        return Learned(blob, kind, plain["id"], listed.columns(), listed.as_list(), opened, faults)

    def rows(self, where: Mapping[str, str], *, since: str = "", until: str = "") -> list[Row]:
        """The cases of `list` by the columns it filters on, without opening a record."""
        found = self._cache.rows(where, since=since, until=until)
        return [Row.from_list(listed) for blob, listed in found if blob in self._present]

    def facts(self, only: Iterable[str] | None = None) -> Facts:
        """All valid records without their private part; with `only`, those cases or actions and their neighbours."""
        blobs = None if only is None else self._around(list(only))
        cases, actions, directory = {}, {}, {}
        for blob, kind, plain in self._cache.open_parts(blobs):
            path = self._present.get(blob)
            # A file named unlike its id is a finding, and counts nowhere until it is put right.
            if path is None or record_kind(path) != kind or _name(path) != plain["id"]:
                continue
            match kind:
                case "case":
                    cases[plain["id"]] = Case.from_plain(plain)
                case "action":
                    actions[plain["id"]] = Action.from_plain(plain)
                case _:
                    directory[plain["id"]] = Organisation.from_plain(plain)
        return Facts(
            charter=self.charter,
            today=self.today,
            words=self.schemas.words,
            cases=dict(sorted(cases.items())),
            actions=dict(sorted(actions.items())),
            directory=directory,
            known=frozenset(self.paths),
        )

    def _around(self, ids: list[str]) -> list[str]:
        """The blobs of records, of the actions that name them, of the cases these name, and of the directory."""
        paths = self.paths
        wanted = {self.snapshot.blobs[paths[one]] for one in ids if one in paths}
        naming = self._cache.naming(ids)
        wanted |= {blob for blobs in naming.values() for blob in blobs if blob in self._present}
        for _, _, plain in self._cache.open_parts(wanted):
            others = [*plain.get("cases", ()), *(link["case"] for link in plain.get("links", ()))]
            wanted |= {self.snapshot.blobs[paths[other]] for other in others if other in paths}
        wanted |= {blob for path, blob in self.ordinary() if path.startswith("directory/")}
        return sorted(wanted)

    def actions_naming(self, cases: Iterable[str]) -> dict[str, list[str]]:
        """Case id -> ids of the actions that name it."""
        found = self._cache.naming(cases)
        by_blob = {blob: _name(path) for blob, path in self._present.items()}
        return {case: sorted(by_blob[blob] for blob in blobs if blob in by_blob) for case, blobs in found.items()}

    def plain(self, record: str) -> dict[str, Any]:
        """One record whole, its private part too. Raises Refused when its file cannot be read."""
        path = self.paths[record]
        if path in self.snapshot.links:
            raise Refused(f"{path} is a link, and links are not followed", hint=f"put the file itself at {path}")
        try:
            return read(self.snapshot.text(path) or b"")
        except Unreadable as trouble:
            at = f", line {trouble.fault.line}" if trouble.fault.line else ""
            raise Refused(f"{path}{at}: {trouble.fault.message}", hint=trouble.fault.hint) from None

    def valid(self, record: str) -> dict[str, Any]:
        """One record whole, of valid shape. Raises Refused with the first fault otherwise."""
        plain, path = self.plain(record), self.paths[record]
        kind = record_kind(path) or ""
        if not self.schemas.fits(kind, plain):
            fault = self.schemas.explain(kind, plain)[0]
            raise Refused(f"{path}: {fault.field}: {fault.message}", hint=fault.hint or f"solidarity edit {record}")
        return plain

    def privates(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(case id, private part) of every readable case: for a search by name. Never kept anywhere."""
        paths = {blob: path for path, blob in self.snapshot.records("case") if path in set(self._present.values())}
        for blob, data in self.snapshot.read(paths):
            try:
                plain = read(data or b"")
            except Unreadable:
                continue
            if isinstance(plain.get("private"), dict):
                yield _name(paths[blob]), plain["private"]

    # Ids

    @cached_property
    def paths(self) -> dict[str, str]:
        """Record id -> path."""
        return self.snapshot.paths_by_id()

    def find(self, text: str, kind: str = "case") -> str:
        """The id that `text`, any unambiguous part of an id, means. Raises Refused with the next step."""
        wanted = normal(text)
        ids = [one for one, path in self.paths.items() if record_kind(path) == kind]
        if kind == "directory":
            wanted = text.strip().casefold()
        if wanted in ids:
            return wanted
        found = [one for one in ids if wanted and wanted in one]
        if len(found) == 1:
            return found[0]
        shown = _safe(wanted)
        noun = {"case": "case", "action": "action"}.get(kind, "organisation")
        if found:
            some = ", ".join(sorted(found)[:5])
            raise Refused(f"{shown} means {len(found)} {noun}s: {some}", hint="type more of the id")
        listing = f"all {noun}s: solidarity list" if kind == "case" else f"solidarity show a case to see its {noun}s"
        near = [one for one in ids if _differs_by_one(one, wanted)]
        guess = f"did you mean {near[0]}? " if near else ""
        if kind != "directory" and is_mistyped(wanted):
            raise Refused(f"{shown} is mistyped: its last character does not fit the others", hint=guess + listing)
        raise Refused(f"no {noun} {shown} in this register", hint=guess + listing)

    # Findings

    def findings(
        self, only: Iterable[str] | None = None, *, before: Reading | None = None, lines: bool = True
    ) -> list[Located]:
        """What is wrong with the records, by path and line; of `only` some ids or paths when given.

        Steps of status are judged against an earlier reading, `before`. Without `lines` no file is opened.
        """
        chosen = None if only is None else set(only)
        ids = None if chosen is None else [_name(one) if "/" in one else one for one in chosen]
        facts = replace(self.facts(ids), before=self._earlier(before) if before else {})
        found = [*self._faults()]
        by_id = self.paths
        found += [(by_id[finding.record], 0, 0, finding) for finding in rules.check_all(facts)]
        if chosen is not None:
            found = [one for one in found if one[0] in chosen or one[3].record in chosen]
        placed = self._located(found) if lines else (Located(*one) for one in found)
        return sorted(placed, key=lambda one: (one.path, one.line, one.column, one.finding))

    def _earlier(self, before: Reading) -> dict[str, Case]:
        """The earlier version of the cases that differ."""
        then = before.snapshot.blobs
        changed = [_name(path) for path, blob in self.snapshot.records("case") if then.get(path, blob) != blob]
        return dict(before.facts(changed).cases) if changed else {}

    def _faults(self) -> Iterator[tuple[str, int, int, Finding]]:
        """What is wrong with files as such, and with single records."""
        ids: dict[str, str] = {}
        for path, blob in self.snapshot.records():
            name = _name(path)
            problem = ""
            if path in self.snapshot.links:
                problem = "this is a link; a record is a file of its own, and links are not followed"
            elif blob.startswith("large:"):
                problem = "the file is larger than 1 MB; a record is text"
            elif path in self.snapshot.unmerged:
                problem = "two versions of this file wait to be merged"
            if problem:
                yield path, 1, 1, Finding(name, "format", Severity.ERROR, problem, hint="git status")
            elif name in ids:
                message = f"the same id is the name of {ids[name]}"
                yield path, 1, 1, Finding(name, "name", Severity.ERROR, message, hint="keep one of the two files")
            ids.setdefault(name, path)
        said = {blob: plain["id"] for blob, _, plain in self._cache.open_parts()}
        for path, blob in self.ordinary():
            if blob in said and said[blob] != _name(path):
                message, hint = f"the file is named unlike its id {said[blob]}", f"name it {said[blob]}.yaml"
                yield path, 0, 0, Finding(_name(path), "name", Severity.ERROR, message, "id", hint)
        for blob, _, faults in self._cache.faults():
            path = self._present.get(blob, "")
            if path:
                record = _name(path)
                for rule, severity, message, field, hint, line, column in faults:
                    finding = Finding(record, rule, Severity(severity), message, field, hint)
                    yield path, int(line), int(column), finding

    def _located(self, found: list[tuple[str, int, int, Finding]]) -> Iterator[Located]:
        """Findings with the line of their field; each file is opened once."""
        unplaced = {path for path, line, _, _ in found if not line}
        texts = {}
        blobs = {self.snapshot.blobs[path]: path for path in unplaced}
        for blob, data in self.snapshot.read(blobs):
            texts[blob] = (data or b"").decode(errors="replace")
        for path, line, column, finding in found:
            if not line:
                line, column = position(texts.get(self.snapshot.blobs[path], ""), finding.field)
            yield Located(path, line, column, finding)


def _name(path: str) -> str:
    """The record id that a path stands for."""
    return path.rpartition("/")[2][:-5]


def _row_of(rule: str, fault: Fault) -> tuple[str, ...]:
    return (rule, "error", fault.message, fault.field, fault.hint, str(fault.line), str(fault.column))


def _safe(text: str) -> str:
    """What was typed, if it looks like an id: a name typed by mistake is not repeated."""
    return text if len(text) <= 20 and all(c.isascii() and (c.isalnum() or c == "-") for c in text) else "this"


def _differs_by_one(one: str, typed: str) -> bool:
    """Whether one character of the id's end, or two neighbours, were typed wrong."""
    tail = one[-len(typed) :] if typed else ""
    if len(tail) != len(typed) or len(typed) < 5:
        return False
    off = [i for i, (a, b) in enumerate(zip(tail, typed, strict=True)) if a != b]
    return len(off) == 1 or (len(off) == 2 and tail[off[0]] == typed[off[1]] and tail[off[1]] == typed[off[0]])

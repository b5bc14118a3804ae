"""The one way in and out: read a snapshot; plan a change, check it, save it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solidarity_cli.core import rules
from solidarity_cli.core.edits import Edit
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Finding
from solidarity_cli.core.model import Action, Case
from solidarity_cli.folding import fold
from solidarity_cli.ids import new_id
from solidarity_cli.ledger import Act, Ledger
from solidarity_cli.planning import Change, Plan, save
from solidarity_cli.reading import Reading
from solidarity_cli.snapshot import at, record_kind, working_tree

if TYPE_CHECKING:
    from solidarity_cli.records import Fault


class Register:
    """One register on disk, on one day."""

    def __init__(self, root: Path, today: date) -> None:
        self.root = root
        self.today = today
        self.ledger = Ledger(root)

    @cached_property
    def now(self) -> Reading:
        """The working tree."""
        return Reading(working_tree(self.root), self.ledger, self.today)

    def reading(self, as_of: str | None) -> Reading:
        """The working tree, or the register as it was on a date or at a revision."""
        return Reading(at(self.root, as_of), self.ledger, self.today) if as_of else self.now

    def commit_of(self, reading: Reading) -> str:
        """The commit a reading was made from; with a plus when the working tree holds more than it."""
        if reading.snapshot.commit:
            return reading.snapshot.commit
        head = self.ledger.head()
        return head + (
            "+" if self.ledger.differs(("cases", "actions", "directory", "register.yaml", "schemas")) else ""
        )

    def committed(self, as_of: str | None) -> Reading | None:
        """What the newest commit holds, where the working tree differs from it; None otherwise."""
        if as_of or not self.now.snapshot.changed or not self.ledger.head():
            return None
        return self.reading("HEAD")

    def not_canonical(self) -> tuple[dict[str, str], list[tuple[str, Fault]]]:
        """(id -> canonical text) of the records that are not in canonical form, and the files that cannot be read."""
        from solidarity_cli.records import Unreadable, canonical

        texts: dict[str, str] = {}
        unreadable = []
        paths = {path: blob for path, blob in self.now.ordinary() if not self.now.is_canonical(blob)}
        by_blob = {blob: path for path, blob in paths.items()}
        clean = []
        for blob, data in self.now.snapshot.read(by_blob):
            path = by_blob[blob]
            kind = record_kind(path) or ""
            try:
                text = canonical(data or b"", kind, self.now.schemas.shape(kind))
            except Unreadable as trouble:
                unreadable.append((path, trouble.fault))
                continue
            if text.encode() == data:
                clean.append(blob)
            else:
                texts[Path(path).stem] = text
        self.now.remember_canonical(clean)
        return texts, unreadable

    def case(self, text: str) -> Case:
        """The case that an id, or a part of one, means; its private part included."""
        return Case.from_plain(self.now.valid(self.now.find(text)))

    def action(self, text: str) -> Action:
        """The action that an id, or a part of one, means."""
        return Action.from_plain(self.now.valid(self.now.find(text, "action")))

    def record(self, text: str) -> tuple[str, str]:
        """(id, kind) of the case or action that `text` means."""
        prefix = self.now.charter.action_prefix
        kind = "action" if text.strip().upper().startswith(f"{prefix}-") else "case"
        return self.now.find(text, kind), kind

    def fresh_id(self, kind: str) -> str:
        """An id that no record has."""
        charter = self.now.charter
        prefix = charter.prefix if kind == "case" else charter.action_prefix
        while (one := new_id(prefix, self.today.year)) in self.now.paths:
            pass
        return one

    def plan(
        self,
        verb: str,
        *,
        edits: Mapping[str, Iterable[Edit]] | None = None,
        new: Mapping[str, Mapping[str, Any]] | None = None,
        texts: Mapping[str, str] | None = None,
        by: str = "",
    ) -> Plan:
        """A checked change: `edits` by record id, `new` records by id, whole `texts` by record id.

        Raises Refused with every rule that the change would break and that was not broken before.
        """
        changes = [self._edited(record, tuple(some)) for record, some in (edits or {}).items()]
        changes += [self._new(record, plain) for record, plain in (new or {}).items()]
        changes += [self._retold(record, text) for record, text in (texts or {}).items()]
        changes = [change for change in changes if change.before != change.after]
        ids = [Path(change.path).stem for change in changes]
        kinds = {one: record_kind(change.path) for one, change in zip(ids, changes, strict=True)}
        act = Act(
            verb,
            cases=tuple(one for one in ids if kinds[one] == "case") or self._cases_of(changes),
            actions=tuple(one for one in ids if kinds[one] == "action"),
        )
        found = self._new_findings(changes)
        broken = [finding for finding in found if finding.refuses]
        if broken:
            raise Refused(_sentence(broken[0]), hint=broken[0].hint, findings=tuple(broken))
        return Plan(act, tuple(self._sealed(change) for change in changes), by, tuple(found))

    def save(self, plan: Plan) -> str:
        """Write and commit; the commit's id. What was read before is read anew afterwards."""
        commit = save(plan, self.ledger)
        self.__dict__.pop("now", None)
        return commit

    # Planning

    def _edited(self, record: str, edits: tuple[Edit, ...]) -> Change:
        from solidarity_cli.records import edit

        path = self.now.paths[record]
        self.now.plain(record)
        before = (self.now.snapshot.text(path) or b"").decode()
        return Change(path, before, edit(before, edits, self.now.schemas.shape(record_kind(path) or "")))

    def _new(self, record: str, plain: Mapping[str, Any]) -> Change:
        from solidarity_cli.records import compose

        kind, room = (
            ("action", "actions") if record.startswith(f"{self.now.charter.action_prefix}-") else ("case", "cases")
        )
        return Change(
            f"{room}/{record.split('-')[1]}/{record}.yaml", None, compose(plain, kind, self.now.schemas.shape(kind))
        )

    def _retold(self, record: str, text: str) -> Change:
        path = self.now.paths[record]
        return Change(path, (self.now.snapshot.text(path) or b"").decode(), text)

    def _cases_of(self, changes: list[Change]) -> tuple[str, ...]:
        """The cases of changed actions: the act is theirs too, and history finds it by them."""
        from solidarity_cli.records import read

        return tuple(dict.fromkeys(case for one in changes for case in read(one.after.encode()).get("cases", ())))

    def _sealed(self, change: Change) -> Change:
        """The place where private values become tokens, after every check has seen them and before any disk has."""
        return change

    def _new_findings(self, changes: list[Change]) -> list[Finding]:
        """What the change breaks or warns of, and what was not so before it."""
        from solidarity_cli.records import read

        ids = [Path(change.path).stem for change in changes]
        after = {one: read(change.after.encode()) for one, change in zip(ids, changes, strict=True)}
        kinds = {one: record_kind(change.path) or "" for one, change in zip(ids, changes, strict=True)}
        shape = [
            Finding(one, "schema", rules.Severity.ERROR, f"{fault.field}: {fault.message}", fault.field, fault.hint)
            for one, plain in after.items()
            if not self.now.schemas.fits(kinds[one], plain)
            for fault in self.now.schemas.explain(kinds[one], plain)
        ]
        if shape:
            return shape
        named = {other for plain in after.values() for other in _names(plain)}
        before = self.now.facts([*ids, *named])
        then = self._then(before, after, kinds)
        found = set(rules.check_all(then)) - set(rules.check_all(replace(before, before={})))
        for one, plain in after.items():
            was = self.now.plain(one) if one in self.now.paths else {}
            found |= self._leaks(plain) - (self._leaks(was) if was else set())
        return sorted(found, key=lambda finding: (not finding.refuses, finding))

    def _leaks(self, plain: Mapping[str, Any]) -> set[Finding]:
        return set(rules.check_record(plain, words=self.now.schemas.words, fold=fold))

    def _then(self, before: Facts, after: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str]) -> Facts:
        cases = {one: Case.from_plain(plain) for one, plain in after.items() if kinds[one] == "case"}
        actions = {one: Action.from_plain(plain) for one, plain in after.items() if kinds[one] == "action"}
        return replace(
            before,
            cases=before.cases | cases,  # type: ignore[operator]
            actions=before.actions | actions,  # type: ignore[operator]
            known=before.known | set(after),
            before={one: before.cases[one] for one in cases if one in before.cases},
        )


def _names(plain: Mapping[str, Any]) -> list[str]:
    return [*plain.get("cases", ()), *(link.get("case", "") for link in plain.get("links", ()))]


def _sentence(finding: Finding) -> str:
    return f"{finding.message} [{finding.rule}]"

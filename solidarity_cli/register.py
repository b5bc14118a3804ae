"""The one way in and out: read a snapshot; plan a change, check it, save it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solidarity_cli.ledger import Ledger
from solidarity_cli.reading import Reading
from solidarity_cli.snapshot import at, record_kind, working_tree

# What only a verb that writes needs is loaded when one does.
if TYPE_CHECKING:
    from solidarity_cli.core.edits import Edit
    from solidarity_cli.core.model import Action, Case
    from solidarity_cli.records.reading import Fault
    from solidarity_cli.saving import Plan


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
        from solidarity_cli.records.form import canonical
        from solidarity_cli.records.reading import Unreadable

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
        from solidarity_cli.core.model import Case

        return Case.from_plain(self.now.valid(self.now.find(text)))

    def action(self, text: str) -> Action:
        """The action that an id, or a part of one, means."""
        from solidarity_cli.core.model import Action

        return Action.from_plain(self.now.valid(self.now.find(text, "action")))

    def record(self, text: str) -> tuple[str, str]:
        """(id, kind) of the case or action that `text` means."""
        prefix = self.now.charter.action_prefix
        kind = "action" if text.strip().upper().startswith(f"{prefix}-") else "case"
        return self.now.find(text, kind), kind

    def fresh_id(self, kind: str) -> str:
        """An id that no record has."""
        from solidarity_cli.ids import new_id

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
        from solidarity_cli.planning import plan

        return plan(self.now, verb, edits=edits or {}, new=new or {}, texts=texts or {}, by=by)

    def save(self, plan: Plan) -> str:
        """Write and commit; the commit's id. What was read before is read anew afterwards."""
        from solidarity_cli.saving import save

        commit = save(plan, self.ledger)
        self.__dict__.pop("now", None)
        return commit

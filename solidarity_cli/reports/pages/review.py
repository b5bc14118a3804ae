"""The reviewer's card as a page: what decides first, then each record, worst first. Codes are said by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.verbs.edit import shape_of
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.pages.page import Block, Bullets, Definitions, Heading, Page, Paragraph, Table
from solidarity_cli.reports.review import Announced, RecordTold, Review, ViewTold
from solidarity_cli.reports.review_fields import FieldTold, each

_LONGEST = 400
"""Letters of one value; the file has the rest."""
_MOST_FIELDS, _MOST_FINDINGS = 60, 60

GUARDED = {
    "schemas": "schemas/: the form of the records, their words, the provisions",
    "register": "register.yaml: the numbers that the Group decided",
    "recipients": "recipients.yaml: who can unseal private values",
    "signers": "the list of those whose signatures count",
    "forge": "the checks of the forge: workflows, owners, templates",
    "program": "the program that checks: which one is installed",
    "git": ".gitattributes: how git stores and merges the files",
    "editor": ".vscode/: what editors do with the files, and which programs they start",
}
"""What the check itself rests on."""

_ASKS = {
    "guarded": "This changes what the check itself rests on. Is that meant, and by whom was it decided?",
    "errors": "Errors came with it. They are settled before anybody merges.",
    "public-key": "{record}: a key of an organisation changed. Confirm it by another way: who holds it reads packets.",
    "approvals": "{record}: an approval was taken away, or stands in the name of somebody who made no act here. "
    "Ask that person.",
    "decide": "{record}: do you agree with the decision? If so: solidarity approve {record}",
    "consent": "{record}: does the consent say what the person said, and no more?",
    "private": "{record}: private fields changed. Who holds a key reads them: solidarity show {record}",
    "gone": "{record}: the record is taken away. A case is closed or erased, and stays. Why is this one to go?",
    "erased": "{record}: its private part is destroyed, and nobody can take that back. Was it decided?",
    "unreadable": "{record}: the file is no valid record, so nothing of it is told. Do not merge it.",
}
_HOW = {"new": "new", "changed": "changed", "gone": "taken away"}


def review_page(card: Review, words: Vocabulary, shapes: Mapping[str, Mapping[str, Any]], language: str) -> Page:
    """The card as a page. `shapes` are the schemas by kind: they know which list a code belongs to."""
    sheet = _Sheet(card, words, shapes, language)
    ends = f"{card.base[:10]} → {card.head[:10] or 'the working tree'}"
    return Page(_title(card), ends, tuple(sheet.blocks()), language)


def _title(card: Review) -> str:
    kinds = [one.kind for one in card.records]
    counted = [_counted(kinds.count(kind), kind) for kind in ("case", "action", "directory") if kind in kinds]
    counted += [_counted(len(card.views), "view")] if card.views else []
    return f"Review: {', '.join(counted) or 'no record differs'}"


def _counted(number: int, kind: str) -> str:
    one, many = {"directory": ("organisation", "organisations")}.get(kind, (kind, f"{kind}s"))
    return f"{number} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One card on its way to paper."""

    card: Review
    words: Vocabulary
    shapes: Mapping[str, Mapping[str, Any]]
    language: str

    def blocks(self) -> Iterator[Block]:
        card = self.card
        yield from _listed("What the check itself rests on is changed", (_announced(one) for one in card.announced))
        yield from _listed("What you are asked", (_ASKS[what].format(record=record) for what, record in card.asks))
        yield from self._findings()
        for record in card.records:
            yield from self._record(record)
        yield from _listed("Views, the lists that are kept for everybody", map(_view, card.views))
        yield from self._ahead()
        yield from self._beside()

    def _findings(self) -> Iterator[Block]:
        found = self.card.findings
        said = [f"{one.severity.value}: {one.message} [{one.rule}]" for one in found[:_MOST_FINDINGS]]
        if len(found) > _MOST_FINDINGS:
            said.append(f"and {len(found) - _MOST_FINDINGS} more")
        yield from _listed("New findings", said)

    def _record(self, one: RecordTold) -> Iterator[Block]:
        yield Heading(f"{one.record}, {_HOW[one.how]}" + (f": {one.title}" if one.title else ""))
        if one.is_odd:
            yield Paragraph("This file is no valid record. Nothing of it is told here; the findings say why.")
            return
        fields = list(each(one.fields, private=False))
        if fields and one.kind == "directory":
            yield Bullets(tuple(f"{_name(field.field)}: {field.how}" for field in fields))
        elif fields:
            yield self._table(one, fields[:_MOST_FIELDS])
        if len(fields) > _MOST_FIELDS:
            yield Paragraph(f"And {len(fields) - _MOST_FIELDS} fields more.")
        private = tuple(f"{_name(field.field)}: {field.how}" for field in each(one.fields, private=True))
        if private:
            yield Bullets(private)
        if one.hidden:
            yield Paragraph(f"Fields that differ and are not shown: {one.hidden}.")
        if one.basis and any(".basis" in field.field for field in fields):
            yield Definitions(tuple((name, self._provision(name)) for name in one.basis))
        if one.approvals:
            yield Bullets(tuple(_approval(one) for one in one.approvals))

    def _table(self, one: RecordTold, fields: list[FieldTold]) -> Table:
        said = [
            (_name(field.field), *(self._said(one.kind, field.field, x) for x in (field.old, field.new)))
            for field in fields
        ]
        if one.how == "new":
            return Table("", ("Field", "Value"), tuple((name, new) for name, _, new in said))
        if one.how == "gone":
            return Table("", ("Field", "Was"), tuple((name, old) for name, old, _ in said))
        return Table("", ("Field", "Before", "After"), tuple(said))

    def _said(self, kind: str, field: str, value: Any) -> str | None:
        """A value in words: codes by their labels, lists between commas, long texts cut."""
        if value is None:
            return None
        try:
            shape = shape_of(field, self.shapes[kind])
        except UsageError:
            shape = {}
        text = " ".join(self._words(value, shape).split())
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text) - _LONGEST} letters more)"

    def _words(self, value: Any, shape: Mapping[str, Any]) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case list():
                items = shape.get("items", {})
                return ", ".join(self._words(item, items) for item in value) or "none"
            case Mapping():
                known = shape.get("properties", {})
                return " ".join(self._words(part, known.get(key, {})) for key, part in value.items())
            case str() if listed := shape.get("x-vocabulary"):
                return self.words.label(listed, value, self.language)
        return str(value)

    def _provision(self, name: str) -> str:
        known = self.words.provisions.get(name)
        return (known.title.get(self.language) or known.title.get("en", "")) if known else "not in the catalogue"

    def _ahead(self) -> Iterator[Block]:
        rows = tuple((one.date, one.case, _plain(one.kind), one.state or None) for one in self.card.ahead)
        if rows:
            yield Heading("Dates ahead")
            yield Table("", ("Date", "Case", "What", "State"), rows)

    def _beside(self) -> Iterator[Block]:
        card = self.card
        said = (
            (card.settled, "findings that the base had are settled"),
            (card.standing, "findings were there before, and still are"),
            (card.others, "files differ that are no records; nothing of them is told here"),
        )
        yield from _listed("Beside", (f"{number} {what}" for number, what in said if number))


def _listed(title: str, items: Any) -> Iterator[Block]:
    told = tuple(items)
    if told:
        yield Heading(title)
        yield Bullets(told)


def _view(one: ViewTold) -> str:
    if one.old and one.new:
        return f"{one.name}, changed: {one.old} → {one.new}"
    return f"{one.name}, new: {one.new}" if one.new else f"{one.name}, taken away: {one.old}"


def _announced(one: Announced) -> str:
    return f"{GUARDED[one.what]} ({one.files} {'file' if one.files == 1 else 'files'})"


def _approval(one: Any) -> str:
    doubt = "" if one.is_own or one.how == "removed" else ", who made no act here"
    return f"approval of {one.assessment} {one.how}: {one.by}, {one.date}{doubt}"


def _name(field: str) -> str:
    """`assessments.a1.risk_level` as `Assessments a1, risk level`."""
    room, *rest = field.split(".")
    beside = [_plain(part) for part in rest]
    head = f"{_plain(room)} {beside.pop(0)}" if len(beside) > 1 else _plain(room)
    return ", ".join([head[:1].upper() + head[1:], *beside])


def _plain(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")

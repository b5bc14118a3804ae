"""The reviewer's card as a page: what decides first, then each record, worst first. Codes are said by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.verbs.edit import shape_of
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.pages.page import Block, Bullets, Definitions, Heading, Page, Paragraph, Table
from solidarity_cli.reports.review import Announced, RecordChange, Review, ViewChange
from solidarity_cli.reports.review_fields import VisibleChange, each

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
    sheet = _PageBuilder(card, words, shapes, language)
    ends = f"{card.base[:10]} → {card.head[:10] or 'the working tree'}"
    return Page(_title(card), ends, tuple(sheet.blocks()), language)


def _title(card: Review) -> str:
    kinds = [record.kind for record in card.records]
    parts = [_count_phrase(kinds.count(kind), kind) for kind in ("case", "action", "directory") if kind in kinds]
    parts += [_count_phrase(len(card.views), "view")] if card.views else []
    return f"Review: {', '.join(parts) or 'no record differs'}"


def _count_phrase(number: int, kind: str) -> str:
    singular, plural = {"directory": ("organisation", "organisations")}.get(kind, (kind, f"{kind}s"))
    return f"{number} {singular if number == 1 else plural}"


@dataclass(frozen=True, slots=True)
class _PageBuilder:
    """One card on its way to paper."""

    card: Review
    words: Vocabulary
    shapes: Mapping[str, Mapping[str, Any]]
    language: str

    def blocks(self) -> Iterator[Block]:
        card = self.card
        yield from _bullet_section(
            "What the check itself rests on is changed", (_guarded_line(guarded) for guarded in card.announced)
        )
        yield from _bullet_section(
            "What you are asked", (_ASKS[what].format(record=record) for what, record in card.asks)
        )
        yield from self._findings()
        for record in card.records:
            yield from self._record(record)
        yield from _bullet_section("Views, the lists that are kept for everybody", map(_view_line, card.views))
        yield from self._ahead()
        yield from self._beside()

    def _findings(self) -> Iterator[Block]:
        findings = self.card.findings
        lines = [
            f"{finding.severity.value}: {finding.message} [{finding.rule}]" for finding in findings[:_MOST_FINDINGS]
        ]
        if len(findings) > _MOST_FINDINGS:
            lines.append(f"and {len(findings) - _MOST_FINDINGS} more")
        yield from _bullet_section("New findings", lines)

    def _record(self, record: RecordChange) -> Iterator[Block]:
        yield Heading(f"{record.record}, {_HOW[record.how]}" + (f": {record.title}" if record.title else ""))
        if record.is_odd:
            yield Paragraph("This file is no valid record. Nothing of it is told here; the findings say why.")
            return
        fields = list(each(record.fields, private=False))
        if fields and record.kind == "directory":
            yield Bullets(tuple(f"{_name(field.field)}: {field.how}" for field in fields))
        elif fields:
            yield self._table(record, fields[:_MOST_FIELDS])
        if len(fields) > _MOST_FIELDS:
            yield Paragraph(f"And {len(fields) - _MOST_FIELDS} fields more.")
        private = tuple(f"{_name(field.field)}: {field.how}" for field in each(record.fields, private=True))
        if private:
            yield Bullets(private)
        if record.hidden:
            yield Paragraph(f"Fields that differ and are not shown: {record.hidden}.")
        if record.basis and any(".basis" in field.field for field in fields):
            yield Definitions(tuple((name, self._provision(name)) for name in record.basis))
        if record.approvals:
            yield Bullets(tuple(_approval_line(approval) for approval in record.approvals))

    def _table(self, record: RecordChange, fields: list[VisibleChange]) -> Table:
        rows = [
            (
                _name(field.field),
                *(self._value_text(record.kind, field.field, value) for value in (field.old, field.new)),
            )
            for field in fields
        ]
        if record.how == "new":
            return Table("", ("Field", "Value"), tuple((name, new) for name, _, new in rows))
        if record.how == "gone":
            return Table("", ("Field", "Was"), tuple((name, old) for name, old, _ in rows))
        return Table("", ("Field", "Before", "After"), tuple(rows))

    def _value_text(self, kind: str, field: str, value: Any) -> str | None:
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
                properties = shape.get("properties", {})
                return " ".join(self._words(part, properties.get(key, {})) for key, part in value.items())
            case str() if vocabulary := shape.get("x-vocabulary"):
                return self.words.label(vocabulary, value, self.language)
        return str(value)

    def _provision(self, name: str) -> str:
        provision = self.words.provisions.get(name)
        return (
            (provision.title.get(self.language) or provision.title.get("en", ""))
            if provision
            else "not in the catalogue"
        )

    def _ahead(self) -> Iterator[Block]:
        rows = tuple((item.date, item.case, _plain(item.kind), item.state or None) for item in self.card.ahead)
        if rows:
            yield Heading("Dates ahead")
            yield Table("", ("Date", "Case", "What", "State"), rows)

    def _beside(self) -> Iterator[Block]:
        card = self.card
        remarks = (
            (card.settled, "findings that the base had are settled"),
            (card.standing, "findings were there before, and still are"),
            (card.others, "files differ that are no records; nothing of them is told here"),
        )
        yield from _bullet_section("Beside", (f"{number} {what}" for number, what in remarks if number))


def _bullet_section(title: str, items: Any) -> Iterator[Block]:
    texts = tuple(items)
    if texts:
        yield Heading(title)
        yield Bullets(texts)


def _view_line(view: ViewChange) -> str:
    if view.old and view.new:
        return f"{view.name}, changed: {view.old} → {view.new}"
    return f"{view.name}, new: {view.new}" if view.new else f"{view.name}, taken away: {view.old}"


def _guarded_line(guarded: Announced) -> str:
    return f"{GUARDED[guarded.what]} ({guarded.files} {'file' if guarded.files == 1 else 'files'})"


def _approval_line(approval: Any) -> str:
    doubt = "" if approval.is_own or approval.how == "removed" else ", who made no act here"
    return f"approval of {approval.assessment} {approval.how}: {approval.by}, {approval.date}{doubt}"


def _name(field: str) -> str:
    """`assessments.a1.risk_level` as `Assessments a1, risk level`."""
    section, *rest = field.split(".")
    beside = [_plain(part) for part in rest]
    head = f"{_plain(section)} {beside.pop(0)}" if len(beside) > 1 else _plain(section)
    return ", ".join([head[:1].upper() + head[1:], *beside])


def _plain(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")

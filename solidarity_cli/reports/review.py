"""The reviewer's card as figures: what differs between two snapshots, what it breaks, what whoever reads is asked.

Everything in it has passed `core.audience` for a reviewer: of a private field it says that it changed, never the value.
A record that is not of its kind's shape is named and not told field by field, for nobody knows what stands in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from solidarity_cli.core.approvals import is_waiting, person
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Finding
from solidarity_cli.core.model import Case
from solidarity_cli.reports.agenda import AgendaItem, agenda
from solidarity_cli.reports.review_fields import VisibleChange, visible_changes

How = Literal["new", "changed", "gone"]

Ask = Literal[
    "errors", "guarded", "public-key", "approvals", "decide", "consent", "private", "unreadable", "gone", "erased"
]
"""What a reviewer is asked; the sentences stand in `pages.review`."""

_DAYS_AHEAD = 90


@dataclass(frozen=True, slots=True)
class Pair:
    """One record on both sides, as it is stored; None where it is not there. `is_odd`: there, and not of its shape."""

    record: str
    kind: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    is_odd: bool = False

    @property
    def change_kind(self) -> How:
        """Whether the record came, went or changed."""
        if self.old is None and (self.new is not None or self.is_odd):
            return "new"
        return "gone" if self.new is None and not self.is_odd else "changed"


@dataclass(frozen=True, slots=True)
class Announced:
    """Files on which the check itself rests, by a name of `pages.review.GUARDED`; how many of them differ."""

    what: str
    files: int


@dataclass(frozen=True, slots=True)
class ViewChange:
    """A view that differs: `old` and `new` are its filters as options of `list`, empty where there is none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ApprovalChange:
    """An approval that came or went. `is_own`: who approves has made an act in this range."""

    assessment: str
    by: str
    date: str
    how: Literal["added", "removed"]
    is_own: bool


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that differs. `hidden`: fields that differ and are shown to no reviewer; `basis`: what is cited."""

    record: str
    kind: str
    how: How
    title: str = ""
    is_odd: bool = False
    fields: tuple[VisibleChange, ...] = ()
    hidden: int = 0
    basis: tuple[str, ...] = ()
    approvals: tuple[ApprovalChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The card. `base` and `head` are commits; `head` is empty for the working tree.

    `findings` are new against the base, errors first; `standing` were there before; `settled` are there no more.
    `others`: files that are no records, and of which nothing is told. `asks` are (what, record id or empty). `views`
    of the register stand in register.yaml, which is announced only where anything else in it differs.
    """

    base: str
    head: str
    announced: tuple[Announced, ...]
    records: tuple[RecordChange, ...]
    findings: tuple[Finding, ...]
    standing: int
    settled: int
    ahead: tuple[AgendaItem, ...]
    asks: tuple[tuple[Ask, str], ...]
    others: int
    views: tuple[ViewChange, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether an error is among the new findings."""
        return any(finding.refuses for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RuleResults:
    """What the rules of the base say: new findings, how many were there before, how many are there no more."""

    findings: tuple[Finding, ...]
    standing: int = 0
    settled: int = 0


def review(
    pairs: Iterable[Pair],
    facts: Facts,
    results: RuleResults,
    *,
    announced: tuple[Announced, ...],
    others: int,
    hands: Collection[str],
    ends: tuple[str, str],
    views: tuple[ViewChange, ...] = (),
) -> Review:
    """The card of a change. `facts` are the records as they are to be, under the rules of the base.

    `hands` are those whose word counts in this range, as addresses: whoever made its acts.
    """
    findings = tuple(sorted(results.findings, key=lambda finding: (not finding.refuses, finding)))
    changes = [_record_change(pair, facts, hands) for pair in pairs]
    records = tuple(sorted(changes, key=lambda change: _worst_first(change, findings)))
    return Review(
        *ends,
        announced=announced,
        records=records,
        findings=findings,
        standing=results.standing,
        settled=results.settled,
        ahead=_ahead(records, facts),
        asks=tuple(_asks(records, findings, announced, facts)),
        others=others,
        views=views,
    )


def as_plain(card: Review) -> dict[str, Any]:
    """The card as `review --format json` gives it."""
    asks = [{"what": what, "record": record} for what, record in card.asks]
    return {
        **asdict(card),
        "findings": [{**asdict(finding), "severity": finding.severity.value} for finding in card.findings],
        "asks": asks,
    }


def _record_change(pair: Pair, facts: Facts, hands: Collection[str]) -> RecordChange:
    if pair.is_odd:
        return RecordChange(pair.record, pair.kind, pair.change_kind, is_odd=True)
    fields, hidden = visible_changes(pair.kind, pair.old, pair.new, on=facts.today)
    case = Case.from_plain(pair.new) if pair.kind == "case" and pair.new else None
    before = Case.from_plain(pair.old) if pair.kind == "case" and pair.old else None
    return RecordChange(
        pair.record,
        pair.kind,
        pair.change_kind,
        # Of a record that is gone no title is told: somebody may have had a reason to take it away.
        title=case.title if case else "",
        fields=fields,
        hidden=hidden,
        basis=case.assessment.basis if case and case.assessment else (),
        approvals=tuple(_approvals(before, case, hands)),
    )


def _approvals(before: Case | None, after: Case | None, hands: Collection[str]) -> Iterator[ApprovalChange]:
    authors = {person(address) for address in hands}
    then, now = _approval_keys(before), _approval_keys(after)
    for how, approvals, others in (("added", now, then), ("removed", then, now)):
        for assessment, by, date in approvals:
            if (assessment, by, date) not in others:
                yield ApprovalChange(assessment, by, date, how, person(by) in authors)  # type: ignore[arg-type]


def _approval_keys(case: Case | None) -> list[tuple[str, str, str]]:
    return [
        (assessment.id, approval.by, approval.date)
        for assessment in (case.assessments if case else ())
        for approval in assessment.approvals
    ]


def _worst_first(record: RecordChange, findings: tuple[Finding, ...]) -> tuple[bool, bool, str]:
    record_findings = [finding for finding in findings if finding.record == record.record]
    return (not any(finding.refuses for finding in record_findings), not record_findings, record.record)


def _ahead(records: tuple[RecordChange, ...], facts: Facts) -> tuple[AgendaItem, ...]:
    ids = {record.record for record in records}
    ids |= {case for record in records if record.record in facts.actions for case in facts.actions[record.record].cases}
    return tuple(item for item in agenda(facts, _DAYS_AHEAD) if item.case in ids)


def _asks(
    records: tuple[RecordChange, ...], findings: tuple[Finding, ...], announced: tuple[Announced, ...], facts: Facts
) -> Iterator[tuple[Ask, str]]:
    if announced:
        yield "guarded", ""
    if any(finding.refuses for finding in findings):
        yield "errors", ""
    for record in records:
        if record.is_odd:
            yield "unreadable", record.record
        if record.how == "gone":
            yield "gone", record.record
        if any(field.field == "erasure.date" for field in record.fields):
            yield "erased", record.record
        if record.kind == "directory" and any(field.field == "public_key" for field in record.fields):
            yield "public-key", record.record
        if any(not (approval.how == "added" and approval.is_own) for approval in record.approvals):
            yield "approvals", record.record
        newest = facts.cases[record.record].assessment if record.record in facts.cases else None
        if newest and newest.decision and is_waiting(record.record, newest, facts):
            yield "decide", record.record
        if any(field.field.startswith("consent.") for field in record.fields):
            yield "consent", record.record
        if any(field.is_private for field in record.fields):
            yield "private", record.record

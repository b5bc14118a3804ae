"""One case as a page: facts, what is missing, consent, assessments, actions, dates, findings, the private part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solidarity_cli.core.findings import Finding
from solidarity_cli.core.model import Action, Assessment, Case
from solidarity_cli.core.open_questions import Gap
from solidarity_cli.core.rules.consent import effective
from solidarity_cli.core.titles import title_in
from solidarity_cli.core.token_format import PRIVATE
from solidarity_cli.reports.pages.case_wording import CaseWording
from solidarity_cli.reports.pages.page import Block, Bullets, Definitions, Heading, Page, Paragraph, Quote, Table

_USES = ("record", "share", "publicity-organisation", "publicity-person", "statistics")
_LONG = ("narrative", "notes", "attachments")


def case_page(
    case: Case, wording: CaseWording, *, actions: Iterable[Action], gaps: Iterable[Gap], findings: Iterable[Finding]
) -> Page:
    """The internal page of a case; `case` carries its private part where it may be shown.

    Findings and questions hold commands, and stand there as the program says them everywhere: in English.
    """
    say = wording.say
    blocks: list[Block] = [Definitions(tuple(_facts(case, wording)))]
    blocks += _section(say("case.findings"), Bullets(tuple(_finding_line(finding) for finding in findings)))
    blocks += _section(say("case.to-ask"), Bullets(tuple(_questions(case, tuple(gaps)))))
    blocks += _section(say("case.happened"), _incidents(case, wording))
    blocks += _section(say("case.consent"), _consent(case, wording))
    for assessment in case.assessments:
        blocks += _assessment(assessment, wording)
    blocks += _section(say("case.actions"), _actions(actions, wording))
    blocks += _section(say("case.dates"), _dates(case, wording))
    blocks += _closure(case, wording)
    blocks += _private(case, wording)
    return Page(title_in(case.title, wording.words, wording.language), case.id, tuple(blocks), wording.language)


def _section(title: str, block: Block) -> list[Block]:
    """A heading and its block; nothing where there is nothing to say."""
    empty = (isinstance(block, Bullets) and not block.items) or (isinstance(block, Table) and not block.rows)
    return [] if empty else [Heading(title), block]


def _questions(case: Case, gaps: tuple[Gap, ...]) -> Iterator[str]:
    """One line a question; the uses that nobody was asked about share one."""
    uses = [gap.field.removeprefix("consent.") for gap in gaps if gap.field.startswith("consent.")]
    yield from (f"{gap.question} {gap.command}" for gap in gaps if not gap.field.startswith("consent."))
    if uses:
        command = f"solidarity consent {case.id} --use … --answer …"
        yield f"Consent, refused until somebody says otherwise, for: {', '.join(uses)}. {command}"


def _finding_line(finding: Finding) -> str:
    return f"{finding.severity}: {finding.message} [{finding.rule}]" + (f" ({finding.hint})" if finding.hint else "")


def _facts(case: Case, wording: CaseWording) -> Iterator[tuple[str, str]]:
    say, label = wording.say, wording.label
    country = case.country if case.subject.country or any(incident.country for incident in case.incidents) else ""
    yield say("status"), label("status", case.status)
    yield say("case.kind"), label("kind", case.kind)
    yield say("received-on"), _join(wording.day(case.received), label("channel", case.channel))
    yield say("urgency"), label("urgency", case.urgency) or say("unknown")
    subject = _join(label("subject-kind", case.subject.kind), wording.country(country))
    yield say("case.subject"), subject or say("unknown")
    yield say("case.membership"), label("membership", case.membership)
    if case.subject.situation:
        yield say("case.situation"), label("situation", case.subject.situation)
    if case.requests:
        yield say("case.asked-for"), wording.labels("request", case.requests)
    if case.source_capacity:
        yield say("case.source"), label("capacity", case.source_capacity)
    for link in case.links:
        yield label("relation", link.relation), link.case


def _incidents(case: Case, wording: CaseWording) -> Table:
    rows = tuple(
        (
            incident.id,
            wording.label("incident", incident.type),
            wording.cell(incident.date),
            wording.country(incident.country),
            wording.labels("perpetrator", incident.perpetrators),
            wording.label("verification", incident.verification),
        )
        for incident in case.incidents
    )
    names = ("case.id", "case.incident", "date", "case.country", "case.alleged", "case.verification")
    return Table("", tuple(map(wording.say, names)), rows)


def _consent(case: Case, wording: CaseWording) -> Table:
    rows = []
    for use in _USES:
        consent = effective(case, use)
        recipients = wording.labels("recipient", consent.share_with) if use == "share" else ""
        shared = wording.say("case.shared", recipients=recipients) if recipients else ""
        until = wording.say("case.embargo", day=wording.day(consent.embargo_until)) if consent.embargo_until else ""
        answer = wording.label("consent-answer", consent.answer)
        rows.append((wording.label("consent-use", use), answer, "; ".join(part for part in (shared, until) if part)))
    return Table("", tuple(map(wording.say, ("case.use", "case.answer", "case.limits"))), tuple(rows))


def _assessment(assessment: Assessment, wording: CaseWording) -> list[Block]:
    say, label = wording.say, wording.label
    pairs = [
        (say("decision"), label("decision", assessment.decision or "") or say("case.undecided")),
        (say("case.assessed-by"), assessment.by),
        (say("case.life"), label("answer", assessment.life_at_risk)),
        (say("case.freedom"), label("answer", assessment.freedom_at_risk)),
    ]
    if assessment.risk_level:
        level = label("risk-level", assessment.risk_level)
        risk = (
            say("case.risk-review", level=level, day=wording.day(assessment.risk_review))
            if assessment.risk_review
            else level
        )
        pairs.append((say("case.risk"), risk))
    if assessment.wider_impact or assessment.impact_reason:
        impact = label("answer", assessment.wider_impact)
        pairs.append(
            (say("case.impact"), f"{impact}: {assessment.impact_reason}" if assessment.impact_reason else impact)
        )
    if assessment.basis:
        pairs.append((say("case.basis"), "; ".join(_provision_text(name, wording) for name in assessment.basis)))
    if assessment.forms:
        pairs.append((say("case.forms"), wording.labels("action-type", assessment.forms)))
    pairs.append((say("case.reason"), assessment.reason))
    approved = ", ".join(f"{approval.by} ({wording.day(approval.date)})" for approval in assessment.approvals)
    pairs.append((say("case.approved"), approved or say("case.not-approved")))
    return [
        Heading(say("case.assessment", id=assessment.id, day=wording.day(assessment.date))),
        Definitions(tuple(pairs)),
    ]


def _provision_text(name: str, wording: CaseWording) -> str:
    provision = wording.words.provisions.get(name)
    title = (provision.title.get(wording.language) or provision.title.get("en", "")) if provision else ""
    return f"{name}: {title}" if title else name


def _actions(actions: Iterable[Action], wording: CaseWording) -> Table:
    label, rows = wording.label, []
    for action in actions:
        details = [label("response", action.response)]
        if action.referral:
            details.append(f"{action.referral.organisation}: {label('referral-state', action.referral.state)}")
        if len(action.cases) > 1:
            details.append(wording.count("case.serves", len(action.cases)))
        kind, status = label("action-type", action.type), label("action-status", action.status)
        rows.append((action.id, kind, status, wording.cell(action.date), _join(*details)))
    names = ("case.id", "case.action", "status", "date", "case.beside")
    return Table("", tuple(map(wording.say, names)), tuple(rows))


def _dates(case: Case, wording: CaseWording) -> Table:
    say, label = wording.say, wording.label
    dated = [
        (
            hearing.when or hearing.at,
            hearing.id,
            label("hearing-kind", hearing.kind) or say("kind.hearing.bare"),
            wording.standing(hearing),
        )
        for hearing in case.hearings
    ]
    dated += [
        (
            deadline.date,
            deadline.id,
            label("deadline", deadline.what) or say("kind.deadline.bare"),
            say("case.done") if deadline.done else say("state.open"),
        )
        for deadline in case.deadlines
    ]
    if case.retention_review:
        dated.append((case.retention_review, "", say("case.retention"), ""))
    rows = tuple((name, wording.cell(when), what, state) for when, name, what, state in sorted(dated))
    return Table("", tuple(map(say, ("case.id", "date", "what", "state"))), rows)


def _closure(case: Case, wording: CaseWording) -> list[Block]:
    if case.closure is None:
        return []
    pairs = (
        (wording.say("date"), wording.day(case.closure.date)),
        (wording.say("case.outcome"), wording.label("outcome", case.closure.outcome)),
        (wording.say("case.reason"), case.closure.reason),
        (wording.say("case.told"), wording.label("answer", case.closure.person_told or "unclear")),
    )
    return [Heading(wording.say("case.closure")), Definitions(pairs)]


def _private(case: Case, wording: CaseWording) -> list[Block]:
    """The private part, marked as such: what is said here leaves this screen with nobody."""
    say, private = wording.say, Heading(wording.say("case.private"))
    if erasure := case.erasure:
        return [
            private,
            Paragraph(say("case.erased", day=wording.day(erasure.date), ground=erasure.ground, by=erasure.by)),
        ]
    if not case.private:
        return []
    pairs = tuple(
        (wording.field(name), _field_text(name, value, wording))
        for name, value in case.private.items()
        if name not in _LONG
    )
    blocks: list[Block] = [private, *([Definitions(pairs)] if pairs else [])]
    if case.private.get("narrative"):
        blocks += [Heading(say("case.narrative"), 3), Quote(str(case.private["narrative"]).strip())]
    texts = case.private.get("notes") or {}
    if case.notes and texts == PRIVATE:
        texts = {note.id: PRIVATE for note in case.notes}
    if case.notes:
        notes = tuple(
            f"{_join(note.id, wording.day(note.date), note.by)}: {texts.get(note.id, '')}" for note in case.notes
        )
        blocks += [Heading(say("case.notes"), 3), Bullets(notes)]
    if attachments := case.private.get("attachments"):
        lines = (
            (attachments,)
            if isinstance(attachments, str)
            else tuple(_attachment_line(attachment, wording) for attachment in attachments)
        )
        blocks += [Heading(say("case.attachments"), 3), Bullets(lines)]
    return blocks


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _field_text(name: str, value: Any, wording: CaseWording) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    return wording.labels("special-category", value) if name == "special_categories" else ", ".join(map(str, value))


def _attachment_line(item: Mapping[str, Any], wording: CaseWording) -> str:
    size = wording.count("case.bytes", item["size"]) if "size" in item else ""
    return _join(*(str(part) for part in (item["name"], item.get("media_type"), size, item.get("kept")) if part))

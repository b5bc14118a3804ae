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
    blocks += _section(say("case.findings"), Bullets(tuple(_told(finding) for finding in findings)))
    blocks += _section(say("case.to-ask"), Bullets(tuple(_asked(case, tuple(gaps)))))
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


def _asked(case: Case, gaps: tuple[Gap, ...]) -> Iterator[str]:
    """One line a question; the uses that nobody was asked about share one."""
    uses = [gap.field.removeprefix("consent.") for gap in gaps if gap.field.startswith("consent.")]
    yield from (f"{gap.question} {gap.command}" for gap in gaps if not gap.field.startswith("consent."))
    if uses:
        command = f"solidarity consent {case.id} --use … --answer …"
        yield f"Consent, refused until somebody says otherwise, for: {', '.join(uses)}. {command}"


def _told(finding: Finding) -> str:
    return f"{finding.severity}: {finding.message} [{finding.rule}]" + (f" ({finding.hint})" if finding.hint else "")


def _facts(case: Case, wording: CaseWording) -> Iterator[tuple[str, str]]:
    say, label = wording.say, wording.label
    country = case.country if case.subject.country or any(one.country for one in case.incidents) else ""
    yield say("status"), label("status", case.status)
    yield say("case.kind"), label("kind", case.kind)
    yield say("received-on"), _listed(wording.day(case.received), label("channel", case.channel))
    yield say("urgency"), label("urgency", case.urgency) or say("unknown")
    subject = _listed(label("subject-kind", case.subject.kind), wording.country(country))
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
            one.id,
            wording.label("incident", one.type),
            wording.cell(one.date),
            wording.country(one.country),
            wording.labels("perpetrator", one.perpetrators),
            wording.label("verification", one.verification),
        )
        for one in case.incidents
    )
    names = ("case.id", "case.incident", "date", "case.country", "case.alleged", "case.verification")
    return Table("", tuple(map(wording.say, names)), rows)


def _consent(case: Case, wording: CaseWording) -> Table:
    rows = []
    for use in _USES:
        held = effective(case, use)
        recipients = wording.labels("recipient", held.share_with) if use == "share" else ""
        shared = wording.say("case.shared", recipients=recipients) if recipients else ""
        until = wording.say("case.embargo", day=wording.day(held.embargo_until)) if held.embargo_until else ""
        answer = wording.label("consent-answer", held.answer)
        rows.append((wording.label("consent-use", use), answer, "; ".join(part for part in (shared, until) if part)))
    return Table("", tuple(map(wording.say, ("case.use", "case.answer", "case.limits"))), tuple(rows))


def _assessment(one: Assessment, wording: CaseWording) -> list[Block]:
    say, label = wording.say, wording.label
    pairs = [
        (say("decision"), label("decision", one.decision or "") or say("case.undecided")),
        (say("case.assessed-by"), one.by),
        (say("case.life"), label("answer", one.life_at_risk)),
        (say("case.freedom"), label("answer", one.freedom_at_risk)),
    ]
    if one.risk_level:
        level = label("risk-level", one.risk_level)
        again = say("case.risk-review", level=level, day=wording.day(one.risk_review)) if one.risk_review else level
        pairs.append((say("case.risk"), again))
    if one.wider_impact or one.impact_reason:
        impact = label("answer", one.wider_impact)
        pairs.append((say("case.impact"), f"{impact}: {one.impact_reason}" if one.impact_reason else impact))
    if one.basis:
        pairs.append((say("case.basis"), "; ".join(_cited(name, wording) for name in one.basis)))
    if one.forms:
        pairs.append((say("case.forms"), wording.labels("action-type", one.forms)))
    pairs.append((say("case.reason"), one.reason))
    approved = ", ".join(f"{yes.by} ({wording.day(yes.date)})" for yes in one.approvals)
    pairs.append((say("case.approved"), approved or say("case.not-approved")))
    return [Heading(say("case.assessment", id=one.id, day=wording.day(one.date))), Definitions(tuple(pairs))]


def _cited(name: str, wording: CaseWording) -> str:
    provision = wording.words.provisions.get(name)
    title = (provision.title.get(wording.language) or provision.title.get("en", "")) if provision else ""
    return f"{name}: {title}" if title else name


def _actions(actions: Iterable[Action], wording: CaseWording) -> Table:
    label, rows = wording.label, []
    for one in actions:
        beside = [label("response", one.response)]
        if one.referral:
            beside.append(f"{one.referral.organisation}: {label('referral-state', one.referral.state)}")
        if len(one.cases) > 1:
            beside.append(wording.count("case.serves", len(one.cases)))
        kind, status = label("action-type", one.type), label("action-status", one.status)
        rows.append((one.id, kind, status, wording.cell(one.date), _listed(*beside)))
    names = ("case.id", "case.action", "status", "date", "case.beside")
    return Table("", tuple(map(wording.say, names)), tuple(rows))


def _dates(case: Case, wording: CaseWording) -> Table:
    say, label = wording.say, wording.label
    dated = [
        (
            one.when or one.at,
            one.id,
            label("hearing-kind", one.kind) or say("kind.hearing.bare"),
            wording.standing(one),
        )
        for one in case.hearings
    ]
    dated += [
        (
            one.date,
            one.id,
            label("deadline", one.what) or say("kind.deadline.bare"),
            say("case.done") if one.done else say("state.open"),
        )
        for one in case.deadlines
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
    if gone := case.erasure:
        return [private, Paragraph(say("case.erased", day=wording.day(gone.date), ground=gone.ground, by=gone.by))]
    if not case.private:
        return []
    pairs = tuple(
        (wording.field(name), _one_line(name, value, wording))
        for name, value in case.private.items()
        if name not in _LONG
    )
    blocks: list[Block] = [private, *([Definitions(pairs)] if pairs else [])]
    if case.private.get("narrative"):
        blocks += [Heading(say("case.narrative"), 3), Quote(str(case.private["narrative"]).strip())]
    texts = case.private.get("notes") or {}
    if case.notes and texts == PRIVATE:
        texts = {one.id: PRIVATE for one in case.notes}
    if case.notes:
        told = tuple(f"{_listed(one.id, wording.day(one.date), one.by)}: {texts.get(one.id, '')}" for one in case.notes)
        blocks += [Heading(say("case.notes"), 3), Bullets(told)]
    if attachments := case.private.get("attachments"):
        told = (
            (attachments,) if isinstance(attachments, str) else tuple(_attachment(one, wording) for one in attachments)
        )
        blocks += [Heading(say("case.attachments"), 3), Bullets(told)]
    return blocks


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _one_line(name: str, value: Any, wording: CaseWording) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    return wording.labels("special-category", value) if name == "special_categories" else ", ".join(map(str, value))


def _attachment(item: Mapping[str, Any], wording: CaseWording) -> str:
    size = wording.count("case.bytes", item["size"]) if "size" in item else ""
    return _listed(*(str(part) for part in (item["name"], item.get("media_type"), size, item.get("kept")) if part))

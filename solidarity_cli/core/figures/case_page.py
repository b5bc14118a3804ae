"""One case as a page: facts, what is missing, consent, assessments, actions, dates, findings, the private part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solidarity_cli.core.findings import Finding
from solidarity_cli.core.gaps import Gap
from solidarity_cli.core.model import Action, Assessment, Case
from solidarity_cli.core.page import Block, Bullets, Definitions, Heading, Page, Paragraph, Quote, Table
from solidarity_cli.core.rules.consent import effective
from solidarity_cli.core.sealed import PRIVATE
from solidarity_cli.core.vocabulary import Vocabulary

_USES = ("record", "share", "publicity-organisation", "publicity-person", "statistics")
_LONG = ("narrative", "notes", "attachments")


def case_page(
    case: Case,
    *,
    actions: Iterable[Action],
    gaps: Iterable[Gap],
    findings: Iterable[Finding],
    words: Vocabulary,
    language: str = "en",
) -> Page:
    """The internal page of a case; `case` carries its private part where it may be shown."""
    blocks: list[Block] = [Definitions(tuple(_facts(case, words, language)))]
    blocks += _section("Findings", Bullets(tuple(_told(finding) for finding in findings)))
    blocks += _section("Still to ask", Bullets(tuple(_asked(case, tuple(gaps)))))
    blocks += _section("What happened", _incidents(case, words, language))
    blocks += _section("Consent", _consent(case, words, language))
    for assessment in case.assessments:
        blocks += _assessment(assessment, words, language)
    blocks += _section("Actions", _actions(actions, words, language))
    blocks += _section("Dates", _dates(case, words, language))
    blocks += _closure(case, words, language)
    blocks += _private(case)
    return Page(case.title, case.id, tuple(blocks), language)


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


def _facts(case: Case, words: Vocabulary, language: str) -> Iterator[tuple[str, str]]:
    def label(name: str, code: str) -> str:
        return words.label(name, code, language) if code else "not known"

    yield "Status", label("status", case.status)
    yield "Kind", label("kind", case.kind)
    yield "Received", case.received + (f", {label('channel', case.channel)}" if case.channel else "")
    yield "Urgency", label("urgency", case.urgency)
    yield "Subject", ", ".join(part for part in (label("subject-kind", case.subject.kind), case.country) if part)
    yield "Membership", label("membership", case.membership)
    if case.subject.situation:
        yield "Situation", label("situation", case.subject.situation)
    if case.requests:
        yield "Asked for", ", ".join(label("request", one) for one in case.requests)
    if case.source_capacity:
        yield "Source", label("capacity", case.source_capacity)
    for link in case.links:
        yield label("relation", link.relation), link.case


def _incidents(case: Case, words: Vocabulary, language: str) -> Table:
    rows = tuple(
        (
            one.id,
            words.label("incident", one.type, language),
            one.date,
            one.country,
            ", ".join(words.label("perpetrator", who, language) for who in one.perpetrators),
            words.label("verification", one.verification, language) if one.verification else "",
        )
        for one in case.incidents
    )
    return Table("", ("Id", "Incident", "Date", "Country", "Allegedly by", "Verification"), rows)


def _consent(case: Case, words: Vocabulary, language: str) -> Table:
    rows = []
    for use in _USES:
        held = effective(case, use)
        until = f"not before {held.embargo_until} has passed" if held.embargo_until else ""
        shared = f"with {', '.join(held.share_with)}" if held.share_with and use == "share" else ""
        answer = words.label("consent-answer", held.answer, language)
        rows.append((words.label("consent-use", use, language), answer, ", ".join(x for x in (shared, until) if x)))
    return Table("", ("For", "Answer", "Limits"), tuple(rows))


def _assessment(one: Assessment, words: Vocabulary, language: str) -> list[Block]:
    decision = words.label("decision", one.decision, language) if one.decision else "no decision"
    pairs = [
        ("Decision", decision),
        ("By", one.by),
        ("Life at risk", words.label("answer", one.life_at_risk, language)),
        ("Freedom at risk", words.label("answer", one.freedom_at_risk, language)),
    ]
    if one.risk_level:
        review = f", looked at again {one.risk_review}" if one.risk_review else ""
        pairs.append(("Risk", words.label("risk-level", one.risk_level, language) + review))
    if one.wider_impact or one.impact_reason:
        impact = words.label("answer", one.wider_impact, language)
        pairs.append(("Wider impact", f"{impact}: {one.impact_reason}" if one.impact_reason else impact))
    if one.basis:
        pairs.append(("Basis", "; ".join(_cited(words, name, language) for name in one.basis)))
    if one.forms:
        pairs.append(("Forms", ", ".join(words.label("action-type", form, language) for form in one.forms)))
    pairs.append(("Reason", one.reason))
    approved = ", ".join(f"{yes.by} ({yes.date})" for yes in one.approvals)
    pairs.append(("Approved by", approved or "nobody yet"))
    return [Heading(f"Assessment {one.id}, {one.date}"), Definitions(tuple(pairs))]


def _cited(words: Vocabulary, name: str, language: str) -> str:
    provision = words.provisions.get(name)
    title = (provision.title.get(language) or provision.title.get("en", "")) if provision else ""
    return f"{name}: {title}" if title else name


def _actions(actions: Iterable[Action], words: Vocabulary, language: str) -> Table:
    rows = []
    for one in actions:
        beside = [words.label("response", one.response, language) if one.response else ""]
        if one.referral:
            state = words.label("referral-state", one.referral.state, language)
            beside.append(f"{one.referral.organisation}: {state}")
        if len(one.cases) > 1:
            beside.append(f"serves {len(one.cases)} cases")
        kind, status = (
            words.label("action-type", one.type, language),
            words.label("action-status", one.status, language),
        )
        rows.append((one.id, kind, status, one.date, ", ".join(part for part in beside if part)))
    return Table("", ("Id", "Action", "Status", "Date", ""), tuple(rows))


def _dates(case: Case, words: Vocabulary, language: str) -> Table:
    rows = [
        (
            one.id,
            one.when or one.at,
            words.label("hearing-kind", one.kind, language) if one.kind else "Hearing",
            one.state,
        )
        for one in case.hearings
    ]
    rows += [
        (one.id, one.date, words.label("deadline", one.what, language), "done" if one.done else "open")
        for one in case.deadlines
    ]
    if case.retention_review:
        rows.append(("", case.retention_review, "Retention review", ""))
    return Table("", ("Id", "Date", "What", "State"), tuple(sorted(rows, key=lambda row: (row[1], row[0]))))


def _closure(case: Case, words: Vocabulary, language: str) -> list[Block]:
    if case.closure is None:
        return []
    pairs = [
        ("Date", case.closure.date),
        ("Outcome", words.label("outcome", case.closure.outcome, language)),
        ("Reason", case.closure.reason),
        ("Person told", words.label("answer", case.closure.person_told or "unclear", language)),
    ]
    return [Heading("Closure"), Definitions(tuple(pairs))]


def _private(case: Case) -> list[Block]:
    """The private part, marked as such: what is said here leaves this screen with nobody."""
    if case.erasure:
        gone = f"erased on {case.erasure.date}, because {case.erasure.ground}, by {case.erasure.by}"
        return [Heading("Private"), Paragraph(f"Private part {gone}. Nobody can read it any more.")]
    if not case.private:
        return []
    pairs = [(_words(name), _one_line(value)) for name, value in case.private.items() if name not in _LONG]
    blocks: list[Block] = [Heading("Private"), *([Definitions(tuple(pairs))] if pairs else [])]
    if case.private.get("narrative"):
        blocks += [Heading("Narrative (private)", 3), Quote(str(case.private["narrative"]).strip())]
    texts = case.private.get("notes") or {}
    if case.notes and texts == PRIVATE:
        texts = {one.id: PRIVATE for one in case.notes}
    if case.notes:
        told = tuple(f"{one.id}, {one.date}, {one.by}: {texts.get(one.id, '')}" for one in case.notes)
        blocks += [Heading("Notes (private)", 3), Bullets(told)]
    if attachments := case.private.get("attachments"):
        told = (attachments,) if isinstance(attachments, str) else tuple(map(_attachment, attachments))
        blocks += [Heading("Attachments (private)", 3), Bullets(told)]
    return blocks


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _one_line(value: Any) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _attachment(item: Mapping[str, Any]) -> str:
    size = f"{item['size']} bytes" if "size" in item else ""
    return ", ".join(str(part) for part in (item["name"], item.get("media_type"), size, item.get("kept")) if part)

"""`solidarity new-case`: an appeal or a piece of information becomes a case, by flags, from a mail, or by a talk."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.options import By, DryRun, a_date, code, code_option, codes
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.edits import carry_out
from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model import Case
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.core.open_questions import gaps

if TYPE_CHECKING:
    from solidarity_cli.core.vocabulary import Vocabulary


def main(
    ctx: typer.Context,
    from_: Annotated[str, typer.Option("--from", metavar="FILE|-", help="A mail (.eml) or a prepared .yaml.")] = "",
    kind: Annotated[str, code_option("kind", "--kind", help="appeal, or information.")] = "",
    received: Annotated[str, typer.Option(metavar="D", help="The day it arrived.")] = "",
    channel: Annotated[str, code_option("channel", "--channel", help="How it arrived.")] = "",
    language: Annotated[str, typer.Option(metavar="L", help="Its language, two letters.")] = "",
    urgency: Annotated[str, code_option("urgency", "--urgency", help="How urgent it is.")] = "",
    title: Annotated[str, typer.Option(metavar="T", help="A neutral title; without it made from codes.")] = "",
    capacity: Annotated[str, code_option("capacity", "--capacity", help="Who writes.")] = "",
    subject_kind: Annotated[str, code_option("subject-kind", "--subject-kind", help="Whom it is about.")] = "",
    membership: Annotated[str, code_option("membership", "--membership", help="Is the subject a member?")] = "",
    country: Annotated[str, typer.Option(metavar="C", help="Two letters; XX when it must not be written.")] = "",
    region: Annotated[str, typer.Option(metavar="R", help="A region that identifies nobody.")] = "",
    situation: Annotated[str, code_option("situation", "--situation", help="How the subject is.")] = "",
    incident: Annotated[
        list[str] | None, code_option("incident", "--incident", help="TYPE or TYPE@DATE; repeatable.")
    ] = None,
    request: Annotated[
        list[str] | None, code_option("request", "--request", help="What is asked for; repeatable.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="N", help="Whom it is about; private.")] = "",
    contact: Annotated[str, typer.Option(metavar="C", help="How to reach them; private.")] = "",
    narrative: Annotated[str, typer.Option(metavar="TEXT|@FILE", help="What they write; private.")] = "",
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Any other field.")] = None,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record an appeal or a piece of information."""
    session: Session = ctx.obj
    words = session.register.now.schemas.words
    draft = _draft(from_)
    flags = {
        "kind": code(words, "kind", kind, "--kind"),
        "received": a_date(received, "--received", partial=False),
        "channel": code(words, "channel", channel, "--channel"),
        "language": language.lower(),
        "urgency": code(words, "urgency", urgency, "--urgency"),
        "title": title,
        "source": {"capacity": code(words, "capacity", capacity, "--capacity")},
        "subject": {
            "kind": code(words, "subject-kind", subject_kind, "--subject-kind"),
            "membership": code(words, "membership", membership, "--membership"),
            "country": country.upper(),
            "region": region,
            "situation": code(words, "situation", situation, "--situation"),
        },
        "incidents": _incidents(words, incident or ()),
        "requests": codes(words, "request", request or (), "--request"),
        "private": {"subject_name": name, "contact": contact, "narrative": _text(narrative)},
    }
    stated = _merge(dict(draft.record), flags)
    plain = _interview(session, draft, stated) if session.asks else stated
    with _keep_answers(session, draft, plain, dry_run=dry_run):
        _record(session, draft, plain, settings=settings or (), title=title, by=by, dry_run=dry_run)


def _record(
    session: Session,
    draft: Draft,
    plain: dict[str, Any],
    *,
    settings: Iterable[str],
    title: str,
    by: str,
    dry_run: bool,
) -> None:
    """The case made, checked, saved, and what is still to ask about it."""
    register, words = session.register, session.register.now.schemas.words
    _require_content(plain, settings)
    record = register.fresh_id("case")
    case = verbs.new_case(
        plain, record=record, on=session.today, words=words, language=register.now.charter.languages[0]
    )
    carry_out(verbs.edit(settings, (), register.now.schemas.shape("case")), case)
    if settings and not title and "title" not in plain:
        case["title"] = verbs.title(case, words, register.now.charter.languages[0])
    plan = register.plan("new-case", new={record: case}, by=by)
    if not session.asks:
        _warn_duplicates(session, case)
    session.carry_out(plan, answer=record, message=f"{record} recorded: {case['title']}", dry_run=dry_run)
    if not dry_run:
        _note_open_questions(session, draft, case)


def _draft(source: str) -> Draft:
    """What the appeal states by itself."""
    if not source:
        return Draft()
    from solidarity_cli.interchange.email import read

    if source == "-":
        return read(sys.stdin.buffer.read(), name="-")
    try:
        return read(Path(source).read_bytes(), name=source)
    except OSError:
        raise UsageError("the file after --from cannot be read", hint="solidarity new-case --from FILE.eml") from None


def _incidents(words: Vocabulary, values: Iterable[str]) -> list[dict[str, str]]:
    """`TYPE` or `TYPE@DATE`, in the order they were given."""
    incidents = []
    for number, value in enumerate(values, start=1):
        kind, _, when = value.partition("@")
        incident = {"id": f"i{number}", "type": code(words, "incident", kind.strip(), "--incident")}
        incidents.append(incident | ({"date": a_date(when.strip(), "--incident TYPE@DATE")} if when else {}))
    return incidents


def _text(narrative: str) -> str:
    if not narrative.startswith("@"):
        return narrative
    try:
        return Path(narrative[1:]).read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "the file after --narrative @ cannot be read as UTF-8 text", hint="--narrative @appeal.txt"
        ) from None


def _merge(draft: dict[str, Any], flags: dict[str, Any]) -> dict[str, Any]:
    """Flags win over the draft; what was not given leaves the draft alone."""
    for key, value in flags.items():
        if isinstance(value, dict):
            below = draft.get(key) if isinstance(draft.get(key), dict) else {}
            value = _merge(dict(below or {}), value)  # noqa: PLW2901 the merged mapping stands in its place
        if value not in (None, "", [], {}):
            draft[key] = value
    return draft


def _require_content(plain: dict[str, Any], settings: Iterable[str]) -> None:
    """An appeal about which nothing at all is known is a slip of the fingers."""
    if not plain and not settings:
        raise UsageError(
            "nothing is known about the appeal yet; missing: --subject-kind, --country, --incident, --request, --name",
            hint="solidarity new-case --from FILE.eml, or --country RU --incident search",
        )


def _interview(session: Session, draft: Draft, stated: dict[str, Any]) -> dict[str, Any]:
    from solidarity_cli.cli.wizard import ask

    return ask(session, draft, stated)


def _keep_answers(
    session: Session, draft: Draft, plain: dict[str, Any], *, dry_run: bool
) -> AbstractContextManager[None]:
    """What a person answered survives a refusal; without a talk there is nothing to keep."""
    if not session.asks:
        return nullcontext()
    from solidarity_cli.cli.wizard import keep_until_saved

    return keep_until_saved(session, draft, plain, dry_run=dry_run)


def _warn_duplicates(session: Session, case: dict[str, Any]) -> None:
    from solidarity_cli.register.matching.duplicates import alike

    now = session.register.now
    if not any(case.get("private", {}).get(field) for field in ("subject_name", "contact_name", "contact")):
        return
    for other in list(alike(case["private"], now.privates()))[:5]:
        session.note(f"perhaps about the same: {other} (solidarity show {other})")


def _note_open_questions(session: Session, draft: Draft, case: dict[str, Any]) -> None:
    """What is odd about the message, and what is still to ask, beside what the appeal's words suggest."""
    for remark in () if session.asks else draft.remarks:
        session.note(f"note: {remark}")
    offered: dict[str, list[str]] = {}
    for hint in draft.hints:
        offered.setdefault(hint.field, []).append(hint.code)
    filled = frozenset(key for key, value in (case.get("private") or {}).items() if value)
    open_questions = gaps(Case.from_plain(case), has=filled)
    if open_questions:
        session.note(f"still to ask; the commands: solidarity show {case['id']}")
    for gap in open_questions:
        suggested = offered.pop(gap.field, [])
        says = f" (the words suggest: {', '.join(dict.fromkeys(suggested))})" if suggested else ""
        session.note(f"  {gap.field}: {gap.question}{says}")
    for field, suggested in offered.items():
        session.note(f"  {field}: the words suggest: {', '.join(dict.fromkeys(suggested))}; nothing of it is recorded")
    session.note(f"next: solidarity show {case['id']}; then solidarity assess {case['id']}")

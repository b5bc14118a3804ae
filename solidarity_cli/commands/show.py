"""`solidarity show`: one case as a page."""

from __future__ import annotations

from typing import Any

import typer

from solidarity_cli.commands.options import AsJson, AsOf, CaseArgument
from solidarity_cli.core.figures.case_page import case_page
from solidarity_cli.core.gaps import gaps
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.sealed import marked
from solidarity_cli.inspection import inspect
from solidarity_cli.session import Session


def main(ctx: typer.Context, case: CaseArgument, as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Show one case: facts, what is missing, assessments, actions, dates, findings."""
    session: Session = ctx.obj
    reading = session.register.reading(as_of)
    name = reading.find(case)
    plain = reading.valid(name)
    plain["private"] = marked(plain.get("private") or {})
    subject = Case.from_plain(plain)
    filled = frozenset(field for field, value in subject.private.items() if value)
    open_questions = gaps(subject, has=filled)
    actions = [marked(reading.plain(one)) for one in reading.actions_naming([name])[name]]
    found = [one.finding for one in inspect(reading, [name], lines=False)]
    if as_json:
        from solidarity_cli.render.json import to_json

        missing = [{"field": gap.field, "question": gap.question, "command": gap.command} for gap in open_questions]
        session.say(to_json({"case": plain, "actions": actions, "missing": missing, "findings": _plain(found)}))
        return
    if session.quiet:
        session.say(name)
        return
    page = case_page(
        subject,
        actions=sorted(map(Action.from_plain, actions), key=lambda one: (one.date or "9999", one.id)),
        gaps=open_questions,
        findings=found,
        words=reading.schemas.words,
    )
    session.show(page)


def _plain(found: list[Any]) -> list[dict[str, str]]:
    return [
        {"rule": one.rule, "severity": one.severity.value, "field": one.field, "message": one.message, "hint": one.hint}
        for one in found
    ]

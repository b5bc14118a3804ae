"""`solidarity link-action`: one action for one or many cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from solidarity_cli.cli.commands.options import (
    By,
    CasesArgument,
    DryRun,
    a_date,
    code,
    code_option,
    codes,
    record_ids,
    require_options,
)
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.errors import Refused

_AT_A_HEARING = "court-observation"
"""What is done at a hearing, unless something else is said."""


def main(
    ctx: typer.Context,
    case: CasesArgument,
    type_: Annotated[str, code_option("action-type", "--type", help="What is done; at a hearing it is observed.")] = "",
    action: Annotated[
        str, typer.Option(metavar="AID", help="Link this action instead.", autocompletion=record_ids("actions"))
    ] = "",
    date: Annotated[str, typer.Option(metavar="D", help="When it is planned, or was done.")] = "",
    status: Annotated[str, code_option("action-status", "--status", help="planned, done or cancelled.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Where; without it that of the cases.")] = "",
    hearing: Annotated[str, typer.Option(metavar="H", help="The hearing observed: h1, or CASE/h1.")] = "",
    observers: Annotated[int, typer.Option(metavar="N", help="How many observers.", min=0, show_default=False)] = 0,
    to_organisation: Annotated[
        str, typer.Option(metavar="O", help="To whom: a directory id, or eu, osce, coe, un.")
    ] = "",
    service: Annotated[
        list[str] | None, code_option("service", "--service", help="What is asked; may be repeated.")
    ] = None,
    state: Annotated[str, code_option("referral-state", "--state", help="How far the referral is.")] = "",
    public: Annotated[bool, typer.Option("--public", help="The outside world sees it.")] = False,
    url: Annotated[str, typer.Option(metavar="U", help="Where it can be read.")] = "",
    text: Annotated[str, typer.Option(metavar="TEXT", help="What was said or sent; private.")] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record an action for one or many cases, or link an existing one to more."""
    session: Session = ctx.obj
    register, words = session.register, session.register.now.schemas.words
    cases = [register.case(case_id) for case_id in dict.fromkeys(case)]
    if action:
        known = register.action(action)
        edits = verbs.link_to_action(known, cases)
        plan = register.plan("link-action", edits={known.id: edits}, by=by)
        record = known.id
    else:
        type_ = type_ or (_AT_A_HEARING if hearing else "")
        require_options(type=type_)
        answers: dict[str, Any] = {
            "type": code(words, "action-type", type_, "--type"),
            "status": code(words, "action-status", status, "--status"),
            "date": a_date(date, "--date"),
            "country": country.upper(),
            "hearing": hearing,
            "observers": observers,
            "organisation": to_organisation,
            "services": codes(words, "service", service or (), "--service"),
            "state": code(words, "referral-state", state, "--state"),
            "public": public,
            "url": url,
            "text": text,
        }
        if type_ == "referral" and to_organisation:
            answers["organisation"] = _organisation(session, to_organisation, answers["services"])
        record = register.fresh_id("action")
        plain = verbs.link_action(cases, answers, record=record, on=session.today)
        plan = register.plan("link-action", new={record: plain}, by=by)
    case_list = ", ".join(subject.id for subject in cases)
    session.carry_out(
        plan,
        answer=record,
        message=f"{record} linked to {case_list}",
        next_step=f"solidarity show {cases[0].id}",
        dry_run=dry_run,
    )


def _organisation(session: Session, argument: str, services: Iterable[str]) -> str:
    """The entry of the directory that any unambiguous part of its id means; what it does not give is remarked on."""
    now = session.register.now
    try:
        organisation = now.find(argument, "directory")
    except Refused as error:
        # The same rule that judges the record, told before there is one, with the id that was perhaps meant.
        raise Refused(f"{error.message} [referral-directory]", hint=error.hint) from None
    offered = now.stored_record(organisation).get("services", ())
    for service in services:
        if service not in offered:
            session.note(
                f"warning: by the directory {organisation} gives no {service}: "
                f"solidarity directory list --service {service}"
            )
    return organisation

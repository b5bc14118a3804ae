"""`solidarity erase`: the private part of a case or an action destroyed, for good and on every machine."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, SolidarityError, UsageError
from solidarity_cli.reports.retention import QUIET_DAYS, reviews_due
from solidarity_cli.sync.erasure import Erasing, begin
from solidarity_cli.sync.remote import Remote
from solidarity_cli.sync.sync import settle, sync, waiting_for

_LONGEST = 200
"""Characters of a reason: what the schema takes for a line."""

_KEPT = {
    "open": "it is open",
    "reopened": "it was reopened",
    "new-content": f"it got new content within {QUIET_DAYS} days",
}


def main(
    ctx: typer.Context,
    record: Annotated[
        str, typer.Argument(metavar="[ID]", help="A case or an action.", autocompletion=record_ids("*s"))
    ] = "",
    reason: Annotated[str, typer.Option(metavar="R", help="Why, in neutral words: the register keeps it.")] = "",
    confirm: Annotated[str, typer.Option(metavar="ID", help="The whole id once more, instead of typing it.")] = "",
    due: Annotated[bool, typer.Option("--due", help="With --dry-run: the cases whose time is over.")] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Destroy the private part of a case or an action; it still counts, and its history stays."""
    session: Session = ctx.obj
    if due:
        _propose_due(session, record, dry_run=dry_run)
        return
    if not record:
        raise UsageError("which case or action?", hint="solidarity erase ID --reason …, or --due --dry-run")
    if not reason.strip():
        raise UsageError("an erasure has a reason", hint='--reason "the person asked for it"')
    if "\n" in reason.strip() or len(reason) > _LONGEST:
        raise UsageError(
            f"a reason is one line of at most {_LONGEST} characters", hint='--reason "the person asked for it"'
        )
    register = session.register
    name, _ = register.record(record)
    erasing = begin(register, name, reason.strip(), by=by)
    for line in _describe(erasing):
        session.note(line)
    if not dry_run:
        _confirm(session, name, confirm)
    session.carry_out(erasing.plan, answer=name, message=f"{name} erased", dry_run=dry_run)
    if dry_run:
        return
    settle(register)
    _sync_erasure(session)


def _propose_due(session: Session, record: str, *, dry_run: bool) -> None:
    """The cases whose review is due: those to erase with their command, the others with what keeps them."""
    if record or not dry_run:
        raise UsageError(
            "--due only proposes, and each case is erased by its own id", hint="solidarity erase --due --dry-run"
        )
    reviews = reviews_due(session.register.now.facts())
    session.rows(
        ("Case", "Due", "Newest", "Status", "Title", "Kept because"),
        [
            (review.case, review.due, review.newest, review.status, review.title, _KEPT.get(review.kept, ""))
            for review in reviews
        ],
    )
    for review in reviews:
        if not review.kept:
            session.note(f'next: solidarity erase {review.case} --reason "kept long enough"')
    if not reviews:
        session.note("no review is due; the months are in register.yaml: retention_months")


def _describe(erasing: Erasing) -> list[str]:
    """What is destroyed and what cannot be taken back, without a single value."""
    scope = erasing.what
    lines = ["this destroys for good, in every version:"]
    lines += [f"  {name}: {', '.join(fields) or 'its key'}" for name, fields in scope.fields.items()]
    if scope.kept:
        lines.append(f"stays, because other cases need it: the private part of {', '.join(scope.kept)}")
        lines.append(f"  look whether it names the person: solidarity edit {scope.kept[0]}")
    lines += [
        f"was told: {disclosure.organisation}, on {disclosure.date}, by consent {disclosure.consent}: ask them"
        for disclosure in scope.disclosures
    ]
    if scope.public:
        lines.append(f"the world has seen: {', '.join(scope.public)}")
    if erasing.readable_before:
        lines.append(
            f"{erasing.readable_before} earlier versions were never sealed and stay readable in the history: "
            "solidarity explain erased"
        )
    return lines


def _confirm(session: Session, name: str, confirm: str) -> None:
    if not confirm:
        if not session.asks:
            raise UsageError("the id is typed once more before anything is destroyed", hint=f"--confirm {name}")
        confirm = typer.prompt(f"type {name} to destroy it", prompt_suffix=": ", default="", show_default=False)
    if confirm.strip().upper() != name:
        raise Refused("that is not the id; nothing was destroyed", hint=f"--confirm {name}")


def _sync_erasure(session: Session) -> None:
    """The erasure carried to the others, where there are any; what it still waits for."""
    register = session.register
    if Remote.of(register.root) is not None:
        try:
            sync(register)
        except SolidarityError as error:
            session.note(f"erased here, and not carried to the others yet: {error.message}")
            session.note("  next: solidarity sync")
    for record, names in waiting_for(register).items():
        session.note(f"erasure of {record} incomplete: waiting for {', '.join(names)}")

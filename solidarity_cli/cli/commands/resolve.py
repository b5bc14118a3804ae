"""`solidarity resolve`: what a merge leaves for a person, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, SolidarityError, UsageError
from solidarity_cli.sync.merge_commit import RecordConflict, Resolver, Undecided, no_resolver

if TYPE_CHECKING:
    from solidarity_cli.cli.wizard.ui.interface import Asker
    from solidarity_cli.core.merge import Choice
    from solidarity_cli.sync.conflict_view import Question
    from solidarity_cli.sync.sync import Synced

_RECORD = re.compile(r".*/.*|[^:]*\.yaml|[A-Za-z]{2,4}-\d{4}-[0-9A-Za-z]{6}")
_OPTIONS = ("leave it for now", "yours", "theirs", "another value")


def main(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|ID]", help="Only this record.", autocompletion=record_ids("*s")),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(metavar="ours|theirs FIELD", help="Decide a field; ID:FIELD for one of several records."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide what two people set in two ways, and finish the merge: yours, theirs, or, when asked, another value."""
    from solidarity_cli.sync.conflict_view import questions
    from solidarity_cli.sync.resolve import Taking, resolve

    session: Session = ctx.obj
    only, takes = _read(list(words or ()), list(take or ()))
    taking = Taking(takes) if takes else None
    choose = _only(only, taking or (no_resolver if as_json else asking(session)))
    try:
        done, left = resolve(session.register, choose, taking)
    except Undecided as undecided:
        told = [one for dispute in undecided.disputes for one in questions(session.register, dispute)]
        _tell(session, told, as_json=as_json)
        if as_json:
            raise typer.Exit(1) from None
        raise Refused(
            f"{len(told)} field{'s are' if len(told) > 1 else ' is'} still open, and nothing was changed",
            hint=_next(told),
        ) from None
    if as_json:
        _tell(session, [], as_json=True)
        return
    _say(session, done, left)


def asking(session: Session) -> Resolver:
    """A `Choose` that asks on the terminal, each field once; nobody where nobody is there."""
    if not session.asks:
        return no_resolver
    asked: set[tuple[str, str]] = set()

    def choose(dispute: RecordConflict) -> Mapping[str, Choice]:
        from solidarity_cli.cli.wizard.ui.choose import asker_for
        from solidarity_cli.sync.conflict_view import questions

        found: dict[str, Choice] = {}
        fresh = [one for one in dispute.clashes if (dispute.path, one.field) not in asked]
        told = {one.field: one for one in questions(session.register, dispute)} if fresh else {}
        for clash in fresh:
            asked.add((dispute.path, clash.field))
            question = told[clash.field or "record"]
            if choice := _asked(session, asker_for(session), dispute, clash.field, question):
                found[clash.field] = choice
        return found

    return choose


def _asked(session: Session, asker: Asker, dispute: RecordConflict, field: str, question: Question) -> Choice | None:
    from solidarity_cli.core.merge import Choice
    from solidarity_cli.sync.resolve import typed_value

    asker.say("\n".join(_lines(question)))
    if not question.may_choose:
        return None
    options = _OPTIONS if field and dispute.kind != "recipients" else _OPTIONS[:3]
    chosen = asker.choose(f"{question.record}: {question.field}", options)
    if chosen < 3:
        return (None, Choice("ours"), Choice("theirs"))[chosen]

    def check(answer: str) -> str:
        return _trouble(lambda: typed_value(session.register, dispute, field, answer))

    return typed_value(session.register, dispute, field, asker.line("The value", check=check))


def _trouble(tried: Callable[[], object]) -> str:
    try:
        tried()
    except SolidarityError as trouble:
        return trouble.message
    return ""


def _read(words: list[str], sides: list[str]) -> tuple[str, list[tuple[str, str]]]:
    """The record that was named, and what to take: each `--take` has its side, the fields follow in their order."""
    extra = len(words) - len(sides)
    only = next((one for one in words if _RECORD.fullmatch(one)), words[0] if words else "") if extra == 1 else ""
    if extra not in (0, 1):
        raise UsageError("--take is followed by ours or theirs, and a field", hint="--take theirs channel")
    if only:
        words.remove(only)
    return only, list(zip(sides, words, strict=True))


def _only(target: str, choose: Resolver) -> Resolver:
    """The same, asked about one record alone."""
    wanted = target.rpartition("/")[2].removesuffix(".yaml").upper()

    def asked(dispute: RecordConflict) -> Mapping[str, Choice]:
        return choose(dispute) if wanted in dispute.record.upper() else {}

    return asked


def _tell(session: Session, told: list[Question], *, as_json: bool) -> None:
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([asdict(one) for one in told]))
        return
    session.say("\n".join(line for one in told for line in _lines(one)))


def _lines(question: Question) -> list[str]:
    from solidarity_cli.render.escape import clean

    ours, theirs = question.ours, question.theirs
    lines = [
        f"{question.record}: {question.field}: {question.why}",
        f"  yours:  {ours.value} (by {ours.by or 'you'}, {ours.on})",
        f"  theirs: {theirs.value} (by {theirs.by or 'somebody'}, {theirs.on})",
    ]
    return [clean(line) for line in lines]


def _next(told: list[Question]) -> str:
    first = next((one for one in told if one.may_choose), None)
    if first is None:
        return "it takes the key of the record: let a recipient run solidarity sync"
    several = any(one.field == first.field and one.record != first.record for one in told)
    field = f"{first.record}:{first.field}" if several else first.field
    return f"solidarity resolve --take theirs {field}, or --take ours {field}; all of them in one command"


def _say(session: Session, done: Synced, left: list[str]) -> None:
    if left:
        session.say(f"the records are merged; {len(left)} other files are not")
        raise Refused(
            f"{left[0]} is no record, and only a person can merge it", hint="put it right, git add it, then: git commit"
        )
    if not done.merged and not done.came:
        session.say("nothing is left to decide")
        return
    session.say(f"merged: {', '.join(done.merged) or 'what came in'}")
    session.note("next: solidarity sync")

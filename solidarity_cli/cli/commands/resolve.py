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
    only, takes = _parse(list(words or ()), list(take or ()))
    taking = Taking(takes) if takes else None
    choose = _limit_to(only, taking or (no_resolver if as_json else asking(session)))
    try:
        outcome, other_files = resolve(session.register, choose, taking)
    except Undecided as undecided:
        open_fields = [question for dispute in undecided.disputes for question in questions(session.register, dispute)]
        _print_questions(session, open_fields, as_json=as_json)
        if as_json:
            raise typer.Exit(1) from None
        raise Refused(
            f"{len(open_fields)} field{'s are' if len(open_fields) > 1 else ' is'} still open, and nothing was changed",
            hint=_next_step(open_fields),
        ) from None
    if as_json:
        _print_questions(session, [], as_json=True)
        return
    _print_outcome(session, outcome, other_files)


def asking(session: Session) -> Resolver:
    """A `Resolver` that asks on the terminal, each field once; `no_resolver` where nobody is there."""
    if not session.asks:
        return no_resolver
    answered: set[tuple[str, str]] = set()

    def choose(dispute: RecordConflict) -> Mapping[str, Choice]:
        from solidarity_cli.cli.wizard.ui.choose import asker_for
        from solidarity_cli.sync.conflict_view import questions

        choices: dict[str, Choice] = {}
        fresh = [clash for clash in dispute.clashes if (dispute.path, clash.field) not in answered]
        question_by_field = (
            {question.field: question for question in questions(session.register, dispute)} if fresh else {}
        )
        for clash in fresh:
            answered.add((dispute.path, clash.field))
            question = question_by_field[clash.field or "record"]
            if choice := _prompt(session, asker_for(session), dispute, clash.field, question):
                choices[clash.field] = choice
        return choices

    return choose


def _prompt(session: Session, asker: Asker, dispute: RecordConflict, field: str, question: Question) -> Choice | None:
    from solidarity_cli.core.merge import Choice
    from solidarity_cli.sync.resolve import typed_value

    asker.say("\n".join(_lines(question)))
    if not question.may_choose:
        return None
    options = _OPTIONS if field and dispute.kind != "recipients" else _OPTIONS[:3]
    position = asker.choose(f"{question.record}: {question.field}", options)
    if position < 3:
        return (None, Choice("ours"), Choice("theirs"))[position]

    def check(answer: str) -> str:
        return _error_message(lambda: typed_value(session.register, dispute, field, answer))

    return typed_value(session.register, dispute, field, asker.line("The value", check=check))


def _error_message(parse: Callable[[], object]) -> str:
    try:
        parse()
    except SolidarityError as error:
        return error.message
    return ""


def _parse(words: list[str], sides: list[str]) -> tuple[str, list[tuple[str, str]]]:
    """The record that was named, and what to take: each `--take` has its side, the fields follow in their order."""
    extra = len(words) - len(sides)
    only = next((word for word in words if _RECORD.fullmatch(word)), words[0] if words else "") if extra == 1 else ""
    if extra not in (0, 1):
        raise UsageError("--take is followed by ours or theirs, and a field", hint="--take theirs channel")
    if only:
        words.remove(only)
    return only, list(zip(sides, words, strict=True))


def _limit_to(target: str, choose: Resolver) -> Resolver:
    """The same, asked about one record alone."""
    fragment = target.rpartition("/")[2].removesuffix(".yaml").upper()

    def choose_for_target(dispute: RecordConflict) -> Mapping[str, Choice]:
        return choose(dispute) if fragment in dispute.record.upper() else {}

    return choose_for_target


def _print_questions(session: Session, questions: list[Question], *, as_json: bool) -> None:
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([asdict(question) for question in questions]))
        return
    session.say("\n".join(line for question in questions for line in _lines(question)))


def _lines(question: Question) -> list[str]:
    from solidarity_cli.render.escape import clean

    ours, theirs = question.ours, question.theirs
    lines = [
        f"{question.record}: {question.field}: {question.why}",
        f"  yours:  {ours.value} (by {ours.by or 'you'}, {ours.on})",
        f"  theirs: {theirs.value} (by {theirs.by or 'somebody'}, {theirs.on})",
    ]
    return [clean(line) for line in lines]


def _next_step(questions: list[Question]) -> str:
    first = next((question for question in questions if question.may_choose), None)
    if first is None:
        return "it takes the key of the record: let a recipient run solidarity sync"
    several = any(question.field == first.field and question.record != first.record for question in questions)
    field = f"{first.record}:{first.field}" if several else first.field
    return f"solidarity resolve --take theirs {field}, or --take ours {field}; all of them in one command"


def _print_outcome(session: Session, outcome: Synced, other_files: list[str]) -> None:
    if other_files:
        session.say(f"the records are merged; {len(other_files)} other files are not")
        raise Refused(
            f"{other_files[0]} is no record, and only a person can merge it",
            hint="put it right, git add it, then: git commit",
        )
    if not outcome.merged and not outcome.came:
        session.say("nothing is left to decide")
        return
    session.say(f"merged: {', '.join(outcome.merged) or 'what came in'}")
    session.note("next: solidarity sync")

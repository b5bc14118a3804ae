"""`solidarity doctor`: what is wrong with this set-up, and what of it can be put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson
from solidarity_cli.cli.doctor import Checkup, Problem, check
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import SolidarityError


def main(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Put right what is safe; ask before anything is removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --fix: the answer to every question.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong with this set-up: git, hooks, keys, and private text left behind in any old version."""
    session: Session = ctx.obj
    checkup = Checkup(session.root, lambda: session.register)
    problems = remaining = list(check(checkup))
    answers: dict[str, bool] = {"": True}
    attempts = [_mend(session, problem, answers, yes=yes) for problem in problems if fix and problem.mend]
    if any(attempts):
        # Whether it helped is seen by looking again: a pack may be kept, a file may come back.
        session.register.forget()
        remaining = list(check(Checkup(session.root, lambda: session.register)))
    remaining_keys = {(problem.topic, problem.message) for problem in remaining}
    mended = [problem for problem in problems if (problem.topic, problem.message) not in remaining_keys]
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(
            to_json(
                {"findings": [_plain(problem, mended) for problem in (*mended, *remaining)], "unseen": checkup.unseen}
            )
        )
    else:
        session.say("\n".join(_line(problem, mended) for problem in (*mended, *remaining)))
        for sentence in checkup.unseen:
            session.note(f"not looked at: {sentence}")
        session.note(_summary(remaining, mended))
    if remaining:
        raise typer.Exit(1)


def _mend(session: Session, problem: Problem, answers: dict[str, bool], *, yes: bool) -> bool:
    """Whether it was tried to put it right: at once where nobody can lose anything, else when a person agrees."""
    if problem.asks not in answers:
        answers[problem.asks] = yes or (session.asks and typer.confirm(f"{problem.message}\n{problem.asks}", err=True))
    if problem.mend is None or not answers[problem.asks]:
        return False
    try:
        problem.mend()
    except (SolidarityError, OSError) as error:
        reason = getattr(error, "message", "") or getattr(error, "strerror", "") or "the system refused"
        session.note(f"could not be put right: {problem.message}: {reason}")
        return False
    return True


def _line(problem: Problem, mended: Sequence[Problem]) -> str:
    from solidarity_cli.render.escape import clean

    if problem in mended:
        return f"put right: {clean(problem.message)} [{problem.topic}]"
    return f"{problem.severity}: {clean(problem.message)} [{problem.topic}]" + (
        f"\n  {clean(problem.hint)}" if problem.hint else ""
    )


def _plain(problem: Problem, mended: Sequence[Problem]) -> dict[str, object]:
    return {
        "topic": problem.topic,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
        "mended": problem in mended,
    }


def _summary(remaining: Sequence[Problem], mended: Sequence[Problem]) -> str:
    if not remaining and not mended:
        return "nothing is wrong"
    return f"wrong: {len(remaining)}, put right: {len(mended)}"

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
    found = left = list(check(checkup))
    answers: dict[str, bool] = {"": True}
    tried = [_mend(session, one, answers, yes=yes) for one in found if fix and one.mend]
    if any(tried):
        # Whether it helped is seen by looking again: a pack may be kept, a file may come back.
        session.register.forget()
        left = list(check(Checkup(session.root, lambda: session.register)))
    still = {(one.topic, one.message) for one in left}
    mended = [one for one in found if (one.topic, one.message) not in still]
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json({"findings": [_plain(one, mended) for one in (*mended, *left)], "unseen": checkup.unseen}))
    else:
        session.say("\n".join(_line(one, mended) for one in (*mended, *left)))
        for sentence in checkup.unseen:
            session.note(f"not looked at: {sentence}")
        session.note(_sum(left, mended))
    if left:
        raise typer.Exit(1)


def _mend(session: Session, one: Problem, answers: dict[str, bool], *, yes: bool) -> bool:
    """Whether it was tried to put it right: at once where nobody can lose anything, else when a person agrees."""
    if one.asks not in answers:
        answers[one.asks] = yes or (session.asks and typer.confirm(f"{one.message}\n{one.asks}", err=True))
    if one.mend is None or not answers[one.asks]:
        return False
    try:
        one.mend()
    except (SolidarityError, OSError) as trouble:
        reason = getattr(trouble, "message", "") or getattr(trouble, "strerror", "") or "the system refused"
        session.note(f"could not be put right: {one.message}: {reason}")
        return False
    return True


def _line(one: Problem, mended: Sequence[Problem]) -> str:
    from solidarity_cli.render.escape import clean

    if one in mended:
        return f"put right: {clean(one.message)} [{one.topic}]"
    return f"{one.severity}: {clean(one.message)} [{one.topic}]" + (f"\n  {clean(one.hint)}" if one.hint else "")


def _plain(one: Problem, mended: Sequence[Problem]) -> dict[str, object]:
    return {
        "topic": one.topic,
        "severity": one.severity.value,
        "message": one.message,
        "hint": one.hint,
        "mended": one in mended,
    }


def _sum(left: Sequence[Problem], mended: Sequence[Problem]) -> str:
    if not left and not mended:
        return "nothing is wrong"
    return f"wrong: {len(left)}, put right: {len(mended)}"

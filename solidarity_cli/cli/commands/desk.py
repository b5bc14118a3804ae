"""`solidarity` without a verb: what needs somebody now, each with the command to type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.facts import Facts
from solidarity_cli.register.register import Register
from solidarity_cli.render.escape import clean
from solidarity_cli.render.terminal.desk import desk_lines
from solidarity_cli.render.terminal.text_width import truncate
from solidarity_cli.reports.desk import FAILING, Desk, desk
from solidarity_cli.sync.pending_reviews import open_reviews

_SCREEN = 23
"""Lines of a screen of 24, less the prompt."""

_WIDEST = 100


def main(ctx: typer.Context, as_json: bool = False, fail_on: Sequence[str] = ()) -> None:
    """Show what needs somebody now; exit code 1 when there is anything of a kind that `fail_on` names."""
    session: Session = ctx.obj
    kinds = _kinds(fail_on)
    facts = session.register.now.facts()
    shown = desk(facts, _unconfirmed_erasures(session.register, facts), open_reviews(session.root))
    if as_json:
        from solidarity_cli.render.json import to_json
        from solidarity_cli.reports.desk import as_plain

        session.say(to_json(as_plain(shown)))
        session.warn_skipped(session.register.now.uncounted_files())
    elif not (session.quiet and kinds):
        _show(session, shown)
    if any(shown.has(kind) for kind in kinds):
        raise typer.Exit(1)


def _kinds(fail_on: Sequence[str]) -> list[str]:
    kinds = [kind.strip() for part in fail_on for kind in part.split(",") if kind.strip()]
    if fail_on and (not kinds or not set(kinds) <= set(FAILING)):
        raise UsageError("--fail-on has no such value", hint=", ".join(FAILING))
    return kinds


def _show(session: Session, shown: Desk) -> None:
    """Title, desk and talk together fit one screen: what is said beside the desk takes lines from it."""
    width = min(session.width, _WIDEST)
    notes = [] if session.quiet else list(_notes(session, shown))
    session.note(truncate(clean(f"{session.register.now.charter.name}, {session.today.isoformat()}"), width))
    height = _SCREEN - 1 - len(notes)
    session.say("\n".join(desk_lines(shown, width=width, height=height, clean=clean)))
    for line in notes:
        session.note(truncate(line, width))


def _notes(session: Session, shown: Desk) -> Iterator[str]:
    register = session.register
    if shown.is_clear:
        yield "nothing waits; record an appeal: solidarity new-case --from FILE.eml"
    if register.now.charter.sealing and len(register.recipients.current) == 1:
        yield "only one laptop can unseal, and it can be lost: solidarity keys add"
    if register.now.charter.sealing and (names := register.unverified_recipients()):
        more = f" and {len(names) - 1} more stand" if len(names) > 1 else " stands"
        yield f"{clean(names[0])}{more} in recipients.yaml, not verified here: solidarity keys list"
    if skipped := register.now.uncounted_files():
        yield f"left out, for they are no valid records: {len(skipped)}; which: solidarity validate"
    if unsaved := register.now.snapshot.changed:
        yield f"files that are in no commit: {len(unsaved)}; which: git status"
    if ahead := register.ledger.count_unpushed():
        yield f"acts that are on this machine only: {ahead}; send them: solidarity sync"


def _unconfirmed_erasures(register: Register, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Erased record -> who has not confirmed yet; the recipients are read only where something was erased."""
    erased = {
        name: record.erasure
        for records in (facts.cases, facts.actions)
        for name, record in records.items()
        if record.erasure
    }
    if not erased:
        return {}
    waiting = {name: register.recipients.waiting_for(erasure.keys) for name, erasure in sorted(erased.items())}
    return {name: names for name, names in waiting.items() if names}

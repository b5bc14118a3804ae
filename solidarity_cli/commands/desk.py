"""`solidarity` without a verb: what needs somebody now, each with the command to type."""

from __future__ import annotations

import typer

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.figures.desk import desk
from solidarity_cli.core.figures.desk_text import desk_lines
from solidarity_cli.register import Register
from solidarity_cli.render.clean import clean
from solidarity_cli.session import Session


def _waiting(register: Register, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Erased record -> who has not confirmed yet; the recipients are read only where something was erased."""
    erased = {name: one.erasure for room in (facts.cases, facts.actions) for name, one in room.items() if one.erasure}
    if not erased:
        return {}
    waiting = {name: register.recipients.waiting_for(one.keys) for name, one in sorted(erased.items())}
    return {name: names for name, names in waiting.items() if names}


def main(ctx: typer.Context, as_json: bool = False) -> None:
    """Show what needs somebody now."""
    session: Session = ctx.obj
    register = session.register
    facts = register.now.facts()
    shown = desk(facts, _waiting(register, facts))
    if as_json:
        from solidarity_cli.core.figures.desk import as_plain
        from solidarity_cli.render.json import to_json

        session.say(to_json(as_plain(shown)))
        return
    session.remark(f"{register.now.charter.name}, {session.today.isoformat()}")
    lines = desk_lines(shown, min(session.width, 100))
    session.say("\n".join(clean(line) for line in lines))
    if shown.is_clear:
        session.remark("nothing waits; record an appeal: solidarity new-case --from FILE.eml")
    if register.now.charter.sealing and len(register.recipients.current) == 1:
        session.remark("only one person can unseal; the loss of one laptop would lose everything: solidarity keys add")
    unsaved = register.now.snapshot.changed
    if unsaved:
        session.remark(f"{len(unsaved)} files are in no commit: git status")
    ahead = register.ledger.unpushed()
    if ahead:
        session.remark(f"{ahead} acts are on this machine only: solidarity sync")

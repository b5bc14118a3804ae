"""`solidarity` without a verb: what needs somebody now, each with the command to type."""

from __future__ import annotations

import typer

from solidarity_cli.core.figures.desk import desk
from solidarity_cli.core.figures.desk_text import desk_lines
from solidarity_cli.render.clean import clean
from solidarity_cli.session import Session


def main(ctx: typer.Context, as_json: bool = False) -> None:
    """Show what needs somebody now."""
    session: Session = ctx.obj
    register = session.register
    shown = desk(register.now.facts())
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
    unsaved = register.now.snapshot.changed
    if unsaved:
        session.remark(f"{len(unsaved)} files are in no commit: git status")
    ahead = register.ledger.unpushed()
    if ahead:
        session.remark(f"{ahead} acts are on this machine only: git push")

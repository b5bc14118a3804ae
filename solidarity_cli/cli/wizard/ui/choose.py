"""The two ways to ask on a terminal: which of them it is, a person decides by their environment."""

from __future__ import annotations

import os

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard.ui.interface import Asker


def asker_for(session: Session) -> Asker:
    """Plain numbered prompts for screen readers and simple terminals; completion and menus elsewhere."""
    if os.environ.get("ACCESSIBLE") not in (None, "", "0") or os.environ.get("TERM", "dumb") in ("dumb", "", "unknown"):
        from solidarity_cli.cli.wizard.ui.plain import Plain

        return Plain()
    from solidarity_cli.cli.wizard.ui.rich import Boxes

    return Boxes(in_color=session.in_color)

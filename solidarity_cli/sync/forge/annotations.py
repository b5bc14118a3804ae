"""New findings as a forge shows them beside the lines of a change: within what it takes, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

from solidarity_cli.register.validate import Located
from solidarity_cli.render.findings import render

MOST = 10
"""GitHub keeps ten annotations of each kind from one step, and drops the others without a word."""


def annotate(located: Sequence[Located], records: int, form: str) -> str:
    """Findings, errors first, in `text`, `github` or `gitlab` form; of those beyond GitHub's limit only how many."""
    if form != "github" or len(located) <= MOST:
        return render(located, records, form)
    rest = len(located) - MOST
    return f"{render(located[:MOST], records, form)}\n::notice::{rest} more findings stand in the reviewer's card"

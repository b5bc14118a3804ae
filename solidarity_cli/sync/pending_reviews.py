"""Branches with acts that wait for somebody's review: of this clone, and as it last heard of them elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git import branches
from solidarity_cli.git.process import git

_REF = re.compile(r"refs/(?:heads|remotes/[^/]+)/(?P<branch>.+)")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
"""Names that may stand in a command to be copied: git allows others that a shell would act on."""


def open_reviews(root: Path) -> dict[str, str]:
    """Record id, or `@view` -> the command that shows what its branch brings; a branch of this clone before others.

    One question to git where there is no such branch. What was squashed on a forge is told apart by nothing so cheap:
    it stands here until its branch is removed.
    """
    refs = git(root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").decode().split("\n")
    if not any(branches.is_ours(_branch(ref)) for ref in refs):
        return {}
    try:
        main = branches.main_of(root)
    except ExternalError:
        return {}
    options = [f"--no-merged={ref}" for ref in refs if _branch(ref) == main]
    waiting = git(root, "for-each-ref", "--format=%(refname)", *options, "refs/heads", "refs/remotes").decode()
    commands: dict[str, str] = {}
    for ref in waiting.split("\n"):
        if branches.is_ours(_branch(ref)):
            commands.setdefault(branches.label(_branch(ref)), _command(ref, main))
    return dict(sorted(commands.items()))


def _branch(ref: str) -> str:
    match = _REF.fullmatch(ref)
    return match["branch"] if match else ""


def _command(ref: str, main: str) -> str:
    span = f"{main}..{ref.removeprefix('refs/heads/').removeprefix('refs/remotes/')}"
    is_plain = all(_PLAIN.fullmatch(part) for part in span.split(".."))
    return f"solidarity review {span}" if is_plain else "git branch --all --no-merged"

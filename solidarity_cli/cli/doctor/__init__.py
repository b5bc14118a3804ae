"""What is wrong with the set-up of one person on one machine: git, hooks, keys, and plain text left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.core.errors import SolidarityError

__all__ = ["Checkup", "Problem", "check"]


def check(checkup: Checkup) -> Iterator[Problem]:
    """Everything that is wrong, as it is found; what could not be looked at is noted in `checkup.unseen`."""
    from solidarity_cli.cli.doctor import commit_graph, git_config, git_objects, keys, leftovers, signing

    if (fault := git_config.work_tree(checkup.root)) is not None:
        yield fault
        return
    for look in (commit_graph.look, git_config.look, signing.look, keys.look, leftovers.look, git_objects.look):
        try:
            yield from look(checkup)
        except SolidarityError as error:
            # One thing in disorder must not keep the rest from being looked at.
            yield Problem(look.__module__.rpartition(".")[2], error.message, error.hint)


def home_of(path: Path) -> str:
    """A path as it is told: the user's folder by its sign."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)

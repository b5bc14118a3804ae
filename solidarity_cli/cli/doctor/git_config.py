"""Git as it is set up here: who asks, which hooks run, what keeps decrypted text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.core.audit.signatures import DAY
from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.findings import Severity
from solidarity_cli.git import hooks, merge_driver
from solidarity_cli.git.process import git, git_folders
from solidarity_cli.history.clock_skew import latest

_HOOKS = {
    "missing": "the hook {name} is not installed: a commit made by hand is not looked at",
    "changed": "the hook {name} is not as this version of the program makes it",
    "another's": "the hook {name} is somebody's own and does not ask the leak guard",
    "off": "the hook {name} may not be run, and git passes it over in silence",
}

_NEWEST_COMMITS = 50
"""Acts whose time is looked at: a wrong clock is found by the newest."""
_QUIET_DAYS = 366
"""Days without an act that may pass before the clock is asked about."""


def work_tree(root: Path) -> Problem | None:
    """Whether the register is the top of a git work tree; without one there is nothing more to look at."""
    try:
        git_folders(root)
        git(root, "rev-parse", "--is-inside-work-tree")
    except ExternalError as error:
        return Problem("git", error.message, error.hint)
    return None


def look(checkup: Checkup) -> Iterator[Problem]:
    """What is wrong with git's own set-up."""
    try:
        checkup.register.ledger.caller()
    except ExternalError as error:
        yield Problem("git", error.message, error.hint)
    yield from _clock(checkup)
    yield from _hooks(checkup.root)
    yield from _merges(checkup.root)
    yield from _textconv_drivers(checkup.root)


def _clock(checkup: Checkup) -> Iterator[Problem]:
    """Whether the newest acts are of now, as far as that can be told: a clock knows of itself that it is right."""
    output = git(
        checkup.root, "rev-list", f"--max-count={_NEWEST_COMMITS}", "--timestamp", "HEAD", "--", quiet_codes=(128,)
    )
    times = [int(line.split()[0]) for line in output.decode().splitlines()]
    until = latest(checkup.register.today)
    if times and max(times) > until:
        days = (max(times) - until) // DAY + 1
        yield Problem(
            "clock",
            f"an act is dated {days} days from now: the clock of this machine is behind, or another one was ahead",
            "look at it: date; which act it is: solidarity audit",
            Severity.WARNING,
        )
    elif times and until - max(times) > _QUIET_DAYS * DAY:
        days = (until - max(times)) // DAY - 1
        yield Problem(
            "clock",
            f"the newest act is {days} days old: if it is not, the clock of this machine is ahead",
            "look at it: date; an act that is dated in the future is not taken",
            Severity.WARNING,
        )


def _hooks(root: Path) -> Iterator[Problem]:
    for hook in hooks.find_hooks(root):
        if hook.state == "there":
            continue
        message = _HOOKS[hook.state].format(name=hook.name)
        if not hook.is_here:
            yield Problem(
                "hooks",
                f"core.hooksPath leads out of this repository, and there {message}",
                f"add to {hook.name} there: {hook.line}; or, here: git config core.hooksPath .git/hooks",
            )
        elif hook.state == "another's":
            yield Problem("hooks", message, f"add to it: {hook.line}")
        else:
            yield Problem("hooks", message, "solidarity doctor --fix", mend=partial(hooks.install, root))


def _merges(root: Path) -> Iterator[Problem]:
    """How git merges records: by fields where the driver is set up, never by keeping both sides of every line."""
    for path in merge_driver.union_merged_kinds(root):
        yield Problem(
            "git",
            f"merge=union is set for files such as {path}: git would put two versions of a record into one file",
            "take it out of .gitattributes, or of .git/info/attributes",
        )
    if not merge_driver.is_installed(root):
        yield Problem(
            "git",
            "a git merge by hand goes line by line here, and not by fields",
            "solidarity doctor --fix",
            Severity.WARNING,
            mend=partial(merge_driver.install, root),
        )


def _textconv_drivers(root: Path) -> Iterator[Problem]:
    """Drivers that turn files into text for a diff, and the notes in which git keeps that text for good."""
    args = ("config", "--local", "--name-only", "--get-regexp", r"^diff\..*\.(textconv|cachetextconv|command)$")
    for name in dict.fromkeys(git(root, *args, quiet_codes=(1,)).decode(errors="replace").split()):
        yield Problem(
            "git",
            "a diff driver is set up here, and may show, or keep, what is sealed",
            f"if it is not yours: git config --local --unset-all {name}",
            Severity.WARNING,
        )
    for ref in git(root, "for-each-ref", "--format=%(refname)", "refs/notes/textconv").decode().split():
        yield Problem(
            "git",
            "git keeps text that a diff driver made, readable, in refs/notes/textconv",
            f"git update-ref -d {ref}; then: solidarity doctor",
            mend=partial(git, root, "update-ref", "-d", ref),
            asks="remove what the diff driver has kept?",
        )

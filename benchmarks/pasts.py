"""What is measured of the past: a register of many years, its acts told and verified, beside git and other programs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import past_peers
from generate import BIN, restore
from grown import check_grown, make_grown
from measure import TYPER, Job, solidarity
from rows import Bench, Row, bound, milliseconds

from solidarity_cli.records.read import read

OLD = "2025-03"
"""A month long ago on the day that all is looked at."""
_LATER = 10
_AS_IT_COMES = ("git", "-c", "core.commitGraph=false")
"""Git without its list of commits and paths, which a clone has only after `sync` or `doctor --fix`."""


def grown(bench: Bench) -> Path:
    """The large register with its years of history."""
    return bench.ensure(f"grown-{bench.large}", lambda folder: _grow(folder, bench.large))


def _grow(root: Path, size: int) -> None:
    make_grown(root, size)
    check_grown(root, size)
    run(("git", "gc", "--quiet"), cwd=root, check=True, capture_output=True)
    # Git looks again into each file that it wrote within a second of its list of files: once more, and it need not.
    restore(root)


def is_long(bench: Bench) -> bool:
    """Git reads a short history quicker than a program with a command line starts: promises are for a long one."""
    return bench.large >= 10_000


def a_case(root: Path) -> Path:
    """The file of one case to which much happened, relative to the register; the same every time."""
    actions = sorted(root.glob("actions/2025/*.yaml"))
    case = read(actions[len(actions) // 2].read_bytes())["cases"][0]
    return next(root.glob(f"cases/*/{case}.yaml")).relative_to(root)


def case_history(bench: Bench) -> Iterator[Row]:
    """One case's story, and its fields, from the index; the log of the same file by git."""
    root = grown(bench)
    path = a_case(root)
    jobs = {verb: solidarity(root, verb, path.stem) for verb in ("history", "blame")}
    log = Job((*_AS_IT_COMES, "log", "-p", "--", path.as_posix()), root)
    taken = bench.race({**jobs, "git": log, "typer": Job(TYPER, root)})
    for verb in jobs:
        what = f"`{verb}`, {bench.large:,} cases, {2 * bench.large:,} acts"
        yield Row(what, milliseconds(taken[verb]), *bound(taken[verb] / taken["typer"], 2.5, "typer"))
        most = 1 if is_long(bench) else 0
        yield Row("the same, beside git", "", *bound(taken[verb] / taken["git"], most, "`git log -p -- FILE`"))
    yield from past_peers.rows(bench, root, path, taken["history"])


def full_history(bench: Bench) -> Iterator[Row]:
    """All acts read for the first time, and all of them verified."""
    root = grown(bench)
    many = f"{2 * bench.large:,} acts"
    first = solidarity(root, "history", a_case(root).stem, prepare=lambda: _forget_past(root))
    audit = solidarity(root, "audit", prepare=lambda: _forget_past(root))
    log = Job((*_AS_IT_COMES, "log", "--raw"), root)
    taken = bench.race({"first": first, "audit": audit, "git": log}, rounds=min(bench.rounds, 3))
    for what, name, most in (
        ("`history`, the index made from nothing", "first", 4),
        ("`audit` from nothing", "audit", 15),
    ):
        result = bound(taken[name] / taken["git"], most if is_long(bench) else 0, "`git log --raw`")
        yield Row(f"{what}, {many}", milliseconds(taken[name]), *result)


def _forget_past(root: Path) -> None:
    (root / ".git" / "solidarity" / "past.sqlite").unlink(missing_ok=True)


def new_acts(bench: Bench) -> Iterator[Row]:
    """A few new acts verified on top of a history that was. They bear no signature, so nothing else is in the time."""
    root = bench.ensure(f"later-{bench.large}", lambda folder: _later(bench, folder))
    index, before = root / ".git" / "solidarity" / "past.sqlite", bench.folder / "past-before.sqlite"
    for step in (("git", "checkout", "--quiet", "made"), (str(BIN / "solidarity"), "audit")):
        run(step, cwd=root, check=True, capture_output=True, env=bench.env)
    shutil.copy(index, before)
    run(("git", "checkout", "--quiet", "main"), cwd=root, check=True, capture_output=True, env=bench.env)
    job = solidarity(root, "audit", prepare=lambda: shutil.copy(before, index) and None)
    what = f"`audit`, {_LATER} new acts after {2 * bench.large:,}"
    yield bench.against_typer(what, job, most=5, rounds=min(bench.rounds, 5))


def _later(bench: Bench, root: Path) -> None:
    shutil.copytree(grown(bench), root)
    # Who copies a folder copies what git knows of its files as well, and that is true of the other folder only.
    run(("git", "reset", "--quiet", "--hard", "made"), cwd=root, check=True, capture_output=True)
    for file in sorted(root.glob("cases/2026/*.yaml"))[:_LATER]:
        note = (str(BIN / "solidarity"), "-q", "note", file.stem, "A call in the morning, an answer is promised.")
        run(note, cwd=root, check=True, capture_output=True, env=bench.env)


def as_of(bench: Bench) -> Iterator[Row]:
    """The report of an old month made again as it was then, and made from what is known now."""
    root = grown(bench)
    now = ("report", "--month", OLD, "--format", "md")
    taken = bench.race(
        {"now": solidarity(root, *now), "then": solidarity(root, *now, "--as-of", OLD)}, rounds=min(bench.rounds, 5)
    )
    result = bound(taken["then"] / taken["now"], 1.5, "the same report now")
    yield Row(f"`report --month {OLD} --as-of {OLD}`, {bench.large:,} cases", milliseconds(taken["then"]), *result)


BENCHMARKS = (case_history, full_history, new_acts, as_of)

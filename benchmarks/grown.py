"""A register as it grew over the years, two acts a case: as each came, was assessed, and ended; the same bytes always.

Git reads it as one stream (`git fast-import`): twenty thousand commits one by one would take an hour.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from generate import PERSON, begin, environment, place, records, runner
from invented import POSITIVE

from solidarity_cli.git.committer import Act
from solidarity_cli.records.canonical import compose
from solidarity_cli.records.schemas import Schemas, files_in

_LATER = ("hearings", "assessments", "links", "closure")
"""What a case gets after it was received."""


@dataclass(frozen=True, order=True)
class Version:
    """A record as one act left it. They sort as they happened: by day, within it by what comes first in a life."""

    day: str
    stage: int
    record: str
    verb: str
    kind: str
    plain: dict[str, Any]
    by: str = PERSON[1]


def make_grown(root: Path, size: int) -> None:
    """A register of `size` cases whose history has twice as many acts, with the tag `made`."""
    first, *others = history(size)
    start = date.fromisoformat(first.day) - timedelta(days=1)
    begin(root, f"A fictional register of {size} cases", start)
    run = runner(root, start)
    schemas = Schemas(files_in(root / "schemas"))
    stream = b"".join(_stream((first, *others), schemas))
    command = ("git", "fast-import", "--quiet", "--done")
    subprocess.run(command, cwd=root, env=environment(), input=stream, check=True, capture_output=True)
    run("git", "reset", "--quiet", "--hard", "main")
    run("git", "tag", "made")


def history(size: int) -> list[Version]:
    """Every act on every record, as they happened; with the beginning of the register twice as many as cases."""
    every = list(records(size))
    needed = {case for kind, plain in every if kind == "action" for case in plain["cases"]}
    acts, later = [], []
    for kind, plain in every:
        if kind == "case":
            first, *changes = _life(plain)
            acts.append(first)
            (acts if plain["id"] in needed else later).extend(changes)
        else:
            acts.append(_first(kind, plain))
    # A part of a case's life is a life; that of a case with an action goes on at least until it was decided.
    return sorted((*acts, *later[: max(0, 2 * size - 1 - len(acts))]))


def _first(kind: str, plain: dict[str, Any]) -> Version:
    if kind == "action":
        return Version(plain["created"], 3, plain["id"], "link-action", kind, plain)
    return Version("2016-01-01", 0, plain["id"], "directory", kind, plain)


def _life(case: dict[str, Any]) -> Iterator[Version]:
    """A case as it came, then each of its steps, all of them allowed ones."""
    now = {key: value for key, value in case.items() if key not in _LATER} | {"status": "received"}
    yield Version(case["received"], 1, case["id"], "new-case", "case", _in_order(case, now))
    day = case["received"]
    if "assessments" in case:
        newest = case["assessments"][-1]
        day = newest["date"]
        keys = ("hearings", "assessments")
        now |= {key: case[key] for key in keys if key in case} | {"status": _leads_to(newest["decision"])}
        yield Version(day, 2, case["id"], "assess", "case", _in_order(case, now), newest["by"])
    if case["status"] == "duplicate":
        yield Version(day, 3, case["id"], "set-status", "case", _in_order(case, now | {"status": "assessing"}))
    if case["status"] != now["status"]:
        day = case["closure"]["date"] if "closure" in case else day
        yield Version(day, 4, case["id"], "set-status", "case", case)


def _leads_to(decision: str) -> str:
    return "active" if decision in POSITIVE else "declined" if decision == "decline" else "received"


def _in_order(case: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {key: now[key] for key in case if key in now}


def _stream(versions: Iterable[Version], schemas: Schemas) -> Iterator[bytes]:
    """What `git fast-import` reads: the texts and commits one after the other, on top of the register's beginning."""
    yield b"feature done\n"
    for number, version in enumerate(versions):
        # A second apart, so that their order can be read from their times as well.
        moment = datetime.fromisoformat(f"{version.day}T06:00:00+00:00").astimezone(UTC) + timedelta(
            seconds=number % 9000
        )
        signature = (
            f"{'Coordinator' if version.by == PERSON[1] else 'Member'} <{version.by}> {int(moment.timestamp())} +0000"
        )
        cases = (version.record,) if version.kind == "case" else tuple(version.plain.get("cases", ()))
        act = Act(version.verb, cases, (version.record,) if version.kind == "action" else ())
        yield f"commit refs/heads/main\nauthor {signature}\ncommitter {signature}\n".encode()
        yield _data(f"{act.message}\n")
        if not number:
            yield b"from refs/heads/main^0\n"
        yield f"M 100644 inline {place(version.kind, version.record)}\n".encode()
        yield _data(compose(version.plain, version.kind, schemas.shape(version.kind)))
    yield b"done\n"


def _data(text: str) -> bytes:
    data = text.encode()
    return b"data %d\n%s\n" % (len(data), data)


def check_grown(root: Path, size: int) -> None:
    """Raises AssertionError where the history is not as long as it should be: nothing here would measure the truth."""
    output = subprocess.run(
        ("git", "rev-list", "--count", "made"), cwd=root, env=environment(), check=True, capture_output=True
    )
    acts = int(output.stdout)
    if acts != 2 * size:
        raise AssertionError(f"{acts} acts instead of {2 * size}")

"""Make a register of fictional cases, the same bytes for the same size: `generate.py FOLDER [--cases N]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import fiction
from invented import POSITIVE, TODAY, Dice, make_case
from stdnum.iso7064 import mod_37_36

from solidarity_cli.records.canonical import canonical, compose
from solidarity_cli.records.schemas import Schemas, files_in

SEED = 20261031
BIN = Path(sys.executable).parent
SAMPLE = 50
FOLDERS = {"case": "cases", "action": "actions", "directory": "directory"}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_UNDECIDED = ("received", "assessing")
PERSON = ("Fictional Coordinator", "coordinator@forum.example")


def environment() -> dict[str, str]:
    """What every process here runs in: a fixed day, git's own defaults, none of the caller's settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "SOLIDARITY_"))}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **git, "SOLIDARITY_TODAY": TODAY.isoformat(), "LC_ALL": "C.UTF-8"}


def begin(root: Path, name: str, day: date) -> None:
    """A register as `solidarity init` leaves it on a day."""
    run = runner(root, day)
    root.mkdir(parents=True)
    run("git", "init", "--quiet", "--initial-branch=main", ".")
    run("git", "config", "user.name", PERSON[0])
    run("git", "config", "user.email", PERSON[1])
    run(str(BIN / "solidarity"), "-C", str(root), "init", "--no-sealing", "--name", name)


def make_register(root: Path, size: int) -> None:
    """`solidarity init`, then all records in one commit with the tag `made`, packed as a clone would be."""
    begin(root, f"A fictional register of {size} cases", TODAY)
    run = runner(root)
    schemas = Schemas(files_in(root / "schemas"))
    for kind, plain in records(size):
        write(root, kind, plain, schemas)
    run("git", "add", "--all")
    # A register that grew over the years was packed by git long ago; not in the background, while we measure.
    # The leak guard takes its time with so many at once, and finds that one fictional person has another's name.
    run("git", "-c", "gc.auto=0", "commit", "--quiet", "--no-verify", "--message=fictional records")
    run("git", "tag", "made")
    run("git", "gc", "--quiet")


def restore(root: Path) -> None:
    """The register as it was made, whatever was written since."""
    runner(root)("git", "reset", "--quiet", "--hard", "made")


def runner(root: Path, day: date = TODAY) -> Any:
    """Runs commands in a register as if it were a day."""
    moment = f"{day.isoformat()}T09:00:00+00:00"
    env = {**environment(), "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}

    def run(*command: str) -> None:
        subprocess.run(command, cwd=root, env=env, check=True, capture_output=True)

    return run


def write(root: Path, kind: str, plain: dict[str, Any], schemas: Schemas) -> None:
    """One record at its place."""
    file = root / place(kind, plain["id"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(compose(plain, kind, schemas.shape(kind)), encoding="utf-8", newline="\n")


def place(kind: str, record: str) -> str:
    """The path of a record."""
    year = "" if kind == "directory" else f"{record.split('-')[1]}/"
    return f"{FOLDERS[kind]}/{year}{record}.yaml"


def records(size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, plain record): the directory, `size` cases over five to ten years, a fifth as many actions."""
    dice = Dice(Random(SEED))  # the same numbers every time are the point
    yield from (("directory", organisation) for organisation in fiction.ORGANISATIONS)
    years = 5 if size < 5000 else 10
    open_to_actions: list[dict[str, Any]] = []
    kept = ""
    for _ in range(size):
        status = dice.pick(fiction.STATUSES) if kept else "closed"
        # What still waits is young, what is closed may be old.
        age = dice.random.randint(0, 60) if status in _UNDECIDED else dice.random.randint(20, years * 365 - 60)
        received = TODAY - timedelta(days=age)
        case = make_case(dice, new_id(dice, "SG", received.year), status, received, kept)
        if status != "duplicate":
            kept = case["id"]
        yield "case", case
        if case.get("assessments") and case["assessments"][-1]["decision"] in POSITIVE:
            open_to_actions.append(case)
    for _ in range(size // 5):
        yield "action", make_action(dice, open_to_actions)


def new_id(dice: Dice, prefix: str, year: int) -> str:
    """An id as `solidarity_cli.register.ids` draws it, from seeded chance."""
    while True:
        body = "".join(dice.random.choices(_ALPHABET, k=5))
        record = f"{prefix}-{year}-{body}{mod_37_36.calc_check_digit(body)}"
        if record[-1] in _ALPHABET and record not in dice.taken:
            dice.taken.add(record)
            return record


def make_action(dice: Dice, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """An action that the newest decision of its case allows."""
    case = dice.pick(cases)
    newest = case["assessments"][-1]
    form = "referral" if newest["decision"] == "refer" and dice.chance(0.7) else dice.pick(newest["forms"])
    uses = case["consent"][0]["uses"] if "consent" in case else {}
    publicity = "publicity-person" if case["subject"]["kind"] == "individual" else "publicity-organisation"
    needed = {"statement": publicity, "awareness": publicity, "referral": "share", "institutional-contact": "share"}
    if form in needed and uses.get(needed[form]) != "granted":
        form = "monitoring"
    decided = date.fromisoformat(newest["date"])
    done = dice.after(decided, 40)
    action: dict[str, Any] = {
        "schema_version": 1,
        "id": new_id(dice, "SA", done.year),
        "type": form,
        "status": "done" if dice.chance(0.85) else "planned",
        "created": decided.isoformat(),
        "date": done.isoformat(),
        "country": case["subject"]["country"],
        "cases": [case["id"]],
    }
    return action | _details(dice, form, case, done)


def _details(dice: Dice, form: str, case: dict[str, Any], done: date) -> dict[str, Any]:
    if form == "referral":
        history = [{"state": "sent", "date": done.isoformat()}]
        referral = {"organisation": "linden-aid", "state": "sent", "services": ["psychosocial"], "history": history}
        return {"public": False, "referral": referral}
    if form == "court-observation" and case.get("hearings"):
        hearing = {"case": case["id"], "id": "h1"}
        return {"hearing": hearing, "observers": dice.random.randint(1, 3), "public": False, "impact": "moderate"}
    if form == "institutional-contact":
        return {"recipient": "un", "public": False, "response": dice.pick(("none", "token", "promised"))}
    return {"public": form in ("statement", "awareness"), "impact": dice.pick(("minor", "moderate", "unknown"))}


def check(root: Path) -> None:
    """Raises AssertionError for a sample that is not valid, or not canonical: then nothing here measures the truth."""
    schemas = Schemas(files_in(root / "schemas"))
    chosen = [
        (kind, file) for kind, folder in FOLDERS.items() for file in sorted(root.glob(f"{folder}/**/*.yaml"))[:SAMPLE]
    ]
    for kind, file in chosen:
        if canonical(file.read_bytes(), kind, schemas.shape(kind)) != file.read_text(encoding="utf-8"):
            raise AssertionError(f"not canonical: {file.name}")
    paths = [file.relative_to(root).as_posix() for _, file in chosen]
    command = (BIN / "solidarity", "validate", *paths)
    if subprocess.run(command, cwd=root, env=environment(), check=False, capture_output=True).returncode:
        raise AssertionError("solidarity validate finds errors in what was made")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=1000)
    args = parser.parse_args()
    make_register(args.folder, args.cases)
    check(args.folder)


if __name__ == "__main__":
    main()

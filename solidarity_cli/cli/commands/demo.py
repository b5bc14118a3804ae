"""`solidarity demo`: a register of invented cases, the main job shown step by step, the report at the end."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from dataclasses import replace
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from solidarity_cli.cli.demo import story
from solidarity_cli.cli.demo.stage import Stage, Step
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import ExternalError, Refused, UsageError

_SHIPPED = Path(story.__file__).parent
EXTRAS = "pip install 'solidarity-register[reports]'"


def main(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where; without it a new temporary folder.")
    ] = None,
    mails: Annotated[
        Path | None, typer.Option("--mails", metavar="DIR", help="A folder of .eml files to record as cases.")
    ] = None,
) -> None:
    """See the main job done on a register of fictional cases."""
    session: Session = ctx.obj
    mail_steps = _mail_steps(mails) if mails else []
    register = _target_folder((session.folder or Path.cwd()) / folder if folder else None)
    stage = Stage(
        register,
        {"register": str(register), "mails": str(_SHIPPED / "mails")},
        session.say if not session.quiet else lambda text: None,
    )
    stage.tell(f"Everybody in this story is invented. What is typed stands after $.\nMAILS={_SHIPPED / 'mails'}")
    stage.play(story.STORY[:1])
    _copy_directory(register)
    stage.play(story.STORY[1:])
    stage.play(mail_steps)
    last = max([story.LAST_DAY, *(step.day for step in mail_steps)])
    stage.play(replace(step, day=last) for step in story.CLOSING)
    papers = register.parent / f"{register.name}-papers"
    stage.tell(_farewell(register, stage.known["library"]))
    stage.tell(_write_papers(stage, papers, last))
    if session.quiet:
        session.say(str(register))


def _write_papers(stage: Stage, folder: Path, day: str) -> str:
    """The papers written beside the register, and where each of them lies."""
    folder.mkdir(mode=0o700)
    missing = {library for _, library, _ in story.PAPERS if library and not find_spec(library)}
    papers = [paper for paper in story.PAPERS if paper[1] not in missing]
    say = "The papers: for the public, for the Board, for those who go to the hearing."
    for name, _, words in papers:
        output = "--ics" if name.endswith(".ics") else "-o"
        stage.play([Step(say, day, (*words, output, str(folder / name)))])
        say = ""
    notes = [f"\nnot made, for they take the extras: {EXTRAS}"] if missing else []
    return "\n".join(["", "The papers lie here:", "", *(f"  {folder / name}" for name, _, _ in papers), *notes])


def _target_folder(folder: Path | None) -> Path:
    """Where the register will be. Raises Refused for a folder that holds something."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="solidarity-demo-")).resolve() / "register"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("the folder of the demo is not empty", hint="solidarity demo NEW-DIR, or without a folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ExternalError("the folder cannot be made", hint="look at its permissions: ls -ld") from None
    return folder.resolve()


def _mail_steps(folder: Path) -> list[Step]:
    """One step for each mail of a folder, in the order in which they were written. Each has to become a case."""
    try:
        files = sorted(file for file in folder.resolve().iterdir() if file.suffix.lower() == ".eml")
    except OSError:
        raise UsageError("the folder after --mails cannot be read", hint="solidarity demo --mails DIR") from None
    if not files:
        raise UsageError("the folder after --mails holds no .eml file", hint="save mails as .eml there, then try again")
    dated = sorted((_mail_day(file), file) for file in files)
    steps = [Step("", day, ("new-case", "--from", str(file)), keep=f"brought-{file.name}") for day, file in dated]
    return [replace(steps[0], say="The mails that were brought along. Each becomes a case."), *steps[1:]]


def _mail_day(file: Path) -> str:
    """The day on which a mail can be recorded: not before it was written."""
    try:
        date_header = message_from_bytes(file.read_bytes(), policy=policy.compat32)["date"]
        written = parsedate_to_datetime(str(date_header)).date().isoformat()
    except (OSError, ValueError, TypeError, IndexError):
        written = ""
    return max(written, story.OWN_MAILS_DAY)


def _copy_directory(register: Path) -> None:
    """The one entry of the directory, which a person would write."""
    try:
        shutil.copyfile(_SHIPPED / "example-relief.yaml", register / "directory" / "example-relief.yaml")
    except OSError:
        raise ExternalError(
            "the directory entry cannot be written", hint="look at space and permissions: df -h"
        ) from None


def _farewell(register: Path, case: str) -> str:
    return f"""
That was the main job. The register lies in {register}; delete the folder when you are done. To go on:

  cd {shlex.quote(str(register))}
  solidarity show {case}
  solidarity agenda --days 60
  solidarity report --month 2026-10 --audience public --language de
  solidarity explain consent-publicity
  solidarity init ~/my-register"""

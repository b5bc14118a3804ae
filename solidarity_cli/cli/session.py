"""The register, the day and the person of one command, and how it answers. Heavy modules are imported when used."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from solidarity_cli.core.errors import ExternalError, UsageError
from solidarity_cli.render.escape import clean

if TYPE_CHECKING:
    from solidarity_cli.core.findings import Finding
    from solidarity_cli.register.commit import Plan
    from solidarity_cli.register.register import Register
    from solidarity_cli.reports.pages.page import Page


@dataclass
class Session:
    """One call of the program. `folder` is where `-C` points; None when it was not given."""

    folder: Path | None = None
    color: str = "auto"
    no_input: bool = False
    quiet: bool = False

    # Where, when, who

    @cached_property
    def register(self) -> Register:
        """The register asked about. Raises ExternalError when there is none."""
        from solidarity_cli.register.register import Register
        from solidarity_cli.system.progress import show_progress

        show_progress(quiet=self.quiet)
        return Register(self.root, self.today, self.passphrase if self.can_prompt else None)

    @cached_property
    def root(self) -> Path:
        """The folder of the register."""
        return find_root(self.folder)

    @cached_property
    def today(self) -> date:
        """The day, which SOLIDARITY_TODAY fixes."""
        override = os.environ.get("SOLIDARITY_TODAY")
        if not override:
            return datetime.now().astimezone().date()
        try:
            return date.fromisoformat(override)
        except ValueError:
            raise UsageError("SOLIDARITY_TODAY is not a day", hint="SOLIDARITY_TODAY=2026-10-31") from None

    def day(self, text: str) -> date:
        """The day a person named for an act, else today. Raises UsageError for what is no day, or still to come."""
        if not text:
            return self.today
        try:
            value = date.fromisoformat(text)
        except ValueError:
            raise UsageError("--date is no day of the calendar", hint="--date 2026-10-31") from None
        if value > self.today:
            raise UsageError("--date is still to come", hint=f"--date {self.today.isoformat()}")
        return value

    def caller(self, by: str = "") -> str:
        """Who acts: `--by`, else the address of git's user."""
        return self.register.ledger.caller_or(by)

    # How

    @property
    def asks(self) -> bool:
        """Whether a person is there to answer questions."""
        return not self.no_input and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def can_prompt(self) -> bool:
        """Whether somebody can type a passphrase, wherever the answer goes: it is asked on the terminal itself."""
        return not self.no_input and sys.stdin.isatty()

    @property
    def on_terminal(self) -> bool:
        """Whether the answer goes to a person's screen."""
        return sys.stdout.isatty()

    @property
    def in_color(self) -> bool:
        """Whether colour may be used; nothing is ever said by colour alone."""
        if self.color != "auto":
            return self.color == "always"
        return self.on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def supports_boxes(self) -> bool:
        """Whether tables may have lines around them: not for a screen reader, nor where no such signs are shown."""
        try:
            "─│".encode(sys.stdout.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return not os.environ.get("ACCESSIBLE")

    @property
    def width(self) -> int:
        """Columns of the screen."""
        import shutil

        return shutil.get_terminal_size((100, 24)).columns

    def passphrase(self) -> str:
        """Asks for the passphrase of the caller's identity; what is typed is not shown."""
        from getpass import getpass

        return getpass("passphrase of your identity: ")

    def say(self, text: str) -> None:
        """The answer, to stdout."""
        sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")

    def show(self, page: Page) -> None:
        """A page, set for the screen, with boxes if they can be drawn; in a pipe as Markdown, which wraps nothing."""
        if self.on_terminal:
            from solidarity_cli.render.terminal.screen import page_to_text

            self.say(page_to_text(page, self.width, color=self.in_color, boxes=self.supports_boxes))
            return
        from solidarity_cli.render.markdown import page_to_markdown

        self.say(page_to_markdown(page))

    def rows(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A list: a table on a terminal, else one record a line between tabs."""
        if self.on_terminal and self.supports_boxes:
            from solidarity_cli.render.terminal.screen import page_to_text
            from solidarity_cli.reports.pages.page import Page, Table

            table = Table("", tuple(columns), tuple(tuple(row) for row in rows))
            self.say(page_to_text(Page("", "", (table,), "en"), self.width, color=self.in_color))
            return
        self.say("\n".join("\t".join(_line(cell) for cell in row) for row in rows))

    def note(self, text: str) -> None:
        """Talk beside the answer, to stderr; `--quiet` silences it."""
        if not self.quiet:
            sys.stderr.write(clean(text) + "\n")

    def warn_skipped(self, paths: Sequence[str]) -> None:
        """Say beside an answer that it is not whole: these files are no records, and count nowhere."""
        if paths:
            self.note(f"left out, for they are no valid records: {len(paths)}; which: solidarity validate")

    # Acts

    def carry_out(self, plan: Plan, *, answer: str, message: str, next_step: str = "", dry_run: bool = False) -> None:
        """Save a plan, or only show it; then say what changed (`message`) and what comes next. `answer` is the id."""
        if dry_run:
            self.say(self._difference(plan))
            self.note("nothing was changed (--dry-run)")
            return
        if not plan.changes:
            self.note(f"{answer}: nothing to change")
            return
        commit = self.register.save(plan)
        self.say(answer if self.quiet else f"{message} ({commit[:10]})")
        self.warn(plan.warnings)
        if branch := self.register.opened:
            self.note(f"it waits for review on the branch {branch}, where your next acts go too")
            self.note("next: solidarity submit, when all is there that others are to look at")
        elif next_step:
            self.note(f"next: {next_step}")

    def warn(self, findings: Iterable[Finding]) -> None:
        """Warnings that came with an act."""
        for finding in findings:
            self.note(f"warning: {finding.message} [{finding.rule}]")
            if finding.hint:
                self.note(f"  {finding.hint}")

    def _difference(self, plan: Plan) -> str:
        from difflib import unified_diff

        lines = [plan.act.subject]
        for change in self.register.readable(plan):
            before = (change.before or "").splitlines()
            lines += unified_diff(before, (change.after or "").splitlines(), change.path, change.path, lineterm="")
        return "\n".join(clean(line) for line in lines)


def _line(cell: str) -> str:
    """A cell that keeps to its line; most are plain ASCII and need no look."""
    return cell if cell.isascii() and cell.isprintable() else clean(cell)


def find_root(folder: Path | None) -> Path:
    """The register at `folder`, else the nearest parent with `register.yaml`, else $SOLIDARITY_REGISTER."""
    start = (folder or Path.cwd()).absolute()
    if folder and not folder.is_dir():
        raise ExternalError("the folder after -C does not exist", hint="solidarity init DIR")
    for place in (start, *start.parents):
        if (place / "register.yaml").is_file():
            return place.resolve()
    default = os.environ.get("SOLIDARITY_REGISTER")
    if default and not folder and (Path(default) / "register.yaml").is_file():
        return Path(default).resolve()
    raise ExternalError(
        "this folder is no register", hint="cd into one, name it with -C DIR, or make one: solidarity init DIR"
    )

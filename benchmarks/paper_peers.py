"""Three programs that make a page from plain-text records: hledger (if it is here), doorstop and strictdoc (PyPI).

Each gets as many records as there are cases, with their titles, and sets one page or a small site of them in HTML.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generate import environment, records
from measure import Job
from peers import installed

_ITEM = """active: true
derived: false
header: ''
level: 1.{number}
links: []
normative: true
ref: ''
reviewed: null
text: |
  {title}, {received}, {status}
"""
_DOCUMENT = "settings:\n  digits: 5\n  prefix: CASE\n  sep: ''\n"


def jobs(folder: Path, size: int) -> Iterator[tuple[str, Job | None]]:
    """(what is typed, the job) of each; None where the program cannot be had."""
    cases = [plain for kind, plain in records(size) if kind == "case"]
    yield "hledger balance --monthly -O html", _hledger(folder, cases)
    yield "doorstop publish", _doorstop(folder, cases)
    yield "strictdoc export", _strictdoc(folder, cases)


def _hledger(folder: Path, cases: list[dict[str, Any]]) -> Job | None:
    """A case is one unit in the account of its country and status: the report is the sum of each."""
    program = shutil.which("hledger")
    if program is None:
        return None
    journal = folder / f"cases-{len(cases)}.journal"
    entry = "{received} {title}\n  cases:{country}:{status}  1\n  total\n"
    text = "\n".join(entry.format(**case, country=case["subject"]["country"]) for case in cases)
    journal.write_text(text, encoding="utf-8")
    return Job((program, "-f", str(journal), "balance", "--monthly", "-O", "html"), folder)


def _doorstop(folder: Path, cases: list[dict[str, Any]]) -> Job | None:
    python = installed(folder, "doorstop")
    if python is None:
        return None
    root = folder / f"doorstop-{len(cases)}"
    if not root.exists():
        (root / "cases").mkdir(parents=True)
        (root / "cases" / ".doorstop.yml").write_text(_DOCUMENT, encoding="utf-8")
        for number, case in enumerate(cases, 1):
            text = _ITEM.format(number=number, **case)
            (root / "cases" / f"CASE{number:05}.yml").write_text(text, encoding="utf-8")
        for step in (("init", "--quiet"), ("add", "--all")):
            subprocess.run(("git", *step), cwd=root, check=True, capture_output=True, env=environment())
    command = (str(python.with_name("doorstop")), "publish", "all", "public", "--html")
    return Job(command, root, prepare=lambda: shutil.rmtree(root / "public", ignore_errors=True))


def _strictdoc(folder: Path, cases: list[dict[str, Any]]) -> Job | None:
    python = installed(folder, "strictdoc")
    if python is None:
        return None
    root = folder / f"strictdoc-{len(cases)}"
    root.mkdir(exist_ok=True)
    entry = "[REQUIREMENT]\nUID: {id}\nSTATUS: {status}\nTITLE: {title}\nSTATEMENT: {received}\n"
    text = "\n".join(entry.format(**case) for case in cases)
    (root / "cases.sdoc").write_text(f"[DOCUMENT]\nTITLE: Cases\n\n{text}", encoding="utf-8")
    command = (str(python.with_name("strictdoc")), "export", ".", "--output-dir", "output")
    # It keeps what it made and does it again only where a file has changed.
    return Job(command, root, prepare=lambda: shutil.rmtree(root / "output", ignore_errors=True))

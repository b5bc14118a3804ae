"""Measure speed and memory on fictional registers, print the table, and write it to docs/benchmarks.md.

`run.py [--quick] [--sizes 1000,10000] [--folder DIR]`. Only a whole run of the usual sizes writes the page.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import check, restore
from rows import ROOMS, Bench, Row

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
SIZES = "1000,10000"
_MARKS = {True: "kept", False: "MISSED", None: ""}
_HEAD = ("what", "median", "measured", "wanted", "")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--quick", action="store_true", help="few turns and small registers; writes no page")
    reader.add_argument("--sizes", default="", help=f"cases of the two registers; {SIZES} without it")
    reader.add_argument("--folder", type=Path, help="keep the registers there, and use those that are there")
    asked = reader.parse_args()
    sizes = asked.sizes or ("200,1000" if asked.quick else SIZES)
    small, large = sorted(int(size) for size in sizes.split(","))
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="solidarity-bench-"))
    try:
        bench = Bench(folder.resolve(), (small, large), 3 if asked.quick else 9)
        rows = measured(bench)
    finally:
        if not asked.folder:
            shutil.rmtree(folder, ignore_errors=True)
    if sizes == SIZES and not asked.quick:
        PAGE.write_text(page(bench, rows), encoding="utf-8")


def measured(bench: Bench) -> list[Row]:
    """Every row, told as soon as it is known."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    for size in (bench.small, bench.large):
        restore(bench.register(size))
        check(bench.register(size))
    rows = []
    for room in ROOMS:
        for row in room(bench):
            rows.append(row)
            print(f"{row.what:76} {row.time:>9}  {row.measured:24} {row.wanted:26} {_MARKS[row.kept]}", flush=True)
    for line in bench.skipped:
        print(f"left out: {line}")
    return rows


def page(bench: Bench, rows: list[Row]) -> str:
    """The table as a page: no date and no name of a machine, so that two runs differ in their numbers only."""
    table = [_HEAD, ("---", "---:", "---:", "---", "---")]
    table += [(row.what, row.time, row.measured, row.wanted, _MARKS[row.kept]) for row in rows]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    left_out = [f"Left out: {line}.\n" for line in bench.skipped]
    above = _ABOVE.format(small=bench.small, large=bench.large, rounds=bench.rounds)
    return "\n".join([above, *lines, "", *left_out]).rstrip("\n") + "\n" + _BELOW.format(here=_machine())


def _machine() -> str:
    git = subprocess.run(("git", "--version"), check=True, capture_output=True, text=True).stdout.split()[2]
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, git {git}"


_ABOVE = """# Benchmarks

Written by `make bench`. Registers of {small:,} and {large:,} fictional cases, with a fifth as many actions, made by
`benchmarks/generate.py` from a fixed seed: the same bytes every time, about 48 lines a case, one commit.

Whole processes into a pipe, medians of up to {rounds} runs after one to warm up. The command and what it is compared
with take turns. Read the ratios; the milliseconds belong to one machine on one day. *typer* is
`python -c "import typer"` in the same environment: what a command line made with it pays before its first line.
"""
_BELOW = """
## What is compared

- **`recsel`** (recutils) answers the same question from one file that holds the same cases.
- **`ajv-cli`** and **`@jirutka/ajv-cli`** (npm) check the same case files against the same schema, with our formats
  and keywords switched off. `validate` also checks the formats, the actions, the directory, and the Group's rules.
- **`git commit`** commits one changed file in the same register.
- *Cache removed*: `rm -r .git/solidarity` before each run.

## Make it again

    make bench
    .venv/bin/python benchmarks/run.py --quick     # a minute, writes no page

`recsel` comes with the package recutils, `ajv` needs node with npm; without them their rows are left out and the page
says so. Measured here on {here}.
"""


if __name__ == "__main__":
    sys.exit(main())

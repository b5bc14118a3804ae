"""Measure speed and memory on fictional registers, print the table, and write it to docs/development/benchmarks.md.

`run.py [--quick] [--sizes 1000,10000] [--rows NAME…] [--folder DIR]`. Only a whole run of the usual sizes
writes the page.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import papers
import pasts
import rows as daily
from generate import check, restore
from rows import Bench, Row

Benchmark = Callable[[Bench], Iterator[Row]]
BENCHMARKS: tuple[Benchmark, ...] = (*daily.BENCHMARKS, *papers.BENCHMARKS, *pasts.BENCHMARKS)

PAGE = Path(__file__).parent.parent / "docs" / "development" / "benchmarks.md"
SIZES = "1000,10000"
_MARKS = {True: "kept", False: "MISSED", None: ""}
_HEAD = ("what", "median", "measured", "wanted", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few turns and small registers; writes no page")
    parser.add_argument("--sizes", default="", help=f"cases of the two registers; {SIZES} without it")
    parser.add_argument(
        "--rows", nargs="+", choices=[benchmark.__name__ for benchmark in BENCHMARKS], help="these only; writes no page"
    )
    parser.add_argument("--folder", type=Path, help="keep the registers there, and use those that are there")
    args = parser.parse_args()
    sizes = args.sizes or ("200,1000" if args.quick else SIZES)
    small, large = sorted(int(size) for size in sizes.split(","))
    chosen = [benchmark for benchmark in BENCHMARKS if not args.rows or benchmark.__name__ in args.rows]
    folder = args.folder or Path(tempfile.mkdtemp(prefix="solidarity-bench-"))
    try:
        bench = Bench(folder.resolve(), (small, large), 3 if args.quick else 9)
        rows = measure_all(bench, chosen)
    finally:
        if not args.folder:
            shutil.rmtree(folder, ignore_errors=True)
    if sizes == SIZES and not args.quick and not args.rows:
        PAGE.write_text(page(bench, rows), encoding="utf-8")


def measure_all(bench: Bench, benchmarks: Iterable[Benchmark]) -> list[Row]:
    """Every row, told as soon as it is known."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    for size in (bench.small, bench.large):
        restore(bench.register(size))
        check(bench.register(size))
    rows = []
    for benchmark in benchmarks:
        for row in benchmark(bench):
            rows.append(row)
            print(f"{row.what:76} {row.time:>9}  {row.measured:24} {row.limit:26} {_MARKS[row.is_kept]}", flush=True)
    for line in bench.skipped:
        print(f"left out: {line}")
    return rows


def page(bench: Bench, rows: list[Row]) -> str:
    """The table as a page: no date and no name of a machine, so that two runs differ in their numbers only."""
    table = [_HEAD, ("---", "---:", "---:", "---", "---")]
    table += [(row.what, row.time, row.measured, row.limit, _MARKS[row.is_kept]) for row in rows]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    left_out = [f"Left out: {line}.\n" for line in bench.skipped]
    above = _ABOVE.format(small=bench.small, large=bench.large, rounds=bench.rounds)
    below = _BELOW.format(here=_machine(), large=bench.large)
    return "\n".join([above, *lines, "", *left_out]).rstrip("\n") + "\n" + below


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
- **`git log`** of a register of {large:,} cases with twice as many acts over ten years, `benchmarks/grown.py`; packed,
  and without the list of commits and paths that `sync` and `doctor --fix` write: with it, git takes a tenth of the
  time. *From nothing*: the index of the past is removed before each run. Nobody has signed: signatures take their own
  time.
- **`git-history`** (PyPI) takes the file of the same case apart, version by version; a folder it cannot read.
  **`doltlite`** (PyPI) was given the same acts, a row a field and a commit an act, and is asked what changed in the
  case.
- **`hledger`** sums one unit a case by country, status and month. **`doorstop`** and **`strictdoc`** (PyPI) publish
  as many records with their titles. None of them does what the others do, so no bound is set.

## Make it again

    make bench
    .venv/bin/python benchmarks/run.py --quick             # few turns, small registers; writes no page
    .venv/bin/python benchmarks/run.py --rows case_history # these only

`recsel` comes with the package recutils, `hledger` with one of its name, `ajv` needs node with npm, the rest comes from
PyPI; without them their rows are left out and the page says so. Measured here on {here}.
"""


if __name__ == "__main__":
    sys.exit(main())

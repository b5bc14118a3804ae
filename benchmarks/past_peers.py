"""Two programs that tell what happened to data, given the same changes: git-history and doltlite, both from PyPI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

from grown import history
from measure import Job
from peers import installed
from rows import Bench, Row, bound, milliseconds


def rows(bench: Bench, root: Path, path: Path, ours: float) -> Iterator[Row]:
    """The story of one case by each of them beside ours, which took so many seconds."""
    for name, job in (("git-history", git_history(bench, root, path)), ("doltlite", doltlite(bench, path.stem))):
        if job is None:
            bench.skipped.append(f"`{name}`: it cannot be installed from PyPI here")
            continue
        taken = bench.race({name: job}, rounds=min(bench.rounds, 3))[name]
        yield Row(f"`history`, beside `{name}`", milliseconds(ours), *bound(ours / taken, 0, f"`{name}`"))


def git_history(bench: Bench, root: Path, path: Path) -> Job | None:
    """One case's file taken apart, version by version. A folder of files it does not read."""
    python = installed(bench.folder, "git-history", "pyyaml")
    if python is None:
        return None
    database = bench.folder / "git-history.sqlite"
    convert = ("--import", "yaml", "--convert", "[yaml.safe_load(content)]", "--id", "id", "--silent")
    command = (str(python.with_name("git-history")), "file", str(database), str(path), "--repo", str(root), *convert)
    return Job(command, root, prepare=lambda: database.unlink(missing_ok=True))


def doltlite(bench: Bench, case: str) -> Job | None:
    """What changed in one case, from a store into which the same acts went: a row a field, a commit an act."""
    python = installed(bench.folder, "doltlite")
    if python is None:
        return None
    script, store = Path(__file__).with_name("with_doltlite.py"), bench.folder / f"doltlite-{bench.large}.sqlite"
    if not store.exists():
        half = store.with_suffix(".half")
        half.unlink(missing_ok=True)
        acts = "".join(
            json.dumps([f"{version.verb} {version.record}", version.record, version.plain]) + "\n"
            for version in history(bench.large)
        )
        run((python, script, "make", half), input=acts.encode(), check=True, capture_output=True)
        half.rename(store)
    return Job((str(python), str(script), "ask", str(store), case), bench.folder)

"""Whole processes, timed. A command and what it is compared with take turns, so that both meet the same machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from generate import BIN

TYPER = (sys.executable, "-c", "import typer")
"""What every command line made with typer has to pay: the unit of all ratios."""


def nothing() -> None:
    """No preparation."""


@dataclass(frozen=True)
class Job:
    """A command and its folder. `prepare` runs before each turn and is not timed."""

    command: Sequence[str]
    folder: Path
    prepare: Callable[[], None] = nothing
    codes: tuple[int, ...] = (0,)


def solidarity(folder: Path, *arguments: str, prepare: Callable[[], None] = nothing) -> Job:
    """A call of the program."""
    return Job((str(BIN / "solidarity"), *arguments), folder, prepare)


def race(jobs: Mapping[str, Job], rounds: int, env: Mapping[str, str]) -> dict[str, float]:
    """Median seconds of each job after one turn to warm up; the jobs take turns."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            job.prepare()
            seconds = once(job, env)
            if number:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def once(job: Job, env: Mapping[str, str]) -> float:
    """Seconds of one run into a pipe. A job that fails has measured nothing: raises RuntimeError."""
    start = time.perf_counter()
    done = subprocess.run(job.command, cwd=job.folder, env=env, check=False, capture_output=True)
    seconds = time.perf_counter() - start
    if done.returncode not in job.codes:
        raise RuntimeError(f"{' '.join(job.command)}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return seconds


_WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(job: Job, env: Mapping[str, str]) -> float:
    """The most memory, in MB, that the largest process of one run held."""
    # A small process of its own watches: a child's peak counts from what its parent held when it was made.
    watch = (sys.executable, "-S", "-c", _WATCH, *job.command)
    done = subprocess.run(watch, cwd=job.folder, env=env, check=True, capture_output=True)
    units = 1024 * 1024 if sys.platform == "darwin" else 1024
    return int(done.stdout) / units

"""What is measured: one small function a row, or a few rows that belong together."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import run

import peers
from generate import BIN, environment, make_register
from measure import TYPER, Job, peak, race, solidarity

FILTER = ("list", "--status", "active", "--country", "RU")
MONTH = ("report", "--month", "2026-09", "--format", "md")


@dataclass(frozen=True)
class Row:
    """One line of the table. `is_kept` is None for what is told without a bound."""

    what: str
    time: str
    measured: str
    limit: str = ""
    is_kept: bool | None = None


class Bench:
    """The registers and the settings of one run."""

    def __init__(self, folder: Path, sizes: tuple[int, int], rounds: int) -> None:
        self.folder = folder
        self.small, self.large = sizes
        self.rounds = rounds
        # Compiled modules go to a place of their own: as fast as an installed program, and the checkout stays clean.
        self.env = {**environment(), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        self.env["SOLIDARITY_IDENTITIES"] = str(folder / "identities")
        for who in ("AUTHOR", "COMMITTER"):
            self.env |= {f"GIT_{who}_NAME": "Coordinator", f"GIT_{who}_EMAIL": "coordinator@forum.example"}
        self.skipped: list[str] = []

    def ensure(self, name: str, make: Callable[[Path], None]) -> Path:
        """A folder of a name, made when first asked for; never a half-made one of a run that was stopped."""
        root = self.folder / name
        if not root.exists():
            unfinished = self.folder / f"unfinished-{name}"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(root)
        return root

    def register(self, size: int) -> Path:
        """The register of a size."""
        return self.ensure(f"register-{size}", lambda folder: make_register(folder, size))

    def sealed(self, size: int) -> Path:
        """The same register with its private parts sealed for one identity."""

        def seal(half: Path) -> None:
            shutil.copytree(self.register(size), half)
            run((str(BIN / "solidarity"), "keys", "seal"), cwd=half, check=True, capture_output=True, env=self.env)

        return self.ensure(f"sealed-{size}", seal)

    def race(self, jobs: Mapping[str, Job], rounds: int = 0) -> dict[str, float]:
        return race(jobs, rounds or self.rounds, self.env)

    def against_typer(self, what: str, job: Job, *, most: float = 0, rounds: int = 0) -> Row:
        """A row that says how many times `import typer` a command takes."""
        taken = self.race({"ours": job, "typer": Job(TYPER, job.folder)}, rounds)
        return Row(what, milliseconds(taken["ours"]), *bound(taken["ours"] / taken["typer"], most, "typer"))

    def a_case(self, size: int) -> str:
        """One case of a register, the same every time."""
        files = sorted(self.register(size).glob("cases/2025/*.yaml"))
        return files[len(files) // 2].stem


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def bound(ratio: float, most: float, unit: str) -> tuple[str, str, bool | None]:
    """A ratio, the bound on it, and whether it was kept; the last two empty without a bound."""
    measured = f"{ratio:.2f} x {unit}"
    if not most:
        return measured, "", None
    return measured, f"less than {unit}" if most == 1 else f"at most {most:g} x {unit}", ratio <= most


def start(bench: Bench) -> Iterator[Row]:
    """What every call pays before it does anything."""
    yield bench.against_typer("`--help`", solidarity(bench.folder, "--help"), most=3)


def lists(bench: Bench) -> Iterator[Row]:
    """The filtered list, which is what people type most."""
    for size, most in ((bench.small, 2.0), (bench.large, 2.5)):
        job = solidarity(bench.register(size), *FILTER)
        yield bench.against_typer(f"`{' '.join(FILTER)}`, {size:,} cases", job, most=most)
    yield from _against_recsel(bench)
    yield from _cold_list(bench)


def _against_recsel(bench: Bench) -> Iterator[Row]:
    other = peers.recsel(bench.folder, bench.large)
    if other is None:
        bench.skipped.append("`recsel`: not here; it is in the package recutils")
        return
    taken = bench.race({"ours": solidarity(bench.register(bench.large), *FILTER), "recsel": other})
    # One file is quicker to read than our start-up while it is small: the promise is for large registers.
    result = bound(taken["ours"] / taken["recsel"], 1 if bench.large >= 10_000 else 0, "`recsel`")
    yield Row(f"the same, {bench.large:,} cases, beside `recsel`", milliseconds(taken["ours"]), *result)


def _cold_list(bench: Bench) -> Iterator[Row]:
    root = bench.register(bench.large)
    cold = solidarity(root, *FILTER, prepare=lambda: forget(root))
    taken = bench.race({"cold": cold, "warm": solidarity(root, *FILTER)}, rounds=min(bench.rounds, 3))
    result = bound(taken["cold"] / taken["warm"], 20, "the warm one")
    yield Row(f"the same, {bench.large:,} cases, cache removed", milliseconds(taken["cold"]), *result)


def forget(root: Path) -> None:
    """Remove the cache of a register."""
    shutil.rmtree(root / ".git" / "solidarity", ignore_errors=True)


def validation(bench: Bench) -> Iterator[Row]:
    """All records of the small register: from nothing beside ajv, and with what is known already."""
    root = bench.register(bench.small)
    cold = solidarity(root, "validate", prepare=lambda: forget(root))
    jobs = peers.ajv(bench.folder, root)
    if not jobs:
        bench.skipped.append("`ajv`: node or npm is not here")
        yield bench.against_typer(f"`validate`, {bench.small:,} cases, cache removed", cold)
    else:
        taken = bench.race({"ours": cold, **jobs})
        for name in jobs:
            result = bound(taken["ours"] / taken[name], 1, f"`{name}`")
            yield Row(f"`validate`, {bench.small:,} cases, cache removed", milliseconds(taken["ours"]), *result)
    yield bench.against_typer(f"`validate`, {bench.small:,} cases", solidarity(root, "validate"), most=3)


def writing(bench: Bench) -> Iterator[Row]:
    """A verb that writes beside `git commit` of the same file in the same register."""
    root, case = bench.register(bench.large), bench.a_case(bench.large)
    file = next(root.glob(f"cases/*/{case}.yaml"))
    path = file.relative_to(root).as_posix()

    def change() -> None:
        with file.open("a", encoding="utf-8") as out:
            out.write("# a line\n")

    by_hand = Job(("git", "commit", "--quiet", "--no-verify", "--only", "--message=by hand", "--", path), root, change)
    ours = solidarity(root, "note", case, "A call in the morning, an answer is promised.")
    taken = bench.race({"ours": ours, "git": by_hand})
    over = (taken["ours"] - taken["git"]) * 1000
    result = (f"{over:,.0f} ms over `git commit`", "at most 500 ms over", over <= 500)
    yield Row(f"`note`, {bench.large:,} cases", milliseconds(taken["ours"]), *result)


def memory(bench: Bench) -> Iterator[Row]:
    """The most that a report holds, with the cache and while it is built."""
    root = bench.register(bench.large)
    for state in ("", ", cache removed"):
        if state:
            forget(root)
        used = peak(solidarity(root, *MONTH), bench.env)
        what = f"memory of `{' '.join(MONTH[:3])}`, {bench.large:,} cases{state}"
        yield Row(what, "", f"{used:,.0f} MB", "less than 200 MB", used < 200)


def others(bench: Bench) -> Iterator[Row]:
    """For information: no bound was set."""
    few = min(bench.rounds, 5)
    for size in (bench.small, bench.large):
        root, case, many = bench.register(size), bench.a_case(size), f"{size:,} cases"
        yield bench.against_typer(f"`show`, {many}", solidarity(root, "show", case), rounds=few)
        yield bench.against_typer(f"`{' '.join(MONTH)}`, {many}", solidarity(root, *MONTH), rounds=few)
        yield bench.against_typer(f"`history`, {many}", solidarity(root, "history", case), rounds=few)
        made = ("--no-input", "new-case", "--country", "RU", "--incident", "search", "--name", "Мирон Тумачнин")
        yield bench.against_typer(f"`new-case`, {many}", solidarity(root, *made), rounds=few)
    root = bench.register(bench.small)
    fmt = solidarity(root, "fmt", "--check", prepare=lambda: forget(root))
    yield bench.against_typer(f"`fmt --check`, {bench.small:,} cases, cache removed", fmt, rounds=min(few, 3))


def sealing(bench: Bench) -> Iterator[Row]:
    """A sealed register beside the same one open."""
    few, size = min(bench.rounds, 5), bench.small
    opened, sealed, case = bench.register(size), bench.sealed(size), bench.a_case(size)
    for what, arguments in ((" ".join(FILTER), FILTER), ("show", ("show", case))):
        taken = bench.race({"open": solidarity(opened, *arguments), "sealed": solidarity(sealed, *arguments)})
        if what == "show":
            over = (taken["sealed"] - taken["open"]) * 1000
            result = (f"{over:,.0f} ms over the open one", "at most 60 ms over", over <= 60)
        else:
            ratio = taken["sealed"] / taken["open"]
            # "Nothing" is what two runs of one command differ by.
            result = (f"{ratio:.2f} x the open one", "nothing: at most 1.05 x", ratio <= 1.05)
        yield Row(f"`{what}`, {size:,} cases, sealed", milliseconds(taken["sealed"]), *result)
    jobs = {kind: _import(bench, size, *more) for kind, more in (("open", ("--no-sealing",)), ("sealed", ()))}
    taken = bench.race(jobs, few)
    result = bound(taken["sealed"] / taken["open"], 1.5, "the open one")
    yield Row(f"import of {size:,} cases, sealed", milliseconds(taken["sealed"]), *result)


def _import(bench: Bench, size: int, *more: str) -> Job:
    root = bench.folder / f"importing{''.join(more)}"

    def prepare() -> None:
        shutil.rmtree(root, ignore_errors=True)
        run((str(BIN / "solidarity"), "init", str(root), *more), check=True, capture_output=True, env=bench.env)

    script = Path(__file__).with_name("importing.py")
    return Job((sys.executable, str(script), str(root), str(size)), bench.folder, prepare)


BENCHMARKS = (start, lists, validation, writing, memory, sealing, others)
"""In the order of the table. What writes comes late: a register with fresh commits in it reads a little slower."""

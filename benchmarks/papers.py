"""What is measured of reports: each format beside `import typer`, and beside programs that set a paper from records."""

from __future__ import annotations

from collections.abc import Iterator

import paper_peers
from measure import TYPER, Job, solidarity
from rows import MONTH, Bench, Row, bound, milliseconds

_MOST = {"md": 4, "html": 6, "pdf": 12}


def reports(bench: Bench) -> Iterator[Row]:
    """The month's report in the formats that are sent, and from the large register."""
    root = bench.register(bench.small)
    what = " ".join(MONTH[:3])
    formats = {form: solidarity(root, *MONTH[:3], "--format", form) for form in _MOST}
    taken = bench.race({**formats, "typer": Job(TYPER, root)})
    for form, most in _MOST.items():
        result = bound(taken[form] / taken["typer"], most, "typer")
        yield Row(f"`{what} --format {form}`, {bench.small:,} cases", milliseconds(taken[form]), *result)
    large = solidarity(bench.register(bench.large), *MONTH)
    yield bench.against_typer(f"`{' '.join(MONTH)}`, {bench.large:,} cases", large, most=10)
    for name, job in paper_peers.jobs(bench.folder, bench.small):
        if job is None:
            bench.skipped.append(
                f"`{name}`: it is not here (hledger is a package of that name; the others are on PyPI)"
            )
            continue
        both = bench.race({"ours": formats["html"], "theirs": job}, rounds=min(bench.rounds, 3))
        result = bound(both["ours"] / both["theirs"], 0, f"`{name}`")
        yield Row(f"`{what} --format html`, {bench.small:,} cases", milliseconds(both["ours"]), *result)


BENCHMARKS = (reports,)

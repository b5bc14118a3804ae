"""When each act says that it was made, held against what it follows and against the clock of who looks.

Found anew each time: what is still to come today is not tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from solidarity_cli.core.audit import Finding, Times, signatures
from solidarity_cli.history.clock_skew import latest
from solidarity_cli.history.index import Index


def findings(index: Index, parents: Mapping[str, tuple[str, ...]], today: date) -> Iterator[Finding]:
    """What is wrong with the times of acts that come parents first. One that is still to come binds no later act."""
    until = latest(today)
    if not index.is_any_misdated(until, signatures.DAY):
        return
    times = {commit: Times(*pair) for commit, pair in index.times().items()}
    began = min(times[commit].committed for commit, above in parents.items() if not above)
    counts: dict[str, int | None] = {}
    for commit, above in parents.items():
        act_times = times[commit]
        after = max((seconds for parent in above if (seconds := counts[parent]) is not None), default=None)
        counts[commit] = after if act_times.committed > until else act_times.committed
        yield from signatures.clock.check(commit, act_times, after=after, until=until, began=began)

"""Figures as plain mappings: the JSON of `report`. Keys are codes; their order is fixed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from solidarity_cli.core.dates import Period
from solidarity_cli.reports.counting.figures import Breakdown, Cell, Counts, Decided
from solidarity_cli.reports.counting.trends import Trends
from solidarity_cli.reports.period.comparison import Changed
from solidarity_cli.reports.period.repeat_command import command
from solidarity_cli.reports.period.report import PeriodFigures


def as_plain(figures: PeriodFigures) -> dict[str, Any]:
    """The figures as `report --format json` gives them. Source: the command line, what may be relied on."""
    return {
        "period": _period(figures.period),
        "audience": figures.audience,
        "as_of": {"commit": figures.made_from.commit, "program": figures.made_from.program},
        "again": command(figures),
        "not_over": _not_over(figures),
        "register": figures.register,
        **_counts(figures.now),
        "pressure": _breakdown(figures.pressure),
        "waiting": [asdict(case) for case in figures.waiting],
        "ahead": [asdict(date) for date in figures.ahead],
        "cases": [asdict(case) for case in figures.cases],
        "previous": {"period": _period(figures.previous.period), **_counts(figures.previous)},
        "year_before": _year_before(figures.year_before),
        "trends": _trends(figures.trends),
        **({"changed": _changed(figures.changed)} if figures.changed else {}),
    }


def _not_over(figures: PeriodFigures) -> dict[str, Any] | None:
    if figures.as_of is None:
        return None
    return {"on": figures.as_of.isoformat(), "lies_ahead": figures.lies_ahead}


def _changed(changed: Changed) -> dict[str, Any]:
    return {
        "against": changed.against,
        "period": _period(changed.period),
        "figures": [asdict(difference) for difference in changed.figures],
        "records": [asdict(record) for record in changed.records],
    }


def _year_before(counts: Counts | None) -> dict[str, Any] | None:
    return {"period": _period(counts.period), **_counts(counts)} if counts else None


def _trends(trends: Trends | None) -> dict[str, Any] | None:
    if trends is None:
        return None
    return {
        "months": [asdict(month) for month in trends.months],
        "days": dict(trends.days),
        "groups": dict(trends.groups),
    }


def _period(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _counts(counts: Counts) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "received": _breakdown(counts.received),
        "decided": {**_breakdown(counts.decided), "median_days": counts.decided.median_days},
        "actions": _breakdown(counts.actions),
    }
    if counts.missions:
        plain["missions"] = {"total": counts.missions.total, "hearings": counts.missions.hearings}
        if counts.missions.rounded_to:
            plain["missions"]["rounded_down_to"] = counts.missions.rounded_to
    for name in ("referrals", "closed", "open"):
        breakdown: Breakdown | None = getattr(counts, name)
        if breakdown:
            plain[name] = _breakdown(breakdown)
    return plain


def _breakdown(breakdown: Breakdown | Decided) -> dict[str, Any]:
    by: dict[str, dict[str, Cell]] = {name: dict(cells) for name, cells in breakdown.by.items()}
    plain: dict[str, Any] = {"total": breakdown.total, "by": by}
    if breakdown.rounded_to:
        plain["rounded_down_to"] = breakdown.rounded_to
    return plain

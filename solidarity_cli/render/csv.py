"""Figures as a tidy table: section, measure, category, value, previous; one number a row, codes as categories."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.render.clean import clean

COLUMNS = ("section", "measure", "category", "value", "previous")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, the wide forms among them."""

_Row = tuple[Any, ...]


def figures_to_csv(plain: Mapping[str, Any]) -> str:
    """The figures of a report (`core.figures.plain.as_plain`) as CSV with a heading line."""
    return rows_to_csv(COLUMNS, _rows(plain))


def rows_to_csv(columns: tuple[str, ...], rows: Iterator[_Row]) -> str:
    """Rows as CSV text, lines ending with a newline. Nothing, None, is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: Any) -> Any:
    """The one place where a value becomes safe in a spreadsheet: `'` before what would be a formula."""
    if not isinstance(value, str):
        return "" if value is None else value
    guard = "'" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else ""
    return guard + clean(value)


def _rows(plain: Mapping[str, Any]) -> Iterator[_Row]:
    yield ("report", "from", "", plain["period"]["from"], plain["previous"]["period"]["from"])
    yield ("report", "to", "", plain["period"]["to"], plain["previous"]["period"]["to"])
    yield ("report", "audience", "", plain["audience"], None)
    yield ("report", "commit", "", plain["as_of"]["commit"], None)
    yield ("report", "program", "", plain["as_of"]["program"], None)
    yield ("report", "again", "", plain["again"], None)
    for section, figures in plain.items():
        if isinstance(figures, Mapping) and "total" in figures:
            yield from _section(section, figures, plain["previous"].get(section, {}))
    yield from _year_before(plain["year_before"] or {})
    yield from _trends(plain["trends"] or {})
    for one in plain.get("changed", {}).get("figures", ()):
        measure = ".".join(part for part in (one["section"], one["dimension"]) if part)
        yield ("changed", measure, one["code"], one["now"], one["then"])
    for one in plain.get("changed", {}).get("records", ()):
        yield ("changed", "record", one["id"], one["how"], None)
    for item in plain["waiting"]:
        yield ("waiting", "days", item["id"], item["days"], None)
    for item in plain["ahead"]:
        yield ("ahead", item["kind"], item["id"], item["date"], None)
    for item in plain["cases"]:
        yield ("cases", "status", item["id"], item["status"], None)


def _section(section: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[_Row]:
    for measure, value in now.items():
        if measure != "by":
            yield (section, measure, "", value, before.get(measure))
    earlier = before.get("by", {})
    for dimension, cells in now.get("by", {}).items():
        others = earlier.get(dimension, {})
        for code in sorted({*cells, *others}):
            yield (section, dimension, code, cells.get(code), others.get(code))


def _year_before(figures: Mapping[str, Any]) -> Iterator[_Row]:
    """The totals of a year ago: `received` and what else is counted are measures here, for each has one number."""
    for section, counts in figures.items():
        if section == "period":
            yield ("year_before", "from", "", counts["from"], None)
            yield ("year_before", "to", "", counts["to"], None)
            continue
        for measure in ("total", "median_days", "hearings"):
            if measure in counts:
                name = section if measure == "total" else f"{section}.{measure}"
                yield ("year_before", name, "", counts[measure], None)


def _trends(trends: Mapping[str, Any]) -> Iterator[_Row]:
    for month in trends.get("months", ()):
        yield ("trends", "received", month["month"], month["received"], None)
        yield ("trends", "closed", month["month"], month["closed"], None)
    for measure in ("days", "groups"):
        for code, number in trends.get(measure, {}).items():
            yield ("trends", measure, code, number, None)

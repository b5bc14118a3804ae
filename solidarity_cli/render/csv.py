"""Figures as a tidy table: section, measure, category, value, previous; one number a row, codes as categories.

A number that is none is `0`; one of which nothing may be said is a dash, as on paper; "<5" stands as on paper too. An
empty cell is a number that there is not: not known, or not asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.render.escape import clean
from solidarity_cli.reports.counting.empty_cell import count_of

NOTHING = "–"
"""A number of which nothing may be said to the public."""

COLUMNS = ("section", "measure", "category", "value", "previous")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, the wide forms among them."""

_Row = tuple[Any, ...]


def figures_to_csv(plain: Mapping[str, Any]) -> str:
    """The figures of a report (`reports.period.as_json.as_plain`) as CSV with a heading line."""
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
    if plain["not_over"]:
        yield ("report", "not_over_on", "", plain["not_over"]["on"], None)
        yield ("report", "lies_ahead", "", "yes" if plain["not_over"]["lies_ahead"] else "no", None)
    # The public is not told which number is hidden and which is not known: that would tell some of them.
    format_number = _NumberFormat(NOTHING if plain["audience"] == "public" else None)
    for section, figures in plain.items():
        if isinstance(figures, Mapping) and "total" in figures:
            yield from _section(section, figures, plain["previous"].get(section, {}), format_number)
    yield from _year_before(plain["year_before"] or {}, format_number)
    yield from _trends(plain["trends"] or {})
    yield from _changed(plain["changed"], format_number) if "changed" in plain else ()
    for item in plain["waiting"]:
        yield ("waiting", "days", item["id"], item["days"], None)
    for item in plain["ahead"]:
        yield ("ahead", item["kind"], item["id"], item["date"], None)
    for item in plain["cases"]:
        yield ("cases", "status", item["id"], item["status"], None)


@dataclass(frozen=True, slots=True)
class _NumberFormat:
    """How a number is said; `nothing` is what stands for one that is missing."""

    nothing: str | None

    def __call__(self, number: Any) -> Any:
        return self.nothing if number is None else number

    def of(self, section: Mapping[str, Any], dimension: str, code: str) -> Any:
        """The number of a code; where there is no such table, that of one which is missing."""
        cells, rounded = section.get("by", {}).get(dimension, {}), section.get("rounded_down_to", 0)
        return self(count_of(section.get("total"), cells, code, rounded))


def _section(
    section: str, now: Mapping[str, Any], before: Mapping[str, Any], format_number: _NumberFormat
) -> Iterator[_Row]:
    has_before = section != "pressure"  # twelve months have no period before
    for measure, value in now.items():
        if measure == "rounded_down_to":
            yield (section, measure, "", value, before.get(measure))
        elif measure != "by":
            yield (
                section,
                measure,
                "",
                format_number(value),
                format_number(before.get(measure)) if has_before else None,
            )
    earlier = before.get("by", {})
    for dimension, cells in now.get("by", {}).items():
        for code in sorted({*cells, *earlier.get(dimension, {})}):
            previous = format_number.of(before, dimension, code) if has_before else None
            yield (section, dimension, code, format_number.of(now, dimension, code), previous)


def _changed(changed: Mapping[str, Any], format_number: _NumberFormat) -> Iterator[_Row]:
    yield ("changed", "from", "", changed["period"]["from"], None)
    yield ("changed", "to", "", changed["period"]["to"], None)
    for figure in changed["figures"]:
        measure = ".".join(part for part in (figure["section"], figure["dimension"]) if part)
        yield ("changed", measure, figure["code"], format_number(figure["now"]), format_number(figure["then"]))
    for record in changed["records"]:
        yield ("changed", "record", record["id"], record["how"], None)


def _year_before(figures: Mapping[str, Any], format_number: _NumberFormat) -> Iterator[_Row]:
    """The totals of a year ago: `received` and what else is counted are measures here, for each has one number."""
    for section, counts in figures.items():
        if section == "period":
            yield ("year_before", "from", "", counts["from"], None)
            yield ("year_before", "to", "", counts["to"], None)
            continue
        for measure in ("total", "median_days", "hearings"):
            if measure in counts:
                name = section if measure == "total" else f"{section}.{measure}"
                yield ("year_before", name, "", format_number(counts[measure]), None)


def _trends(trends: Mapping[str, Any]) -> Iterator[_Row]:
    for month in trends.get("months", ()):
        yield ("trends", "received", month["month"], month["received"], None)
        yield ("trends", "closed", month["month"], month["closed"], None)
    for measure in ("days", "groups"):
        for code, number in trends.get(measure, {}).items():
            yield ("trends", measure, code, number, None)

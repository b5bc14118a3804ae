"""Charts: a picture of the table that follows, of nothing else; the same SVG in HTML and PDF; safe for the public."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.cli.session import Session
from solidarity_cli.render.chart import WIDTH, chart_to_svg
from solidarity_cli.reports.pages.page import Chart, Page, Series, Table
from tests.support.rendering import Make, a_page

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.one_of(st.none(), st.integers(0, 100_000))


def _page(sample: Path, audience: str) -> Page:
    from solidarity_cli.core.dates import Period
    from solidarity_cli.render.locale_names import Names
    from solidarity_cli.reports.pages.period import period_page
    from solidarity_cli.reports.period.report import MadeFrom, period_figures

    reading = Session(folder=sample).register.reading("HEAD")
    figures = period_figures(reading.facts(), Period.month("2026-10"), audience, MadeFrom("0" * 40, "x"))
    return period_page(figures, reading.schemas.words, Names("en"), "en")


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_chart_holds_the_numbers_of_the_table_below_it_and_no_others(sample: Path, audience: str) -> None:
    blocks = _page(sample, audience).blocks
    charts = [(chart, blocks[index + 1]) for index, chart in enumerate(blocks) if isinstance(chart, Chart)]
    assert charts
    for chart, table in charts:
        assert isinstance(table, Table)
        for column, series in enumerate(chart.series, start=1):
            cells = [row[column] for row in table.rows]
            assert list(series.labels) == ["–" if cell is None else str(cell) for cell in cells]
            for value, cell in zip(series.values, cells, strict=True):
                # "10 or more" is as long as 10; "<5" and a dash have no bar.
                assert value == (int(found[0]) if (found := re.match(r"\d+", str(cell))) and cell is not None else None)


def test_the_group_sees_five_charts_and_the_public_no_months_days_or_regions(sample: Path) -> None:
    titles = {
        audience: [block.title for block in _page(sample, audience).blocks if isinstance(block, Chart)]
        for audience in ("internal", "public")
    }
    assert titles["internal"] == [
        "Appeals received and cases closed in thirteen months",
        "Appeals received, by kind of incident",
        "Appeals received, by region",
        "Days from receipt to decision, number of cases",
        "Open cases at the end, by status",
    ]
    assert set(titles["public"]) <= {
        "Appeals received, by country",
        "Appeals received, by kind of incident",
        "Open cases at the end, by status",
    }


def test_trends_are_counted_as_the_months_are(made: Make) -> None:
    trends = json.loads(made("json").read_text(encoding="utf-8"))["trends"]
    figures = json.loads(made("json").read_text(encoding="utf-8"))
    assert [month["month"] for month in trends["months"]][::12] == ["2025-10", "2026-10"]
    assert trends["months"][-1]["received"] == figures["received"]["total"]
    assert trends["months"][-1]["closed"] == figures["closed"]["total"]
    assert trends["months"][-2]["received"] == figures["previous"]["received"]["total"]
    assert trends["months"][0]["received"] == figures["year_before"]["received"]["total"]
    assert sum(trends["groups"].values()) == figures["received"]["total"]


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["bars", "columns"]))
def test_every_bar_stays_inside_its_picture_and_is_as_long_as_its_number(values: list[int | None], kind: str) -> None:
    months = tuple(f"{2025 + index // 12}-{index % 12 + 1:02}" for index in range(len(values)))
    series = Series("n", tuple(values), tuple("<5" if value is None else str(value) for value in values))
    svg = ElementTree.fromstring(chart_to_svg(Chart(kind, "t", "d", months, (series,)), "c"))  # type: ignore[arg-type]
    height = float(svg.attrib["height"])
    bars = [bar for bar in svg.findall(f"{SVG}rect") if not (kind == "columns" and bar.get("width") == "12")]
    sizes = []
    for bar in bars:
        x, y, wide, tall = (float(bar.attrib[name]) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= WIDTH + 0.1
        assert 0 <= y <= y + tall <= height
        sizes.append(wide if kind == "bars" else tall)
    drawn = [value for value in values if value]
    unit = max(sizes, default=0) / max(drawn, default=1)
    wanted = [value * unit for value in drawn]
    if kind == "bars":
        wanted = [length for length in wanted if length >= 0.05]  # less than that is no line on any paper
    assert len(sizes) == len(wanted)
    assert all(abs(size - length) <= 0.11 for size, length in zip(sizes, wanted, strict=True))


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_words_are_words_in_a_chart(word: str) -> None:
    for index, block in enumerate(a_page(word).blocks):
        if isinstance(block, Chart):
            svg = ElementTree.fromstring(chart_to_svg(block, f"c{index}"))
            assert {node.tag.removeprefix(SVG) for node in svg.iter()} <= {
                "svg",
                "title",
                "desc",
                "text",
                "rect",
                "line",
                "pattern",
            }
            assert not any(
                name.startswith("on") or name.endswith("href") or name == "style"
                for node in svg.iter()
                for name in node.attrib
            )


def test_a_chart_says_what_it_is_to_ears_and_is_not_told_by_colour_alone() -> None:
    chart = next(block for block in a_page("w").blocks if isinstance(block, Chart) and block.kind == "columns")
    svg = ElementTree.fromstring(chart_to_svg(chart, "c7"))
    assert svg.attrib["role"] == "img"
    named = {node.attrib["id"]: node.text for node in svg if "id" in node.attrib and node.tag != f"{SVG}pattern"}
    assert svg.attrib["aria-labelledby"].split() == list(named) == ["c7-title", "c7-desc"]
    assert list(named.values()) == ["M", "w"]
    fills = {node.attrib["fill"] for node in svg.findall(f"{SVG}rect")}
    assert fills == {"#0072b2", "url(#c7-hatch)"}


def test_html_and_pdf_draw_the_same_svg(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the PDF is given as data stands in the HTML letter by letter."""
    from solidarity_cli.render.html import page_to_html
    from solidarity_cli.render.pdf import page_data

    page = a_page("w")
    pairs = [block for block in page_data(page)["blocks"] if block["kind"] == "pair"]
    assert len(pairs) == 2
    for pair in pairs:
        assert pair["chart"]["svg"] in page_to_html(page)

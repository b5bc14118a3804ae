"""The sample register in every format, made once; and a page with words that would act if they could."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from solidarity_cli.reports.pages.page import (
    Bullets,
    Chart,
    Definitions,
    DisplayValue,
    Heading,
    Page,
    Paragraph,
    Quote,
    Series,
    Table,
)
from tests.support.program import CHECKOUT, run_at

ROOT = CHECKOUT
FORMATS = ("screen", "md", "html", "pdf", "xlsx", "csv", "json")

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def made(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """`made("pdf", "public", "ru")`: the report of October 2026 as a file of that format, made once."""
    folder = tmp_path_factory.mktemp("reports")

    def report(form: str, audience: str = "internal", language: str = "en") -> Path:
        file = folder / f"{audience}.{language}.{form}"
        if not file.exists():
            asked = ("--month", "2026-10", "--audience", audience, "--language", language, "--format", form)
            answer = run_at(sample, "report", *asked, "-o", str(file))
            assert answer.exit_code == 0, answer.err
        return file

    return report


def a_page(word: str) -> Page:
    """A page with every kind of block, and somebody's word in each place where one can stand."""
    rows = (
        (word, 1, DisplayValue("3 October 2026", date(2026, 10, 3))),
        (None, "<5", word),
        ("Д", DisplayValue("6,5", 6.5), None),
    )
    series = Series(f"n {word}", (1, None, 6), ("1", "<5", word))
    return Page(
        title=f"T {word}",
        subtitle=word,
        blocks=(
            Heading(f"H {word}"),
            Paragraph(word),
            Quote(f"{word}\nsecond line"),
            Bullets((word, "two")),
            Definitions(((f"term {word}", word),)),
            Chart("bars", f"C {word}", word, (word, "–", "Д"), (series,)),
            Table(f"caption {word}", ("a", f"b {word}", "c"), rows, numeric=(1,)),
            Chart("columns", "M", word, ("2025-12", "2026-01"), (Series("x", (3, 0), ("3", "0")),) * 2),
            Table("", ("month", "x"), (("December 2025", 3), ("January 2026", 0)), numeric=(1,)),
        ),
        language="en",
        dated=date(2026, 10, 31),
    )

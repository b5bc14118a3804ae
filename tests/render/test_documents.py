"""HTML, PDF and workbook as documents: nothing in them acts, nothing is loaded, ears can follow, bytes stay."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from base64 import b64encode
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.render.escape import clean
from solidarity_cli.render.file_formats import page_as
from solidarity_cli.render.html import page_to_html
from solidarity_cli.render.pdf import page_to_pdf
from solidarity_cli.render.xlsx import page_to_xlsx
from solidarity_cli.reports.pages.page import Heading, Page, Paragraph, Table
from tests.support.reading_back import from_pdf
from tests.support.rendering import Make, a_page

MARKUP = (
    "<script>alert(1)</script>\"'&amp; [x](http://a.example) =1+1 #set page() $x$ \x1b[31m \u202eevil ]]> --> </svg>"
)
WORDS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(list(MARKUP))), max_size=40)
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class _Tags(HTMLParser):
    """The tags, attributes and text of an HTML file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(sorted(attributes))) for tag, attributes in _Tags(page_to_html(page)).tags]


@given(WORDS)
def test_no_word_becomes_markup_in_html(word: str) -> None:
    wanted = [one for one in _shape(a_page("word")) if one[0] not in ("br", "rect", "li", "p")]
    assert [one for one in _shape(a_page(word)) if one[0] not in ("br", "rect", "li", "p")] == wanted
    assert clean(word).strip() in "".join(_Tags(page_to_html(a_page(word))).text)


def test_html_loads_nothing_and_its_policy_says_so(made: Make) -> None:
    text = made("html").read_text(encoding="utf-8")
    tags = _Tags(text).tags
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in tags}
    for _, attributes in tags:
        assert not any(name.startswith("on") or name in ("src", "style", "action") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    assert not re.search(r"url\(|@import", style[1])
    policy = next(attributes["content"] for _, attributes in tags if attributes.get("http-equiv"))
    fingerprint = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("language", ["en", "ru", "de"])
def test_html_has_a_language_landmarks_headings_in_order_captions_and_scopes(made: Make, language: str) -> None:
    tags = _Tags(made("html", "internal", language).read_text(encoding="utf-8")).tags
    names = [tag for tag, _ in tags]
    assert next(attributes for tag, attributes in tags if tag == "html")["lang"] == language
    assert (names.count("main"), names.count("header"), names.count("h1")) == (1, 1, 1)
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert names.count("table") == names.count("caption") > 10
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    first = next(attributes for tag, attributes in tags if tag == "a")
    assert (first["class"], first["href"]) == ("skip", "#content")
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_pdf_is_tagged_for_ears_with_its_fonts_inside(made: Make) -> None:
    reader = PdfReader(made("pdf", "internal", "ru"))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("ru", True)
    assert re.search(r"<pdfuaid:part>\s*1\s*</pdfuaid:part>", root["/Metadata"].get_data().decode())
    assert reader.metadata is not None
    assert (reader.metadata.title or "").startswith("Отчёт о помощи и солидарности: октябрь 2026")
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    for font in fonts.values():
        below = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(below)
    assert "Отчёт о помощи и солидарности" in reader.pages[0].extract_text()


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from(list("abЖя <>&\"'\\#$*_@[](){}/`=~^-+1.:;|\t\n\u202e")), min_size=1, max_size=40))
def test_no_word_becomes_markup_in_pdf(word: str) -> None:
    rows = from_pdf(page_to_pdf(a_page(word)))
    assert len(rows) == 4 + 3
    squeezed = re.sub(r"\s", "", clean(word))
    assert squeezed in (re.sub(r"\s", "", rows[1][0]), "")


@pytest.mark.parametrize(
    ("letter", "named"),
    [
        ("😀", "U+1F600 (GRINNING FACE)"),
        ("中", "U+4E2D (CJK UNIFIED IDEOGRAPH-4E2D)"),
        ("a\u1abe", "U+1ABE (COMBINING PARENTHESES OVERLAY)"),
    ],
)
def test_a_letter_without_a_glyph_is_named_with_its_place_and_none_of_the_words(letter: str, named: str) -> None:
    with pytest.raises(ExternalError) as trouble:
        page_to_pdf(a_page(f"Zvontsova {letter}"))
    said = str(trouble.value) + trouble.value.hint
    assert f"the fonts of the PDF lack the letter {named}, in the title of the page" in said
    assert "Zvontsova" not in said
    assert "--format html" in trouble.value.hint


def test_a_letter_without_a_glyph_is_told_with_the_records_in_which_it_stands() -> None:
    rows = tuple(
        (f"SG-2026-K7QX4{end}", f"Zvontsova {letter}") for end, letter in zip("MNPQRS", "x中x中中中", strict=True)
    )
    table = Table("Cases", ("Case", "Title"), rows)
    with pytest.raises(ExternalError) as trouble:
        page_to_pdf(Page("T", "", (Heading("Cases"), table), "en", date(2026, 10, 31)))
    assert trouble.value.message == (
        "the fonts of the PDF lack the letter U+4E2D (CJK UNIFIED IDEOGRAPH-4E2D), "
        "in SG-2026-K7QX4N, SG-2026-K7QX4Q, SG-2026-K7QX4R and 1 more"
    )
    assert trouble.value.hint.endswith("; or take the letter out: solidarity edit SG-2026-K7QX4N --set title=…")


def test_a_title_of_four_thousand_letters_fits_every_format() -> None:
    page = a_page("Ж" * 4000)
    assert page_to_pdf(page).startswith(b"%PDF")
    assert "Ж" * 4000 in page_to_html(page)
    cell = load_workbook(BytesIO(page_to_xlsx(page))).worksheets[1]["A4"].value
    assert cell == "Ж" * 4000
    longer = load_workbook(BytesIO(page_to_xlsx(a_page("Ж" * 40_000)))).worksheets[1]["A4"].value
    assert str(longer).endswith("Ж …")


@settings(max_examples=25, deadline=None)
@given(
    st.one_of(
        WORDS, st.sampled_from(["=1+1", "+375 29", "-x", "@a", "http://a.example", "mailto:a@b.example", "1e5", "{=1}"])
    )
)
def test_no_word_acts_in_a_workbook(word: str) -> None:
    data = page_to_xlsx(a_page(word))
    with ZipFile(BytesIO(data)) as parts:
        everything = {name: parts.read(name).decode() for name in parts.namelist()}
    sheets = [text for name, text in everything.items() if "/worksheets/" in name]
    assert not any("<f>" in text or "<f " in text or "hyperlink" in text for text in sheets)
    assert not any("hyperlink" in text or "externalLink" in text for text in everything.values())
    cell = load_workbook(BytesIO(data)).worksheets[1]["A4"]
    assert cell.data_type in ("s", "n" if not word else "s")
    assert (cell.value or "") == clean(word)


def test_numbers_and_days_are_real_ones_in_a_workbook(made: Make) -> None:
    book = load_workbook(BytesIO(page_to_xlsx(a_page("w"))))
    sheet = book.worksheets[1]
    assert [sheet[place].value for place in ("B4", "B5", "B6")] == [1, "<5", 6.5]
    assert sheet["C4"].is_date
    assert sheet["C4"].value.isoformat() == "2026-10-03T00:00:00"
    report = load_workbook(made("xlsx"))
    assert len(report.sheetnames) == len({name.casefold() for name in report.sheetnames}) > 15
    cases = next(sheet for sheet in report.worksheets if "Cases counted" in sheet.title)
    assert all(isinstance(cell.value, datetime) for cell in cases["C"][3:])


def test_sheets_of_tables_with_one_name_and_forbidden_letters_are_told_apart() -> None:
    tables = tuple(Table("a/b:c?[x]*\\' " + "long " * 10, ("h",), (("x",),)) for _ in range(3))
    book = load_workbook(BytesIO(page_to_xlsx(Page("t", "", (Paragraph("p"), *tables), "en"))))
    assert len(set(book.sheetnames)) == 4


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx", "md", "csv", "json", "screen"])
def test_the_same_commit_gives_the_same_bytes_on_another_day_and_machine(
    sample: Path, program: str, tmp_path: Path, form: str
) -> None:
    def made(name: str, **world: str) -> bytes:
        asked = ["report", "--month", "2026-09", "--as-of", "HEAD", "--format", form, "-o", str(tmp_path / name)]
        subprocess.run([program, *asked], cwd=sample, env={**os.environ, **world}, check=True, capture_output=True)
        return (tmp_path / name).read_bytes()

    first = made("one", SOLIDARITY_TODAY="2026-10-31", TZ="UTC", PYTHONHASHSEED="1")
    assert first == made("two", SOLIDARITY_TODAY="2031-02-03", TZ="Asia/Kathmandu", PYTHONHASHSEED="2", LC_ALL="C")
    assert len(first) > 1000


@pytest.mark.parametrize(("form", "package"), [("pdf", "typst"), ("xlsx", "xlsxwriter")])
def test_a_missing_package_is_told_with_the_command_that_brings_it(
    form: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ExternalError) as trouble:
        page_as(a_page("w"), form)
    assert str(trouble.value) == f"the package {package} is not installed, which makes {form} files"
    assert trouble.value.hint == "pip install 'solidarity-register[reports]'"

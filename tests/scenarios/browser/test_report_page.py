"""The HTML report in a real browser, headless: it asks for nothing, fits a phone, and axe-core finds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from solidarity_cli.render.html import page_to_html
from tests.support.rendering import Make, a_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)")

# Chromium asks its maker for nothing while it is tested; a container's root has no sandbox to give it.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Shown:
    """A file open in a window: what was asked for meanwhile, and what the console said."""

    def __init__(self, browser: Any, file: Path, width: int, scheme: str, *, bypass_csp: bool = False) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=bypass_csp
        )
        self.page = context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.goto(file.as_uri())


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_no_request_leaves_the_page_and_the_policy_refuses_nothing_of_it(
    browser: Any, made: Make, audience: str
) -> None:
    file = made("html", audience, "ru")
    shown = Shown(browser, file, 1280, "light")
    assert shown.asked == [file.as_uri()]
    assert shown.said == []
    # The style was let in by its fingerprint: without it the page would have no blue line.
    assert shown.page.evaluate("getComputedStyle(document.querySelector('h2')).borderTopStyle") == "solid"


def test_words_that_would_load_or_run_something_do_not(browser: Any, tmp_path: Path) -> None:
    word = "<script>document.title='x'</script><img src=http://127.0.0.1:9/x onerror=document.title='x'><link rel=stylesheet href=http://127.0.0.1:9/y>"
    file = tmp_path / "page.html"
    file.write_text(page_to_html(a_page(word)), encoding="utf-8")
    shown = Shown(browser, file, 1280, "light")
    assert shown.asked == [file.as_uri()]
    assert shown.page.title().startswith("T <script>")
    # Even markup that came in by another way: the policy holds it back.
    file.write_text(
        page_to_html(a_page("w")).replace("</main>", f"{word}<p style='color:red'>p</p></main>"), encoding="utf-8"
    )
    shown = Shown(browser, file, 1280, "light")
    assert shown.page.title() == "T w"
    assert len(shown.said) >= 4
    assert all("Content Security Policy" in message for message in shown.said)


@pytest.mark.parametrize("language", ["en", "ru", "de"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_scrolls_sideways_but_a_table_in_its_box(browser: Any, made: Make, language: str, width: int) -> None:
    page = Shown(browser, made("html", "internal", language), width, "light").page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".scroll").count() > 10
    assert page.evaluate(
        "[...document.querySelectorAll('svg')].every(svg => svg.getBoundingClientRect().right <= innerWidth)"
    )
    small = "[...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height)"
    assert min(page.evaluate(small)) >= 10  # a chart is drawn for the width of a phone, not shrunk to it


def test_a_chart_stands_beside_its_table_where_there_is_room(browser: Any, made: Make) -> None:
    place = "[...document.querySelectorAll('.pair')].map(p => [...p.children].map(c => Math.round(c.getBoundingClientRect().top)))"
    wide = Shown(browser, made("html"), 1280, "light").page.evaluate(place)
    narrow = Shown(browser, made("html"), 360, "light").page.evaluate(place)
    assert len(wide) == 5
    assert all(abs(chart - table) < 5 for chart, table in wide)
    assert all(table > chart + 50 for chart, table in narrow)


def test_the_keyboard_reaches_the_skip_link_first_and_then_the_content(browser: Any, made: Make) -> None:
    page = Shown(browser, made("html"), 1280, "light").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(("audience", "language"), [("internal", "ru"), ("public", "de"), ("internal", "en")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, made: Make, audience: str, language: str, scheme: str) -> None:
    shown = Shown(browser, made("html", audience, language), 360 if scheme == "dark" else 1280, scheme, bypass_csp=True)
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    shown.page.evaluate(axe)
    answer = shown.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in answer["violations"]] == []
    assert len(answer["passes"]) > 15


def test_dark_is_dark_and_print_is_paper(browser: Any, made: Make) -> None:
    page = Shown(browser, made("html"), 1280, "dark").page
    background = "getComputedStyle(document.documentElement).backgroundColor"
    bar = "getComputedStyle(document.querySelector('.bar')).fill"
    assert page.evaluate(background) == "rgb(22, 24, 27)"
    assert page.evaluate(bar) == "rgb(86, 180, 233)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    assert page.evaluate(bar) == "rgb(0, 114, 178)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_the_structure_that_was_looked_at(browser: Any, made: Make) -> None:
    """What stood in the pictures when they were looked at: sections in order, five charts, each with its bars."""
    page = Shown(browser, made("html"), 1280, "light").page
    assert page.locator("h2").all_inner_texts() == [
        "At a glance", "Month by month", "Appeals received", "Decisions", "Actions done", "Referrals", "Cases closed",
        "Open cases at the end", "Members under pressure in twelve months", "Waiting too long", "The coming month",
        "Cases counted in this report", "What the counts mean",
    ]  # fmt: skip
    assert page.locator("figure svg[role=img]").count() == 5
    assert (
        min(page.evaluate("[...document.querySelectorAll('figure svg')].map(s => s.querySelectorAll('.bar').length)"))
        >= 3
    )
    assert page.get_by_role("img", name="Open cases at the end, by status").count() == 1
    assert page.get_by_role("table", name="By kind of incident").first.get_by_role("row").count() > 5

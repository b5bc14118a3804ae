"""A page in one of the formats that a file can have: which there are, and what each needs."""

from __future__ import annotations

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.reports.pages.page import Page

FORMATS = ("md", "html", "pdf", "xlsx")
"""The formats that a page can be written in; each is a file name's ending too."""

BINARY = frozenset({"pdf", "xlsx"})
"""What no terminal can show."""


def page_as(page: Page, form: str) -> bytes:
    """The page in one of `FORMATS`. Raises ExternalError where the package is missing that makes it."""
    try:
        match form:
            case "html":
                from solidarity_cli.render.html import page_to_html

                return page_to_html(page).encode()
            case "pdf":
                from solidarity_cli.render.pdf import page_to_pdf

                return page_to_pdf(page)
            case "xlsx":
                from solidarity_cli.render.xlsx import page_to_xlsx

                return page_to_xlsx(page)
            case _:
                from solidarity_cli.render.markdown import page_to_markdown

                return page_to_markdown(page).encode()
    except ModuleNotFoundError as error:
        raise ExternalError(
            f"the package {error.name} is not installed, which makes {form} files",
            hint="pip install 'solidarity-register[reports]'",
        ) from None

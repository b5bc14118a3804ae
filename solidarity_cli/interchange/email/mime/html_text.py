"""HTML as readable plain text. Nothing is fetched; what a reader of the mail would not see is dropped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLANK_AROUND = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "hr"}
_NEW_LINE = {
    "address", "article", "aside", "br", "center", "dd", "div", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "header", "li", "main", "nav", "section", "summary", "tr",
}  # fmt: skip
_NEVER_SHOWN = {"head", "script", "style", "template", "title", "object", "audio", "video", "svg", "select"}
_NO_END = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%)?(?:;|$|!)", re.I)
_SHOWN_ADDRESS = re.compile(r"(?:https?|ftp|mailto|tel|xmpp|sgnl):", re.I)


LONGEST = 4_000_000
"""The longest HTML text that is read, in characters."""

_DEEPEST = 8


def readable(html: str) -> str:
    """The words of an HTML text, with line breaks, list marks, quotation marks `>`, and the addresses of links.

    Of more than LONGEST characters of markup the rest is left out; pictures inside it do not count.
    """
    prepared = _prepared(html)
    reader = _Reader(hide=True)
    reader.read(prepared)
    if reader.hidden is not None or not reader.page.text().strip():
        # An area that hides and never ends would swallow the appeal: better too much than nothing.
        reader = _Reader(hide=False)
        reader.read(prepared)
    return reader.page.text()


def _prepared(html: str) -> str:
    """HTML whose every tag ends: the standard parser takes minutes over a few thousand tags that do not."""
    without_pictures = re.sub(r"([\"'])data:[^\"'<>]*", r"\1", html)
    without_comments = re.sub(r"<!--.*?(?:-->|\Z)", "", without_pictures[:LONGEST], flags=re.S)
    without_declarations = re.sub(r"<[!?][^<>]*>", "", without_comments)
    return re.sub(r"<(?![^<>]*>)", "&lt;", without_declarations)


class _Page:
    """Lines of text as they grow; a line begins with the quotation marks it stands under."""

    def __init__(self) -> None:
        self.quotes = 0
        self.verbatim = 0
        self._lines: list[str] = []
        self._line: list[str] = []

    @property
    def at_start(self) -> bool:
        return not self._line

    def text(self) -> str:
        return "\n".join([*self._lines, "".join(self._line)])

    def put(self, text: str) -> None:
        """Add to the line as it is."""
        if text:
            self._line.append(text if self._line else "> " * min(self.quotes, _DEEPEST) + text)

    def write(self, text: str) -> None:
        """Add running text: blanks and line breaks are single blanks, but for preformatted text."""
        if self.verbatim:
            first, *more = text.split("\n")
            self.put(first)
            for line in more:
                self.end_line()
                self.put(line)
            return
        words = re.sub(r"[\s\xa0]+", " ", text.replace("\u200b", "").replace("\u034f", ""))
        self.put(words.removeprefix(" ") if self.at_start or self._line[-1].endswith(" ") else words)

    def end_line(self) -> None:
        self._lines.append("".join(self._line).rstrip())
        self._line = []

    def fresh_line(self, *, blank_before: bool) -> None:
        if self._line:
            self.end_line()
        if blank_before and self._lines and self._lines[-1]:
            self._lines.append("")

    def mark(self) -> tuple[int, int]:
        return len(self._lines), len(self._line)

    def since(self, mark: tuple[int, int]) -> str:
        lines, pieces = mark
        if lines == len(self._lines):
            return "".join(self._line[pieces:])
        return " ".join([*self._lines[lines : lines + 20], *self._line])


class _Reader(HTMLParser):
    """Turns tags into what the page shows; knows whether it is inside something hidden."""

    def __init__(self, *, hide: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.hide = hide
        self.hidden: str | None = None
        self.page = _Page()
        self._nested = 0
        self._lists: list[int] = []
        self._links: list[tuple[str, tuple[int, int]]] = []

    def read(self, html: str) -> None:
        try:
            self.feed(html)
            self.close()
        except AssertionError:  # the standard parser on some malformed declarations
            self.page.write(re.sub(r"<[^<>]*>", " ", html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden is not None:
            self._nested += tag == self.hidden
            return
        values = {name: value or "" for name, value in attrs}
        if tag in _NEVER_SHOWN or (self.hide and _is_hidden(values)):
            if tag not in _NO_END and (self.hide or tag in {"script", "style"}):
                self.hidden, self._nested = tag, 1
            return
        self._open(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden is not None:
            self._nested -= tag == self.hidden
            self.hidden = self.hidden if self._nested else None
            return
        match tag:
            case "a" if self._links:
                self._close_link(*self._links.pop())
            case "ul" | "ol" if self._lists:
                self._lists.pop()
            case "pre":
                self.page.verbatim = max(0, self.page.verbatim - 1)
        if tag != "br":
            self._break(tag)
        if tag == "blockquote":
            self.page.quotes = max(0, self.page.quotes - 1)

    def handle_data(self, data: str) -> None:
        if self.hidden is None:
            self.page.write(data)

    def _open(self, tag: str, values: dict[str, str]) -> None:
        self._break(tag)
        match tag:
            case "a":
                self._links.append((values.get("href", ""), self.page.mark()))
            case "blockquote":
                self.page.quotes += 1
            case "ul" | "ol":
                self._lists.append(0 if tag == "ol" else -1)
            case "li":
                self.page.put(self._bullet())
            case "td" | "th" if not self.page.at_start:
                self.page.put("  ")
            case "pre":
                self.page.verbatim += 1
            case "img" if values.get("alt", "").strip():
                self.page.write(f"[{values['alt'].strip()}]")

    def _bullet(self) -> str:
        indent = "  " * min(max(0, len(self._lists) - 1), _DEEPEST)
        if not self._lists or self._lists[-1] < 0:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1]}. "

    def _break(self, tag: str) -> None:
        if tag == "br":
            self.page.end_line()
        elif tag in _NEW_LINE | _BLANK_AROUND:
            inside_list = tag in {"ul", "ol"} and len(self._lists) > 0
            self.page.fresh_line(blank_before=tag in _BLANK_AROUND and not inside_list)

    def _close_link(self, href: str, mark: tuple[int, int]) -> None:
        if not _SHOWN_ADDRESS.match(href):
            return
        shown = self.page.since(mark)
        address = href.strip().removeprefix("mailto:")
        if _bare(address) not in _bare(shown):
            self.page.write(f" ({address})" if shown.strip() else address)


def _is_hidden(values: dict[str, str]) -> bool:
    return "hidden" in values or bool(_HIDDEN.search(re.sub(r"\s", "", values.get("style", ""))))


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?|[/\s]+$", "", address.strip().lower())

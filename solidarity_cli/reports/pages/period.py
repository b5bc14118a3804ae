"""Figures of a period -> a page in one language. It knows no format, and adds nothing that the figures do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solidarity_cli.core.titles import title_in
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.counted_records import PUBLIC
from solidarity_cli.reports.counting.figures import Breakdown, Decided
from solidarity_cli.reports.counting.internal_lists import Ahead
from solidarity_cli.reports.pages.charts import CHARTED, CHARTED_IN_PUBLIC, by_month, by_region, days_waited
from solidarity_cli.reports.pages.overview_table import overview
from solidarity_cli.reports.pages.page import Block, Definitions, Heading, Page, PageCell, Paragraph, Table
from solidarity_cli.reports.pages.period_tables import section
from solidarity_cli.reports.pages.wording import Names, Wording
from solidarity_cli.reports.period.repeat_command import command
from solidarity_cli.reports.period.report import PeriodFigures

MEANINGS = ("received", "decided", "actions", "referrals", "closed", "open")


def period_page(figures: PeriodFigures, words: Vocabulary, names: Names, language: str) -> Page:
    """The report as a page. Raises KeyError for a language other than en, ru, de."""
    sheet = _PageBuilder(figures, Wording(words, names, language))
    return Page(
        title=sheet.wording.say("title", period=sheet.wording.title(figures.period)),
        subtitle=sheet.wording.say(f"audience.{figures.audience}"),
        blocks=tuple(sheet.blocks()),
        language=language,
        dated=figures.period.last,
    )


@dataclass(frozen=True, slots=True)
class _PageBuilder:
    """One report on its way to paper."""

    figures: PeriodFigures
    wording: Wording

    def blocks(self) -> Iterator[Block]:
        figures = self.figures
        if figures.as_of:
            key = "lies-ahead" if figures.lies_ahead else "not-over"
            yield Paragraph(self.wording.say(key, day=self.wording.names.day(figures.as_of.isoformat())))
        yield self._head()
        if not figures.lies_ahead:
            yield from overview(self.wording, figures.now, figures.previous, figures.year_before)
        if figures.changed:
            from solidarity_cli.reports.pages.comparison import comparison_blocks

            is_of_this_period = figures.changed.period == figures.period
            yield from comparison_blocks(self.wording, figures.changed, is_of_this_period=is_of_this_period)
        if not figures.lies_ahead:
            yield from self._counts()
        if figures.audience != PUBLIC:
            yield from self._waiting()
            yield from self._ahead()
        if figures.audience != PUBLIC and not figures.lies_ahead:
            yield from self._cases()
        yield from self._meaning()

    def _counts(self) -> Iterator[Block]:
        figures, now, before = self.figures, self.figures.now, self.figures.previous
        if figures.trends:
            yield from by_month(self.wording, figures.trends)
        yield from self._section("received", now.received, before.received)
        if figures.trends:
            yield from by_region(self.wording, figures.trends)
        yield from self._section("decided", _as_breakdown(now.decided), _as_breakdown(before.decided))
        if figures.trends:
            yield from days_waited(self.wording, figures.trends)
        yield from self._section("actions", now.actions, before.actions)
        for name in ("referrals", "closed", "open"):
            this: Breakdown | None = getattr(now, name)
            if this:
                yield from self._section(name, this, getattr(before, name))
        yield from self._section("pressure", figures.pressure, None)

    def _section(self, name: str, now: Breakdown, before: Breakdown | None) -> Iterator[Block]:
        charted = CHARTED_IN_PUBLIC if self.figures.audience == PUBLIC else CHARTED
        return section(self.wording, name, now, before, charted)

    def _head(self) -> Block:
        figures, say = self.figures, self.wording.say
        pairs = [
            (say("period"), self.wording.days(figures.period)),
            (say("register"), figures.register),
            (say("contact"), figures.contact),
            (say("made-from"), self.wording.source_line(figures.made_from)),
            (say("made-with"), figures.made_from.program),
            (say("again"), command(figures, self.wording.language)),
        ]
        return Definitions(tuple(pair for pair in pairs if pair[1]))

    def _waiting(self) -> Iterator[Block]:
        say, words = self.wording.say, self.wording
        rows = tuple(
            (
                item.id,
                self._title(item.title),
                words.label("urgency", item.urgency) if item.urgency else None,
                item.days,
            )
            for item in self.figures.waiting
        )
        yield from self._list("waiting", (say("id"), say("case"), say("urgency"), say("days-waited")), rows, (3,))

    def _ahead(self) -> Iterator[Block]:
        say, wording = self.wording.say, self.wording
        rows = tuple(
            (wording.day(item.date), item.id, self._title(item.title), self._what(item), self._state(item))
            for item in self.figures.ahead
        )
        columns = (say("date"), say("id"), say("case"), say("what"), say("state"))
        yield from self._list("ahead", columns, rows)

    def _title(self, title: str) -> str:
        return title_in(title, self.wording.words, self.wording.language)

    def _what(self, item: Ahead) -> str:
        if not item.what:
            return self.wording.say(f"kind.{item.kind}.bare")
        vocabulary = "hearing-kind" if item.kind == "hearing" else "deadline"
        label = self.wording.words.label(vocabulary, item.what, self.wording.language)
        return self.wording.say(f"kind.{item.kind}", what=label)

    def _state(self, item: Ahead) -> str:
        if item.kind == "deadline":
            return self.wording.say("state.open")
        return self.wording.words.label("hearing-state", item.state, self.wording.language)

    def _cases(self) -> Iterator[Block]:
        say, words = self.wording.say, self.wording
        rows = tuple(
            (
                item.id,
                self._title(item.title),
                words.day(item.received),
                words.label("decision", item.decision) if item.decision else None,
                words.label("status", item.status),
            )
            for item in self.figures.cases
        )
        columns = (say("id"), say("case"), say("received-on"), say("decision"), say("status"))
        yield from self._list("cases", columns, rows)

    def _list(
        self, name: str, columns: tuple[str, ...], rows: tuple[tuple[PageCell, ...], ...], numeric: tuple[int, ...] = ()
    ) -> Iterator[Block]:
        yield Heading(self.wording.say(name))
        if rows:
            yield Table(self.wording.say(name), columns, rows, numeric)
        else:
            yield Paragraph(self.wording.say(f"none.{name}"))

    def _meaning(self) -> Iterator[Block]:
        say, is_public = self.wording.say, self.figures.audience == PUBLIC
        yield Heading(say("meaning"))
        if self.figures.lies_ahead:
            yield Definitions(((say("waiting"), say("meaning.waiting")),))
            return
        yield Paragraph(say("meaning.dates"))
        pairs = [(say(name), say(f"meaning.{name}")) for name in MEANINGS if not (is_public and name == "open")]
        pairs.append((say("pressure"), say("meaning.pressure.public" if is_public else "meaning.pressure")))
        if not is_public:
            pairs.append((say("waiting"), say("meaning.waiting")))
        yield Definitions(tuple(pairs))
        if is_public:
            n = self.figures.threshold
            yield Paragraph(say("meaning.public", n=n))
            if self.figures.period.whole_months > 1:
                yield Paragraph(say("meaning.longer", n=n))
            yield Paragraph(say("meaning.rounded", n=n))
            yield Paragraph(say("meaning.left-out"))


def _as_breakdown(decided: Decided) -> Breakdown:
    return Breakdown(decided.total, decided.by, decided.rounded_to)

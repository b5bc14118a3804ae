"""A calendar as bytes: whatever dates the records have, another hand reads the same, whole lines and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.model import Organisation
from solidarity_cli.render.calendar import Dated, to_ics
from solidarity_cli.reports.agenda import agenda, answer_due
from solidarity_cli.reports.calendar_feed import TITLES, calendar
from tests.support.calendar import events_of
from tests.support.figure_records import a_case, an_action, facts_of

TODAY = date(2026, 10, 31)
DAYS = st.dates(date(2026, 9, 1), date(2027, 3, 1))
OFFSETS = st.one_of(
    st.just("Z"), st.builds("{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59))
)
TIMES = st.builds(
    lambda day, hour, minute, second, offset: f"{day}T{hour:02}:{minute:02}{second}{offset}",
    DAYS, st.integers(0, 23), st.integers(0, 59), st.sampled_from(["", ":00", ":59"]), OFFSETS,
)  # fmt: skip
WHEN = st.one_of(
    DAYS.map(str), DAYS.map(lambda day: str(day)[:7]), st.sampled_from(["2026", "2027"]), TIMES,
    st.sampled_from(["0001-01-01T00:00+04:30", "0001-01-01T00:00+14:00", "0001", "9999", "9999-12-31T23:59-04:30"]),
)  # fmt: skip
STATES = st.sampled_from(["announced", "postponed", "held", "cancelled", ""])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(WHEN, WHEN | st.just(""), STATES), max_size=12), st.sampled_from(list(TITLES)))
def test_whatever_the_dates_another_hand_reads_the_same(found: list[tuple[str, str, str]], language: str) -> None:
    hearings = [
        {"id": f"h{number}", "at": at, "postponed_to": to, "state": state}
        for number, (at, to, state) in enumerate(found)
    ]
    facts = facts_of([a_case(hearings=hearings)], today=TODAY)
    shown = calendar(facts, 60).entries
    data = to_ics([Dated(one, 7, datetime(2026, 10, 30, 12, tzinfo=UTC)) for one in shown], language)
    assert data == to_ics([Dated(one, 7, datetime(2026, 10, 30, 12, tzinfo=UTC)) for one in shown], language)
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    events = events_of(data.decode())
    assert set(events) == {one.name for one in shown} >= {f"{x.case}.hearing.{x.record}" for x in agenda(facts, 60)}
    for one in shown:
        start, (first, last) = events[one.name].dtstart, bounds(one.when)
        if isinstance(start, datetime):
            assert start == datetime.fromisoformat(one.when)
        else:
            assert start == first
            assert last == date.max or events[one.name].dtend == last + timedelta(days=1)
        assert events[one.name].summary == f"{TITLES[language]['hearing']}, {one.case}"


def test_every_kind_of_date_has_a_title_in_every_language() -> None:
    from solidarity_cli.reports.agenda import KINDS

    assert all(set(titles) == set(KINDS) and all(titles.values()) for titles in TITLES.values())


def test_an_answer_in_more_days_than_there_are_is_never_due() -> None:
    slow = Organisation(id="slow-aid", name="Slow Aid", response_days=10**12)
    sent = an_action(type="referral", referral={"organisation": slow.id, "state": "sent"})
    assert answer_due(sent, facts_of([a_case()], [sent], directory=[slow])) is None

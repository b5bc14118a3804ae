"""`agenda --ics` by the front door: the same dates as the agenda, under names that last, and silent about people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.calendar import Read, ahead, day_of, events_of
from tests.support.program import Run

HELD = ("--country", "RU", "--subject-kind", "individual", "--incident", "arrest", "--received", "2026-10-30")
Good = Callable[..., None]


@pytest.fixture
def case(new_case: Callable[..., str]) -> str:
    return new_case(*HELD)


def test_every_date_of_the_agenda_is_an_event_and_the_other_way_round(
    run: Run, read: Read, good: Good, case: str, new_case: Callable[..., str]
) -> None:
    other = new_case("--country", "DE", "--incident", "search", "--received", "2026-09-01")
    good("hearing", case, "--at", "2026-11-10T10:00+03:00", "--kind", "merits")
    good("hearing", case, "--at", "2026-11-12")
    good("hearing", other, "--at", "2026-11", "--kind", "verdict")
    good("hearing", other, "--at", "2027-03-01")  # further ahead than asked
    good("edit", case, "--set", "deadlines.d1.date=2026-10-01", "--set", "deadlines.d1.what=appeal")
    good("edit", case, "--set", "retention.review=2026-11-20")
    good("consent", other, "--use", "publicity-person", "--answer", "granted", "--embargo", "2026-11-21")
    good(*["assess", other, "--decision", "more-information", "--reason", "Too little is known."],
         *["--risk-level", "high", "--risk-review", "2026-11-22"])  # fmt: skip
    items, events = json.loads(run("agenda", "--json").out), read()
    assert {item["kind"] for item in items} == {
        "hearing", "deadline", "retention-review", "embargo-ends", "risk-review"
    }  # fmt: skip
    listed = {
        (".".join(filter(None, (item["case"], item["kind"], item["record"]))).replace("risk-review.a1", "risk-review"))
        for item in items
    }
    assert listed == set(events)
    for item in items:
        name = ".".join(filter(None, (item["case"], item["kind"], item["record"])))
        event = events[name.replace("risk-review.a1", "risk-review")]
        assert item["date"].startswith(day_of(event).isoformat()[: len(item["date"])])
        assert re.fullmatch(rf"[A-Z][a-z ]+, {item['case']}", event.summary)
        assert (event.classification.value, event.status.value) == ("PRIVATE", "CONFIRMED")
        if "T" in item["date"]:
            assert event.dtstart == datetime.fromisoformat(item["date"])
            assert event.dtstart.tzinfo is not None
        else:
            assert type(event.dtstart) is type(event.dtend) is date
    month = events[f"{other}.hearing.h1"]
    assert (month.dtstart, month.dtend) == (date(2026, 11, 1), date(2026, 12, 1))


def test_a_postponed_hearing_moves_and_a_cancelled_one_says_so(read: Read, good: Good, case: str) -> None:
    good("hearing", case, "--at", "2026-11-10T10:00+03:00")
    seen = [read()[f"{case}.hearing.h1"]]
    for act in (
        ("--postpone", "h1", "--at", "2026-11-20T09:30+03:00"),
        ("--postpone", "h1"),
        ("--postpone", "h1", "--at", "2027-02-01"),  # far ahead, and still the old date is told that it moved
        ("--cancel", "h1"),
    ):
        good("hearing", case, *act)
        (event,) = read().values()
        seen.append(event)
    assert [event.uid for event in seen] == [seen[0].uid] * 5
    numbers = [event.sequence for event in seen]
    assert numbers == sorted(set(numbers))
    assert [str(event.dtstart)[:16] for event in seen] == [
        "2026-11-10 10:00",
        "2026-11-20 09:30",
        "2026-11-10 10:00",
        "2027-02-01",
        "2027-02-01",
    ]
    assert [event.status.value for event in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert [event.transparency for event in seen[2:]] == ["TRANSPARENT", "OPAQUE", "TRANSPARENT"]


def test_a_hearing_stays_for_thirty_days_after_it_was_held(
    read: Read, good: Good, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good("hearing", case, "--at", ahead(-30))
    good("hearing", case, "--at", ahead(-31))
    good("hearing", case, "--at", ahead(-60))  # nobody said how it ended: the agenda asks
    good("hearing", case, "--held", "h1")
    good("hearing", case, "--held", "h2")
    assert set(read()) == {f"{case}.hearing.h1", f"{case}.hearing.h3"}
    monkeypatch.setenv("SOLIDARITY_TODAY", "2026-11-01")
    assert set(read()) == {f"{case}.hearing.h3"}


def test_an_event_changes_only_with_its_case(
    run: Run, read: Read, good: Good, case: str, new_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good("hearing", case, "--at", "2026-11-10")
    first = run("agenda", "--ics", "-").out
    assert run("agenda", "--ics", "-").out == first
    monkeypatch.setenv("SOLIDARITY_TODAY", "2026-11-02")
    assert run("agenda", "--ics", "-").out == first
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-02T12:00:00+00:00")
    other = new_case("--country", "DE", "--incident", "search", "--received", "2026-11-02")
    assert run("agenda", "--ics", "-").out == first
    good("note", case, "Called back.")
    later, before = read()[f"{case}.hearing.h1"], events_of(first)[f"{case}.hearing.h1"]
    assert (later.sequence, later.dtstart) == (before.sequence + 1, before.dtstart)
    assert later.last_modified == later.dtstamp == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert other not in run("agenda", "--ics", "-").out


def test_a_change_that_is_in_no_commit_counts_as_the_one_it_will_be(
    register: Path, read: Read, good: Good, case: str, git: Callable[..., str]
) -> None:
    good("hearing", case, "--at", "2026-11-10")
    name, file = f"{case}.hearing.h1", register / "cases" / "2026" / f"{case}.yaml"
    before = read()[name]
    file.write_text(file.read_text(encoding="utf-8").replace("2026-11-10", "2026-11-11"), encoding="utf-8")
    unsaved = read()[name]
    git("commit", "--quiet", "-am", "moved")
    assert read()[name].sequence == unsaved.sequence == before.sequence + 1
    assert unsaved.dtstart == date(2026, 11, 11)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        ("2026-10-24T10:00+02:00", "Etc/GMT-2"),  # Berlin, the day before its clocks go back
        ("2026-10-26T10:00+01:00", "Etc/GMT-1"),  # Berlin, the day after
        ("2026-11-10T10:00+03:00", "Etc/GMT-3"),
        ("2026-11-10T10:00-05:00", "Etc/GMT+5"),
        ("2026-11-10T10:00+14:00", "Etc/GMT-14"),
        ("2026-11-10T10:00+04:30", ""),
        ("2026-11-10T10:00-13:00", ""),
        ("2026-11-10T10:00Z", ""),
        ("2026-11-10T00:30+03:00", "Etc/GMT-3"),
    ],
)
def test_a_time_keeps_its_instant_and_the_offset_it_was_told_with(
    run: Run, good: Good, case: str, at: str, zone: str
) -> None:
    good("hearing", case, "--at", at)
    text = run("agenda", "--ics", "-").out
    (event,) = events_of(text).values()
    assert event.dtstart == datetime.fromisoformat(at)
    assert re.findall(r"TZID[=:]([^:\r]+)", text) == ([zone, zone] if zone else [])
    if zone:
        assert event.dtstart.replace(tzinfo=None).isoformat() == at[:16] + ":00"
        offset = at[16:].replace(":", "")
        assert f"TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\n" in text


def test_titles_are_in_the_language_asked_for(run: Run, read: Read, good: Good, case: str) -> None:
    good("hearing", case, "--at", "2026-11-10")
    for language, word in (("en", "Hearing"), ("ru", "Заседание"), ("de", "Verhandlung")):
        assert read("--language", language)[f"{case}.hearing.h1"].summary == f"{word}, {case}"
    assert run("agenda", "--ics", "-", "--language", "fr").exit_code == 2
    assert run("agenda", "--language", "de").exit_code == 2
    assert run("agenda", "--ics", "-", "--json").exit_code == 2


def test_nothing_that_people_wrote_is_in_it(run: Run, good: Good, new_case: Callable[..., str], register: Path) -> None:
    secrets = [f"Zyx{number:02d}q" for number in range(40)]
    left = iter(secrets)
    case = new_case(
        *HELD, "--title", f"{next(left)} \\nATTACH:x", "--region", next(left), "--name", next(left),
        "--contact", next(left), "--narrative", f"{next(left)}\r\nATTACH:https://evil.example/{next(left)}",
    )  # fmt: skip
    good("hearing", case, "--at", "2026-11-10T10:00+03:00", "--kind", "verdict", "--access", "closed")
    private = ("safe_channel", "do_not_contact", "place", "charges", "court", "lawyer")
    for number, field in enumerate(private, 1):
        good("edit", case, "--set", f"private.{field}={next(left)}", "--set", f"deadlines.d{number}.date={ahead(number)}",
             "--set", f"deadlines.d{number}.what={next(left)};X=1:ATTACH:https://evil.example")  # fmt: skip
    good("assess", case, "--decision", "more-information", "--reason", next(left), "--risk-level", "high",
         "--risk-review", "2026-11-22", "--by", f"{next(left)} <{next(left)}@forum.example>")  # fmt: skip
    for one in left:
        good("note", case, f"{one}\r\nATTACH:{one}")
    stored = (register / "cases" / "2026" / f"{case}.yaml").read_text(encoding="utf-8")
    assert sum(one in stored for one in secrets) >= 38  # the author's name and address stand in git
    for language in ("en", "ru", "de"):
        text = run("agenda", "--ics", "-", "--language", language).out
        assert len(events_of(text)) == 8
        said = text.casefold()
        assert not [one for one in (*secrets, "attach", "evil", "verdict", "closed") if one.casefold() in said]
        assert not {"LOCATION", "DESCRIPTION", "URL", "ORGANIZER", "ATTENDEE", "CONTACT", "VALARM"} & _names(text)
        for word in ("solidarity", "Test Register", "forum", "coordinator", "Moscow", "RU"):
            assert word not in text


def _names(text: str) -> set[str]:
    return {re.split("[;:]", line)[0] for line in text.splitlines()}


def test_a_case_that_was_erased_or_whose_country_is_withheld_is_silent(
    run: Run, read: Read, good: Good, case: str, new_case: Callable[..., str]
) -> None:
    withheld = new_case("--country", "XX", "--incident", "arrest", "--received", "2026-10-30")
    for one in (case, withheld):
        good("hearing", one, "--at", "2026-11-10T10:00+03:00")
        good("hearing", one, "--at", "2026-11-11")
        good("hearing", one, "--cancel", "h2")
    answer = run("agenda", "--ics", "-")
    assert withheld not in answer.out
    assert "of erased cases or a withheld country: 1" in answer.err
    assert len(events_of(answer.out)) == 2
    good("erase", case, "--reason", "retention", "--confirm", case)
    answer = run("agenda", "--ics", "-")
    assert "VEVENT" not in answer.out
    assert case not in answer.out


def test_lines_are_folded_and_end_as_the_standard_says(register: Path, run: Run, good: Good, case: str) -> None:
    good("hearing", case, "--at", "2026-11-10T10:00+03:00")
    file = register.parent / "agenda.ics"
    assert run("agenda", "--ics", file, "--language", "ru").exit_code == 0
    data = file.read_bytes()
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert data.decode() == run("agenda", "--ics", "-", "--language", "ru").out


def test_a_file_is_the_callers_own_and_only_an_older_calendar_is_replaced(
    run: Run, good: Good, case: str, tmp_path: Path
) -> None:
    file = tmp_path / "agenda.ics"
    answer = run("agenda", "--ics", file)
    assert (answer.exit_code, answer.out) == (0, "")
    assert "by you only: 0" in answer.err
    file.chmod(0o644)
    good("hearing", case, "--at", "2026-11-10")
    assert "by you only: 1" in run("agenda", "--ics", file).err
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(events_of(file.read_text(encoding="utf-8"))) == 1
    before = sorted(tmp_path.iterdir())
    letter, link = tmp_path / "letter.txt", tmp_path / "link.ics"
    letter.write_text("Dear all", encoding="utf-8")
    link.symlink_to(file)
    for wrong in (letter, link, tmp_path, tmp_path / "nowhere" / "agenda.ics"):
        answer = run("agenda", "--ics", wrong)
        assert (answer.exit_code, answer.out) == (2, "")
        assert "--ics" in answer.err
    assert letter.read_text(encoding="utf-8") == "Dear all"
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == sorted([*before, letter, link])


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which nobody can write is wanted")
def test_a_file_that_cannot_be_written_is_told_in_words(run: Run) -> None:
    answer = run("agenda", "--ics", "/proc/agenda.ics")
    assert (answer.exit_code, answer.out) == (3, "")
    assert answer.err.startswith("error: the calendar cannot be written: ")


def test_without_the_extra_it_says_what_to_install(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "icalendar", None)
    answer = run("agenda", "--ics", tmp_path / "agenda.ics")
    assert answer.exit_code == 3
    assert "solidarity-register[calendar]" in answer.err
    assert not (tmp_path / "agenda.ics").exists()


def test_as_it_was_is_made_from_that_commit(run: Run, good: Good, case: str, git: Callable[..., str]) -> None:
    good("hearing", case, "--at", "2026-11-10")
    then, text = git("rev-parse", "HEAD").strip(), run("agenda", "--ics", "-").out
    good("hearing", case, "--cancel", "h1")
    assert run("agenda", "--ics", "-", "--as-of", then).out == text
    assert "CANCELLED" in run("agenda", "--ics", "-").out


def test_what_a_merge_brings_raises_the_number(read: Read, good: Good, case: str, git: Callable[..., str]) -> None:
    def number() -> Any:
        return read()[f"{case}.hearing.h1"].sequence

    good("hearing", case, "--at", "2026-11-10")
    git("switch", "--quiet", "-c", "aside")
    good("hearing", case, "--postpone", "h1", "--at", "2026-11-12")
    aside = number()
    git("switch", "--quiet", "main")
    good("note", case, "Called back.")
    here = number()
    git("merge", "--quiet", "-s", "ours", "aside", "-m", "merged")
    assert number() > max(aside, here)

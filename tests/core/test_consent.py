"""The permission for a use: the newest entry decides, and what nobody allowed is refused."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.model import Case, Consent, ConsentAnswer
from solidarity_cli.core.rules import Permission, effective
from tests.support.examples import record

USES = ("record", "share", "publicity-organisation", "publicity-person", "statistics")
ANSWERS = [answer.value for answer in ConsentAnswer]
FIRST = date(2026, 1, 1)

days = st.integers(0, 300).map(lambda number: (FIRST + timedelta(number)).isoformat())
entries = st.builds(
    Consent,
    id=st.sampled_from(["c1", "c2", "c3"]),
    given=st.one_of(days, st.just(""), st.just("2026-02-30")),
    uses=st.dictionaries(st.sampled_from(USES), st.sampled_from(ANSWERS)),
    share_with=st.lists(st.sampled_from(["eu", "un"]), unique=True).map(tuple),
    embargo_until=st.one_of(st.just(""), days),
    withdrawn=st.one_of(st.just(""), days, st.just("2026-02-30")),
)


def case_with(*consents: Consent) -> Case:
    plain = record("cases", "member-organisation", consent=[])
    made = Case.from_plain(plain)
    return Case(**{**{name: getattr(made, name) for name in made.__slots__}, "consents": consents})


@given(st.lists(entries, max_size=5), st.sampled_from(USES))
def test_a_use_that_no_entry_mentions_is_refused(consents: list[Consent], use: str) -> None:
    silent = [entry for entry in consents if use not in entry.uses]
    assert effective(case_with(*silent), use) == Permission(ConsentAnswer.REFUSED)


@given(st.lists(entries, max_size=5), st.sampled_from(USES), days)
def test_a_newer_answer_decides_whatever_came_before(consents: list[Consent], use: str, day: str) -> None:
    earlier = [entry for entry in consents if entry.given and entry.given < day and entry.given != "2026-02-30"]
    for answer in ANSWERS:
        newest = Consent("c9", given=day, uses={use: answer}, share_with=("coe",), embargo_until="2026-12-24")
        found = effective(case_with(newest, *earlier), use)
        assert found == Permission(ConsentAnswer(answer), "c9", ("coe",), "2026-12-24")


@given(st.lists(entries, max_size=5), st.sampled_from(USES), days, st.one_of(days, st.just("2026-02-30")))
def test_a_withdrawn_answer_revives_nothing(consents: list[Consent], use: str, day: str, withdrawn: str) -> None:
    earlier = [entry for entry in consents if entry.given and entry.given < day and entry.given != "2026-02-30"]
    newest = Consent("c9", given=day, uses={use: "granted"}, share_with=("eu",), withdrawn=withdrawn)
    found = effective(case_with(*earlier, newest), use)
    assert not found.is_granted
    assert found.withdrawn == withdrawn
    assert not found.share_with


@given(st.lists(entries, max_size=5), st.sampled_from(USES))
def test_a_refusal_without_a_day_is_the_newest(consents: list[Consent], use: str) -> None:
    assert not effective(case_with(Consent("c9", uses={use: "refused"}), *consents), use).is_granted


@given(st.lists(entries, max_size=5), st.sampled_from(USES), st.dates(FIRST, date(2026, 12, 31)))
def test_what_came_after_a_day_does_not_count_on_it(consents: list[Consent], use: str, day: date) -> None:
    asked = Consent("c8", given=FIRST.isoformat(), uses={use: "granted"})
    before = effective(case_with(asked, *consents), use, on=day)
    later = Consent("c9", given=(day + timedelta(1)).isoformat(), uses={use: "refused"})
    assert effective(case_with(asked, *consents, later), use, on=day) == before
    taken_back = [asked, Consent("c7", given=asked.given, uses={use: "granted"}, withdrawn=later.given)]
    assert effective(case_with(*taken_back), use, on=day).is_granted


def test_of_one_day_the_later_entry_decides() -> None:
    first, second = (
        Consent(name, "2026-09-07", uses={"share": answer}) for name, answer in (("c1", "refused"), ("c2", "granted"))
    )
    assert effective(case_with(first, second), "share").is_granted
    assert not effective(case_with(second, first), "share").is_granted

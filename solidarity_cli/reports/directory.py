"""Questions to the directory: who gives this help there, who may fit a case, whose entry nobody has checked lately."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from solidarity_cli.core.dates import months_before
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Decision, Organisation

_HELP = {
    "legal": "arrest detention house-arrest interrogation search confiscation criminal-case administrative-case "
    "civil-suit unfair-trial designation deregistration travel-ban expulsion held on-trial convicted",
    "medical": "torture assault denied-medical-care in-hospital",
    "psychosocial": "torture assault death-threat threat-to-relatives disappearance released",
    "digital-security": "surveillance digital-attack data-breach",
    "physical-security": "killing assault death-threat threat threat-to-relatives in-hiding",
    "relocation": "death-threat torture disappearance killing expulsion in-hiding in-exile",
    "humanitarian": "eviction dismissal expulsion in-exile",
}
"""Which help what happened, or how somebody is now, may call for: an offer to whoever decides, and decides nothing."""


@dataclass(frozen=True, slots=True)
class Fit:
    """An organisation that may help in a case. `services`: what it gives of what may be called for.

    `language`: whether it can be asked in the language of the appeal; None where either is not known.
    """

    organisation: Organisation
    services: tuple[str, ...]
    language: bool | None


def list_entries(facts: Facts, *, service: str = "", country: str = "", language: str = "") -> tuple[Organisation, ...]:
    """The entries by id: those that give a service, in a country, and can be asked in a language, where one is named.

    An entry without countries helps everywhere; one that names no language is not known to speak any.
    """
    found = (
        one
        for one in facts.directory.values()
        if (not service or service in one.services)
        and (not country or helps_in(one, country))
        and (not language or language in one.languages)
    )
    return tuple(sorted(found, key=lambda one: one.id))


def helps_in(one: Organisation, country: str) -> bool:
    """Whether an organisation helps people who are in a country."""
    return not one.countries or country in one.countries


def fitting(case: Case, facts: Facts, *, among: Iterable[Organisation]) -> tuple[Fit, ...]:
    """Those `among` the organisations that give help which the case may call for: most of it first, then by language.

    Where nothing is known of what happened, all of them. An entry that nobody has checked lately comes last.
    """
    wanted = set(helpful(case))
    fits = [Fit(one, tuple(x for x in one.services if x in wanted), _speaks(one, case)) for one in among]
    found = [one for one in fits if one.services or not wanted]

    def order(one: Fit) -> tuple[Any, ...]:
        entry = one.organisation
        return (is_unchecked(entry, facts), -len(one.services), one.language is not True, entry.id)

    return tuple(sorted(found, key=order))


def helpful(case: Case) -> tuple[str, ...]:
    """The services that a case may call for, by what happened and the situation of now."""
    told = {case.subject.situation, *(one.type for one in case.incidents)}
    return tuple(service for service, causes in _HELP.items() if told & set(causes.split()))


def _speaks(one: Organisation, case: Case) -> bool | None:
    return case.language in one.languages if case.language and one.languages else None


def is_unchecked(one: Organisation, facts: Facts) -> bool:
    """Whether nobody has made sure within the Group's months that an entry is right."""
    return bool(one.checked) and one.checked < _oldest(facts).isoformat()


def entries_to_check(facts: Facts) -> Iterator[Organisation]:
    """The entries to be checked, the one that has waited longest first."""
    return iter(sorted((one for one in facts.directory.values() if is_unchecked(one, facts)), key=_by_age))


def _by_age(one: Organisation) -> tuple[str, str]:
    return (one.checked, one.id)


def _oldest(facts: Facts) -> date:
    return months_before(facts.today, facts.charter.directory_check_months)


def awaits_referral(case: Case, actions: Iterable[Action]) -> bool:
    """Whether the Group decided to refer somebody, and nobody has begun to."""
    is_begun = any(one.type == "referral" and one.status != "cancelled" for one in actions)
    return case.status.is_open and case.decision is Decision.REFER and not is_begun


def as_plain(one: Organisation, facts: Facts, fit: Fit | None = None) -> dict[str, Any]:
    """An entry as `directory list --json` gives it."""
    told = {"services": list(fit.services), "language": fit.language} if fit else None
    return {**asdict(one), "unchecked": is_unchecked(one, facts), "fit": told}

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
    entries = (
        entry
        for entry in facts.directory.values()
        if (not service or service in entry.services)
        and (not country or helps_in(entry, country))
        and (not language or language in entry.languages)
    )
    return tuple(sorted(entries, key=lambda entry: entry.id))


def helps_in(organisation: Organisation, country: str) -> bool:
    """Whether an organisation helps people who are in a country."""
    return not organisation.countries or country in organisation.countries


def fitting(case: Case, facts: Facts, *, among: Iterable[Organisation]) -> tuple[Fit, ...]:
    """Those `among` the organisations that give help which the case may call for: most of it first, then by language.

    Where nothing is known of what happened, all of them. An entry that nobody has checked lately comes last.
    """
    needed = set(helpful(case))
    fits = [
        Fit(
            organisation,
            tuple(service for service in organisation.services if service in needed),
            _has_language(organisation, case),
        )
        for organisation in among
    ]
    fits = [fit for fit in fits if fit.services or not needed]

    def order(fit: Fit) -> tuple[Any, ...]:
        organisation = fit.organisation
        return (is_unchecked(organisation, facts), -len(fit.services), fit.language is not True, organisation.id)

    return tuple(sorted(fits, key=order))


def helpful(case: Case) -> tuple[str, ...]:
    """The services that a case may call for, by what happened and the situation of now."""
    reported = {case.subject.situation, *(incident.type for incident in case.incidents)}
    return tuple(service for service, causes in _HELP.items() if reported & set(causes.split()))


def _has_language(organisation: Organisation, case: Case) -> bool | None:
    return case.language in organisation.languages if case.language and organisation.languages else None


def is_unchecked(organisation: Organisation, facts: Facts) -> bool:
    """Whether nobody has made sure within the Group's months that an entry is right."""
    return bool(organisation.checked) and organisation.checked < _oldest_check_date(facts).isoformat()


def entries_to_check(facts: Facts) -> Iterator[Organisation]:
    """The entries to be checked, the one that has waited longest first."""
    return iter(
        sorted(
            (organisation for organisation in facts.directory.values() if is_unchecked(organisation, facts)),
            key=_by_age,
        )
    )


def _by_age(organisation: Organisation) -> tuple[str, str]:
    return (organisation.checked, organisation.id)


def _oldest_check_date(facts: Facts) -> date:
    return months_before(facts.today, facts.charter.directory_check_months)


def awaits_referral(case: Case, actions: Iterable[Action]) -> bool:
    """Whether the Group decided to refer somebody, and nobody has begun to."""
    is_begun = any(action.type == "referral" and action.status != "cancelled" for action in actions)
    return case.status.is_open and case.decision is Decision.REFER and not is_begun


def as_plain(organisation: Organisation, facts: Facts, fit: Fit | None = None) -> dict[str, Any]:
    """An entry as `directory list --json` gives it."""
    plain_fit = {"services": list(fit.services), "language": fit.language} if fit else None
    return {**asdict(organisation), "unchecked": is_unchecked(organisation, facts), "fit": plain_fit}

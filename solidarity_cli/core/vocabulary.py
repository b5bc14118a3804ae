"""Codes and their labels, provisions, country groups: read from data given to it, which `schemas/` holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of the three instruments. `verified` says that its number was seen in a source."""

    id: str
    instrument: str
    number: str
    title: Mapping[str, str]
    verified: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word that a record may use.

    `lists`: list name -> code -> {"en": label, "ru": label, "de": label, "about": sentence, …}.
    `offers`: incident code -> ids of the provisions worth offering.
    `groups`: region group (eu, coe, osce …) -> ISO country codes.
    """

    lists: Mapping[str, Mapping[str, Mapping[str, Any]]]
    provisions: Mapping[str, Provision] = field(default_factory=dict)
    instruments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of a list, in the order of its file."""
        return tuple(self.lists.get(name, ()))

    def label(self, name: str, code: str, language: str = "en") -> str:
        """What people call a code; the code itself where no label is known."""
        entry = self.lists.get(name, {}).get(code, {})
        return str(entry.get(language) or entry.get("en") or code)

    def about(self, name: str, code: str) -> str:
        """What a code means, one sentence."""
        return str(self.lists.get(name, {}).get(code, {}).get("about", ""))

    def lists_with(self, code: str) -> Iterator[str]:
        """The lists in which a code stands."""
        return (name for name, codes in self.lists.items() if code in codes)

    def region_group(self, country: str) -> str:
        """The smallest group that a country belongs to: eu, coe (outside the EU), osce (outside both), other."""
        return next((group for group in ("eu", "coe", "osce") if country in self.groups.get(group, ())), "other")

    def provisions_for(self, incidents: tuple[str, ...]) -> tuple[Provision, ...]:
        """The provisions worth offering for incident types, in catalogue order."""
        provision_ids = {provision for incident in incidents for provision in self.offers.get(incident, ())}
        return tuple(provision for provision in self.provisions.values() if provision.id in provision_ids)

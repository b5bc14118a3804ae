"""Who is to see a record, and the one filter through which every record goes before anybody does.

`filter_record` decides field by field, by the tables of `visibility`. Consent is asked first: what it does not allow
is refused as a whole, without a word about why. A recipient's packet leaves out `special_categories`, for no consent
names them; the names of those said to be responsible, for nobody can tell an official from a neighbour by a name; and
other names and attachments, which may be other people's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from solidarity_cli.core.audience.visibility import ACTION, CASE, Row, Visibility
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import Action, Case, Hearing
from solidarity_cli.core.rules.consent import Permission, permits, publicity_use
from solidarity_cli.core.rules.partial_dates import earliest, latest
from solidarity_cli.core.token_format import PRIVATE, is_sealed, mask_tokens

Kind = Literal["internal", "reviewer", "public", "recipient"]

KINDS: tuple[Kind, ...] = ("internal", "reviewer", "public", "recipient")
"""The audiences, in the order of the columns of `core.audience.visibility`."""

_ORGANISATION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAMING: Mapping[str, tuple[str, ...]] = {
    "individual": ("publicity-person",),
    "organisation": ("publicity-organisation",),
    "event": ("publicity-organisation",),
    # The name of a group without a form of its own is often the names of its people.
    "informal-group": ("publicity-organisation", "publicity-person"),
}
"""Which uses have to be granted before a subject of a kind is named in public; one of unknown kind never is."""

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to see something: `organisation` is the directory id of a recipient, empty for all others."""

    kind: Kind
    organisation: str = ""

    @classmethod
    def parse(cls, text: str, organisations: Collection[str]) -> Audience:
        """`internal`, `reviewer`, `public`, or `recipient:ID` with an id of the directory.

        Raises UsageError otherwise.
        """
        kind, sign, organisation = text.partition(":")
        match kind:
            case "internal" | "reviewer" | "public" if not sign:
                return cls(kind)
            case "recipient" if organisation in organisations and _ORGANISATION.fullmatch(organisation):
                return cls("recipient", organisation)
            case "recipient":
                known = ", ".join(sorted(organisations)[:8]) or "none yet: directory/ID.yaml"
                raise UsageError(
                    "--audience names no organisation of the directory", hint=f"recipient:ID, with {known}"
                )
        raise UsageError("--audience has no such value", hint="internal, reviewer, public, recipient:ORGANISATION")

    @property
    def depends_on_consent(self) -> bool:
        """Whether it sees only what the people concerned allowed."""
        return self.kind in ("public", "recipient")

    @property
    def needs_keys(self) -> bool:
        """Whether any private value can be shown to it, so that one has to be opened."""
        return self.kind != "reviewer"


def filter_record(
    record: Mapping[str, Any], audience: Audience, *, on: date, cases: Mapping[str, Case]
) -> dict[str, Any]:
    """A plain case or action, opened or in tokens, as an audience sees it on a day; what it may not see is left out.

    `cases` holds the cases that an action serves. What stays sealed to the caller is `[sealed]` for internal eyes and
    those of a recipient, and left out in public. Raises Refused, in one sentence for every reason, when nothing may be
    shown.
    """
    if "cases" in record:
        if not concerns(Action.from_plain(record), audience, on=on, cases=cases):
            raise Refused("this action is not shown to them", hint="solidarity show --audience internal")
        return _filter(record, _View(ACTION, audience, on))
    case = Case.from_plain(record)
    if audience.kind == "recipient":
        consent_to_share(case, audience.organisation, on=on)
    if audience.kind == "public" and (case.erasure or not may_be_public(case, on=on)):
        raise Refused(
            "there is nothing to show in public of this case",
            hint=f"what was allowed stands in the internal view: solidarity show {case.id}",
        )
    uses = _NAMING.get(case.subject.kind, ())
    is_named = bool(uses) and all(_is_public(permits(case, use, on=on), on) for use in uses)
    return _filter(record, _View(CASE, audience, on, is_named=is_named))


def concerns(action: Action, audience: Audience, *, on: date, cases: Mapping[str, Case]) -> bool:
    """Whether an audience may hear of an action at all.

    The public of what was done in public and can be read there, where every case it serves allows publicity today; a
    recipient of the referrals to itself.
    """
    match audience.kind:
        case "public":
            is_published = action.is_public and action.status == "done" and bool(action.url)
            return is_published and all(case in cases and may_be_public(cases[case], on=on) for case in action.cases)
        case "recipient":
            return bool(action.referral) and action.referral.organisation == audience.organisation  # type: ignore[union-attr]
    return True


def may_be_public(case: Case, *, on: date) -> bool:
    """Whether anything of a case may be said in public on a day: what a public action needs; both, of unknown kind."""
    uses = (publicity_use(case),) if case.subject.kind else ("publicity-organisation", "publicity-person")
    return all(_is_public(permits(case, use, on=on), on) for use in uses)


def consent_to_share(case: Case, organisation: str, *, on: date) -> Permission:
    """The consent on which a case may be shared with an organisation on a day.

    Raises Refused when there is none, and for a case whose private part was erased.
    """
    if case.erasure:
        raise Refused(
            f"the private part of {case.id} was erased, so there is nothing to share",
            hint=f"solidarity show {case.id}",
        )
    permission = permits(case, "share", on=on)
    if not permission.is_granted or organisation not in permission.share_with:
        raise Refused(
            f"no consent that counts today allows to share {case.id} with {organisation}",
            hint=f"ask; then solidarity consent {case.id} --use share --answer granted --share-with {organisation}",
        )
    return permission


def fields_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that a filtered record holds, without their values; each field of a list once."""
    return tuple(dict.fromkeys(_fields(record, "")))


def _fields(node: Any, at: str) -> list[str]:
    items = node if isinstance(node, list) else [node]
    if at.startswith("private.") or not any(isinstance(item, Mapping) for item in items):
        return [at]
    return [
        field for item in items for key, child in item.items() for field in _fields(child, f"{at}.{key}" if at else key)
    ]


def _is_public(permission: Permission, on: date) -> bool:
    until = latest(permission.embargo_until)
    return permission.is_granted and (until < on if until else not permission.embargo_until)


@dataclass(frozen=True, slots=True)
class _View:
    """What decides about a field: the table, whose column counts, the day, whether the subject may be named."""

    table: Mapping[str, Row]
    audience: Audience
    on: date
    is_named: bool = False

    def visibility_of(self, field: str) -> Visibility:
        row = self.table.get(field)
        return row[KINDS.index(self.audience.kind)] if row else Visibility.HIDDEN


def _filter(record: Mapping[str, Any], view: _View) -> dict[str, Any]:
    filtered = _filter_node(record, "", record, view)
    return filtered if isinstance(filtered, dict) else {}


def _filter_node(node: Any, at: str, item: Mapping[str, Any], view: _View) -> Any:
    """A value as it is seen; `item` is the mapping in which it stands."""
    is_whole = at.startswith("private.")
    if isinstance(node, Mapping) and not is_whole:
        values = {key: _filter_node(child, f"{at}.{key}" if at else key, node, view) for key, child in node.items()}
        visible: Any = {key: child for key, child in values.items() if child is not _ABSENT}
    elif isinstance(node, list) and not is_whole and all(isinstance(element, Mapping) for element in node):
        visible = [child for element in node if (child := _filter_node(element, at, item, view)) is not _ABSENT]
    else:
        return _filter_value(node, item, view, view.visibility_of(at))
    # An empty list says to us that nothing was told; to others it would say that something is kept from them.
    return _ABSENT if not visible and (node or view.audience.depends_on_consent) else visible


def _filter_value(value: Any, item: Mapping[str, Any], view: _View, visibility: Visibility) -> Any:
    match visibility:
        case Visibility.SHOWN:
            return mask_tokens(value)
        case Visibility.MARKED:
            return PRIVATE
        case Visibility.MONTH:
            return value[:7]
        case Visibility.AHEAD if _is_open_ahead(item, view.on):
            return value
        case Visibility.NAMED if view.is_named and not is_sealed(value):
            return value
    return _ABSENT


def _is_open_ahead(item: Mapping[str, Any], on: date) -> bool:
    """Whether anybody may go to a hearing that is still to come."""
    hearing = Hearing(**item)
    day = earliest(hearing.when[:10])
    return (
        hearing.access == "open" and hearing.is_ahead and day is not None and (latest(hearing.when[:10]) or day) >= on
    )

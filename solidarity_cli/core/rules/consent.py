"""What people allowed, for which use, and with whom. What nobody allowed is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Consent, ConsentAnswer, Disclosure
from solidarity_cli.core.rules.partial_dates import done_on, earliest, is_after, is_before, latest
from solidarity_cli.core.rules.rule import Violation, rule

INFORMED_STATES = ("sent", "acknowledged", "accepted", "rejected", "service-given", "no-response")
"""States of a referral in which the organisation has heard of the person."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What counts for one use: the answer, and the conditions of the entry that gave it.

    `entry` is that entry's id, empty where no entry mentions the use; `withdrawn` the day it was taken back.
    """

    answer: ConsentAnswer = ConsentAnswer.REFUSED
    entry: str = ""
    share_with: tuple[str, ...] = ()
    embargo_until: str = ""
    withdrawn: str = ""

    @property
    def is_granted(self) -> bool:
        """Whether the use is allowed without more ado. A conditional yes is not."""
        return self.answer is ConsentAnswer.GRANTED


def effective(case: Case, use: str, *, on: date | None = None) -> Permission:
    """The permission for a use: `record`, `share`, `publicity-organisation`, `publicity-person`, `statistics`.

    The newest entry that mentions the use decides, by the day it was given, then by its place in the list. Where
    that entry is withdrawn the use is refused; an older one does not revive. With `on`, what counted on that day;
    where nobody had been asked yet, what was answered later.
    """
    entries = [entry for entry in case.consents if use in entry.uses]
    if on is not None:
        entries = [entry for entry in entries if not is_after(entry.given, on)] or entries
    given = [(_day(entry, use, on), place) for place, entry in enumerate(entries)]
    if not given:
        return Permission()
    newest = entries[max(given)[1]]
    if _is_withdrawn(newest, on):
        return Permission(entry=newest.id, withdrawn=newest.withdrawn)
    return Permission(ConsentAnswer(newest.uses[use]), newest.id, newest.share_with, newest.embargo_until)


def permits(case: Case, use: str, *, on: date) -> Permission:
    """The permission for something about to be done on a day: as `effective`, and stricter.

    A withdrawal counts from when it is written down, whatever day it names; a yes does not count before its day.
    """
    permission = effective(case, use)
    if any(entry.id == permission.entry and is_after(entry.given, on) for entry in case.consents):
        return Permission(entry=permission.entry)
    return permission


def _day(entry: Consent, use: str, on: date | None) -> date:
    """When an entry was given. Doubt speaks for silence: without a day a yes is the oldest, a no the newest."""
    if entry.uses[use] == ConsentAnswer.GRANTED and not _is_withdrawn(entry, on):
        return earliest(entry.given) or date.min
    return latest(entry.given) or date.max


def _is_withdrawn(entry: Consent, on: date | None) -> bool:
    return bool(entry.withdrawn) and not (on is not None and is_after(entry.withdrawn, on))


def publicity_use(case: Case) -> str:
    """The use that a public action needs: a person's own, or an organisation's."""
    return "publicity-person" if case.subject.kind == "individual" else "publicity-organisation"


@rule("consent-sharing", "action", reference="EU Guidelines: consult first; OSCE/ODIHR: private life")
def consent_sharing(action: Action, facts: Facts) -> Iterator[Violation]:
    """A referral or institutional contact that names someone needs consent to share with that recipient.

    `share` has to be granted, and the recipient has to stand in `share_with` of that same entry. A referral may be
    considered, and consent asked for, before that; once it is sent it may not. What was sent before consent was
    withdrawn stays as it was. A case about an event names nobody and needs no consent. A contact with an
    institution says which one, or nobody can tell whether it was allowed.

    Each entry of `shared_with` rests on a consent of that case, an entry of its list that granted `share` with that
    organisation, was given by that day, and was neither withdrawn nor followed by another answer before it.

    What to do: ask, then record the answer. If something was sent without consent, set the referral to `revoked`
    and ask the organisation to delete it.
    """
    yield from _check_disclosures(action, facts)
    cases = [facts.cases[case_id] for case_id in action.cases if case_id in facts.cases]
    named = [case for case in cases if case.subject.kind != "event"]
    if action.type == "institutional-contact" and action.status != "cancelled" and named:
        if not action.recipient:
            yield Violation(
                f"{action.id} does not say which institution is told",
                field="recipient",
                hint=f"solidarity edit {action.id} --set recipient=eu|osce|coe|un   (link-action: --to-organisation)",
            )
            return
        yield from _check_sharing(action, named, action.recipient, done_on(action))
    elif action.type == "referral" and action.referral and action.referral.state in INFORMED_STATES:
        yield from _check_sharing(action, named, action.referral.organisation, _informed_on(action))


def _informed_on(action: Action) -> date | None:
    """The day on which the organisation first heard of it."""
    history = action.referral.history if action.referral else ()
    days = [day for state, when in history if state in INFORMED_STATES and (day := latest(when))]
    return min(days) if days else done_on(action)


def _check_sharing(action: Action, cases: list[Case], recipient: str, on: date | None) -> Iterator[Violation]:
    for case in cases:
        permission = effective(case, "share", on=on)
        if permission.is_granted and recipient in permission.share_with:
            continue
        why = "allows sharing, with others only" if permission.is_granted else _refusal_reason(permission, "share")
        yield Violation(
            f"{case.id} {why}: {action.id} may not be sent to its recipient",
            field=_field(action, case),
            hint=f"ask; then solidarity consent {case.id} --use share --answer granted --share-with {recipient or '…'}",
        )


def _check_disclosures(action: Action, facts: Facts) -> Iterator[Violation]:
    """What was passed on without a consent that allowed it then."""
    for disclosure in action.shared_with:
        case = facts.cases.get(disclosure.case)
        if disclosure.case not in action.cases:
            message = f"{action.id} was shared for {disclosure.case}, which it does not serve"
        elif case is not None and not _rests_on_consent(case, disclosure):
            message = (
                f"{action.id} was shared on {disclosure.date} for {disclosure.case}, "
                f"and {disclosure.consent} did not allow it then"
            )
        else:
            continue
        yield Violation(message, "shared_with", f"see what happened: solidarity history {disclosure.case}")


def _rests_on_consent(case: Case, disclosure: Disclosure) -> bool:
    """Whether the named consent allowed it and none came between. Of one day nobody can tell what was first."""
    entries = [entry for entry in case.consents if "share" in entry.uses]
    named_place = next((place for place, entry in enumerate(entries) if entry.id == disclosure.consent), None)
    day = latest(disclosure.date)
    if named_place is None or day is None or is_after(entries[named_place].given, day):
        return False
    order = [(latest(entry.given) or date.max, place) for place, entry in enumerate(entries)]
    between = [entry for entry, when in zip(entries, order, strict=True) if when > order[named_place] and when[0] < day]
    return all(_allows(entry, disclosure) for entry in (entries[named_place], *between))


def _allows(entry: Consent, disclosure: Disclosure) -> bool:
    is_granted = entry.uses["share"] == ConsentAnswer.GRANTED and disclosure.organisation in entry.share_with
    return is_granted and not is_before(entry.withdrawn, disclosure.date)


def _field(action: Action, case: Case) -> str:
    """What an objection points at. To do what was only planned is another thing, and is refused anew."""
    return f"cases.{case.id}" if action.status == "planned" else "status"


@rule("consent-publicity", "action", reference="EU Guidelines: consult first; OSCE/ODIHR: private life")
def consent_publicity(action: Action, facts: Facts) -> Iterator[Violation]:
    """A public action needs granted publicity consent, not withdrawn, embargo passed, in every linked case.

    Statements, joint statements, awareness and media work are public by nature; any other action is when it says
    so. For an individual the use is `publicity-person`, for all others `publicity-organisation`. "Conditional" is
    not granted. An embargo has passed on the day after it. Without a date the action is taken to happen today.

    What was published before consent was withdrawn cannot be undone and is not held against the record; all that
    comes later is, that same day included.

    What to do: ask, then record the answer; or cancel the action, or leave the case out of it. If it is published
    already, see whether it can be taken down.
    """
    if not action.is_public or action.status == "cancelled":
        return
    day = earliest(action.date) or facts.today
    for case in (facts.cases[case_id] for case_id in action.cases if case_id in facts.cases):
        use = publicity_use(case)
        permission = effective(case, use, on=done_on(action))
        until = latest(permission.embargo_until)
        if not permission.is_granted:
            yield Violation(
                f"{case.id} {_refusal_reason(permission, use)}",
                field=_field(action, case),
                hint=f"ask first, then: solidarity consent {case.id} --use {use} --answer granted; "
                f"or: solidarity update-action {action.id} --status cancelled",
            )
        elif until and until >= day:
            yield Violation(
                f"{case.id} is under embargo until {permission.embargo_until}; {action.id} comes before it has passed",
                field="date" if action.status == "planned" else "status",
                hint=f"solidarity update-action {action.id} --date …   (a later day)",
            )


def _refusal_reason(permission: Permission, use: str) -> str:
    if permission.withdrawn:
        return f"has consent for {use} withdrawn on {permission.withdrawn}"
    answer = f" ({permission.entry}: {permission.answer})" if permission.entry else ""
    return f"has no granted consent for {use}{answer}"

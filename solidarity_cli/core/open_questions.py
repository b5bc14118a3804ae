"""What a coordinator still has to ask: the questions an incomplete case leaves open, and how to answer each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solidarity_cli.core.model import Case

_PRIVATE = {
    "subject_name": "Whom is it about? (private)",
    "contact": "How can they be reached? (private)",
    "safe_channel": "Which way to answer is safe? (private)",
    "narrative": "What did they write? (private)",
}

_USES = ("record", "share", "publicity-organisation", "publicity-person", "statistics")


@dataclass(frozen=True, slots=True)
class Gap:
    """One open question: the field, the question, the command that answers it."""

    field: str
    question: str
    command: str


def gaps(case: Case, *, has: frozenset[str]) -> tuple[Gap, ...]:
    """The open questions of a case, the most pressing first. `has` names the private fields that are filled."""
    return tuple(_gaps(case, has))


def _gaps(case: Case, has: frozenset[str]) -> Iterator[Gap]:
    yield from (gap for empty, gap in _facts(case) if empty)
    answered = {use for entry in case.consents for use in entry.uses}
    for use in _USES:
        if use not in answered:
            question = f"Is {use} allowed? Until somebody says so it is refused"
            yield Gap(f"consent.{use}", question, f"solidarity consent {case.id} --use {use} --answer …")
    for field, question in () if case.erasure else _PRIVATE.items():
        if field not in has:
            yield _gap(case, f"private.{field}", question)
    for incident in case.incidents:
        if not incident.date:
            yield _gap(case, f"incidents.{incident.id}.date", "When did it happen?")


def _facts(case: Case) -> Iterator[tuple[bool, Gap]]:
    yield not case.incidents, Gap("incidents", "What happened?", f"solidarity edit {case.id} --set incidents.i1.type=…")
    for value, field, question in (
        (case.subject.kind, "subject.kind", "Who is concerned: a person, an organisation, a group?"),
        (case.subject.country, "subject.country", "In which country? XX when it must not be written"),
        (case.subject.membership, "subject.membership", "Is the subject a member of the Forum?"),
        (case.requests or case.kind != "appeal", "requests", "What is asked for?"),
        (case.urgency, "urgency", "How urgent is it?"),
        (case.source_capacity, "source.capacity", "In what capacity does the sender write?"),
        (case.language, "language", "In which language do they write?"),
    ):
        yield not value, _gap(case, field, question)


def _gap(case: Case, field: str, question: str) -> Gap:
    return Gap(field, question, f"solidarity edit {case.id} --set {field}=…")

"""What a coordinator still has to ask: the questions an incomplete case leaves open, and how to answer each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solidarity_cli.core.model import Case

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
    edit = f"solidarity edit {case.id} --set "
    if not case.incidents:
        yield Gap("incidents", "What happened?", edit + "incidents.i1.type=…")
    if not case.subject.kind:
        yield Gap("subject.kind", "Who is concerned: a person, an organisation, a group?", edit + "subject.kind=…")
    if not case.subject.country:
        yield Gap("subject.country", "In which country? XX when it must not be written", edit + "subject.country=…")
    if not case.subject.membership:
        yield Gap("subject.membership", "Is the subject a member of the Forum?", edit + "subject.membership=…")
    if case.kind == "appeal" and not case.requests:
        yield Gap("requests", "What is asked for?", edit + "requests=…")
    if not case.urgency:
        yield Gap("urgency", "How urgent is it?", edit + "urgency=…")
    answered = {use for entry in case.consents for use in entry.uses}
    for use in _USES:
        if use not in answered:
            command = f"solidarity consent {case.id} --use {use} --answer …"
            yield Gap(f"consent.{use}", f"Is {use} allowed? Until somebody says so it is refused", command)
    for field, question in (
        ("subject_name", "Whom is it about? (private)"),
        ("contact", "How can they be reached? (private)"),
        ("safe_channel", "Which way to answer is safe? (private)"),
        ("narrative", "What did they write? (private)"),
    ):
        if field not in has:
            yield Gap(f"private.{field}", question, f"{edit}private.{field}=…")
    if not case.source_capacity:
        yield Gap("source.capacity", "In what capacity does the sender write?", edit + "source.capacity=…")
    if not case.language:
        yield Gap("language", "In which language do they write?", edit + "language=…")
    for incident in case.incidents:
        if not incident.date:
            yield Gap(f"incidents.{incident.id}.date", "When did it happen?", f"{edit}incidents.{incident.id}.date=…")

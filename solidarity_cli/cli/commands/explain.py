"""`solidarity explain`: a rule, a field, a code, a provision, an exit code, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.core import audit, rules
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.records.schemas import KINDS, Schemas, files_in, schema_folder

EXIT_CODES = {
    "0": "Yes: done, or nothing wrong was found.",
    "1": "The register says no: a finding, a refusal by a rule, nothing found, an ambiguous id.",
    "2": "The command was typed in a way that cannot be carried out.",
    "3": "The world outside says no: not a register, git, the disk, the network, a lock.",
    "130": "Stopped by Ctrl-C; nothing half-written.",
}
_OVERVIEWS = ("rules", "audit-rules", "fields", "codes", "standards", "exit-codes")


def main(
    ctx: typer.Context,
    topic: Annotated[
        str, typer.Argument(metavar="[TOPIC]", help="A rule, field, code, list, provision, exit code.")
    ] = "",
) -> None:
    """Explain a rule, a field, a code, a provision, an exit code."""
    session: Session = ctx.obj
    schemas = _schemas(session)
    key = topic.strip().lower()
    answers = list(_answers(key, schemas))
    if not answers:
        known = sorted(_topics(schemas))
        suggestions = get_close_matches(key, known, n=3)
        raise Refused(
            "there is no such topic",
            hint=", ".join(suggestions) if suggestions else f"solidarity explain {_OVERVIEWS[0]}",
        )
    session.say("\n\n".join(answers))


def _schemas(session: Session) -> Schemas:
    try:
        return session.register.now.schemas
    except ExternalError:
        return Schemas(files_in(schema_folder(None)))


def _answers(topic: str, schemas: Schemas) -> Iterator[str]:
    words = schemas.words
    if not topic:
        yield f"topics: {', '.join(_OVERVIEWS)}\nlists of codes: {', '.join(words.lists)}"
        yield "and any rule, field, code, provision, exit code"
    elif topic in _OVERVIEWS:
        yield "\n".join(_overview(topic, schemas))
    yield from (_rule(rule) for rule in rules.RULES if rule.id == topic)
    yield from (_audit_rule(audit_rule) for audit_rule in audit.RULES if audit_rule.id == topic)
    if topic in words.lists:
        yield "\n".join(
            [f"codes of {topic}:", *(f"  {code}: {_label(words, topic, code)}" for code in words.codes(topic))]
        )
    for name in words.lists_with(topic):
        yield f"{topic}, a code of {name}: {_label(words, name, topic)}\n  {words.about(name, topic)}"
    yield from _fields(topic, schemas)
    if topic in words.provisions:
        yield _provision(words, topic)
    if topic in EXIT_CODES:
        yield f"exit code {topic}: {EXIT_CODES[topic]}"


def _overview(topic: str, schemas: Schemas) -> Iterator[str]:
    words = schemas.words
    match topic:
        case "rules":
            yield from (f"{rule.id}: {rule.sentence}" for rule in rules.RULES)
        case "audit-rules":
            yield from (f"{rule.id}: {rule.sentence}" for rule in audit.RULES)
        case "fields":
            for kind in KINDS:
                yield f"{kind}:"
                yield from (f"  {field}: {about}" for field, about in _describe_fields(schemas.shape(kind)))
        case "codes":
            yield from (f"{name}: {', '.join(words.codes(name))}" for name in words.lists)
        case "standards":
            yield from (_provision(words, provision).partition("\n")[0] for provision in words.provisions)
        case _:
            yield from (f"{code}: {about}" for code, about in EXIT_CODES.items())


def _rule(rule: Any) -> str:
    return f"rule {rule.id} ({rule.severity})\n{rule.page}\nSource: {rule.reference}"


def _audit_rule(rule: audit.AuditRule) -> str:
    return f"rule {rule.id} of the audit ({rule.severity})\n{rule.page}"


def _label(words: Vocabulary, name: str, code: str) -> str:
    return " / ".join(words.label(name, code, language) for language in ("en", "ru", "de"))


def _provision(words: Vocabulary, name: str) -> str:
    provision = words.provisions[name]
    number = f" {provision.number}" if provision.number else ""
    caution = "" if provision.verified else " (number from memory: check it before you publish it)"
    instrument = words.instruments[provision.instrument]["name"]
    instrument_name = instrument.get("en", "") if isinstance(instrument, Mapping) else instrument
    titles = " / ".join(provision.title[language] for language in ("en", "ru", "de") if language in provision.title)
    return f"{name}: {instrument_name}{number}{caution}\n  {titles}"


def _fields(topic: str, schemas: Schemas) -> Iterator[str]:
    for kind in KINDS:
        for field, about in _describe_fields(schemas.shape(kind)):
            if topic in (field, field.rpartition(".")[2]):
                yield f"{field}, a field of {kind}: {about}"
        if topic == kind:
            yield "\n".join(f"{field}: {about}" for field, about in _describe_fields(schemas.shape(kind)))


def _describe_fields(shape: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every field with its description, those of list items under the list's name."""
    for name, below in shape.get("properties", {}).items():
        field = f"{above}{name}"
        values = f" ({', '.join(map(str, below['enum']))})" if len(below.get("enum", ())) in range(1, 13) else ""
        yield field, f"{below.get('description', '')}{values}"
        yield from _describe_fields(below, f"{field}.")
        if isinstance(below.get("items"), Mapping):
            yield from _describe_fields(below["items"], f"{field}.")


def _topics(schemas: Schemas) -> set[str]:
    words = schemas.words
    fields = {field for kind in KINDS for field, _ in _describe_fields(schemas.shape(kind))}
    codes = {code for name in words.lists for code in words.codes(name)}
    return {
        *_OVERVIEWS,
        *(rule.id for rule in rules.RULES),
        *(rule.id for rule in audit.RULES),
        *words.lists,
        *codes,
        *fields,
        *words.provisions,
        *EXIT_CODES,
    }

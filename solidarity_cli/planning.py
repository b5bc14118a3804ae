"""A change planned: the new texts, checked against shape, rules and leaks, before anything happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from solidarity_cli.core import rules
from solidarity_cli.core.edits import Edit
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.model import Action, Case
from solidarity_cli.folding import fold
from solidarity_cli.leaks import leaks_of_cases
from solidarity_cli.ledger import Act
from solidarity_cli.reading import Reading
from solidarity_cli.records.editing import edit
from solidarity_cli.records.form import compose
from solidarity_cli.records.reading import Fault, read
from solidarity_cli.saving import Change, Plan
from solidarity_cli.snapshot import name_of, record_kind


def plan(
    now: Reading,
    verb: str,
    *,
    edits: Mapping[str, Iterable[Edit]],
    new: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    by: str,
) -> Plan:
    """A checked change: `edits`, `new` plain records and whole `texts`, each by record id.

    Raises Refused with every rule that the change would break and that was not broken before.
    """
    changes = [_edited(now, record, tuple(some)) for record, some in edits.items()]
    changes += [_new(now, record, plain) for record, plain in new.items()]
    changes += [_retold(now, record, text) for record, text in texts.items()]
    changes = [change for change in changes if change.before != change.after]
    after = {name_of(change.path): read(change.after.encode()) for change in changes}
    kinds = {name_of(change.path): record_kind(change.path) or "" for change in changes}
    found = _new_findings(now, after, kinds)
    broken = [finding for finding in found if finding.refuses]
    if broken:
        made = {record: kinds[record] for record in new}
        broken = [_not_yet(finding, made) for finding in broken]
        raise Refused(f"{broken[0].message} [{broken[0].rule}]", hint=broken[0].hint, findings=tuple(broken))
    return Plan(_act(verb, after, kinds), tuple(_sealed(change) for change in changes), by, tuple(found))


def _edited(now: Reading, record: str, edits: tuple[Edit, ...]) -> Change:
    path = now.paths[record]
    now.plain(record)  # a file that cannot be read is refused in words, with its line
    before = _text(now, path)
    return Change(path, before, edit(before, edits, now.schemas.shape(record_kind(path) or "")))


def _new(now: Reading, record: str, plain: Mapping[str, Any]) -> Change:
    prefix, year, _ = record.split("-")
    kind = "action" if prefix == now.charter.action_prefix else "case"
    return Change(f"{kind}s/{year}/{record}.yaml", None, compose(plain, kind, now.schemas.shape(kind)))


def _retold(now: Reading, record: str, text: str) -> Change:
    path = now.paths[record]
    return Change(path, _text(now, path), text)


def _text(now: Reading, path: str) -> str:
    return (now.snapshot.text(path) or b"").decode()


def _sealed(change: Change) -> Change:
    """The place where private values become tokens: after every check has seen them, before any disk has."""
    return change


def _act(verb: str, after: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str]) -> Act:
    """The act on the changed records; that of an action is also its cases', where history looks for it."""
    cases = [one for one in after if kinds[one] == "case"]
    cases = cases or list(dict.fromkeys(case for plain in after.values() for case in plain.get("cases", ())))
    return Act(verb, tuple(cases), tuple(one for one in after if kinds[one] == "action"))


def _new_findings(now: Reading, after: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str]) -> list[Finding]:
    """What the change breaks or warns of that was not so before it, errors first."""
    shape = [
        Finding(one, "schema", Severity.ERROR, _told(fault), fault.shown_field, fault.hint)
        for one, plain in after.items()
        if not now.schemas.fits(kinds[one], plain)
        for fault in now.schemas.explain(kinds[one], plain)
    ]
    if shape:
        return shape
    before = now.facts([*after, *(other for plain in after.values() for other in _named(plain))])
    found = _fresh(rules.check_all(_then(before, after, kinds)), rules.check_all(before))
    for one, plain in after.items():
        found += _fresh(_leaks(now, plain), _leaks(now, now.plain(one)) if one in now.paths else ())
    # What a change means for other records is told, and does not stop it: consent can always be taken back.
    found = [one if one.record in after else replace(one, severity=Severity.WARNING) for one in found]
    return sorted(found, key=lambda finding: (not finding.refuses, finding))


def _not_yet(finding: Finding, made: Mapping[str, str]) -> Finding:
    """A refusal without the id of a record that is not made: nobody could type it."""
    message, ways = finding.message, finding.hint.split("; or: ")
    for record, kind in made.items():
        message = message.replace(record, f"this {kind}")
        ways = [way for way in ways if record not in way]
    return replace(finding, message=message, hint="; or: ".join(ways))


def _fresh(found: Iterable[Finding], before: Iterable[Finding]) -> list[Finding]:
    """The findings that are new; one that says the same thing in other words, or of other dates, is not."""
    known = {(one.record, one.rule, one.field, one.severity) for one in before}
    return [one for one in found if (one.record, one.rule, one.field, one.severity) not in known]


def _told(fault: Fault) -> str:
    return f"{fault.shown_field}: {fault.message}".removeprefix(": ")


def _named(plain: Mapping[str, Any]) -> list[str]:
    return [*plain.get("cases", ()), *(link.get("case", "") for link in plain.get("links", ()))]


def _then(before: Facts, after: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str]) -> Facts:
    """The facts as they would be, with the earlier version of each changed case."""
    cases = {one: Case.from_plain(plain) for one, plain in after.items() if kinds[one] == "case"}
    actions = {one: Action.from_plain(plain) for one, plain in after.items() if kinds[one] == "action"}
    return replace(
        before,
        cases={**before.cases, **cases},
        actions={**before.actions, **actions},
        known=before.known | set(after),
        before={one: before.cases[one] for one in cases if one in before.cases},
    )


def _leaks(now: Reading, plain: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Private values in open fields: of the record itself, and, in an action, of the cases it serves."""
    words = now.schemas.words
    own = rules.check_record(plain, words=words, fold=fold)
    cases = [now.plain(case) for case in plain.get("cases", ()) if case in now.paths]
    return (*own, *leaks_of_cases(plain, cases, words=words))

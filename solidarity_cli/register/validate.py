"""What is wrong with a register: its files as such, single records, records together; each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.git.snapshot import name_of
from solidarity_cli.history.act_label import undone_records
from solidarity_cli.register import check_private_parts
from solidarity_cli.register.reader import Reader

# The rules are loaded when there is something to judge: what was found in a register that stayed as it is, is kept.
if TYPE_CHECKING:
    from solidarity_cli.core.model import Case


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and where it stands; line and column count from 1, 0 when not looked for."""

    path: str
    line: int
    column: int
    finding: Finding


def inspect(
    reading: Reader,
    only: Iterable[str] | None = None,
    *,
    before: Reader | None = None,
    lines: bool = True,
    circumstances: str = "",
) -> list[Located]:
    """The findings of a reading, by path and line; of `only` some ids or paths when given.

    Steps of status are judged against an earlier reading, `before`. Without `lines` no file is opened.
    `circumstances` name whatever the judgement depends on beside the snapshot and the day.
    """
    if only is not None or before or not lines:
        return _check(reading, only, before, lines=lines)
    # Who signed an approval is no part of the snapshot: the same files may have come about in two ways.
    past = reading.commit if reading.charter.quorum else ""
    key = sha256("\0".join([reading.digest, reading.today.isoformat(), past, circumstances]).encode()).hexdigest()
    rows = reading.cached_findings(key)
    if rows is None:
        findings = _check(reading, None, None, lines=True)
        # What was sealed to the caller, or did not open, may be looked at with the keys of tomorrow.
        if not reading.charter.sealing or not (
            check_private_parts.count_locked(reading) or any(_is_about_seals(located) for located in findings)
        ):
            reading.cache_findings(key, [_row(located) for located in findings])
        return findings
    return [_from_row(row) for row in rows]


def _is_about_seals(located: Located) -> bool:
    return located.finding.rule == "sealed"


def _row(located: Located) -> list[Any]:
    finding = located.finding
    parts = [finding.record, finding.rule, finding.severity.value, finding.message, finding.field, finding.hint]
    return [located.path, located.line, located.column, *parts]


def _from_row(row: list[Any]) -> Located:
    path, line, column, record, rule, severity, *rest = row
    return Located(path, line, column, Finding(record, rule, Severity(severity), *rest))


def _check(reading: Reader, only: Iterable[str] | None, before: Reader | None, *, lines: bool) -> list[Located]:
    from solidarity_cli.core import rules

    chosen = None if only is None else set(only)
    ids = None if chosen is None else {name_of(name) for name in chosen}
    reading.judge(ids)
    facts = replace(reading.facts(ids), before=_earlier_cases(reading, before) if before else {})
    findings = [*_files(reading, ids), *_records(reading, ids, facts.actions, read_files=lines)]
    findings += [Located(reading.paths[finding.record], 0, 0, finding) for finding in rules.check_all(facts)]
    if chosen is not None:
        findings = [located for located in findings if located.path in chosen or located.finding.record in chosen]
    placed = _with_lines(reading, findings) if lines else findings
    return sorted(placed, key=lambda located: (located.path, located.line, located.column, located.finding))


def _earlier_cases(reading: Reader, before: Reader) -> dict[str, Case]:
    """The earlier version of the cases that differ."""
    then = before.snapshot.blobs
    changed = [name_of(path) for path, blob in reading.snapshot.records("case") if then.get(path, blob) != blob]
    if not changed:
        return {}
    # What took an act back made no step; that it did nothing else is for the audit, which asks every act.
    back = undone_records(reading.snapshot.root, before.snapshot.commit, reading.snapshot.commit)
    return {case_id: case for case_id, case in before.facts(changed).cases.items() if case_id not in back}


def _files(reading: Reader, ids: set[str] | None) -> Iterator[Located]:
    """What is wrong with files as such: links, sizes, half-merged texts, names."""
    snapshot, ids_by_blob, first = reading.snapshot, reading.stated_ids(ids), dict[str, str]()
    for path, blob in snapshot.records():
        name, rule, message, hint = name_of(path), "format", "", "git status"
        if ids is not None and name not in ids:
            continue
        if path in snapshot.links:
            message = "this is a link; a record is a file of its own, and links are not followed"
        elif blob.startswith("large:"):
            message, hint = "the file is larger than 1 MB", "a record is text; attachments are kept elsewhere"
        elif path in snapshot.unmerged:
            message = "two versions of this file wait to be merged"
        elif name in first:
            rule, message, hint = "name", f"the same id is the name of {first[name]}", "keep one of the two files"
        elif ids_by_blob.get(blob, name) != name:
            rule, message = "name", f"the file is named unlike its id {ids_by_blob[blob]}"
            hint = f"name it {ids_by_blob[blob]}.yaml"
        first.setdefault(name, path)
        if message:
            yield Located(path, 1, 1, Finding(name, rule, Severity.ERROR, message, "", hint))


def _records(reading: Reader, ids: set[str] | None, actions: Iterable[str], *, read_files: bool) -> Iterator[Located]:
    """What is wrong with single records, and with actions beside their cases, as it was learned from their blobs."""
    faults = [
        *reading.faults(ids),
        *check_private_parts.check_pairs(reading, _pairs(reading, actions), read_files=read_files),
    ]
    if reading.charter.sealing:
        faults += check_private_parts.faults(reading, ids, read_files=read_files)
    for path, (rule, severity, message, field, hint, line, column) in faults:
        finding = Finding(name_of(path), rule, Severity(severity), message, field, hint)
        yield Located(path, int(line), int(column), finding)


def _pairs(reading: Reader, actions: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(key of the pair, action id, case id) of the actions that say anything: most hold codes, dates and ids only."""
    from solidarity_cli.core.rules.privacy import can_hold_private_value, open_texts
    from solidarity_cli.register.matching.fold import fold

    blobs, paths = reading.snapshot.blobs, reading.paths
    action_blobs = [blobs[paths[action]] for action in actions if action in paths]
    for blob, _, plain in reading.cache.open_parts(action_blobs, kinds=("action",)):
        can_leak = can_hold_private_value(open_texts(plain).values(), words=reading.schemas.words, fold=fold)
        for case in plain["cases"] if can_leak else ():
            if case in paths:
                yield f"{blob}:{blobs[paths[case]]}", plain["id"], case


def _with_lines(reading: Reader, findings: list[Located]) -> Iterator[Located]:
    """Findings with the line of their field; each file is opened once."""
    from solidarity_cli.records.position import position

    blobs = reading.snapshot.blobs
    texts = {
        blob: (data or b"").decode(errors="replace")
        for blob, data in reading.snapshot.read({blobs[located.path] for located in findings if not located.line})
    }
    for located in findings:
        if located.line:
            yield located
        else:
            line, column = position(texts[blobs[located.path]], located.finding.field)
            yield replace(located, line=line, column=column)

"""Private parts opened as far as there are keys, and what is wrong with them: readable, broken, said in the open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.token_format import holds_sealed, is_sealed
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.register.reader import Reader

Fault = list[str]
"""Rule, severity, message, field, hint, line, column: as the cache keeps it."""

_LOOKED, _CLOSED = "private", "closed"
"""What is kept of a blob, or of a pair of them: of what was opened, or of what could be read without its key. The
second is looked at again as soon as there is a key; neither holds a private value."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A record with its private part as far as it opens here. `broken`: why tokens do not, by their field.

    `is_closed`: there are tokens, and no key for them here.
    """

    record: str
    stored: Mapping[str, Any]
    plain: Mapping[str, Any]
    broken: Mapping[str, Refused]
    is_closed: bool

    @property
    def private(self) -> Mapping[str, Any]:
        """The private part; tokens that do not open are still in it."""
        private_part = self.plain.get("private")
        return private_part if isinstance(private_part, Mapping) else {}


def open_blobs(reading: Reader, paths: Mapping[str, str]) -> Iterator[tuple[str, Opened]]:
    """(blob, record) of the blobs, id -> path, that can be read as records: all keys are asked for at once."""
    from solidarity_cli.records.read import UnreadableError, read

    stored = {}
    for blob, data in reading.snapshot.read(paths):
        try:
            stored[blob] = read(data or b"")
        except UnreadableError:
            continue
    sealed = [blob for blob, plain in stored.items() if holds_sealed(_private(plain))]
    keys = reading.keyring.keys(name_of(paths[blob]) for blob in sealed) if sealed else {}
    for blob, plain in stored.items():
        yield blob, _open_record(name_of(paths[blob]), plain, keys)


def _open_record(record: str, plain: Mapping[str, Any], keys: Mapping[str, bytes]) -> Opened:
    private, version = _private(plain), plain.get("schema_version", 1)
    if not holds_sealed(private):
        return Opened(record, plain, plain, {}, is_closed=False)
    if record not in keys:
        return Opened(record, plain, plain, {}, is_closed=True)
    from solidarity_cli.crypto.tokens import open_private

    decrypted, broken = open_private(private, key=keys[record], record=record, version=version)
    return Opened(record, plain, {**plain, "private": decrypted}, broken, is_closed=False)


def readable_fields(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The private fields of a plain record that can be read without a key, by their dotted path."""
    from solidarity_cli.crypto.tokens import has_plaintext

    return has_plaintext(_private(plain))


def faults(reading: Reader, ids: Iterable[str] | None, *, read_files: bool) -> Iterator[tuple[str, Fault]]:
    """(path, fault) of what is wrong with the private parts in a sealed register.

    Kept by blob; without `read_files` no file is opened, and only what is kept is told.
    """
    paths = _records(reading, ids)
    known = reading.cache.across(f"{name}:{blob}" for blob in paths for name in (_LOOKED, _CLOSED))
    if read_files:
        known |= _learn(reading, _due(reading, paths, known))
    for blob, path in paths.items():
        record_faults = known.get(f"{_LOOKED}:{blob}", known.get(f"{_CLOSED}:{blob}", []))
        yield from ((path, fault) for fault in record_faults)


def count_locked(reading: Reader, ids: Iterable[str] | None = None) -> int:
    """How many records are sealed to the caller, and were therefore not looked at by `faults`."""
    if not _is_sealing(reading):
        return 0
    paths = _records(reading, ids)
    known = reading.cache.across(f"{name}:{blob}" for blob in paths for name in (_LOOKED, _CLOSED))
    return sum(f"{_CLOSED}:{blob}" in known and f"{_LOOKED}:{blob}" not in known for blob in paths)


def _is_sealing(reading: Reader) -> bool:
    """Whether this is a sealed register: asked after every `validate`, so without the schemas of a whole charter."""
    from solidarity_cli.records.read import UnreadableError, read

    try:
        return read(reading.snapshot.text("register.yaml") or b"").get("sealing") is True
    except (KeyError, UnreadableError):
        return False


def check_pairs(
    reading: Reader, pairs: Iterable[tuple[str, str, str]], *, read_files: bool
) -> Iterator[tuple[str, Fault]]:
    """(path of the action, fault) of actions whose open fields hold a private value of a case they serve.

    `pairs` are (key of the two blobs, action, case). Kept by key, as long as the case could be opened. Without
    `read_files` no key is asked for.
    """
    pair_list = list(pairs)
    if not pair_list:
        return
    known = reading.cache.across(f"{name}:{key}" for key, _, _ in pair_list for name in (_LOOKED, _CLOSED))
    due = [
        pair
        for pair in pair_list
        if f"{_LOOKED}:{pair[0]}" not in known and (read_files or not reading.charter.sealing)
    ]
    locked_cases = {case for key, _, case in due if f"{_CLOSED}:{key}" in known}
    still_locked = locked_cases - set(reading.keyring.keys(sorted(locked_cases))) if locked_cases else locked_cases
    due = [pair for pair in due if pair[2] not in still_locked or f"{_CLOSED}:{pair[0]}" not in known]
    if due:
        learned = dict(_find_pair_faults(reading, due))
        reading.cache.keep_across(learned)
        known |= learned
    for key, action, _ in pair_list:
        pair_faults = known.get(f"{_LOOKED}:{key}", known.get(f"{_CLOSED}:{key}", []))
        yield from ((reading.paths[action], fault) for fault in pair_faults)


def _find_pair_faults(reading: Reader, pairs: list[tuple[str, str, str]]) -> Iterator[tuple[str, list[Fault]]]:
    from solidarity_cli.register.leaks.across_records import leaks_of_cases

    blobs, paths = reading.snapshot.blobs, reading.paths
    paths_by_blob = {blobs[paths[record]]: paths[record] for _, *both in pairs for record in both}
    records = {opened.record: opened for _, opened in open_blobs(reading, paths_by_blob)}
    for key, action, case in pairs:
        opened_action, opened_case = records.get(action), records.get(case)
        findings = (
            leaks_of_cases(opened_action.plain, [opened_case.plain], words=reading.schemas.words)
            if opened_action and opened_case
            else ()
        )
        name = _CLOSED if opened_case and opened_case.is_closed else _LOOKED
        yield (
            f"{name}:{key}",
            [_fault(finding.rule, finding.message, finding.field, finding.hint) for finding in findings],
        )


def _records(reading: Reader, ids: Iterable[str] | None) -> dict[str, str]:
    """Blob -> path of the cases and actions, or of those of some ids."""
    named = None if ids is None else set(ids)
    return {
        blob: path
        for path, blob in reading.ordinary()
        if record_kind(path) in ("case", "action") and (named is None or name_of(path) in named)
    }


def _due(reading: Reader, paths: Mapping[str, str], known: Mapping[str, list[Fault]]) -> dict[str, str]:
    """Those of which nothing is known, and those that were closed and that a key here opens by now."""
    waiting = {blob: path for blob, path in paths.items() if f"{_LOOKED}:{blob}" not in known}
    locked = {blob: path for blob, path in waiting.items() if f"{_CLOSED}:{blob}" in known}
    keys = reading.keyring.keys(map(name_of, locked.values())) if locked else {}
    return {blob: path for blob, path in waiting.items() if blob not in locked or name_of(path) in keys}


def _learn(reading: Reader, paths: Mapping[str, str]) -> dict[str, list[Fault]]:
    learned = {f"{_LOOKED}:{blob}": list[Fault]() for blob in paths}
    temporary = dict[str, list[Fault]]()
    for blob, opened in open_blobs(reading, paths):
        del learned[f"{_LOOKED}:{blob}"]
        # A token that does not open today may open with the keyring of tomorrow.
        target = temporary if opened.broken else learned
        target[f"{_CLOSED if opened.is_closed else _LOOKED}:{blob}"] = list(_faults_of(reading, opened))
    reading.cache.keep_across(learned)
    return learned | temporary


def _faults_of(reading: Reader, opened: Opened) -> Iterator[Fault]:
    from solidarity_cli.core import rules
    from solidarity_cli.register.matching.fold import fold

    for field in readable_fields(opened.stored):
        yield _sealed_fault(reading, opened, field)
    for field, error in opened.broken.items():
        if field not in readable_fields(opened.stored):
            yield _fault("sealed", error.message, field, error.hint)
    if opened.plain is opened.stored:
        return  # what could be read there has been judged with the rest of the record
    words = reading.schemas.words
    before = {(finding.rule, finding.field) for finding in rules.check_record(opened.stored, words=words, fold=fold)}
    for finding in rules.check_record(opened.plain, words=words, fold=fold):
        if (finding.rule, finding.field) not in before:
            yield [finding.rule, finding.severity.value, finding.message, finding.field, finding.hint, "0", "0"]


def _sealed_fault(reading: Reader, opened: Opened, field: str) -> Fault:
    shown = safe_field(reading, field)
    if is_sealed(_value(_private(opened.stored), field)):
        message, hint = f"the sealed value in {shown} was cut or changed", f"solidarity history {opened.record}"
    else:
        message = f"{shown} can be read without a key"
        hint = (
            f"any act seals it, such as solidarity note {opened.record}; what was committed stays readable in history"
        )
    return _fault("sealed", message, shown, hint)


def safe_field(reading: Reader, field: str) -> str:
    """A private field by its dotted name; `private` for a name that no schema has: it could be somebody's words."""
    from solidarity_cli.core.verbs.edit import shape_of

    known = shape_of("private", reading.schemas.shape("case")).get("properties", {})
    known = {*known, *shape_of("private", reading.schemas.shape("action")).get("properties", {})}
    return field if field.split(".")[1] in known else "private"


def _value(private: Mapping[str, Any], field: str) -> Any:
    name = field.removeprefix("private.")
    return private[name] if name in private else private["notes"][name.removeprefix("notes.")]


def _fault(rule: str, message: str, field: str, hint: str) -> Fault:
    return [rule, "error", message, field, hint, "0", "0"]


def _private(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    private = plain.get("private")
    return private if isinstance(private, Mapping) else {}

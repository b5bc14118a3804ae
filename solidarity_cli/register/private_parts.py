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
        found = self.plain.get("private")
        return found if isinstance(found, Mapping) else {}


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
        yield blob, _opened(name_of(paths[blob]), plain, keys)


def _opened(record: str, plain: Mapping[str, Any], keys: Mapping[str, bytes]) -> Opened:
    private, version = _private(plain), plain.get("schema_version", 1)
    if not holds_sealed(private):
        return Opened(record, plain, plain, {}, is_closed=False)
    if record not in keys:
        return Opened(record, plain, plain, {}, is_closed=True)
    from solidarity_cli.crypto.tokens import open_private

    said, broken = open_private(private, key=keys[record], record=record, version=version)
    return Opened(record, plain, {**plain, "private": said}, broken, is_closed=False)


def readable_fields(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The private fields of a plain record that can be read without a key, by their dotted path."""
    from solidarity_cli.crypto.tokens import has_plaintext

    return has_plaintext(_private(plain))


def faults(reading: Reader, ids: Iterable[str] | None, *, look: bool) -> Iterator[tuple[str, Fault]]:
    """(path, fault) of what is wrong with the private parts in a sealed register.

    Kept by blob; without `look` no file is opened, and only what is kept is told.
    """
    paths = _records(reading, ids)
    known = reading.cache.across(f"{name}:{blob}" for blob in paths for name in (_LOOKED, _CLOSED))
    if look:
        known |= _learned(reading, _due(reading, paths, known))
    for blob, path in paths.items():
        said = known.get(f"{_LOOKED}:{blob}", known.get(f"{_CLOSED}:{blob}", []))
        yield from ((path, fault) for fault in said)


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


def check_pairs(reading: Reader, pairs: Iterable[tuple[str, str, str]], *, look: bool) -> Iterator[tuple[str, Fault]]:
    """(path of the action, fault) of actions whose open fields hold a private value of a case they serve.

    `pairs` are (key of the two blobs, action, case). Kept by key, as long as the case could be opened. Without `look`
    no key is asked for.
    """
    asked = list(pairs)
    if not asked:
        return
    known = reading.cache.across(f"{name}:{key}" for key, _, _ in asked for name in (_LOOKED, _CLOSED))
    due = [pair for pair in asked if f"{_LOOKED}:{pair[0]}" not in known and (look or not reading.charter.sealing)]
    shut = {case for key, _, case in due if f"{_CLOSED}:{key}" in known}
    still = shut - set(reading.keyring.keys(sorted(shut))) if shut else shut
    due = [pair for pair in due if pair[2] not in still or f"{_CLOSED}:{pair[0]}" not in known]
    if due:
        learned = dict(_paired(reading, due))
        reading.cache.keep_across(learned)
        known |= learned
    for key, action, _ in asked:
        said = known.get(f"{_LOOKED}:{key}", known.get(f"{_CLOSED}:{key}", []))
        yield from ((reading.paths[action], fault) for fault in said)


def _paired(reading: Reader, pairs: list[tuple[str, str, str]]) -> Iterator[tuple[str, list[Fault]]]:
    from solidarity_cli.register.leaks.across_records import leaks_of_cases

    blobs, paths = reading.snapshot.blobs, reading.paths
    wanted = {blobs[paths[one]]: paths[one] for _, *both in pairs for one in both}
    said = {one.record: one for _, one in open_blobs(reading, wanted)}
    for key, action, case in pairs:
        one, other = said.get(action), said.get(case)
        found = leaks_of_cases(one.plain, [other.plain], words=reading.schemas.words) if one and other else ()
        name = _CLOSED if other and other.is_closed else _LOOKED
        yield f"{name}:{key}", [_fault(each.rule, each.message, each.field, each.hint) for each in found]


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
    shut = {blob: path for blob, path in waiting.items() if f"{_CLOSED}:{blob}" in known}
    keys = reading.keyring.keys(map(name_of, shut.values())) if shut else {}
    return {blob: path for blob, path in waiting.items() if blob not in shut or name_of(path) in keys}


def _learned(reading: Reader, paths: Mapping[str, str]) -> dict[str, list[Fault]]:
    learned = {f"{_LOOKED}:{blob}": list[Fault]() for blob in paths}
    for_now = dict[str, list[Fault]]()
    for blob, one in open_blobs(reading, paths):
        del learned[f"{_LOOKED}:{blob}"]
        # A token that does not open today may open with the keyring of tomorrow.
        where = for_now if one.broken else learned
        where[f"{_CLOSED if one.is_closed else _LOOKED}:{blob}"] = list(_faults_of(reading, one))
    reading.cache.keep_across(learned)
    return learned | for_now


def _faults_of(reading: Reader, one: Opened) -> Iterator[Fault]:
    from solidarity_cli.core import rules
    from solidarity_cli.register.matching.fold import fold

    for field in readable_fields(one.stored):
        yield _sealed_fault(reading, one, field)
    for field, trouble in one.broken.items():
        if field not in readable_fields(one.stored):
            yield _fault("sealed", trouble.message, field, trouble.hint)
    if one.plain is one.stored:
        return  # what could be read there has been judged with the rest of the record
    words = reading.schemas.words
    before = {(each.rule, each.field) for each in rules.check_record(one.stored, words=words, fold=fold)}
    for each in rules.check_record(one.plain, words=words, fold=fold):
        if (each.rule, each.field) not in before:
            yield [each.rule, each.severity.value, each.message, each.field, each.hint, "0", "0"]


def _sealed_fault(reading: Reader, one: Opened, field: str) -> Fault:
    shown = safe_field(reading, field)
    if is_sealed(_value(_private(one.stored), field)):
        message, hint = f"the sealed value in {shown} was cut or changed", f"solidarity history {one.record}"
    else:
        message = f"{shown} can be read without a key"
        hint = f"any act seals it, such as solidarity note {one.record}; what was committed stays readable in history"
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
    found = plain.get("private")
    return found if isinstance(found, Mapping) else {}

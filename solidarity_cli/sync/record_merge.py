"""Two versions of a record file made one text: ours edited in place, so that its comments, order and quotes stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core.edits import Append, Edit, Remove, Set, carry_out
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.merge import Choices, Conflict, Reseal, Why, apply_choice, merge, no_key, with_field
from solidarity_cli.core.merge.fields import by_id
from solidarity_cli.records.read import UnreadableError, read

_MARKERS = re.compile(rb"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged text of a record file; "" when the record goes. In the fields that clash it says what ours said.

    `renumbered` as in `core.merge.Merged`.
    """

    text: str = field(repr=False)
    clashes: tuple[Conflict, ...] = ()
    renumbered: Mapping[str, str] = field(default_factory=dict)


def merge_texts(
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    *,
    kind: str,
    shape: Mapping[str, Any],
    reseal: Reseal = no_key,
    named: Collection[str] | None = None,
    path: str = "",
    choices: Choices | None = None,
    ours_yields: bool = False,
) -> MergedText:
    """The merge of two versions of a record file; None for a version that has no such file.

    `shape` is the schema of the kind, `path` what the file is called in a refusal; `reseal`, `named`, `ours_yields` as
    in `core.merge.merge`; `choices` are what a person has decided. What theirs changed in comments and form only is
    not taken, unless ours changed nothing.
    Raises Refused, with the side, for a version that cannot be read.
    """
    file = path or f"the {kind}"
    our_record, their_record = _read(ours, f"{file} as it is here"), _read(theirs, f"{file} as it came in")
    # What only one side touched is taken from there, every byte of it.
    if theirs in (ours, base):
        return MergedText(_text(ours))
    if ours == base:
        return MergedText(_text(theirs))
    base_record = _read(base, f"the version of {file} that both sides began from")
    choices = choices or {}
    if our_record is None or their_record is None:
        if whole := choices.get(""):
            return MergedText(_text(ours if whole.side == "ours" else theirs))
        return _merge_deletion(base_record, our_record, their_record, _text(ours))
    merged = merge(
        *apply_choice(kind, base_record, our_record, their_record, choices),
        kind,
        reseal=reseal,
        named=named,
        ours_yields=ours_yields,
    )
    value = merged.value
    for name, choice in choices.items():
        value = value if choice.value is None else with_field(value, name, choice.value)
    return MergedText(_rewrite(_text(ours), our_record, value, shape), merged.clashes, merged.renumbered)


def _read(data: bytes | None, what: str) -> dict[str, Any] | None:
    if data is None:
        return None
    if match := _MARKERS.search(data):
        line = data.count(b"\n", 0, match.start()) + 1
        raise Refused(
            f"{what}, line {line}: two versions stand there, one above the other, and were never made one",
            hint="put the file right and take out the lines that begin with <<<<<<<, =======, >>>>>>>",
        )
    try:
        return read(data)
    except UnreadableError as error:
        fault = error.fault
        place = f"{what}, line {fault.line}" if fault.line else what
        raise Refused(f"{place}: {fault.message}", hint=fault.hint) from None


def _text(data: bytes | None) -> str:
    return (data or b"").decode()


def _merge_deletion(base_record: Any, our_record: Any, their_record: Any, text: str) -> MergedText:
    """A record that one side does not have: it goes where the other side left it as it was."""
    if (our_record or their_record) == base_record:
        return MergedText("")
    return MergedText(text, (Conflict("", base_record, our_record, their_record, Why.DELETED),))


def _rewrite(text: str, before: Mapping[str, Any], after: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    if before == after:
        return text
    from solidarity_cli.records.edit import edit

    names = [*(name for name in before if name not in after), *after]
    return edit(text, [change for name in names for change in _edits(name, before, after)], shape)


def _edits(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Edit]:
    """The smallest edits that make one field what it is to be; the whole field where a path cannot lead there."""
    if name not in after:
        return [Remove(name)]
    is_new = name not in before
    steps: list[Edit] = [Set(name, after[name])] if is_new else [*_steps(name, before[name], after[name])]
    trial = deepcopy({key: value for key, value in before.items() if key == name})
    try:
        carry_out(deepcopy(steps), trial)
    except Refused:  # a code with a dot in it, such as un-hrd-12.2, is no part of a path
        return [Set(name, after[name])]
    return steps if trial[name] == after[name] else [Set(name, after[name])]


def _steps(at: str, before: Any, after: Any) -> Iterator[Edit]:
    if before == after:
        return
    old, new = by_id(before), by_id(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        old, new = dict(before), dict(after)
    if old is None or new is None:
        yield from _whole(at, before, after)
        return
    yield from (Remove(f"{at}.{name}") for name in old if name not in new)
    for name, value in new.items():
        if name in old:
            yield from _steps(f"{at}.{name}", old[name], value)
        else:
            yield Append(at, value) if isinstance(after, list) else Set(f"{at}.{name}", value)


def _whole(at: str, before: Any, after: Any) -> Iterator[Edit]:
    """A value as one; of a list that only grew, what it grew by."""
    if isinstance(before, list) and isinstance(after, list) and after[: len(before)] == before:
        yield from (Append(at, item) for item in after[len(before) :])
    else:
        yield Set(at, after)

"""A draft written by hand or kept by the wizard: a part of a case record in YAML."""

from __future__ import annotations

import re
from io import StringIO
from itertools import accumulate
from typing import Any

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model.draft import Draft

_LARGEST = 4 * 1024 * 1024
_DEEPEST = 200
_HINT = "a draft is part of a case record, one `field: value` a line; `solidarity explain` tells the fields"


def read(data: bytes) -> Draft:
    """The draft in a YAML file. Raises UsageError, with the line where it is known; nothing of the file is repeated."""
    if len(data) > _LARGEST:
        raise UsageError("the draft is larger than 4 MB: no case record is", hint=_HINT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = data.count(b"\n", 0, why.start) + 1
        raise UsageError(
            f"the draft is not written in UTF-8 (line {line})", hint="save it as UTF-8 in your editor"
        ) from None
    record = _loaded(text)
    if not isinstance(record, dict):
        raise UsageError("the draft holds no fields", hint=_HINT)
    if not all(isinstance(key, str) for key in record):
        raise UsageError("the draft has a field whose name is no word", hint=_HINT)
    return Draft(record=record)


def _loaded(text: str) -> Any:
    import ryaml

    # The parser takes minutes over thousands of open brackets before it gives up.
    if _open_brackets(text) > _DEEPEST:
        raise UsageError("the draft is nested too deeply", hint=_HINT)

    try:
        return ryaml.load(StringIO(text))
    except ValueError as why:
        raise UsageError(_explained(text, str(why)), hint=_HINT) from None


def _open_brackets(text: str) -> int:
    steps = (1 if bracket in "[{" else -1 for bracket in re.findall(r"[\[\]{}]", text))
    return max(accumulate(steps), default=0)


def _explained(text: str, why: str) -> str:
    """What is wrong. The parser's own sentence quotes the file, which may be a name: only its place is used."""
    if "more than one document" in why:
        line = next((number for number, line in enumerate(text.splitlines(), 1) if number > 1 and line[:3] == "---"), 0)
        return f"the draft holds more than one document{_at(line)}"
    if match := re.search(r'duplicate entry with key "(.*)"', why, re.S):
        return f"the draft has the same field twice{_at(_second(text, match[1]))}"
    place = re.search(r"at line (\d+)", why)
    return f"the draft is not valid YAML{_at(int(place[1]) if place else 0)}"


def _at(line: int) -> str:
    return f" (line {line})" if line else ""


def _second(text: str, key: str) -> int:
    """The line on which a key stands for the second time in one mapping; 0 when that cannot be seen by indentation."""
    shape = re.compile(rf"([ ]*(?:- +)*)[\"']?{re.escape(key)}[\"']?[ ]*:(?:\s|$)")
    seen: set[int] = set()
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        match = shape.match(line)
        column = len(match[1]) if match else len(line) - len(bare)
        seen = {
            depth for depth in seen if depth <= column and not (bare.startswith("- ") and depth > len(line) - len(bare))
        }
        if match and column in seen:
            return number
        if match:
            seen.add(column)
    return 0

"""A record's canonical text, written straight from a plain mapping.

`solidarity_cli.records.compose` proves each text by reading it back, which is right for one record and far too slow
for ten thousand. This writer knows the same profile; `generate.py` lets `solidarity fmt --check` judge a sample.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_CODE = re.compile(r"[a-z][a-z0-9]{2,}(?:[-.@][a-z0-9]+)*|[a-z]{1,2}(?:[-.@][a-z0-9]+)+|[a-z][0-9]+")
_NOT_PLAIN = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_ABOVE = {"case": "../../", "action": "../../", "directory": "../"}
_PARAGRAPHS = ("source", "private")


def text_of(plain: Mapping[str, Any], kind: str) -> str:
    """The whole file of a record whose keys stand in the order of the schema."""
    lines = [f"# yaml-language-server: $schema={_ABOVE[kind]}schemas/{kind}.schema.json"]
    for name, value in plain.items():
        if name in _PARAGRAPHS:
            lines.append("")
        lines += _field(name, value, "")
    return "\n".join(lines) + "\n"


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield f"{indent}{name}:"
        for key, below in value.items():
            yield from _field(key, below, indent + "  ")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield f"{indent}{name}:"
        for item in value:
            lines = [line for key, below in item.items() for line in _field(key, below, indent + "    ")]
            yield f"{indent}  - {lines[0].lstrip()}"
            yield from lines[1:]
    elif isinstance(value, list):
        yield f"{indent}{name}: [{', '.join(map(_scalar, value))}]"
    elif isinstance(value, str) and "\n" in value:
        yield f"{indent}{name}: {'|' if value.endswith(chr(10)) else '|-'}"
        yield from (f"{indent}  {line}" if line else "" for line in value.removesuffix("\n").split("\n"))
    else:
        yield f"{indent}{name}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _CODE.fullmatch(value) and value not in _NOT_PLAIN:
        return str(value)
    return json.dumps(value, ensure_ascii=False)

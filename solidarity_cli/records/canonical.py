"""The canonical form of a record file: a fixed point of `solidarity fmt`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from solidarity_cli.records import canonical_fast
from solidarity_cli.records.read import read

_DEPTH = {"case": "../../", "action": "../../", "directory": "../", "register": "", "recipients": ""}
_MODELINE = re.compile(r"# yaml-language-server:.*\n")


def modeline(kind: str) -> str:
    """The first line of a record: by it an editor finds our schema and speaks our words."""
    return f"# yaml-language-server: $schema={_DEPTH[kind]}schemas/{kind}.schema.json\n"


def compose(plain: Mapping[str, Any], kind: str, shape: Mapping[str, Any]) -> str:
    """A new record's text from its plain mapping."""
    text = modeline(kind) + (canonical_fast.text_of(plain, shape) or _roundtrip_text(plain, shape))
    if read(text.encode()) != plain:
        raise AssertionError("a record was not written as it is")
    return text


def _roundtrip_text(plain: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    from solidarity_cli.records.canonical_roundtrip import text_of

    return text_of(plain, shape)


def canonical(data: bytes, kind: str, shape: Mapping[str, Any]) -> str:
    """The canonical text of a record file: same values, same comments. Raises UnreadableError for what is no record.

    A byte-order mark and Windows line endings, which are nobody's content, are taken out here and only here.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    plain = read(text)
    # Nearly every file is what its values alone would be written as: it has no comments to keep, and is canonical.
    composed = modeline(kind) + (canonical_fast.text_of(plain, shape) or "")
    if composed.encode() == text:
        return composed
    from solidarity_cli.records.canonical_roundtrip import canonical_text

    result = modeline(kind) + canonical_text(_MODELINE.sub("", text.decode(), count=1), shape)
    if read(result.encode()) != plain:
        raise AssertionError("canonical form changed a value")
    return result


__all__ = ["canonical", "compose", "modeline"]

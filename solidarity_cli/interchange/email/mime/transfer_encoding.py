"""The bytes of one part of a message: transfer encodings undone, also when they are broken or cut off."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from solidarity_cli.interchange.email.mime import headers
from solidarity_cli.interchange.email.mime.message import Part


class Content(NamedTuple):
    """Decoded bytes, and whether their end is missing."""

    data: bytes
    cut: bool


def content(part: Part) -> Content:
    """What a part holds."""
    encoding = headers.text(part, "content-transfer-encoding").lower().strip(" \"';")
    return _undone(part.raw, encoding)


def _undone(raw: bytes, encoding: str) -> Content:
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return Content(binascii.a2b_qp(raw), bool(re.search(rb"=[0-9A-Fa-f]\Z", raw)))
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uu(raw)
    return Content(raw, cut=False)


def _base64(raw: bytes) -> Content:
    letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    # Some programs encode in blocks, each with its own padding.
    blocks = [block for block in re.split(rb"=+", letters) if block]
    cut = bool(blocks) and len(blocks[-1]) % 4 != 0 and not letters.endswith(b"=")
    whole = (block[:-1] if len(block) % 4 == 1 else block for block in blocks)
    return Content(b"".join(base64.b64decode(block + b"=" * (-len(block) % 4)) for block in whole), cut)


def _uu(raw: bytes) -> Content:
    out = bytearray()
    for line in raw.splitlines():
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() == b"end":
            return Content(bytes(out), cut=False)
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            return Content(bytes(out), cut=True)
    return Content(bytes(out), cut=True)

"""What came with a message: name, type, size, hash. The bytes themselves stay in the mailbox."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from solidarity_cli.interchange.email.mime import headers
from solidarity_cli.interchange.email.mime.message import Part

_LONGEST_NAME = 200


class Attachment(NamedTuple):
    """One file that came with a message."""

    name: str
    media_type: str
    size: int
    sha256: str

    def as_plain(self, kept: str) -> dict[str, Any]:
        """The entry of `private.attachments`; `kept` says where the bytes are."""
        return {**self._asdict(), "kept": kept}


def of(part: Part, data: bytes, number: int) -> Attachment:
    """The attachment that a part is. `number` names it when the message does not."""
    media_type = part.media_type
    name = "message.eml" if media_type in MESSAGES else name_of(part) or f"unnamed-{number}"
    clean_type = media_type if re.fullmatch(r"[a-z0-9.+*!#$&^_-]+/[a-z0-9.+*!#$&^_-]+", media_type) else None
    return Attachment(name, clean_type or "application/octet-stream", len(data), hashlib.sha256(data).hexdigest())


MESSAGES = frozenset({"message/rfc822", "message/global"})
"""Media types of a message inside a message. Their file names repeat the subject and are not used."""


def name_of(part: Part) -> str:
    """The file name that a message gives, without folders and control characters; "" when it gives none."""
    named = headers.parameter(part, "filename", "content-disposition") or headers.parameter(part, "name")
    base = re.split(r"[/\\]", named)[-1].strip(" .")
    if len(base) > _LONGEST_NAME:
        stem, dot, ending = base.rpartition(".")
        base = f"{stem[: _LONGEST_NAME - len(ending)]}…{dot}{ending}" if stem and len(ending) < 10 else base[:200]
    return base

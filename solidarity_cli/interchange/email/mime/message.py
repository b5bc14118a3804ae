"""A message taken apart by the standard library, with its bytes as they stand in the file."""

from __future__ import annotations

import re
from copy import copy
from email.errors import MessageDefect
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import cast


class NotTakenApart(MessageDefect):
    """The parts of the message could not be told from each other; only its headers are here."""


class Part(Message):
    """A message, or a part of one."""

    @property
    def media_type(self) -> str:
        """The declared media type; the default where there is none or it cannot be read."""
        return super().get_content_type()

    def get_content_type(self) -> str:
        """The media type as the parser may see it: a message inside a message is bytes until somebody opens it.

        So its hash is that of what came, a message that is encoded can be read, and wrapping costs no depth.
        """
        return "application/octet-stream" if self.media_type.startswith("message/") else self.media_type

    @property
    def parts(self) -> list[Part]:
        """What a multipart holds; empty for anything else."""
        payload = self.get_payload() if self.is_multipart() else []
        return [part for part in payload if isinstance(part, Part)]

    @property
    def raw(self) -> bytes:
        """The bytes of the body before its transfer encoding is undone."""
        # Asked plainly, the standard library decodes 8-bit text; asked for bytes of a part that declares no transfer
        # encoding, it hands them over.
        bare = copy(self)
        del bare["content-transfer-encoding"]
        body = bare.get_payload(decode=True)
        return body if isinstance(body, bytes) else b""


class _AsWritten(Compat32):
    """Headers keep their bytes, as surrogates.

    The `default` policy replaces bare 8-bit letters before anybody can ask for their character set, and its header
    parser fails on some broken headers; Compat32 replaces them when they are read.
    """

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def parsed(data: bytes) -> Part:
    """A message with its parts; with the defect NotTakenApart only its headers."""
    try:
        return _fed(data)
    except Exception:  # it fails in many ways: RecursionError, TypeError on contradicting parameters …
        head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
        message = _fed(re.sub(rb"(?im)^content-[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", head) + b"\n\n")
        message.defects.append(NotTakenApart())
        return message


def _fed(data: bytes) -> Part:
    parser = BytesFeedParser(Part, policy=_AsWritten())
    parser.feed(data)
    return cast("Part", parser.close())

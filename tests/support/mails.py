"""Fictional messages built byte by byte: the tests say exactly what stands in the file."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from solidarity_cli.core.model.draft import Draft
from solidarity_cli.interchange.email import read

HEAD = {
    "From": "Orla Fennimore <orla@quiet-harbour.example>",
    "To": "Solidarity Group <solidarity@forum.example.org>",
    "Subject": "News from the harbour",
    "Date": "Wed, 11 Feb 2026 09:30:00 +0100",
    "Message-ID": "<h1@quiet-harbour.example>",
    "MIME-Version": "1.0",
}
GERMAN = "Grüße aus Mölln: über 40 € Gebühr, ähnlich öfter, süß und größer."
RUSSIAN = (
    "Сегодня утром к нам в редакцию пришли незнакомые люди и потребовали список всех авторов. "
    "Мы отказались, они обещали вернуться завтра. Ёлка стоит у входа."
)


def mail(body: bytes | str = "Hello.\n", *, line_end: str = "\n", **headers: str | bytes | None) -> bytes:
    """A message: HEAD with `headers` over it (`_` is read as `-`, None leaves one out), a blank line, the body."""
    values: dict[str, str | bytes | None] = dict(HEAD)
    for name, value in headers.items():
        known = next((key for key in values if key.lower() == name.replace("_", "-").lower()), None)
        values[known or name.replace("_", "-")] = value
    lines = [
        name.encode() + b": " + (value.encode() if isinstance(value, str) else value)
        for name, value in values.items()
        if value is not None
    ]
    text = body.encode() if isinstance(body, str) else body
    return line_end.encode().join([*lines, b"", b""]) + text


def part(content: bytes | str, kind: str = "text/plain; charset=utf-8", **headers: str | bytes) -> bytes:
    """One part of a multipart message."""
    lines = [b"Content-Type: " + kind.encode()]
    for name, value in headers.items():
        lines.append(name.replace("_", "-").encode() + b": " + (value.encode() if isinstance(value, str) else value))
    return b"\n".join([*lines, b"", content.encode() if isinstance(content, str) else content])


def file(content: bytes, kind: str, disposition: str | bytes = "attachment") -> bytes:
    """A part that is a file, in base64."""
    return part(
        base64.encodebytes(content).rstrip(b"\n"),
        kind,
        Content_Transfer_Encoding="base64",
        Content_Disposition=disposition,
    )


def bundle(kind: str, *parts: bytes, boundary: str = "qq", closed: bool = True) -> bytes:
    """A multipart as a part of its own: header lines, blank line, body."""
    mark = boundary.encode()
    inner = b"".join(b"--" + mark + b"\n" + each + b"\n" for each in parts)
    end = b"--" + mark + b"--\n" if closed else b""
    return b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + mark + b'"\n\n' + inner + end


def whole(multipart: bytes, **headers: str | bytes | None) -> bytes:
    """A message whose body is a multipart from `bundle`, or any part."""
    return mail(b"", **headers).rstrip(b"\n") + b"\n" + multipart


def taken(data: bytes, name: str = "x.eml") -> Draft:
    return read(data, name=name)


def private(data: bytes) -> dict[str, Any]:
    return dict(taken(data).record["private"])


def narrative(data: bytes) -> str:
    return str(private(data).get("narrative", ""))


def text(data: bytes) -> str:
    """The narrative without its first block of header lines."""
    return narrative(data).partition("\n\n")[2]


def entry(
    name: str, media_type: str, content: bytes, kept: str = "mailbox, message <h1@quiet-harbour.example>"
) -> dict[str, Any]:
    """What `private.attachments` must say about a file."""
    return {
        "name": name,
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "kept": kept,
    }

"""The parts of a message sorted: its text, its attachments, the messages inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import errors
from typing import NamedTuple

from solidarity_cli.interchange.email.mime import attachments, charset, headers, html_text, remarks
from solidarity_cli.interchange.email.mime import format_flowed as flowed
from solidarity_cli.interchange.email.mime import transfer_encoding as transfer
from solidarity_cli.interchange.email.mime.message import NotTakenApart, Part, parsed

DEEPEST = 20
"""How many wrappings of parts in parts are followed."""
MOST = 500
"""How many parts are looked at."""

_STUB = re.compile(
    r"(?=.*html)(?=.*(?:support|display|view|show|render|anzeig|darstell|unterst|поддерж|отобра|показ))", re.I | re.S
)
_CUT = (errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect, errors.NoBoundaryInMultipartDefect)


class Inner(NamedTuple):
    """A message inside a message: the part that wraps it, and its bytes."""

    wrapping: Part
    data: bytes

    def opened(self) -> Part:
        """The message itself."""
        return parsed(self.data)


@dataclass(slots=True)
class Sorted:
    """What a part holds: readable text, files, and messages with the bytes they came as."""

    text: str = ""
    from_html: bool = False
    files: list[attachments.Attachment] = field(default_factory=list)
    messages: list[Inner] = field(default_factory=list)


class Sorter:
    """Walks through the parts of one file, with the limits and remarks that belong to all of it."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.sealed = False
        self._parts = 0
        self._files = 0

    def remark(self, sentence: str) -> None:
        """Keep a remark, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def sort(self, part: Part, depth: int, *, top: bool = False) -> Sorted:
        """Sort a part and all that is in it. `top`: it is a whole message. `sealed` turns true when it is encrypted."""
        self._parts += 1
        if depth > DEEPEST or self._parts > MOST:
            self.remark(remarks.TOO_DEEP if depth > DEEPEST else remarks.TOO_MANY)
            return Sorted()
        if any(isinstance(defect, _CUT) for defect in part.defects):
            self.remark(remarks.CUT_OFF)
        if any(isinstance(defect, NotTakenApart) for defect in part.defects):
            self.remark(remarks.TOO_DEEP)
        kind = part.media_type
        if kind == "multipart/encrypted" or _is_smime(part, "enveloped-data"):
            self.sealed = True
            return Sorted()
        if part.parts:
            return self._several(kind, part, depth)
        if kind in attachments.MESSAGES:
            return Sorted(messages=[Inner(part, self._content(part))])
        if self._is_text(part, kind, top=top):
            return self._text(part, kind)
        return Sorted(files=[self._file(part)])

    def as_file(self, inner: Inner) -> attachments.Attachment:
        """A message inside the message, counted as one of its attachments."""
        self._files += 1
        return attachments.of(inner.wrapping, inner.data, self._files)

    def _several(self, kind: str, part: Part, depth: int) -> Sorted:
        children = part.parts
        if kind == "multipart/related":
            children, others = _root_first(part, children)
            found = _joined(self.sort(child, depth + 1) for child in children)
            found.files += [file for child in others for file in self._flat(child, depth + 1)]
            return found
        each = [self.sort(child, depth + 1) for child in children]
        found = _joined([_preferred(each)] if kind == "multipart/alternative" else each)
        if kind == "multipart/alternative":
            found.files = [file for one in each for file in one.files]
            found.messages = [message for one in each for message in one.messages]
        if kind in {"multipart/report", "multipart/digest"}:
            # A returned or collected message is nobody's appeal passed on.
            found.files += [self.as_file(inner) for inner in found.messages]
            found.messages = []
        if kind == "multipart/report":
            self.remark(remarks.BOUNCE)
        return found

    def _flat(self, part: Part, depth: int) -> list[attachments.Attachment]:
        """Everything in a part as attachments: pictures of a text are files, whatever their type."""
        if part.parts or part.media_type in attachments.MESSAGES:
            found = self.sort(part, depth)
            return found.files + [self.as_file(inner) for inner in found.messages]
        self._parts += 1
        if self._parts > MOST:
            self.remark(remarks.TOO_MANY)
            return []
        return [self._file(part)]

    def _content(self, part: Part) -> bytes:
        content = transfer.content(part)
        if content.cut:
            self.remark(remarks.CUT_OFF)
        return content.data

    def _file(self, part: Part) -> attachments.Attachment:
        self._files += 1
        file = attachments.of(part, self._content(part), self._files)
        if file.media_type == "application/ms-tnef" or file.name.lower() == "winmail.dat":
            self.remark(remarks.TNEF)
        if _is_smime(part, "signed-data"):
            self.remark(remarks.SIGNED_SHUT)
        return file

    def _is_text(self, part: Part, kind: str, *, top: bool) -> bool:
        if kind not in {"text/plain", "text/html"} and not kind.startswith("multipart/"):
            return False
        if (part.get_content_disposition() or "") == "attachment":
            return False
        # Some programs put a text file "inline"; its name gives it away.
        return top or not attachments.name_of(part)

    def _text(self, part: Part, kind: str) -> Sorted:
        data = self._content(part)
        declared = headers.parameter(part, "charset") or (_meta_charset(data) if kind == "text/html" else "")
        decoded = charset.decode(data, declared or None)
        if decoded.guessed:
            self.remark(remarks.CHARSET)
        if kind == "text/html":
            if len(decoded.text) > html_text.LONGEST:
                self.remark(remarks.LONG)
            return Sorted(html_text.readable(decoded.text), from_html=True)
        if headers.parameter(part, "format").lower() == "flowed":
            delete = headers.parameter(part, "delsp").lower() == "yes"
            return Sorted(flowed.unfold(decoded.text, delete_space=delete))
        return Sorted(decoded.text)


def _joined(found: Iterable[Sorted]) -> Sorted:
    whole = Sorted()
    for one in found:
        whole.text = "\n\n".join(text.strip("\r\n") for text in (whole.text, one.text) if text.strip())
        whole.from_html |= one.from_html
        whole.files += one.files
        whole.messages += one.messages
    return whole


def _preferred(alternatives: list[Sorted]) -> Sorted:
    """The version to read: plain text, unless it is empty or only says that the reader's program is too old."""
    html = [one for one in alternatives if one.from_html and one.text.strip()]
    for one in alternatives:
        stub = html and len(one.text) < 400 and _STUB.search(one.text)
        if one.text.strip() and not one.from_html and not stub:
            return one
    return html[-1] if html else next((one for one in alternatives if one.text.strip()), Sorted())


def _root_first(part: Part, children: list[Part]) -> tuple[list[Part], list[Part]]:
    start = headers.parameter(part, "start").strip("<>")
    named = [child for child in children if start and headers.text(child, "content-id").strip("<>") == start]
    root = named[:1] or children[:1]
    return root, [child for child in children if child not in root]


def _is_smime(part: Part, kind: str) -> bool:
    if part.media_type not in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return False
    return headers.parameter(part, "smime-type").lower() == kind or (
        kind == "enveloped-data" and not headers.parameter(part, "smime-type")
    )


def _meta_charset(html: bytes) -> str:
    match = re.search(rb"<meta[^<>]{1,200}charset\s*=\s*[\"']?([\w-]{2,40})", html[:4096], re.I)
    return match[1].decode("ascii", "replace") if match else ""

"""A saved mail as a draft: who wrote, when, what they say, and what came with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model.draft import Draft, Hint
from solidarity_cli.interchange.email.mime import attachments, forwards, headers, parts, remarks
from solidarity_cli.interchange.email.mime import clean_text as tidy
from solidarity_cli.interchange.email.mime.message import Part, parsed
from solidarity_cli.interchange.email.suggestions import hints, language

_FORWARDS = 5
_PGP = "-----BEGIN PGP MESSAGE-----"
_IMPORTANCE = {"importance": {"high"}, "x-priority": {"1", "2"}, "priority": {"urgent"}, "x-msmail-priority": {"high"}}


@dataclass(slots=True)
class Letter:
    """One message read: the one that was sent, or the one inside it that was passed on."""

    sender: headers.Address | None
    written: date | None
    subject: str
    others: tuple[str, ...]
    text: str
    files: list[attachments.Attachment]

    @property
    def narrative(self) -> str:
        """The appeal as a person reads it: subject, further addresses, text."""
        head = [f"Subject: {self.subject}"] if self.subject else []
        return "\n\n".join(piece for piece in ("\n".join([*head, *self.others]), self.text) if piece)


def read(data: bytes) -> Draft:
    """The draft that a mail (RFC 5322, MIME) holds. Raises UsageError when the file holds several mails."""
    source = _without_mailbox_line(data.lstrip(b"\xef\xbb\xbf\r\n \t"))
    message = parsed(source)
    sorter = parts.Sorter()
    letter = _letter(message, sorter, depth=0, forwarded=0)
    narrative, cut = tidy.shortened(letter.narrative)
    if cut:
        sorter.remark(remarks.LONG)
    record: dict[str, Any] = {"received": letter.written.isoformat()} if letter.written else {}
    record["channel"] = "email"
    if code := language.guess(f"{letter.subject}\n{letter.text}"):
        record["language"] = code
    record["private"] = _private(letter, narrative, headers.text(message, "message-id"))
    found = (*_importance(message), *hints.find(narrative, written=letter.written))
    return Draft(record=record, hints=found, remarks=tuple(sorter.remarks))


def _without_mailbox_line(data: bytes) -> bytes:
    if not data.startswith(b"From "):
        return data
    if re.search(rb"\n\r?\nFrom [^\r\n]+ \d{4}[^\r\n]*\r?\n[A-Za-z-]+:", data):
        raise UsageError("the file holds several mails", hint="save the one message as .eml and read that file")
    return data.partition(b"\n")[2]


def _private(letter: Letter, narrative: str, message_id: str) -> dict[str, Any]:
    private: dict[str, Any] = {}
    if letter.sender and letter.sender.name:
        private["contact_name"] = letter.sender.name
    if letter.sender:
        private["contact"] = letter.sender.address
    if narrative:
        private["narrative"] = narrative
    kept = f"mailbox, message {message_id}" if message_id else "mailbox"
    private["attachments"] = [file.as_plain(kept) for file in letter.files]
    return private


def _letter(message: Part, sorter: parts.Sorter, *, depth: int, forwarded: int) -> Letter:
    found = sorter.sort(message, depth, top=True)
    text = tidy.text(found.text)
    if sorter.sealed or text.startswith(_PGP):
        sorter.remark(remarks.ENCRYPTED)
        return _headed(message, sorter, "", [])
    subject = headers.text(message, "subject")
    if len(found.messages) == 1 and forwarded < _FORWARDS:
        inner = found.messages[0].opened()
        if forwards.is_forward(subject, text, headers.text(inner, "subject")):
            return _passed_on(message, inner, text, found.files, sorter, depth=depth, forwarded=forwarded)
    if found.messages:
        sorter.remark(remarks.ATTACHED_MESSAGE)
    files = found.files + [sorter.as_file(inner) for inner in found.messages]
    if _PGP in text:
        sorter.remark(remarks.PARTLY_ENCRYPTED)
    if forwards.holds_forward(text):
        sorter.remark(remarks.INLINE_FORWARD)
    if not text:
        sorter.remark(remarks.NO_TEXT)
    return _headed(message, sorter, text, files)


def _passed_on(
    outer: Part,
    inner: Part,
    remark: str,
    files: list[attachments.Attachment],
    sorter: parts.Sorter,
    *,
    depth: int,
    forwarded: int,
) -> Letter:
    """The message inside, with what the person who passed it on adds."""
    sorter.remark(remarks.FORWARDED)
    letter = _letter(inner, sorter, depth=depth + 1, forwarded=forwarded + 1)
    letter.files = letter.files + files
    by = headers.addresses(outer, "from")
    added = [f"Forwarded by: {by[0]}"] if by else []
    added += [f"Forwarded with this remark:\n{remark}"] if remark else []
    letter.text = "\n\n".join(piece for piece in (letter.text, *added) if piece)
    return letter


def _headed(message: Part, sorter: parts.Sorter, text: str, files: list[attachments.Attachment]) -> Letter:
    senders = headers.addresses(message, "from")
    if not senders:
        sorter.remark(remarks.NO_SENDER)
    if _is_automatic(message):
        sorter.remark(remarks.AUTOMATIC)
    return Letter(
        sender=senders[0] if senders else None,
        written=_written(message, sorter),
        subject=headers.text(message, "subject"),
        others=_others(message, senders, sorter),
        text=text,
        files=files,
    )


def _written(message: Part, sorter: parts.Sorter) -> date | None:
    try:
        written = headers.day(message)
    except ValueError:
        sorter.remark(remarks.BAD_DATE)
        return None
    if written is None:
        sorter.remark(remarks.NO_DATE)
    return written


def _others(message: Part, senders: list[headers.Address], sorter: parts.Sorter) -> tuple[str, ...]:
    """Lines for addresses besides the sender's and the one the message went to."""
    known = {each.address.lower() for each in (*senders, *headers.addresses(message, "to"))}
    reply = headers.addresses(message, "reply-to")
    if senders and any(not _same_house(each.domain, senders[0].domain) for each in reply):
        sorter.remark(remarks.OTHER_REPLY)
    lines = []
    for label, people in (("Cc", headers.addresses(message, "cc")), ("Reply-To", reply)):
        if new := [str(each) for each in people if each.address.lower() not in known]:
            lines.append(f"{label}: {', '.join(new)}")
    return tuple(lines)


def _same_house(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_automatic(message: Part) -> bool:
    submitted = headers.text(message, "auto-submitted").lower()
    automatic = submitted.startswith(("auto-generated", "auto-replied"))
    precedence = headers.text(message, "precedence").lower() in {"auto_reply", "auto-reply"}
    return automatic or precedence or bool(headers.text(message, "x-autoreply"))


def _importance(message: Part) -> tuple[Hint, ...]:
    for name, values in _IMPORTANCE.items():
        value = headers.text(message, name)
        if value.lower()[:1] in values or value.lower() in values:
            return (Hint("urgency", "high", f"{name.title()}: {value}"),)
    return ()

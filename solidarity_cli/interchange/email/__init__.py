"""From a saved message or a prepared file to a draft. Nothing is guessed into the record; gaps stay gaps."""

from __future__ import annotations

import re

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.interchange.email import draft_yaml
from solidarity_cli.interchange.email import message_to_draft as eml

__all__ = ["LIMIT", "read"]

LIMIT = 64 * 1024 * 1024
"""The largest file that is read, in bytes. Mail servers refuse larger messages."""

_OUTLOOK = b"\xd0\xcf\x11\xe0"
# "Subject" and "Received" are fields of a record as well: they do not tell a mail from a draft.
_MAIL = re.compile(
    rb"^(?:from|to|date|message-id|mime-version|return-path|delivered-to|content-type)[ \t]*:", re.I | re.M
)
_DRAFT = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*:(?:\s|\Z)")
_NEXT_STEP = "save the message from your mail program as .eml, or write a draft as .yaml"


def read(data: bytes, *, name: str) -> Draft:
    """The draft that a file holds.

    `name` is the file's name, or "-" for standard input; only its ending is looked at, and it is never repeated,
    because people name files after people. Raises UsageError when the file is too large, empty, or neither mail nor
    draft.
    """
    if len(data) > LIMIT:
        raise UsageError(
            "the file is larger than 64 MB and was not read",
            hint="save the large attachments somewhere safe, delete them from a copy of the message, read the copy",
        )
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise UsageError("the file is empty", hint=_NEXT_STEP)
    if data.startswith(_OUTLOOK):
        raise UsageError("the file is an Outlook .msg file, which is not read", hint="in Outlook: Save as, type .eml")
    if _is_draft(data, name):
        return draft_yaml.read(data)
    if not _looks_like_mail(data):
        raise UsageError("the file is neither a mail nor a draft", hint=_NEXT_STEP)
    return eml.read(data)


def _is_draft(data: bytes, name: str) -> bool:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in {"yaml", "yml"}:
        return True
    return ending != "eml" and not _looks_like_mail(data) and bool(_DRAFT.match(data.removeprefix(b"\xef\xbb\xbf")))


def _looks_like_mail(data: bytes) -> bool:
    head = re.split(rb"\r?\n\r?\n|\r\r", data.lstrip(b"\xef\xbb\xbf\r\n \t"), maxsplit=1)[0]
    return b"\0" not in head and bool(_MAIL.search(head.replace(b"\r", b"\n")))

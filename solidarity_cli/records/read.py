"""Reading under the strict profile: YAML 1.2, UTF-8, LF, one document, no anchors, tags, merge keys, tabs, twins.

A file outside the profile is refused with line and column, never read half and never rewritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import ryaml

from solidarity_cli.core.record_size import LARGEST_RECORD

_SUSPECT = re.compile(r"(?:^|[\s\[{,:-])[&*!](?=\S)|<<|^(?:---|\.\.\.|%)", re.MULTILINE)
# Whatever _SUSPECT finds holds one of these; to look for them alone takes a tenth of the time.
_SUSPECT_SIGN = re.compile(r"[&*!<%]|---|\.\.\.")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_AND_COLUMN = re.compile(r"at line (\d+) column (\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no record: one sentence, where (counted from 1; 0 when unknown), and the next step.

    `field` is dotted. `is_unknown`: its last part is no field of ours, but whatever somebody typed there.
    """

    message: str
    line: int = 0
    column: int = 0
    hint: str = ""
    field: str = ""
    is_unknown: bool = False

    @property
    def safe_field(self) -> str:
        """The field without what somebody typed for one: it may be a name."""
        return self.field.rpartition(".")[0] if self.is_unknown else self.field


class UnreadableError(Exception):
    """The text is outside the strict profile."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read(data: bytes) -> dict[str, Any]:
    """The plain mapping that a record file says. Raises UnreadableError outside the strict profile."""
    text = decode(data)
    if _SUSPECT_SIGN.search(text) and _SUSPECT.search(text):
        _refuse_unsupported(text)
    try:
        value = ryaml.loads(text)
    except ryaml.InvalidYamlError as error:
        raise UnreadableError(_explain(str(error), text)) from None
    if not isinstance(value, dict):
        raise UnreadableError(Fault("the file does not hold fields with values", 1, 1, "begin with: id: …"))
    _require_text_keys(value, text)
    return value


def decode(data: bytes) -> str:
    """The text of a record file. Raises UnreadableError for anything but UTF-8 with LF and no byte-order mark."""
    if len(data) > LARGEST_RECORD:
        raise UnreadableError(
            Fault("the file is larger than 1 MB", hint="a record is text; attachments are kept elsewhere")
        )
    if not data.strip():
        raise UnreadableError(Fault("the file is empty", 1, 1, "get the last saved version back: git checkout -- FILE"))
    if data.startswith(b"\xef\xbb\xbf"):
        raise UnreadableError(Fault("the file begins with a byte-order mark", 1, 1, "solidarity fmt"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            Fault("the file is not written in UTF-8", *_position(data, error.start), "save it again as UTF-8")
        ) from None
    for mark, message, hint in (
        ("\r", "the file has Windows line endings", "solidarity fmt"),
        ("\t", "a tab stands here", "use spaces; inside a text write \\t between double quotes"),
    ):
        if mark in text:
            raise UnreadableError(Fault(message, *_position(data, data.index(mark.encode())), hint))
    if match := _CONTROL.search(text):
        offset = len(text[: match.start()].encode())
        raise UnreadableError(
            Fault("an invisible control character stands here", *_position(data, offset), "take it out")
        )
    return text


def _position(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    line_start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[line_start:].decode(errors="replace")) + 1


def _refuse_unsupported(text: str) -> None:
    """Tell `* item` inside a narrative from an alias: only a parser can. Slow, so only for suspects."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.events import AliasEvent, DocumentStartEvent, NodeEvent, ScalarEvent

    documents = 0
    try:
        for event in YAML().parse(text):
            reason = ""
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    reason = "a second document begins here"
                elif event.tags or event.version:
                    reason = "a YAML directive stands here"
            elif isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
                reason = "an anchor or alias (& or *) stands here"
            elif isinstance(event, NodeEvent) and getattr(event, "ctag", None) is not None:
                reason = "a tag (!) stands here"
            elif isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
                reason = "a merge key (<<) stands here"
            if reason:
                mark = event.start_mark
                hint = "one record a file" if "document" in reason else "write the value out; put text between quotes"
                raise UnreadableError(Fault(reason, mark.line + 1, mark.column + 1, hint))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        hint = "put text between quotes; indent by two spaces"
        raise UnreadableError(Fault("this line cannot be read as YAML", line, column, hint)) from None


def _explain(reason: str, text: str) -> Fault:
    """The fast reader's reason in a coordinator's words. It quotes the file: none of it is passed on."""
    match = _LINE_AND_COLUMN.search(reason)
    line, column = (int(match[1]), int(match[2])) if match else (0, 0)
    if "duplicate entry" in reason:
        line, column = _duplicate_position(text)
        return Fault("a field is written twice in the same place", line, column, "keep one of the two")
    if "recursion" in reason:
        return Fault("the fields are nested too deeply", line, column, "a record is at most five levels deep")
    if "more than one document" in reason:
        return Fault("a second document begins here", line, column, "one record a file")
    return Fault("this line cannot be read as YAML", line, column, "put text between quotes; indent by two spaces")


def _duplicate_position(text: str) -> tuple[int, int]:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError

    try:
        YAML().load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        return (mark.line + 1, mark.column + 1) if mark else (0, 0)
    except Exception:  # noqa: S110 the fast reader has refused the text already; this only looks for the line
        pass
    return 0, 0


def _require_text_keys(value: Any, text: str) -> None:
    if isinstance(value, dict):
        for key, child in value.items():
            if not isinstance(key, str):
                pattern = re.compile(rf"^\s*(?:- )?{re.escape(str(key).lower())}\s*:", re.MULTILINE | re.IGNORECASE)
                match = pattern.search(text)
                line = text.count("\n", 0, match.start()) + 1 if match else 0
                raise UnreadableError(Fault("the name of a field is not a word", line, 1 if line else 0, "quote it"))
            if isinstance(child, dict | list):
                _require_text_keys(child, text)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                _require_text_keys(item, text)

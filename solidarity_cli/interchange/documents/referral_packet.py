"""A referral packet: what one organisation may read of a case, encrypted to its key, in a file of the caller's own.

The text is in memory only; what comes onto the disk can be opened by the organisation and by nobody else, the sender
included.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.reports.pages.page import Page


def compose(page: Page, data: Mapping[str, Any]) -> str:
    """The packet's text: the page as Markdown for people, and the same as JSON in a fence for programs."""
    from solidarity_cli.render.json import to_json
    from solidarity_cli.render.markdown import page_to_markdown

    # Inside JSON a line never begins with a fence: line ends of people's words are written as escapes.
    return f"{page_to_markdown(page)}\n```json\n{to_json(data)}```\n"


def encrypt(text: str, key: str, organisation: str) -> bytes:
    """`text` as an age file for the public key of an organisation. Raises Refused when it has no key of that kind."""
    import pyrage

    from solidarity_cli.crypto.identities import is_public_key

    if not is_public_key(key):
        raise Refused(
            f"the directory has no age key of {organisation}, so nothing can be encrypted to it",
            hint=f"ask for it, confirm it by another way, then: directory/{organisation}.yaml, public_key: age1…",
        )
    return bytes(pyrage.encrypt(text.encode(), [pyrage.x25519.Recipient.from_str(key)]))


def target(name: str) -> Path:
    """The file that a packet is written to. Raises UsageError for a terminal, a folder, and what is there already."""
    file = Path(name)
    if name == "-":
        raise UsageError("a packet is written to a file, not to a screen", hint="-o packet.age")
    if os.path.lexists(file):
        raise UsageError(
            "-o names what is there already, and nothing is overwritten", hint="choose another name for -o"
        )
    if not file.parent.is_dir():
        raise UsageError("-o names a folder that does not exist", hint="mkdir it first, or choose another place")
    return file


@contextlib.contextmanager
def packet_file(file: Path, data: bytes, is_recorded: Callable[[], bool]) -> Iterator[None]:
    """The file stands, readable by its owner only, while the block records that it was made; else it is gone again.

    `is_recorded` is asked when the block is left by an exception: Ctrl-C may come when the record is made already.

    The file comes first: a register that says "sent" when the disk was full would be a lie about a disclosure. What a
    power cut leaves behind is a file that only the organisation opens, and the next try finds it.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise _write_error(error) from None
    try:
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise _write_error(error) from None
        yield
    except BaseException:
        if not is_recorded():
            file.unlink(missing_ok=True)
        raise


def _write_error(error: OSError) -> ExternalError:
    return ExternalError(
        f"the packet cannot be written: {error.strerror or 'the disk refused'}", hint="choose another place with -o"
    )

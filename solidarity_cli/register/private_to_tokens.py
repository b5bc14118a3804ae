"""Replace private values by tokens: the last step of a planned change, before its text is written.

Every check has seen the private values by then, and no disk has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solidarity_cli.core.edits import Set
from solidarity_cli.crypto.keyring.sealer import Seals
from solidarity_cli.records.canonical import compose
from solidarity_cli.records.edit import edit
from solidarity_cli.records.read import UnreadableError, read


def text_with_tokens(
    seals: Seals,
    record: str,
    kind: str,
    plain: Mapping[str, Any],
    *,
    before: str | None,
    text: str | None,
    shape: Mapping[str, Any],
) -> str:
    """Return the text of a record with a token in the place of each private value.

    `plain` has its private part opened. `before` is the text in the file, None for a new record; `text` is the next
    one, None where it is composed from `plain`. A value that did not change keeps its token, and its line every byte.
    """
    try:
        plain_before = read(before.encode()) if before is not None else None
    except UnreadableError:  # put in form by `fmt`: what is encrypted in the new text stays as it is
        plain_before = read(text.encode()) if text is not None else None
    sealed = seals.sealed(record, plain, plain_before)
    if text is None:
        return compose({**plain, "private": sealed}, kind, shape)
    if read(text.encode()).get("private") == sealed:
        return text
    return edit(text, [Set("private", sealed)], shape)

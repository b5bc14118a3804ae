"""A record's private part opened and sealed again, with the keys of a keyring; what cannot be opened stays sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.edits import Set
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.token_format import PREFIX, holds_sealed

if TYPE_CHECKING:
    from solidarity_cli.crypto.keyring.keyring import Keyring

_CLOSED = {
    "no-identity": (
        "the private part of {record} is sealed, and no identity on this machine opens it",
        "solidarity keys init, then a recipient lets you in: solidarity keys add",
    ),
    "no-key": ("the keyring here has no key for {record}", "get the keys: solidarity sync"),
    "erased": ("the private part of {record} was erased and takes nothing new", "solidarity show {record}"),
}


class Seals:
    """Opens and makes the tokens of records; the keyring is asked for when the first token is met.

    `made` are the keys of records that had none: to be kept before the records are. The keys of records named `ahead`
    come from the keyring at once.
    """

    def __init__(self, keyring: Callable[[], Keyring], *, ahead: Iterable[str] = ()) -> None:
        self._ask_for_keyring = keyring
        self._ahead = ahead
        self.made: dict[str, bytes] = {}

    @cached_property
    def _keyring(self) -> Keyring:
        keyring = self._ask_for_keyring()
        keyring.keys(self._ahead)
        return keyring

    def opened(self, record: str, plain: Mapping[str, Any]) -> dict[str, Any]:
        """A plain record with its private part as it was said; tokens that do not open here stay tokens."""
        private = plain.get("private")
        if not isinstance(private, Mapping) or not holds_sealed(private):
            return dict(plain)
        key = self.made.get(record) or self._keyring.key(record)
        if key is None:
            return dict(plain)
        from solidarity_cli.crypto.tokens import open_private

        said, _ = open_private(private, key=key, record=record, version=plain["schema_version"])
        return {**plain, "private": said}

    def opened_text(self, record: str, text: str, shape: Mapping[str, Any]) -> str:
        """A record's text with its private part as it was said; a text without tokens as it is."""
        if PREFIX not in text:
            return text
        from solidarity_cli.records.edit import edit
        from solidarity_cli.records.read import read

        plain = read(text.encode())
        said = self.opened(record, plain)
        return text if said == plain else edit(text, [Set("private", said["private"])], shape)

    def sealed(self, record: str, plain: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
        """The private part of `plain` in tokens; those of the stored version `before` stay where nothing changed.

        Raises Refused or ExternalError, with the way to the key, when there is something new to seal and no key for it.
        """
        from solidarity_cli.crypto import tokens

        private, earlier = plain["private"], (before or {}).get("private") or {}
        if not tokens.has_plaintext(private) and private == earlier:
            return dict(private)
        return tokens.seal_private(
            private,
            key=self._key_for(record, is_new=not holds_sealed(earlier)),
            record=record,
            version=plain["schema_version"],
            before=earlier,
        )

    def moved(self, record: str, token: str, old: str, new: str, version: int) -> str | None:
        """A token sealed anew for another field of its record; None when there is no key here."""
        from solidarity_cli.crypto.tokens import seal, unseal

        key = self._keyring.key(record)
        if key is None:
            return None
        value = unseal(token, key=key, record=record, field=old, version=version)
        return seal(value, key=key, record=record, field=new, version=version)

    def _key_for(self, record: str, *, is_new: bool) -> bytes:
        """The key of a record; a new one for a record that has none yet."""
        from solidarity_cli.crypto.tokens import new_key

        if key := self.made.get(record) or self._keyring.key(record):
            return key
        why = self._keyring.why(record)
        if why == "no-key" and is_new:
            return self.made.setdefault(record, new_key())
        message, hint = (words.format(record=record) for words in _CLOSED[why])
        raise (ExternalError if why == "no-key" else Refused)(message, hint=hint)

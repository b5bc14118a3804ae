"""Private values as tokens: encrypted one by one, each bound to its place, so that a diff shows only what changed.

A token is `sealed:1:` and base64url, without padding characters, of nonce (12 bytes), ciphertext, tag (16 bytes).
The cipher is ChaCha20-Poly1305 (RFC 8439) with one random key for each record and a random nonce for each token.
The plaintext is a length (4 bytes, big-endian), the value as canonical JSON in UTF-8, and zeros up to the next of few
sizes. The associated data are record id, field path and schema version: a token opens in its own place only.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.token_format import PREFIX, is_sealed

KEY_LENGTH = 32
_TOKEN = re.compile(r"sealed:1:[A-Za-z0-9_-]{123,}")
_NONCE, _TAG, _HEADER = 12, 16, 4
_SMALLEST, _STEP = 64, 65_536
_NOTE = re.compile(r"n[0-9]+")


class Broken(Refused):
    """A token does not open: it was cut, changed, moved, or sealed with another key."""


def new_key() -> bytes:
    """A random key for one record."""
    return secrets.token_bytes(KEY_LENGTH)


def is_token(value: object) -> bool:
    """Whether this is a whole token by its form. A text that only begins like one is not: it would stay readable."""
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        return False
    letters = len(value) - len(PREFIX)
    length = letters * 3 // 4 - _NONCE - _TAG
    return letters % 4 != 1 and length == padded_size(length)


def padded_size(length: int) -> int:
    """The size to which `length` bytes are padded: powers of two from 64 bytes, multiples of 64 KiB from there.

    Powers of two alone would double a long narrative, and the record would outgrow what a reader accepts.
    """
    if length > _STEP:
        return -(-length // _STEP) * _STEP
    return max(_SMALLEST, 1 << (length - 1).bit_length())


def seal(value: Any, *, key: bytes, record: str, field: str, version: int) -> str:
    """The token of a JSON value for one place. Twice the same value gives two tokens."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    said = _canonical(value)
    length = _HEADER + len(said)
    plaintext = len(said).to_bytes(_HEADER, "big") + said + bytes(padded_size(length) - length)
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, _place(record, field, version))
    return PREFIX + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(token: str, *, key: bytes, record: str, field: str, version: int) -> Any:
    """The value in a token. Raises Broken unless the token is whole, in its own place, and sealed with `key`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    sealed = _bytes(token)
    if sealed is None:
        raise Broken(f"the sealed value in {field} of {record} was cut or changed", hint=f"solidarity history {record}")
    try:
        plaintext = ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(record, field, version))
        length = int.from_bytes(plaintext[:_HEADER], "big")
        return json.loads(plaintext[_HEADER : _HEADER + length].decode("utf-8", "surrogatepass"))
    except (InvalidTag, ValueError, RecursionError):
        raise Broken(
            f"the sealed value in {field} of {record} does not open: "
            "it was changed, moved from another place, or sealed with another key",
            hint=f"solidarity history {record}",
        ) from None


def seal_private(
    private: Mapping[str, Any], *, key: bytes, record: str, version: int, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The private part with a token for every field, and for every note, so that branches that add notes merge.

    `before` is the private part of the earlier version, with its tokens: a value that did not change keeps its token.
    Raises Broken when no token of `before` opens with `key`: a wrong or a planted key would split the record in two.
    Raises Broken for a token that neither stood there before nor opens in its place.
    """
    now, then = _flat(private), _flat(before or {})
    earlier: dict[str, bytes] = {}
    trouble: Broken | None = None
    for field, token in then.items():
        if is_token(token):
            try:
                earlier[field] = _canonical(unseal(token, key=key, record=record, field=field, version=version))
            except Broken as broken:
                trouble = broken
    if trouble and not earlier:
        raise trouble
    sealed = {}
    for field, value in now.items():
        if is_sealed(value):
            if value != then.get(field):
                unseal(value, key=key, record=record, field=field, version=version)
            sealed[field] = value
        elif field in earlier and earlier[field] == _canonical(value):
            sealed[field] = then[field]
        else:
            sealed[field] = seal(value, key=key, record=record, field=field, version=version)
    return _nested(sealed, private)


def unseal_private(private: Mapping[str, Any], *, key: bytes, record: str, version: int) -> dict[str, Any]:
    """The private part as it was said. What is no token stays as it is. Raises Broken at the first that is broken."""
    said, broken = open_private(private, key=key, record=record, version=version)
    if broken:
        raise next(iter(broken.values()))
    return said


def open_private(
    private: Mapping[str, Any], *, key: bytes, record: str, version: int
) -> tuple[dict[str, Any], dict[str, Broken]]:
    """The private part as far as it opens, and why a field does not, by its dotted path: that one stays as it is."""
    said, broken = dict[str, Any](), dict[str, Broken]()
    for field, value in _flat(private).items():
        said[field] = value
        if is_sealed(value):
            try:
                said[field] = unseal(value, key=key, record=record, field=field, version=version)
            except Broken as trouble:
                broken[field] = trouble
    return _nested(said, private), broken


def has_plaintext(private: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields, by their dotted path, that can be read without a key."""
    return tuple(field for field, value in _flat(private).items() if not is_token(value))


def _flat(private: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted path -> value, one entry for each token there is or will be."""
    flat = {}
    for field, value in private.items():
        if field == "notes" and _is_notes(value):
            flat.update({f"private.notes.{note}": text for note, text in value.items()})
        else:
            flat[f"private.{field}"] = value
    return flat


def _nested(flat: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `_flat`, in the order of `like`."""
    return {
        field: {note: flat[f"private.notes.{note}"] for note in value}
        if field == "notes" and _is_notes(value)
        else flat[f"private.{field}"]
        for field, value in like.items()
    }


def _is_notes(value: object) -> bool:
    """Texts by the ids of notes. Any other mapping is sealed whole: its keys could be somebody's words."""
    return isinstance(value, Mapping) and all(isinstance(note, str) and _NOTE.fullmatch(note) for note in value)


def _canonical(value: Any) -> bytes:
    """One spelling for equal values. Half a surrogate pair passes: an error here would quote the value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _place(record: str, field: str, version: int) -> bytes:
    """Where a token belongs, as a JSON list: no two places are spelled alike."""
    return _canonical([record, field, version])


def _bytes(token: str) -> bytes | None:
    """What a token holds; None unless it is whole and spelled in the one way in which it was written."""
    if not is_token(token):
        return None
    text = token.removeprefix(PREFIX)
    sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return sealed if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() == text else None

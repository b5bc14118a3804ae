"""The recovery identity in shares: words for paper, of which any few that were agreed on give it back, fewer nothing.

The scheme is Shamir's as SLIP-0039 writes it down: words that are told apart by their first four letters, a checksum
in each share, a digest of the whole. An identity of age is 32 random bytes, so that they alone are shared.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solidarity_cli.core.errors import Refused, UsageError

if TYPE_CHECKING:
    from shamir_mnemonic import Share

MOST = 16
"""Shares of one identity: what SLIP-0039 has room for."""

_LENGTH = 32
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


@dataclass(frozen=True, slots=True)
class Split:
    """An identity that exists in `shares` only; `public` is its public key."""

    public: str
    shares: tuple[str, ...]


def split_identity(count: int, threshold: int) -> Split:
    """A new identity in `count` shares, any `threshold` of which give it back. Raises UsageError for other numbers.

    One share alone would be the identity itself, on paper: the threshold is two or more.
    """
    if not 2 <= threshold <= count <= MOST:
        raise UsageError(
            f"there are two to {MOST} shares, and at least two of them are needed",
            hint="solidarity keys recovery split --shares 5 --threshold 2",
        )
    import pyrage
    from shamir_mnemonic import generate_mnemonics

    secret = secrets.token_bytes(_LENGTH)
    # No passphrase stands before the shares, so there is nothing to stretch.
    words = generate_mnemonics(1, [(threshold, count)], secret, iteration_exponent=0)[0]
    if join_shares([read_share(share, 1) for share in words[-threshold:]]) != age_secret(secret):
        raise AssertionError("shares were made that do not give the identity back")
    return Split(str(pyrage.x25519.Identity.from_str(age_secret(secret)).to_public()), tuple(words))


def read_share(words: str, number: int) -> Share:
    """A share from its words, however they are spaced. Raises Refused by its `number`, without a word of it."""
    from shamir_mnemonic import MnemonicError, Share

    try:
        share = Share.from_mnemonic(words)
    except MnemonicError:  # it quotes the words
        raise Refused(
            f"share {number} is mistyped or cut: its words do not agree with each other",
            hint="compare it with the paper, word by word",
        ) from None
    if share.group_threshold != 1 or share.group_count != 1 or len(share.value) != _LENGTH:
        raise Refused(f"share {number} is a share of something else", hint="solidarity keys recovery split makes ours")
    return share


def still_needed(shares: Iterable[Share]) -> int:
    """How many more different shares are needed after these; one at least when there is none yet."""
    known = {share.index: share for share in shares}
    return max(0, next(iter(known.values())).member_threshold - len(known)) if known else 1


def join_shares(shares: Sequence[Share]) -> str:
    """The identity that the shares give back, as age writes it: AGE-SECRET-KEY-1….

    Raises Refused: too few, or of different splits.
    """
    from shamir_mnemonic import MnemonicError, decode_mnemonics, recover_ems

    if len({share.group_parameters() for share in shares}) > 1:
        raise _mixed()
    if missing := still_needed(shares):
        have = len({share.index for share in shares})
        raise Refused(
            f"{have + missing} different shares are needed, and {have} given: fewer tell nothing at all",
            hint="solidarity keys recovery restore, with more shares",
        )
    enough = list(dict.fromkeys(shares))[: shares[0].member_threshold]
    try:
        groups = decode_mnemonics(share.mnemonic() for share in enough)
        return age_secret(recover_ems(groups).decrypt(b""))
    except MnemonicError:
        raise _mixed() from None


def _mixed() -> Refused:
    return Refused(
        "the shares are of different splits and do not fit together",
        hint="shares of one split begin with the same two words",
    )


def age_secret(secret: bytes) -> str:
    """32 bytes as age writes an identity: Bech32 (BIP-0173) in capitals, with age-secret-key- before the 1."""
    prefix = "age-secret-key-"
    bits = int.from_bytes(secret, "big") << 4  # 256 bits in 52 letters of 5, filled up with zeros
    values = [bits >> shift & 31 for shift in range(255, -1, -5)]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> shift & 31 for shift in range(25, -1, -5)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}".upper()


def _polymod(values: Iterable[int]) -> int:
    """The checksum of Bech32 over values of 5 bits."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_GENERATOR):
            check ^= generator if top >> index & 1 else 0
    return check

"""Vouching for recipients: with the key of the group that is here, or a first one."""

from __future__ import annotations

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipients
from solidarity_cli.crypto.keyring.keyring import Keyring
from solidarity_cli.crypto.keyring.trust import Trust
from solidarity_cli.crypto.vouches import Group


def group_of(keyring: Keyring) -> Group:
    """The group's key, to vouch with; a first one where nobody was ever vouched for.

    Raises ExternalError when it does not open here, or is none that this clone believes: then it is for somebody else
    to do.
    """
    if found := keyring.group():
        return found
    if keyring.is_before_vouches():
        return Group.new()
    raise ExternalError(
        "the group's key does not open here, so nobody can be vouched for",
        hint="solidarity sync; then again, or by somebody who can open records: solidarity keys list",
    )


def vouched(
    keyring: Keyring, after: Recipients, group: Group, *newcomers: str, trust: Trust | None = None
) -> Recipients:
    """`after` with the vouches of `group`: of those who are trusted, and the keys of `newcomers`.

    `trust` says who is trusted, where that was asked already.
    A first key of the group vouches for all who are there: nobody can tell any more how they came in.
    """
    let_in = (trust or keyring.trusted()).vouched | set(newcomers)
    if keyring.is_before_vouches():
        let_in |= set(after.keys)
    return after.with_vouches({one.key: group.vouch(one.name, one.key) for one in after.current if one.key in let_in})

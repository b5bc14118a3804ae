"""Identities on this machine, recipients of this register, and whether every sealed record has a key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.core.errors import SolidarityError
from solidarity_cli.core.findings import Severity
from solidarity_cli.core.model import Recipients
from solidarity_cli.crypto import identities


def look(checkup: Checkup) -> Iterator[Problem]:
    """What is wrong with identities, recipients and keys."""
    too_open = list(_modes())
    yield from too_open
    if not too_open:
        yield from _damaged_identities()
    if not checkup.register.now.charter.sealing:
        return
    try:
        recipients = checkup.register.recipients
    except SolidarityError as error:
        yield Problem("keys", error.message, error.hint)
        return
    yield from _recipients(recipients)
    for oddity in checkup.register.oddities():
        message, _, hint = oddity.partition(": ")
        yield Problem("keys", message, hint)
    yield from _keys(checkup)


def _modes() -> Iterator[Problem]:
    folder = identities.folder()
    if os.name != "posix" or not folder.is_dir():
        return
    for place, mode in ((folder, 0o700), *((folder / public_key, 0o600) for public_key in identities.public_keys())):
        if place.lstat().st_mode & 0o077:
            subject = "the folder of identities" if place == folder else "an identity"
            yield Problem(
                "keys",
                f"{subject} can be read by others on this machine",
                f"chmod {mode:o} {place}",
                mend=partial(Path.chmod, place, mode),
            )


def _damaged_identities() -> Iterator[Problem]:
    for public_key in identities.public_keys():
        try:
            if not identities.is_protected(public_key):
                identities.open_identity(public_key)
        except SolidarityError as error:
            yield Problem("keys", f"{error.message} ({public_key[:12]}…)", error.hint)


def _recipients(recipients: Recipients) -> Iterator[Problem]:
    local_keys, current = identities.public_keys(), recipients.keys
    retired = {recipient.key: recipient for recipient in recipients.retired}
    for public_key in local_keys:
        if public_key in retired and public_key not in current:
            yield Problem(
                "keys",
                f"a retired identity is still on this machine ({public_key[:12]}…): what was erased may open with it",
                "solidarity doctor --fix destroys it",
                mend=partial(identities.destroy, public_key),
                asks="destroy this identity? What was sealed for it alone can never be opened again",
            )
    if not set(local_keys) & set(current):
        yield Problem("keys", "no identity on this machine opens anything in this register", "solidarity keys init")
    if len(current) == 1:
        yield Problem(
            "keys",
            "only one person can open this register: one lost laptop loses everything",
            "solidarity keys add NAME PUBLIC-KEY",
            Severity.WARNING,
        )


def _keys(checkup: Checkup) -> Iterator[Problem]:
    reader, keyring = checkup.register.now, checkup.register.keyring
    sealed = _sealed_records(checkup)
    if not sealed:
        return
    if not keyring.commit():
        yield Problem("keys", "the keyring is not here: nothing that is sealed can be opened", "solidarity sync")
        return
    if missing := sorted(sealed - keyring.records()):
        shown_records = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        yield Problem(
            "keys", f"{len(missing)} sealed records have no key in the keyring: {shown_records}", "solidarity sync"
        )
    locked = sealed & keyring.records() - set(keyring.keys(sealed))
    if locked:
        checkup.unseen.append(f"{len(locked)} of {len(reader.paths)} records are sealed to you")


def _sealed_records(checkup: Checkup) -> set[str]:
    """The records that hold tokens."""
    from solidarity_cli.core.token_format import PREFIX
    from solidarity_cli.git.snapshot import name_of, record_kind

    now = checkup.register.now
    paths = {blob: path for path, blob in now.ordinary() if record_kind(path) in ("case", "action")}
    return {name_of(paths[blob]) for blob, data in now.snapshot.read(paths) if PREFIX.encode() in (data or b"")}

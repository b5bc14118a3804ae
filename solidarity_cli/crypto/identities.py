"""The caller's own keys: X25519 identities of age, one file each, which nobody else on this machine can read.

An identity file is that of `age`: one line `AGE-SECRET-KEY-1…`, or the same encrypted with a passphrase. The program
`age` opens it too. Losing every copy of an identity loses what was wrapped for it alone.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.system.atomic_file import write_private

Ask = Callable[[], str]
"""Asks a person for the passphrase."""

_TRIES = 3
_MOMENTS = 5
_LARGEST = 16_384
_PROTECTED = b"age-encryption.org/v1"


class AskOnce:
    """Asks a person once in a command: what opened one identity is tried on the next before anybody is asked again."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.right: dict[str, str] = {}
        """Public key -> the passphrase that opened its identity."""

    def __call__(self) -> str:
        """What the person says now; an end of input is a wish to stop."""
        try:
            return self._ask()
        except EOFError:
            raise KeyboardInterrupt from None

    def again(self, left: int) -> None:
        """Says that what was typed opens nothing, and how often the person may still try."""
        sys.stderr.write(f"that passphrase does not open it; {left} {'try' if left == 1 else 'tries'} left\n")


def folder() -> Path:
    """Where identities are kept: `$SOLIDARITY_IDENTITIES`, else below the user's configuration folder."""
    if chosen := os.environ.get("SOLIDARITY_IDENTITIES"):
        return Path(chosen)
    from platformdirs import user_config_path

    return user_config_path("solidarity") / "identities"


def public_key(text: str) -> str:
    """The X25519 public key that `text` is. Raises Refused, in words, for anything else."""
    pyrage = _pyrage()
    text = text.strip()
    if text.startswith(("ssh-", "ecdsa-", "sk-")):
        raise Refused(
            "an SSH key is no recipient: it cannot be destroyed when a case is erased, because it opens other doors",
            hint="solidarity keys init prints a key made for this",
        )
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise Refused(
            "this is a secret key, not a public one: whoever has seen it can read what it opens",
            hint="make a new one: solidarity keys init",
        )
    with contextlib.suppress(pyrage.RecipientError):
        if str(pyrage.x25519.Recipient.from_str(text)) == text:
            return text
    raise Refused("this is no public key", hint="a public key begins with age1 and has 62 characters")


def is_public_key(text: str) -> bool:
    """Whether `text` is an X25519 public key of age, spelled as age spells it."""
    try:
        return public_key(text) == text
    except Refused:
        return False


def make(passphrase: str = "") -> str:
    """A new identity on this machine; its public key."""
    return keep(str(_pyrage().x25519.Identity.generate()), passphrase)


def public_of(secret: str) -> str:
    """The public key of an identity that exists. Raises UsageError when it is none."""
    pyrage = _pyrage()
    try:
        return str(pyrage.x25519.Identity.from_str(secret.strip()).to_public())
    except pyrage.IdentityError:
        raise UsageError("this is no identity", hint="an identity begins with AGE-SECRET-KEY-1") from None


def keep(secret: str, passphrase: str = "") -> str:
    """Store an identity that exists, such as a recovered one; its public key. Raises UsageError when it is none."""
    public = public_of(secret)
    data = (secret.strip() + "\n").encode()
    if passphrase:
        data = _pyrage().passphrase.encrypt(data, _one_spelling(passphrase))
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _ours_alone(place)
        write_durably(place / public, data)
    except OSError as trouble:
        raise ExternalError(
            f"the identity could not be stored: {trouble.strerror or 'the disk refused'}",
            hint="look at space and permissions of the configuration folder",
        ) from None
    return public


def public_keys() -> tuple[str, ...]:
    """The public keys of the identities on this machine, sorted; none is opened."""
    try:
        names = sorted(file.name for file in folder().iterdir() if not file.name.startswith("."))
    except OSError:
        return ()
    return tuple(name for name in names if name.startswith("age1") and is_public_key(name))


def is_protected(public: str) -> bool:
    """Whether this identity asks for a passphrase."""
    return _read(public).startswith(_PROTECTED)


def open_identity(public: str, ask: Ask | None = None) -> Any:
    """The identity of a public key, for `pyrage.decrypt`; `str` of it is the secret.

    Raises ExternalError: not on this machine, readable by others, damaged, or the passphrase mistyped three times.
    """
    pyrage = _pyrage()
    data = _read(public)
    if data.startswith(_PROTECTED):
        data = _with_passphrase(public, data, ask)
    try:
        identity = pyrage.x25519.Identity.from_str(data.decode("ascii").strip())
    except (UnicodeDecodeError, pyrage.IdentityError):
        raise ExternalError(
            "an identity file is damaged", hint="get it back from a copy, or: solidarity keys init"
        ) from None
    if str(identity.to_public()) != public:
        raise ExternalError(
            "an identity file holds another identity than its name says", hint="name it by its public key"
        )
    return identity


def destroy(public: str) -> None:
    """Overwrite and remove an identity. A journal, a snapshot of the disk or a copy may still hold the old bytes."""
    file = folder() / public
    if public not in public_keys() or not file.is_file() or file.is_symlink():
        raise Refused("this identity is not on this machine", hint="solidarity keys list")
    try:
        with file.open("r+b") as stream:
            stream.write(b"\0" * file.stat().st_size)
            stream.flush()
            os.fsync(stream.fileno())
        file.unlink()
        _sync(file.parent)
    except OSError as trouble:
        raise ExternalError(
            f"the identity could not be destroyed: {trouble.strerror or 'the disk refused'}",
            hint="look at the permissions of the configuration folder",
        ) from None


def _with_passphrase(public: str, data: bytes, ask: Ask | None) -> bytes:
    if ask is None:
        raise ExternalError(
            "the identity asks for its passphrase, and nobody can be asked", hint="run it on a terminal"
        )
    known = list(dict.fromkeys(ask.right.values())) if isinstance(ask, AskOnce) else []
    for number in range(len(known) + _TRIES):
        said = known[number] if number < len(known) else ask()
        if (opened := _decrypted(data, said)) is not None:
            if isinstance(ask, AskOnce):
                ask.right[public] = said
            return opened
        left = len(known) + _TRIES - number - 1
        if isinstance(ask, AskOnce) and 0 < left < _TRIES:
            ask.again(left)
    raise ExternalError("passphrase mistyped three times", hint="nothing was changed; try again")


def _decrypted(data: bytes, passphrase: str) -> bytes | None:
    """What the passphrase opens; None when it is another one.

    Raises ExternalError for a damaged file, or on a machine that is too busy.
    age measures how fast this machine is now, and refuses a file that was made with much more work than that: one of
    a quiet hour does not open in a busy minute. So it is tried again before anybody is told.
    """
    pyrage = _pyrage()
    for moment in range(_MOMENTS):
        try:
            return bytes(pyrage.passphrase.decrypt(data, _one_spelling(passphrase)))
        except pyrage.DecryptError as trouble:
            if str(trouble) == "Decryption failed":
                return None
            if "work" not in str(trouble).casefold():
                raise ExternalError("an identity file is damaged", hint="get it back from a copy") from None
            time.sleep(moment)
    raise ExternalError(
        "this machine is too busy to open the identity now", hint="nothing was changed; try again in a minute"
    )


def _one_spelling(passphrase: str) -> str:
    """Keyboards compose й and ё in two ways; a passphrase is the same on each."""
    return unicodedata.normalize("NFC", passphrase)


def _read(public: str) -> bytes:
    """The bytes of an identity file that nobody else can read."""
    if public not in public_keys():
        raise ExternalError("this identity is not on this machine", hint="solidarity keys list")
    file = folder() / public
    try:
        _ours_alone(file.parent)
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as stream:
            _ours_alone(file, os.fstat(stream.fileno()))
            return stream.read(_LARGEST)
    except OSError as trouble:
        raise ExternalError(
            f"an identity cannot be read: {trouble.strerror or 'the disk refused'}",
            hint="an identity is a plain file of your own",
        ) from None


def _ours_alone(place: Path, about: os.stat_result | None = None) -> None:
    about = about or place.stat()
    if os.name == "posix" and about.st_mode & 0o077:
        is_folder = stat.S_ISDIR(about.st_mode)
        what, mode = ("the folder of identities", "700") if is_folder else ("an identity", "600")
        raise ExternalError(f"{what} can be read by others on this machine", hint=f"chmod {mode} {place}")


def write_durably(file: Path, data: bytes) -> None:
    """The file whole, with mode 0600 from its first byte, and on the disk before anybody relies on it."""
    write_private(file, data)
    _sync(file.parent)


def _sync(place: Path) -> None:
    """A new or removed name is on the disk too; not every system can say so."""
    with contextlib.suppress(OSError):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _pyrage() -> Any:
    import pyrage

    return pyrage

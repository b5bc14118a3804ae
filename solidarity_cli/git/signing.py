"""Signing set up: whose key, git's local settings, the line in the list of allowed signers. Nobody has to."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.git.process import git

FILE = "allowed_signers"
"""The list of a register, in ssh-keygen's format: whose keys are whose."""

_USUAL = ("id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa")
_NEW = "id_ed25519"
_PUBLIC = re.compile(r"((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*)(?: .*)?\s*")
_HINT = "make a key: ssh-keygen -t ed25519; then the same again"


def key_of(root: Path) -> str:
    """The key that git signs with, or would by the usual name of a key in the user's folder; "" where there is none.

    Either a file or, for a key that only an agent holds, `key::ssh-…`.
    """
    if _config(root, "gpg.format") == "ssh" and (key := _config(root, "user.signingkey")):
        return key
    folder = Path.home() / ".ssh"
    return next((os.fspath(folder / f"{name}.pub") for name in _USUAL if (folder / f"{name}.pub").is_file()), "")


def new_key(address: str) -> str:
    """A new key under the usual name, by ssh-keygen, which asks for a passphrase itself. Raises ExternalError."""
    file = Path.home() / ".ssh" / _NEW
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        process = subprocess.run(["ssh-keygen", "-t", "ed25519", "-C", address, "-f", os.fspath(file)], check=False)
    except FileNotFoundError:
        raise ExternalError("ssh-keygen is not installed", hint="install OpenSSH, then try again") from None
    except OSError as error:
        raise ExternalError(f"no key can be made: {error.strerror}", hint="look at the permissions of ~/.ssh") from None
    if process.returncode or not file.with_suffix(".pub").is_file():
        raise ExternalError("ssh-keygen made no key", hint=_HINT)
    return os.fspath(file.with_suffix(".pub"))


def choose_key(root: Path, address: str, agrees: Callable[[str], bool] | None) -> str:
    """The key that is there, or a new one if a person `agrees`; None says that nobody is there to be asked.

    Raises Refused when there is no key, UsageError when nobody can be asked for one.
    """
    if key := key_of(root):
        public_half(key)
        return key
    if agrees is None:
        raise UsageError("there is no SSH key to sign with, and nobody to ask for one", hint=f"{_HINT}; or: --no-sign")
    if not agrees("there is no SSH key here; make one? You will be asked for a passphrase"):
        raise Refused("there is no SSH key to sign with", hint=_HINT)
    return new_key(address)


def public_half(key: str) -> str:
    """Kind and public half of a key that `key_of` gave. Raises Refused when it is not at its place."""
    text = key.removeprefix("key::")
    if not _PUBLIC.fullmatch(text):
        file = Path(key).expanduser()
        file = file if file.suffix == ".pub" else file.with_name(f"{file.name}.pub")
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
    if not (match := _PUBLIC.fullmatch(text)):
        raise Refused("the public half of the key that git signs with is not at its place", hint=_HINT)
    return match[1]


def line_of(address: str, key: str) -> str:
    """The line of a person in the list: for acts, and for checkpoints."""
    return f'{address} namespaces="git,solidarity-checkpoint" {public_half(key)}\n'


@contextmanager
def signing_with(root: Path, key: str) -> Iterator[None]:
    """From now on git signs each commit of this repository with `key`; what fails inside leaves things as they were."""
    settings = {"gpg.format": "ssh", "user.signingkey": key, "commit.gpgsign": "true"}
    before = {name: _config(root, name, "--local") for name in settings}
    for name, value in settings.items():
        git(root, "config", "--local", name, value)
    try:
        yield
    except BaseException:
        for name, value in before.items():
            if value:
                git(root, "config", "--local", name, value)
            else:
                git(root, "config", "--local", "--unset-all", name, quiet_codes=(5,))
        raise


def lacking(root: Path, address: str) -> Iterator[tuple[str, str]]:
    """What keeps a person's acts from being proven theirs, with the next step; nothing in a register without a list."""
    try:
        signer_list = (root / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    is_on = git(root, "config", "--type=bool", "--get", "commit.gpgsign", quiet_codes=(1, 128)).strip() == b"true"
    if not is_on or _config(root, "gpg.format") != "ssh" or not _config(root, "user.signingkey"):
        yield (
            "this register has a list of allowed signers, and git does not sign your acts here",
            "solidarity init --sign",
        )
        return
    try:
        public = public_half(_config(root, "user.signingkey"))
    except Refused as error:
        yield error.message, error.hint
        return
    lines = [line for line in signer_list.splitlines() if not line.startswith("#")]
    if not any(public in line and address.casefold() in line.casefold().split()[0].split(",") for line in lines):
        yield (
            f"your key does not stand beside your address in {FILE}",
            f"somebody who is in it adds the line, and commits it: {address} {public}",
        )


def _config(root: Path, name: str, *where: str) -> str:
    return git(root, "config", *where, "--get", name, quiet_codes=(1, 128)).decode(errors="replace").strip()

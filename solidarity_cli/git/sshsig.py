"""Signatures by SSH keys, made and checked by `ssh-keygen -Y`: nothing else starts it."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.git.allowed_signers import of_persons
from solidarity_cli.git.process import git

_PUBLIC = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*( .*)?")
_NO_KEY = "git config gpg.format ssh; git config user.signingkey ~/.ssh/id_ed25519.pub; or: --key FILE"


class State(Enum):
    """What a signature is worth here."""

    GOOD = "good"
    UNKNOWN = "good, by a key that is not known here"
    NOT_THEN = "good, by a key that was not allowed this at that time"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who signed: `signer` as the list of allowed signers calls them, else empty; `key` is the fingerprint."""

    state: State
    signer: str
    key: str


def signing_key(root: Path, named: Path | None) -> str:
    """The key to sign with: a file, or a public key whose other half an agent holds.

    `named` first, then what git signs with. Raises UsageError for a file that is not there, Refused when there is no
    key.
    """
    if named:
        if not named.is_file():
            raise UsageError("--key names no file", hint="--key ~/.ssh/id_ed25519")
        return os.fspath(named.absolute())
    form, key = (_config(root, name) for name in ("gpg.format", "user.signingkey"))
    if form != "ssh" or not key:
        why = "git signs with no SSH key here" if not key else "git signs with another kind of key than SSH"
        raise Refused(why, hint=_NO_KEY)
    public = key.removeprefix("key::")
    if _PUBLIC.fullmatch(public):
        return public
    file = Path(key).expanduser()
    if not file.is_absolute() or not file.is_file():
        raise Refused("the key that git signs with is not at its place", hint=_NO_KEY)
    return os.fspath(file)


def _config(root: Path, name: str) -> str:
    return git(root, "config", "--get", name, quiet_codes=(1,)).decode(errors="replace").strip()


def sign(text: bytes, key: str, namespace: str, *, asks: bool) -> str:
    """The signature of `text`, as ssh-keygen writes it.

    `asks` says whether a person is at the terminal, for a passphrase. Raises Refused when the key does not sign.
    """
    with _files(key.encode() + b"\n") as (key_file,):
        file = os.fspath(key_file) if _PUBLIC.fullmatch(key) else key
        process = _keygen("sign", "-n", namespace, "-f", file, stdin=text, asks=asks)
    if process.returncode == 0:
        return process.stdout.decode()
    stderr = process.stderr.decode(errors="replace").casefold()
    if "passphrase" in stderr:
        message = (
            "the passphrase is not that of the key" if asks else "the key has a passphrase, and nobody can be asked"
        )
        raise Refused(message, hint="ssh-add the key, or sign on a terminal, without --no-input")
    if "agent" in stderr or _PUBLIC.fullmatch(key) or key.endswith(".pub"):
        raise Refused("only the public half of the key is here, and no agent has the other", hint="ssh-add the key")
    if "permissions" in stderr:
        raise Refused("the key's file can be read by others, so it is not used", hint="chmod 600 the key")
    raise Refused("the key does not sign: it is no private SSH key, or its hardware is not here", hint=_NO_KEY)


def verify(text: bytes, signature: str, namespace: str, *, allowed: bytes, at: datetime) -> Verdict:
    """What a signature of `text` is worth by a list of allowed signers, in ssh-keygen's format, at a time.

    An empty list knows nobody, and a line that lets in more than one person's key counts for nobody. Times in the list
    that name no zone are UTC, here as everywhere.
    """
    allowed = of_persons(allowed)
    blob = _public_key(signature)
    key = "SHA256:" + b64encode(sha256(blob).digest()).decode().rstrip("=")
    with _files(signature.encode(), allowed) as (signature_file, signers_file):
        signature_args = ("-n", namespace, "-s", os.fspath(signature_file))
        if _keygen("check-novalidate", *signature_args, stdin=text).returncode:
            return Verdict(State.BAD, "", key)
        list_args = ("-f", os.fspath(signers_file), f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%S}")
        principals = _keygen("find-principals", "-s", os.fspath(signature_file), *list_args)
        for signer in principals.stdout.decode(errors="replace").splitlines() if principals.returncode == 0 else ():
            # Whoever may sign commits is not yet somebody who may sign this: the list can say what a key is for.
            if _keygen("verify", *signature_args, *list_args, "-I", signer, stdin=text).returncode == 0:
                return Verdict(State.GOOD, signer, key)
    is_listed = b64encode(blob) in allowed.split()
    return Verdict(State.NOT_THEN if is_listed else State.UNKNOWN, "", key)


def fingerprint(signature: str) -> str:
    """Whose key made a signature, as `ssh-keygen -l` writes it; said by the signature, not proven."""
    return "SHA256:" + b64encode(sha256(_public_key(signature)).digest()).decode().rstrip("=")


def _public_key(signature: str) -> bytes:
    """The key inside a signature: after six letters and a version, with its length before it."""
    raw = b64decode("".join(line for line in signature.splitlines() if not line.startswith("-----")))
    if raw[:6] != b"SSHSIG" or len(raw) < 14:
        return b""
    return raw[14 : 14 + struct.unpack(">I", raw[10:14])[0]]


@contextmanager
def _files(*contents: bytes) -> Iterator[list[Path]]:
    """Files for ssh-keygen, which takes signatures and lists no other way; nothing in them is secret."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.pub" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        yield files


def _keygen(act: str, *arguments: str, stdin: bytes = b"", asks: bool = False) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    if not asks:
        env["SSH_ASKPASS_REQUIRE"] = "never"
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", act, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            env=env,
            # In a session of its own it has no terminal to ask at.
            start_new_session=not asks,
        )
    except FileNotFoundError:
        raise ExternalError(
            "ssh-keygen is not installed", hint="install OpenSSH 8.9 or later, then try again"
        ) from None

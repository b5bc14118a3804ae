"""Which identity was made for this clone: its public key, in the clone's own git configuration."""

from __future__ import annotations

from pathlib import Path

from solidarity_cli.crypto import identities
from solidarity_cli.git.process import git

_NAME = "solidarity.identity"


def recall_identity(root: Path) -> str:
    """The public key of the identity that was made for this clone, if it is still on this machine; else empty."""
    key = git(root, "config", "--local", "--get", _NAME, quiet_codes=(1,)).decode(errors="replace").strip()
    return key if key in identities.public_keys() else ""


def make_identity(root: Path, passphrase: str = "") -> str:
    """A new identity for this clone, remembered in it; its public key.

    One for each register: an identity that opened two could not be destroyed for one of them.
    """
    public = identities.make(passphrase)
    git(root, "config", "--local", "--replace-all", _NAME, public)
    return public

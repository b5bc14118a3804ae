"""What the signatures of commits are worth by a list of allowed signers; each is checked once and then known."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.allowed_signers import of_persons
from solidarity_cli.git.objects import Commit, address, signature_of, texts
from solidarity_cli.history.index.store import Index

NAMESPACE = "git"
"""What git's signatures are for."""

WORDS: Mapping[str, str] = {
    "good": "good",
    "another": "good, by somebody else than the committer",
    "unknown": "good, by a key that is not known here",
    "not-then": "good, by a key that was not allowed this at that time",
    "bad": "bad",
    "unchecked": "cannot be checked here",
    "none": "none",
}
"""The state of a signature, in words."""


@dataclass(frozen=True, slots=True)
class Signature:
    """`state` is a key of WORDS; `signer` is the principal of the list, empty for an unknown one."""

    state: str
    signer: str = ""


def signatures(root: Path, index: Index, asked: Iterable[tuple[Commit, bytes]]) -> dict[str, Signature]:
    """Commit -> what its signature is worth by the list given with it, at the time that the commit gives.

    A line of the list that lets in more than one person's key counts for nobody (`core.allowed`).
    Raises ExternalError when there is something to check and no ssh-keygen.
    """
    found: dict[str, Signature] = {}
    wanted: dict[tuple[str, str], tuple[Commit, bytes]] = {}
    of_people: dict[bytes, bytes] = {}
    for commit, listed in asked:
        if commit.signed == "ssh":
            allowed = of_people[listed] if listed in of_people else of_people.setdefault(listed, of_persons(listed))
            wanted[commit.id, sha256(allowed).hexdigest()[:16]] = (commit, allowed)
        else:
            found[commit.id] = Signature("unchecked" if commit.signed else "none")
    known = index.signatures(wanted)
    left = {key: value for key, value in wanted.items() if key not in known}
    if left:
        made = _checked(root, left)
        index.keep_signatures(made.items())
        known |= made
    return found | {commit: Signature(*verdict) for (commit, _), verdict in known.items()}


def _checked(
    root: Path, wanted: Mapping[tuple[str, str], tuple[Commit, bytes]]
) -> dict[tuple[str, str], tuple[str, str]]:
    import tempfile  # both take as long to load as the rest of a history takes to tell, and most signatures are known
    from concurrent.futures import ThreadPoolExecutor

    stored = dict(texts(root, (commit for commit, _ in wanted)))
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count() or 1) as hands:
        folder = Path(name)
        for (_, digest), (_, allowed) in wanted.items():
            (folder / f"{digest}.allowed").write_bytes(allowed)
        made = hands.map(lambda one: _verdict(folder, one[0], one[1][0], one[1][1], stored[one[0][0]]), wanted.items())
        return dict(zip(wanted, made, strict=True))


def _verdict(folder: Path, key: tuple[str, str], commit: Commit, allowed: bytes, text: bytes) -> tuple[str, str]:
    """One question where all is well: did the committer sign this? Only where the answer is no, more are asked."""
    if not _is_signed_once(text, commit.id):
        return "bad", ""
    payload, signature = signature_of(text)
    at = datetime.fromtimestamp(commit.committed, UTC)
    who = address(commit.committer)
    if allowed and who and _is_by(folder, key, who, payload, signature, at):
        return "good", who
    from solidarity_cli.git.sshsig import State, verify

    try:
        found = verify(payload, signature, NAMESPACE, allowed=allowed, at=at)
    except ValueError:  # what stands there is no signature at all
        return "bad", ""
    states = {State.GOOD: "another", State.UNKNOWN: "unknown", State.NOT_THEN: "not-then", State.BAD: "bad"}
    return states[found.state], found.signer


def _is_signed_once(text: bytes, commit: str) -> bool:
    """Whether there is one signature, in the header of its kind of ids: of two, others read the one or the other."""
    names = [line.partition(b" ")[0] for line in text.partition(b"\n\n")[0].split(b"\n")]
    signed = [name for name in names if name in (b"gpgsig", b"gpgsig-sha256")]
    return signed == [b"gpgsig-sha256" if len(commit) == 64 else b"gpgsig"]


def _is_by(folder: Path, key: tuple[str, str], who: str, payload: bytes, signature: str, at: datetime) -> bool:
    file = folder / f"{key[0]}.sig"
    file.write_text(signature, encoding="utf-8")
    asked = ["-n", NAMESPACE, "-s", os.fspath(file), "-f", os.fspath(folder / f"{key[1]}.allowed")]
    asked += [f"-Overify-time={at:%Y%m%d%H%M%S}", "-I", who]
    world = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", *asked], input=payload, capture_output=True, check=False, env=world
        )
    except FileNotFoundError:
        raise ExternalError(
            "ssh-keygen is not installed", hint="install OpenSSH 8.9 or later, then try again"
        ) from None
    return done.returncode == 0

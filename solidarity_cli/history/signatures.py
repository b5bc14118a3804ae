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


def signatures(root: Path, index: Index, commits_with_lists: Iterable[tuple[Commit, bytes]]) -> dict[str, Signature]:
    """Commit -> what its signature is worth by the list given with it, at the time that the commit gives.

    A line of the list that lets in more than one person's key counts for nobody (`git.allowed_signers`).
    Raises ExternalError when there is something to check and no ssh-keygen.
    """
    uncheckable: dict[str, Signature] = {}
    to_check: dict[tuple[str, str], tuple[Commit, bytes]] = {}
    cleaned_lists: dict[bytes, bytes] = {}
    for commit, signer_list in commits_with_lists:
        if commit.signed == "ssh":
            allowed = (
                cleaned_lists[signer_list]
                if signer_list in cleaned_lists
                else cleaned_lists.setdefault(signer_list, of_persons(signer_list))
            )
            to_check[commit.id, sha256(allowed).hexdigest()[:16]] = (commit, allowed)
        else:
            uncheckable[commit.id] = Signature("unchecked" if commit.signed else "none")
    known = index.signatures(to_check)
    unknown = {key: value for key, value in to_check.items() if key not in known}
    if unknown:
        new_verdicts = _check(root, unknown)
        index.keep_signatures(new_verdicts.items())
        known |= new_verdicts
    return uncheckable | {commit: Signature(*verdict) for (commit, _), verdict in known.items()}


def _check(
    root: Path, to_check: Mapping[tuple[str, str], tuple[Commit, bytes]]
) -> dict[tuple[str, str], tuple[str, str]]:
    import tempfile  # both take as long to load as the rest of a history takes to tell, and most signatures are known
    from concurrent.futures import ThreadPoolExecutor

    stored = dict(texts(root, (commit for commit, _ in to_check)))
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        folder = Path(name)
        for (_, digest), (_, allowed) in to_check.items():
            (folder / f"{digest}.allowed").write_bytes(allowed)
        verdicts = pool.map(
            lambda entry: _verdict(folder, entry[0], entry[1][0], entry[1][1], stored[entry[0][0]]), to_check.items()
        )
        return dict(zip(to_check, verdicts, strict=True))


def _verdict(folder: Path, key: tuple[str, str], commit: Commit, allowed: bytes, text: bytes) -> tuple[str, str]:
    """One question where all is well: did the committer sign this? Only where the answer is no, more are asked."""
    if not _is_signed_once(text, commit.id):
        return "bad", ""
    payload, signature = signature_of(text)
    at = datetime.fromtimestamp(commit.committed, UTC)
    committer = address(commit.committer)
    if allowed and committer and _is_by(folder, key, committer, payload, signature, at):
        return "good", committer
    from solidarity_cli.git.sshsig import State, verify

    try:
        verdict = verify(payload, signature, NAMESPACE, allowed=allowed, at=at)
    except ValueError:  # what stands there is no signature at all
        return "bad", ""
    states = {State.GOOD: "another", State.UNKNOWN: "unknown", State.NOT_THEN: "not-then", State.BAD: "bad"}
    return states[verdict.state], verdict.signer


def _is_signed_once(text: bytes, commit: str) -> bool:
    """Whether there is one signature, in the header of its kind of ids: of two, others read the one or the other."""
    names = [line.partition(b" ")[0] for line in text.partition(b"\n\n")[0].split(b"\n")]
    signed = [name for name in names if name in (b"gpgsig", b"gpgsig-sha256")]
    return signed == [b"gpgsig-sha256" if len(commit) == 64 else b"gpgsig"]


def _is_by(folder: Path, key: tuple[str, str], principal: str, payload: bytes, signature: str, at: datetime) -> bool:
    file = folder / f"{key[0]}.sig"
    file.write_text(signature, encoding="utf-8")
    args = ["-n", NAMESPACE, "-s", os.fspath(file), "-f", os.fspath(folder / f"{key[1]}.allowed")]
    args += [f"-Overify-time={at:%Y%m%d%H%M%S}", "-I", principal]
    env = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        process = subprocess.run(
            ["ssh-keygen", "-Y", "verify", *args], input=payload, capture_output=True, check=False, env=env
        )
    except FileNotFoundError:
        raise ExternalError(
            "ssh-keygen is not installed", hint="install OpenSSH 8.9 or later, then try again"
        ) from None
    return process.returncode == 0

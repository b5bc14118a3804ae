"""Checkpoints of a register: made of its history, held against its history, and what one act's proof is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.git.process import git
from solidarity_cli.git.sshsig import State, Verdict, fingerprint, sign, verify
from solidarity_cli.history.checkpoints.ancestry import AS_IT_IS, Lineage, lineage
from solidarity_cli.history.checkpoints.text import Checkpoint, Proof, Signed

NAMESPACE = "solidarity-checkpoint"
"""What a signature under a checkpoint is for; one made for anything else is none here."""
SIGNERS = "allowed_signers"
"""The file of a register that says whose keys are whose, in ssh-keygen's format."""
_SLACK = timedelta(days=1)
"""How far clocks of two machines may differ before a time is called impossible."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An act, and its number from 1 in the checkpoint's list."""

    number: int
    commit: str


@dataclass(frozen=True, slots=True)
class Extension:
    """Whether today's history extends a checkpoint: it does when `message` is empty, and `since` acts came after it.

    `missing` is the first act known to be missing or to differ, `common` the newest one known to be in both.
    """

    since: int = 0
    missing: Mark | None = None
    common: Mark | None = None
    message: str = ""
    hint: str = ""

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return not self.message


def make_checkpoint(root: Path, name: str, head: str, time: datetime) -> Checkpoint:
    """The checkpoint of the history that the commit `head` ends. Raises Refused for one cut off or altered."""
    if not head:
        raise Refused("there is no act in this register yet", hint="solidarity new-case")
    history = lineage(root, head)
    acts = history.acts(head)
    return Checkpoint.over(name, acts, history.tree(acts), time)


def with_signature(signed: Signed, key: str, *, asks: bool) -> Signed:
    """The checkpoint with one more signature. Raises Refused for a second one by the same key."""
    new = sign(signed.checkpoint.text.encode(), key, NAMESPACE, asks=asks)
    if fingerprint(new) in map(fingerprint, signed.signatures):
        raise Refused("this key has signed this checkpoint already", hint="another person countersigns with their own")
    return replace(signed, signatures=(*signed.signatures, new))


# Whose it is


def read_allowed_signers(root: Path) -> bytes | None:
    """The list of allowed signers in the newest commit; None where there is none."""
    blob = git(root, "rev-parse", "--verify", "--quiet", f"HEAD:{SIGNERS}", quiet_codes=(1, 128), env=AS_IT_IS)
    return git(root, "cat-file", "blob", blob.decode().strip(), env=AS_IT_IS) if blob else None


def verdicts(signed: Signed, allowed: bytes | None) -> list[Verdict]:
    """What each signature is worth, at the time that the checkpoint gives."""
    text, time = signed.checkpoint.text.encode(), signed.checkpoint.time
    return [verify(text, signature, NAMESPACE, allowed=allowed or b"", at=time) for signature in signed.signatures]


def distrust(signature_verdicts: Sequence[Verdict], allowed: bytes | None) -> tuple[str, str]:
    """Why a checkpoint is not to be relied on for its signatures, and what to do; empty when it is.

    Without a list nobody is known, which is said beside the answer and is not a fault of the checkpoint.
    """
    if not signature_verdicts:
        return "nobody has signed it: anybody could have written it", "solidarity audit checkpoint --countersign FILE"
    if any(verdict.state is State.BAD for verdict in signature_verdicts):
        return "a signature is not one of this text: either was changed", "ask for it again, as an attachment"
    if allowed is not None and not any(verdict.state is State.GOOD for verdict in signature_verdicts):
        why = "nobody who signed it was allowed to, by the list of allowed signers"
        return why, f"ask them for the fingerprint of their key, and look at {SIGNERS}"
    return "", ""


# What it says, against the history


def extension(root: Path, checkpoint: Checkpoint, head: str, now: datetime) -> Extension:
    """Whether the history that `head` ends extends a checkpoint, wherever in it the checkpoint's head lies.

    Raises Refused for a history that is cut off or altered.
    """
    if checkpoint.time > now + _SLACK:
        return Extension(message="its time is still to come", hint="look at the clock of this machine: date")
    today = lineage(root, head)
    if checkpoint.head in today:
        return _check_acts(checkpoint, today, today) or Extension(len(today.origins) - checkpoint.count)
    before = _still_stored(root, checkpoint.head)
    if before:
        return _check_acts(checkpoint, before, today) or _describe_missing(before.acts(checkpoint.head), today)
    return _check_marks(checkpoint, today)


def _check_acts(checkpoint: Checkpoint, history: Lineage, today: Lineage) -> Extension | None:
    """What is wrong with a checkpoint whose acts are here; None when they are what it says."""
    acts = history.acts(checkpoint.head)
    actual = Checkpoint.over(checkpoint.register, acts, history.tree(acts), checkpoint.time)
    if replace(actual, register=checkpoint.register) != checkpoint:
        wrong = next((Mark(*mark) for mark in checkpoint.marks if mark not in actual.marks), None)
        where = f", from act {wrong.number}, commit {wrong.commit[:10]}, on" if wrong else ": count or root"
        return Extension(
            missing=wrong,
            common=_newest(actual.marks, today),
            message=f"it says something else than the acts up to its head do{where}",
            hint="it was written falsely, or a commit was altered: git fsck",
        )
    written = history.origins[checkpoint.head].seconds
    if written > (checkpoint.time + _SLACK).timestamp():
        return Extension(message="its time lies before its newest act", hint="ask who signed it when they did")
    return None


def _still_stored(root: Path, head: str) -> Lineage | None:
    """The history that a head ends, if all of it is still in this clone."""
    try:
        return lineage(root, head)
    except (Refused, ExternalError):
        return None


def _describe_missing(acts: Sequence[str], today: Lineage) -> Extension:
    """What of the checkpoint's acts, which are still stored, today's history does not hold."""
    missing = [Mark(number, act) for number, act in enumerate(acts, 1) if act not in today]
    first, common = missing[0], _newest(list(enumerate(acts, 1)), today)
    count = f"{len(missing)} act{'' if len(missing) == 1 else 's'}"
    if set(today.origins) < set(acts):
        message = f"today's history ends before it: {count} missing, the first is act {first.number}"
        hint = "solidarity sync, if this clone is only behind; if they stay away, they were taken out"
    elif not common:
        message = f"it is of another register, or all was replaced: {count} missing, from act 1"
        hint = "look at the name in it, and at the folder you are in"
    else:
        message = f"today's history was rewritten or left: {count} missing, the first is act {first.number}"
        hint = f"solidarity sync, if this clone is only behind; compare: git log {common.commit[:10]}..HEAD"
    return Extension(missing=first, common=common, message=f"{message}, commit {first.commit[:10]}", hint=hint)


def _check_marks(checkpoint: Checkpoint, today: Lineage) -> Extension:
    """What can be known of acts that are not in this clone: the checkpoint names some of them."""
    first = next(Mark(*mark) for mark in checkpoint.marks if mark[1] not in today)
    common = _newest(checkpoint.marks, today)
    if not common:
        return Extension(
            missing=first,
            message="it is of another register, or all was replaced: not even its first act is here",
            hint="look at the name in it, and at the folder you are in",
        )
    return Extension(
        missing=first,
        common=common,
        message="its newest act is not in this clone: "
        f"act {common.number}, commit {common.commit[:10]}, is still here; "
        f"act {first.number}, commit {first.commit[:10]}, is not",
        hint="solidarity sync, if this clone is only behind; else ask those who have older clones",
    )


def _newest(acts: Sequence[tuple[int, str]], today: Lineage) -> Mark | None:
    return next((Mark(*mark) for mark in reversed(acts) if mark[1] in today), None)


# One act of it


def proof(root: Path, signed: Signed, record: str, commit: str) -> Proof:
    """The proof that `commit`, which changed `record`, is among the acts of a checkpoint whose head is stored here.

    Raises UsageError for no commit, Refused for one that is not among them or did not change the record.
    """
    args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    act = git(root, *args, quiet_codes=(1, 128), env=AS_IT_IS).decode().strip()
    if not act:
        raise UsageError("--commit names no commit of this register", hint=f"solidarity history {record}")
    file, blob = _changed_file(root, record, act)
    history = lineage(root, signed.checkpoint.head)
    acts = history.acts(signed.checkpoint.head)
    if act not in history:
        raise Refused(
            f"commit {act[:10]} is not among the acts of the checkpoint", hint="prove it by a newer one, or a new one"
        )
    index = acts.index(act)
    path = tuple(step.hex() for step in history.tree(acts).inclusion(index))
    inclusion_proof = Proof(record, file, blob, act, history.origins[act].digest, index + 1, path, signed)
    if not inclusion_proof.holds:
        raise Refused("the checkpoint says something else than its acts do", hint="solidarity audit --checkpoint FILE")
    return inclusion_proof


def falsehood(root: Path, claim: Proof) -> str | None:
    """Which of the lines that the tree does not prove is not what the act did; "" for none.

    None where that cannot be said, for the act is not stored at `root`.
    """
    args = ("cat-file", "-e", f"{claim.commit}^{{commit}}")
    try:
        git(root, *args, env=AS_IT_IS)
    except ExternalError:
        return None
    try:
        file, blob = _changed_file(root, claim.record, claim.commit)
    except Refused:
        return "record"
    return next((line for line, true in (("file", file == claim.file), ("blob", blob == claim.blob)) if not true), "")


def _changed_file(root: Path, record: str, commit: str) -> tuple[str, str]:
    """The file of a record that a commit changed, and the blob that it left there."""
    args = ("diff-tree", "-r", "-m", "--root", "--no-commit-id", "--no-renames", "--no-abbrev", "-z", "--raw")
    output = git(root, *args, commit, "--", f":(glob)*/*/{record}.yaml", env=AS_IT_IS).decode(errors="replace")
    about, _, rest = output.partition("\0")
    if not rest:
        raise Refused(f"commit {commit[:10]} changed nothing in {record}", hint=f"solidarity history {record}")
    return rest.partition("\0")[0], about.split(" ")[3]

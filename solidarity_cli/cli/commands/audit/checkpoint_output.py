"""What a checkpoint is, said to a person and to a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from solidarity_cli.history.checkpoints.text import as_named
from solidarity_cli.render.escape import clean

if TYPE_CHECKING:
    from solidarity_cli.git.sshsig import Verdict
    from solidarity_cli.history.checkpoints.register import Extension, Mark
    from solidarity_cli.history.checkpoints.text import Checkpoint, Proof


def in_words(checkpoint: Checkpoint, verdicts: Sequence[Verdict], *, holds: bool, sentence: str, doubt: str) -> str:
    """The checkpoint, who signed it, whether it holds, and why not to rely on it: one line each."""
    when = f"{checkpoint.time:%Y-%m-%d %H:%M} UTC"
    name, head = as_named(checkpoint.register), checkpoint.head[:10]
    lines = [f"checkpoint of {name}, {when}: {checkpoint.count} acts up to commit {head}"]
    lines += [
        f"signature: {verdict.state.value}{', ' * bool(verdict.signer)}{verdict.signer}, {verdict.key}"
        for verdict in verdicts
    ]
    lines.append(f"{'holds' if holds else 'DOES NOT HOLD'}: {sentence}")
    lines += [f"not to be relied on: {doubt}"] if doubt else []
    return "\n".join(map(clean, lines))


def extension_in_words(extension: Extension) -> str:
    """Whether today's history extends a checkpoint."""
    growth = f"{extension.since} act{'' if extension.since == 1 else 's'} came since"
    return f"today's history extends it; {growth}" if extension.holds else extension.message


def proof_in_words(proof: Proof, false_line: str) -> str:
    """What a proof shows; `false_line` is the line of it that is not what the act did, empty for none."""
    if not proof.holds:
        return "the path does not lead from the act to the root: the proof was cut or edited"
    if false_line:
        return f"its line {false_line} is not what commit {proof.commit[:10]} did: it was edited"
    return f"commit {proof.commit} is act {proof.number} of {proof.signed.checkpoint.count}"


def extension_as_data(
    checkpoint: Checkpoint, extension: Extension, verdicts: Sequence[Verdict], doubt: str
) -> dict[str, Any]:
    """The answer of `audit --checkpoint --json`."""
    return {
        "checkpoint": _checkpoint(checkpoint),
        "signatures": _signatures(verdicts),
        "extends": extension.holds,
        "since": extension.since,
        "missing": _mark(extension.missing),
        "common": _mark(extension.common),
        "message": extension.message,
        "doubt": doubt,
    }


def proof_as_data(proof: Proof, verdicts: Sequence[Verdict], doubt: str, *, holds: bool) -> dict[str, Any]:
    """The answer of `audit --proof --json`."""
    return {
        "record": proof.record,
        "commit": proof.commit,
        "object": proof.digest,
        "number": proof.number,
        "holds": holds,
        "checkpoint": _checkpoint(proof.signed.checkpoint),
        "signatures": _signatures(verdicts),
        "doubt": doubt,
    }


def _checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    fields = {
        "register": as_named(checkpoint.register),
        "begun": checkpoint.begun,
        "count": checkpoint.count,
        "head": checkpoint.head,
    }
    return {**fields, "root": checkpoint.root, "time": checkpoint.time.isoformat().replace("+00:00", "Z")}


def _signatures(verdicts: Sequence[Verdict]) -> list[dict[str, str]]:
    return [{"state": verdict.state.name.lower(), "signer": verdict.signer, "key": verdict.key} for verdict in verdicts]


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    return {"number": mark.number, "commit": mark.commit} if mark else None

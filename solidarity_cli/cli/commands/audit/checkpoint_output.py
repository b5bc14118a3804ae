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


def in_words(one: Checkpoint, found: Sequence[Verdict], *, holds: bool, said: str, doubt: str) -> str:
    """The checkpoint, who signed it, whether it holds, and why not to rely on it: one line each."""
    when = f"{one.time:%Y-%m-%d %H:%M} UTC"
    lines = [f"checkpoint of {as_named(one.register)}, {when}: {one.count} acts up to commit {one.head[:10]}"]
    lines += [f"signature: {each.state.value}{', ' * bool(each.signer)}{each.signer}, {each.key}" for each in found]
    lines.append(f"{'holds' if holds else 'DOES NOT HOLD'}: {said}")
    lines += [f"not to be relied on: {doubt}"] if doubt else []
    return "\n".join(map(clean, lines))


def extension_in_words(told: Extension) -> str:
    """Whether today's history extends a checkpoint."""
    came = f"{told.since} act{'' if told.since == 1 else 's'} came since"
    return f"today's history extends it; {came}" if told.holds else told.message


def proof_in_words(one: Proof, false: str) -> str:
    """What a proof shows; `false` is the line of it that is not what the act did, empty for none."""
    if not one.holds:
        return "the path does not lead from the act to the root: the proof was cut or edited"
    if false:
        return f"its line {false} is not what commit {one.commit[:10]} did: it was edited"
    return f"commit {one.commit} is act {one.number} of {one.signed.checkpoint.count}"


def extension_as_data(one: Checkpoint, told: Extension, found: Sequence[Verdict], doubt: str) -> dict[str, Any]:
    """The answer of `audit --checkpoint --json`."""
    return {
        "checkpoint": _checkpoint(one),
        "signatures": _signatures(found),
        "extends": told.holds,
        "since": told.since,
        "missing": _mark(told.missing),
        "common": _mark(told.common),
        "message": told.message,
        "doubt": doubt,
    }


def proof_as_data(one: Proof, found: Sequence[Verdict], doubt: str, *, holds: bool) -> dict[str, Any]:
    """The answer of `audit --proof --json`."""
    return {
        "record": one.record,
        "commit": one.commit,
        "object": one.digest,
        "number": one.number,
        "holds": holds,
        "checkpoint": _checkpoint(one.signed.checkpoint),
        "signatures": _signatures(found),
        "doubt": doubt,
    }


def _checkpoint(one: Checkpoint) -> dict[str, Any]:
    named = {"register": as_named(one.register), "begun": one.begun, "count": one.count, "head": one.head}
    return {**named, "root": one.root, "time": one.time.isoformat().replace("+00:00", "Z")}


def _signatures(found: Sequence[Verdict]) -> list[dict[str, str]]:
    return [{"state": one.state.name.lower(), "signer": one.signer, "key": one.key} for one in found]


def _mark(one: Mark | None) -> dict[str, Any] | None:
    return {"number": one.number, "commit": one.commit} if one else None

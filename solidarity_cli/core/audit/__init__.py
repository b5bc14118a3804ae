"""What holds in a history that nobody has tampered with: one small function a rule, its docstring is its page."""

from __future__ import annotations

from collections.abc import Mapping

from solidarity_cli.core.audit import history, records, signatures, undo
from solidarity_cli.core.audit.act import Act, Moved, Step, Times
from solidarity_cli.core.audit.rule import AuditRule, Finding
from solidarity_cli.core.audit.undo import NotUndoable, StoredAct, stays

__all__ = [
    "OF_AN_ACT",
    "OF_A_SIDE",
    "OF_STEPS",
    "RULES",
    "UNPROVEN",
    "Act",
    "AuditRule",
    "Finding",
    "Moved",
    "NotUndoable",
    "Step",
    "StoredAct",
    "Times",
    "stays",
]

RULES: tuple[AuditRule, ...] = (
    signatures.signed,
    signatures.signer,
    signatures.signers,
    signatures.one_person,
    signatures.author,
    signatures.clock,
    records.by,
    records.kept,
    records.same_id,
    records.append_only,
    records.steps,
    undo.undone,
    history.shape,
    history.sealed,
    history.schemas_kept,
    history.two_sides,
    history.merge,
    signatures.retired_key,
    history.one_root,
    history.one_file,
    history.rewritten,
    history.erasure_open,
)
"""Every rule, in the order in which they are explained."""

OF_AN_ACT = (signatures.author,)
OF_STEPS = (records.by, records.kept, records.same_id, records.append_only, records.steps)
"""The rules for what an act did to records.

A merge is held against its parents instead, and an act that takes back another against that one.
"""
OF_A_SIDE = (records.kept, records.same_id, records.append_only, records.steps)
"""Those by which a merge is held against each of its sides, where what it had to make is not certain."""

UNPROVEN: Mapping[str, str] = {
    "unsigned": "who made these acts: they bear no signature, and no list of allowed signers stood before them",
    "unlisted": "who made these acts: they are signed, but no list of allowed signers stood before them",
    "other-signature": "who made these acts: their signatures are not by SSH keys, and are not checked here",
    "began": "whose keys the first list of allowed signers holds: compare the fingerprints with the people themselves",
    "merge-key": "what these merges did to sealed notes that were numbered anew: it takes their key to make them again",
    "merge-unreadable": "what these merges made: a version of a file cannot be read, or is no record",
    "replaced": "whether the newest acts were taken out or all was replaced: solidarity audit --checkpoint FILE",
}
"""What an audit cannot prove, by a code."""

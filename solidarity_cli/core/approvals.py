"""Who has approved an assessment: people, each once, never its assessor; where acts are signed, whoever signed."""

from __future__ import annotations

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Assessment, Decision


def is_waiting(case: str, assessment: Assessment, facts: Facts) -> bool:
    """Whether a decision has fewer approvals than `register.yaml` asks for; to ask for information takes none."""
    return assessment.decision is not Decision.MORE_INFORMATION and (
        len(approvers(case, assessment, facts)) < facts.charter.quorum
    )


def approvers(case: str, assessment: Assessment, facts: Facts) -> frozenset[str]:
    """The people whose approval counts, as `person` writes them."""
    names = [person(approval.by) for approval in assessment.approvals]
    signed = facts.signers if facts.charter.quorum and names else {}
    counted = {person(signed.get((case, assessment.id, name), name)) for name in names}
    return frozenset(counted - {person(assessment.by), ""})


def person(by: str) -> str:
    """One spelling for one person."""
    return by.strip().casefold()

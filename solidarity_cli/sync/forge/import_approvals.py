"""Approvals given on a forge, recorded: each for the assessment that was read, by the member it belongs to, in one act.

An approval counts only for what stood there when it was given. Whose it is, is decided by `review.members` of the base,
so that a change cannot say itself who approved it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from solidarity_cli.core import verbs
from solidarity_cli.core.errors import Refused, SolidarityError
from solidarity_cli.git.committer import Act
from solidarity_cli.git.process import git
from solidarity_cli.sync.forge.approvals import ForgeApproval, forge_approvals

if TYPE_CHECKING:
    from solidarity_cli.core.edits import Edit
    from solidarity_cli.core.model import Case
    from solidarity_cli.register.commit import Plan
    from solidarity_cli.register.register import Register
    from solidarity_cli.sync.forge.review_card import Reviewed


@dataclass(frozen=True, slots=True)
class Approved(Act):
    """An act that says where each of its approvals can be read."""

    addresses: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The message of every act, and a trailer for each address."""
        # In a class with slots `super()` needs to be told which one: it is another than the one written down.
        return "\n".join([super(Approved, self).message, *(f"Approval: {address}" for address in self.addresses)])


@dataclass(frozen=True, slots=True)
class Imported:
    """A plan, and in sentences what was left out; `plan` is None when nothing is left to record."""

    plan: Plan | None
    count: int
    cases: tuple[str, ...]
    left_out: tuple[str, ...]


def importing(register: Register, span: str = "", *, by: str = "") -> Imported:
    """The approvals of this branch's pull request, planned. Raises ExternalError when no forge can be asked.

    Raises Refused when this branch brings no decision.
    """
    from solidarity_cli.sync.forge.review_card import review

    reviewed = review(register, span)
    cases = [register.case(case_id) for case_id in _decided_cases(reviewed)]
    if not cases:
        raise Refused("this branch brings no decision that could be approved", hint="solidarity review")
    branch = git(register.root, "symbolic-ref", "--quiet", "--short", "HEAD", quiet_codes=(1,)).decode().strip()
    members = {member["login"].casefold(): member["by"] for member in reviewed.base.charter.review.get("members", ())}
    left_out: list[str] = []
    approvals = dict(_valid_approvals(register, forge_approvals(register.root, branch), cases, members, left_out))
    if not approvals:
        return Imported(None, 0, (), tuple(left_out))
    edits: dict[str, tuple[Edit, ...]] = {}
    for (case, _), (new_edits, _) in approvals.items():
        edits[case] = (*edits.get(case, ()), *new_edits)
    plan = register.plan("approve", edits=edits, by=by)
    addresses = tuple(dict.fromkeys(address for _, address in approvals.values()))
    act = Approved(plan.act.verb, plan.act.cases, plan.act.actions, addresses=addresses)
    return Imported(replace(plan, act=act), len(approvals), tuple(edits), tuple(left_out))


def _valid_approvals(
    register: Register,
    approvals: list[ForgeApproval],
    cases: list[Case],
    members: Mapping[str, str],
    left_out: list[str],
) -> Iterator[tuple[tuple[str, str], tuple[tuple[Edit, ...], str]]]:
    """((case, member), (edits, address)) of what counts; why the rest does not is added to `left_out`.

    Two names on the forge may be one member: an approval is a person's, and a person has one.
    """
    for approval in approvals:
        member = members.get(approval.login.casefold())
        if member is None:
            left_out.append("an approval by somebody whom review.members in register.yaml does not name")
            continue
        for case in cases:
            try:
                _require_same_assessment(register, approval, case)
                edits = verbs.approve(case, by=member, on=approval.at.date())
            except Refused as error:
                left_out.append(f"{case.id}: {error.message}")
            else:
                yield (case.id, member.casefold()), (edits, approval.address)


def _decided_cases(reviewed: Reviewed) -> Iterator[str]:
    """The cases whose newest decision came or changed in this range."""
    for change in reviewed.card.records:
        if change.kind != "case" or change.how == "gone" or change.is_odd:
            continue
        newest = reviewed.case(change.record).assessment
        if newest and newest.decision and any(_is_of(field.field, newest.id) for field in change.fields):
            yield change.record


def _is_of(field: str, assessment: str) -> bool:
    return field.startswith(f"assessments.{assessment}.") and not field.endswith(".approvals")


def _require_same_assessment(register: Register, approval: ForgeApproval, case: Case) -> None:
    """Raises Refused unless the newest assessment of a case is the one that was approved."""
    if approval.commit:
        try:
            record = register.reading(approval.commit).stored_record(case.id)
        except (SolidarityError, KeyError):
            raise Refused("an approval is of a state that is not in this clone") from None
        is_same = _newest(record) == _newest(register.now.stored_record(case.id))
    else:
        timestamp = git(register.root, "log", "-1", "--format=%ct", "--", register.now.paths[case.id]).decode().strip()
        is_same = bool(timestamp) and datetime.fromtimestamp(int(timestamp), UTC) <= approval.at
    if not is_same:
        raise Refused("an approval is of an earlier state; ask for it again")


def _newest(plain: Mapping[str, Any]) -> dict[str, Any]:
    newest = (plain.get("assessments") or [{}])[-1]
    return {key: value for key, value in newest.items() if key != "approvals"}

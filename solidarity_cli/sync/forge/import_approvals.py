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
        return "\n".join([super(Approved, self).message, *(f"Approval: {one}" for one in self.addresses)])


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

    found = review(register, span)
    cases = [register.case(one) for one in _decided(found)]
    if not cases:
        raise Refused("this branch brings no decision that could be approved", hint="solidarity review")
    branch = git(register.root, "symbolic-ref", "--quiet", "--short", "HEAD", quiet_codes=(1,)).decode().strip()
    members = {one["login"].casefold(): one["by"] for one in found.base.charter.review.get("members", ())}
    left_out: list[str] = []
    counted = dict(_counted(register, forge_approvals(register.root, branch), cases, members, left_out))
    if not counted:
        return Imported(None, 0, (), tuple(left_out))
    edits: dict[str, tuple[Edit, ...]] = {}
    for (case, _), (made, _) in counted.items():
        edits[case] = (*edits.get(case, ()), *made)
    plan = register.plan("approve", edits=edits, by=by)
    addresses = tuple(dict.fromkeys(address for _, address in counted.values()))
    act = Approved(plan.act.verb, plan.act.cases, plan.act.actions, addresses=addresses)
    return Imported(replace(plan, act=act), len(counted), tuple(edits), tuple(left_out))


def _counted(
    register: Register, given: list[ForgeApproval], cases: list[Case], members: Mapping[str, str], left_out: list[str]
) -> Iterator[tuple[tuple[str, str], tuple[tuple[Edit, ...], str]]]:
    """((case, member), (edits, address)) of what counts; why the rest does not is added to `left_out`.

    Two names on the forge may be one member: an approval is a person's, and a person has one.
    """
    for one in given:
        who = members.get(one.login.casefold())
        if who is None:
            left_out.append("an approval by somebody whom review.members in register.yaml does not name")
            continue
        for case in cases:
            try:
                _stood_there(register, one, case)
                made = verbs.approve(case, by=who, on=one.at.date())
            except Refused as refused:
                left_out.append(f"{case.id}: {refused.message}")
            else:
                yield (case.id, who.casefold()), (made, one.address)


def _decided(found: Reviewed) -> Iterator[str]:
    """The cases whose newest decision came or changed in this range."""
    for one in found.card.records:
        if one.kind != "case" or one.how == "gone" or one.is_odd:
            continue
        newest = found.case(one.record).assessment
        if newest and newest.decision and any(_is_of(field.field, newest.id) for field in one.fields):
            yield one.record


def _is_of(field: str, assessment: str) -> bool:
    return field.startswith(f"assessments.{assessment}.") and not field.endswith(".approvals")


def _stood_there(register: Register, one: ForgeApproval, case: Case) -> None:
    """Raises Refused unless the newest assessment of a case is the one that was approved."""
    if one.commit:
        try:
            then = register.reading(one.commit).stored_record(case.id)
        except (SolidarityError, KeyError):
            raise Refused("an approval is of a state that is not in this clone") from None
        is_same = _newest(then) == _newest(register.now.stored_record(case.id))
    else:
        told = git(register.root, "log", "-1", "--format=%ct", "--", register.now.paths[case.id]).decode().strip()
        is_same = bool(told) and datetime.fromtimestamp(int(told), UTC) <= one.at
    if not is_same:
        raise Refused("an approval is of an earlier state; ask for it again")


def _newest(plain: Mapping[str, Any]) -> dict[str, Any]:
    newest = (plain.get("assessments") or [{}])[-1]
    return {key: value for key, value in newest.items() if key != "approvals"}

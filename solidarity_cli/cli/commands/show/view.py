"""One case after the filter: everything that `show` prints, writes or sends comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solidarity_cli.cli.session import Session
from solidarity_cli.core.audience.filter import Audience, concerns, filter_record
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.open_questions import Gap, gaps
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.validate import inspect
from solidarity_cli.reports.pages.page import Page

if TYPE_CHECKING:
    from solidarity_cli.reports.pages.case_wording import CaseWording


@dataclass(frozen=True, slots=True)
class View:
    """A case and its actions as an audience sees them; what is missing and wrong is for our own eyes."""

    audience: Audience
    case: dict[str, Any]
    actions: list[dict[str, Any]]
    gaps: tuple[Gap, ...] = ()
    findings: tuple[Any, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What others get: the records, and nothing of what we ask ourselves about them."""
        return {"case": self.case, "actions": self.actions}

    def plain(self) -> dict[str, Any]:
        """The whole answer, as `docs/reference/json.md` promises it."""
        missing = [{"field": gap.field, "question": gap.question, "command": gap.command} for gap in self.gaps]
        findings = [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "field": finding.field,
                "message": finding.message,
            }
            | {"hint": finding.hint}
            for finding in self.findings
        ]
        return {**self.to_json(), "missing": missing, "findings": findings}

    @property
    def awaits_referral(self) -> bool:
        """Whether somebody is to be referred, and nobody has begun to."""
        from solidarity_cli.reports.directory import awaits_referral

        return awaits_referral(Case.from_plain(self.case), map(Action.from_plain, self.actions))

    def page(self, wording: CaseWording, lines: Sequence[str] = ()) -> Page:
        """The page for the audience, in its words; `lines` stand before all else on one for others."""
        if self.audience.depends_on_consent:
            from solidarity_cli.reports.pages.case_for_others import page_for_others

            return page_for_others(self.case, self.actions, wording, lines=lines)
        from solidarity_cli.reports.pages.case import case_page

        actions = sorted(map(Action.from_plain, self.actions), key=lambda action: (action.date or "9999", action.id))
        case = Case.from_plain(self.case)
        return case_page(case, wording, actions=actions, gaps=self.gaps, findings=self.findings)


def wording_in(language: str, reader: Reader) -> CaseWording:
    """The words of a page in `language`; without one, in the first of the register's."""
    from solidarity_cli.render.locale_names import Names
    from solidarity_cli.reports.pages.case_wording import CaseWording

    output_language = language or reader.charter.languages[0]
    return CaseWording(reader.schemas.words, Names(output_language), output_language)


def view_of(session: Session, reader: Reader, name: str, audience: Audience) -> View:
    """A case as an audience sees it today. Raises Refused when nothing may be shown to it."""
    plain = record_of(reader, name, audience)
    cases, on = reader.facts([name]).cases, session.today
    case = filter_record(plain, audience, on=on, cases=cases)
    actions = []
    for action_id in reader.actions_naming([name])[name]:
        try:
            action = record_of(reader, action_id, audience)
        except Refused:
            session.note(f"{action_id} cannot be read and is left out: solidarity validate {action_id}")
            continue
        if concerns(Action.from_plain(action), audience, on=on, cases=cases):
            actions.append(filter_record(action, audience, on=on, cases=cases))
    if audience.depends_on_consent:
        return View(audience, case, actions)
    case.setdefault("private", {})
    subject = Case.from_plain(plain)
    filled = frozenset(field for field, value in subject.private.items() if value)
    findings = tuple(located.finding for located in inspect(reader, [name], lines=False))
    return View(audience, case, actions, gaps(subject, has=filled), findings)


def record_of(reader: Reader, name: str, audience: Audience) -> dict[str, Any]:
    """A record of valid shape, opened only for an audience that may be shown a private value."""
    if not audience.needs_keys:
        stored = reader.stored_record(name)
        if reader.schemas.fits(record_kind(reader.paths[name]) or "", stored):
            return stored
    return reader.valid(name)

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

    whom: Audience
    case: dict[str, Any]
    actions: list[dict[str, Any]]
    gaps: tuple[Gap, ...] = ()
    findings: tuple[Any, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What others get: the records, and nothing of what we ask ourselves about them."""
        return {"case": self.case, "actions": self.actions}

    def plain(self) -> dict[str, Any]:
        """The whole answer, as `docs/json.md` promises it."""
        missing = [{"field": one.field, "question": one.question, "command": one.command} for one in self.gaps]
        findings = [
            {"rule": one.rule, "severity": one.severity.value, "field": one.field, "message": one.message}
            | {"hint": one.hint}
            for one in self.findings
        ]
        return {**self.to_json(), "missing": missing, "findings": findings}

    @property
    def awaits_referral(self) -> bool:
        """Whether somebody is to be referred, and nobody has begun to."""
        from solidarity_cli.reports.directory import awaits_referral

        return awaits_referral(Case.from_plain(self.case), map(Action.from_plain, self.actions))

    def page(self, wording: CaseWording, lines: Sequence[str] = ()) -> Page:
        """The page for the audience, in its words; `lines` stand before all else on one for others."""
        if self.whom.depends_on_consent:
            from solidarity_cli.reports.pages.case_for_others import page_for_others

            return page_for_others(self.case, self.actions, wording, lines=lines)
        from solidarity_cli.reports.pages.case import case_page

        actions = sorted(map(Action.from_plain, self.actions), key=lambda one: (one.date or "9999", one.id))
        shown = Case.from_plain(self.case)
        return case_page(shown, wording, actions=actions, gaps=self.gaps, findings=self.findings)


def wording_in(language: str, reading: Reader) -> CaseWording:
    """The words of a page in `language`; without one, in the first of the register's."""
    from solidarity_cli.render.locale_names import Names
    from solidarity_cli.reports.pages.case_wording import CaseWording

    spoken = language or reading.charter.languages[0]
    return CaseWording(reading.schemas.words, Names(spoken), spoken)


def view_of(session: Session, reading: Reader, name: str, whom: Audience) -> View:
    """A case as an audience sees it today. Raises Refused when nothing may be shown to it."""
    plain = record_of(reading, name, whom)
    cases, on = reading.facts([name]).cases, session.today
    case = filter_record(plain, whom, on=on, cases=cases)
    actions = []
    for one in reading.actions_naming([name])[name]:
        try:
            action = record_of(reading, one, whom)
        except Refused:
            session.note(f"{one} cannot be read and is left out: solidarity validate {one}")
            continue
        if concerns(Action.from_plain(action), whom, on=on, cases=cases):
            actions.append(filter_record(action, whom, on=on, cases=cases))
    if whom.depends_on_consent:
        return View(whom, case, actions)
    case.setdefault("private", {})
    subject = Case.from_plain(plain)
    filled = frozenset(field for field, value in subject.private.items() if value)
    found = tuple(one.finding for one in inspect(reading, [name], lines=False))
    return View(whom, case, actions, gaps(subject, has=filled), found)


def record_of(reading: Reader, name: str, whom: Audience) -> dict[str, Any]:
    """A record of valid shape, opened only for an audience that may be shown a private value."""
    if not whom.needs_keys:
        stored = reading.stored_record(name)
        if reading.schemas.fits(record_kind(reading.paths[name]) or "", stored):
            return stored
    return reading.valid(name)

"""`solidarity show`: one case as a page, for whoever it is for; or as a packet for one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from solidarity_cli.commands.options import AsJson, AsOf, By, CaseArgument, DryRun, audiences
from solidarity_cli.core.audience import Audience, concerns, consent_to_share, fields_of, seen
from solidarity_cli.core.errors import Refused, Usage
from solidarity_cli.core.figures.case_page import case_page
from solidarity_cli.core.gaps import Gap, gaps
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.page import Page
from solidarity_cli.core.sealed import MARK
from solidarity_cli.inspection import inspect
from solidarity_cli.reading import Reading
from solidarity_cli.session import Session
from solidarity_cli.snapshot import name_of, record_kind

FORMATS = ("screen", "md", "json")


def main(
    ctx: typer.Context,
    case: CaseArgument,
    audience: Annotated[
        str,
        typer.Option(metavar="A", help="internal, reviewer, public, recipient:ORGANISATION.", autocompletion=audiences),
    ] = "internal",
    form: Annotated[str, typer.Option("--format", metavar="F", help=", ".join(FORMATS) + ".")] = "",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="A packet encrypted to the recipient; recorded.")
    ] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Show one case as its audience may see it; with -o FILE as a referral packet, encrypted to a recipient."""
    session: Session = ctx.obj
    form = "json" if as_json else form
    if form and form not in FORMATS:
        raise Usage("--format has no such value", hint=", ".join(FORMATS))
    reading = session.register.reading(as_of)
    name = reading.find(case)
    whom = Audience.parse(audience, [name_of(path) for path, _ in reading.snapshot.records("directory")])
    if as_of and whom.is_told_by_consent:
        raise Usage("what others may see depends on the consent of today", hint="leave out --as-of")
    if output:
        if form:
            raise Usage("a packet has one form: a page, and its data behind it", hint="leave out --format and --json")
        _send(session, name, whom, output, by=by, dry_run=dry_run)
        return
    if dry_run:
        raise Usage("showing changes nothing; --dry-run goes with -o FILE", hint="leave out --dry-run")
    view = _view(session, reading, name, whom)
    if form == "json":
        from solidarity_cli.render.json import to_json

        session.say(to_json(view.plain()))
    elif session.quiet:
        session.say(name)
    else:
        _print(session, view.page(reading), form)


def _print(session: Session, page: Page, form: str) -> None:
    if form == "screen":
        from solidarity_cli.render.screen import page_to_text

        session.say(page_to_text(page, session.width, color=session.in_color))
    elif form == "md":
        from solidarity_cli.render.markdown import page_to_markdown

        session.say(page_to_markdown(page))
    else:
        session.show(page)


@dataclass(frozen=True, slots=True)
class _View:
    """One case after the filter: everything that is printed comes from here."""

    whom: Audience
    case: dict[str, Any]
    actions: list[dict[str, Any]]
    gaps: tuple[Gap, ...] = ()
    findings: tuple[Any, ...] = ()

    def told(self) -> dict[str, Any]:
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
        return {**self.told(), "missing": missing, "findings": findings}

    def page(self, reading: Reading) -> Page:
        """The page for the audience."""
        words = reading.schemas.words
        if self.whom.is_told_by_consent:
            from solidarity_cli.core.figures.shared_page import shared_page

            return shared_page(self.case, self.actions, words)
        actions = sorted(map(Action.from_plain, self.actions), key=lambda one: (one.date or "9999", one.id))
        shown = Case.from_plain(self.case)
        return case_page(shown, actions=actions, gaps=self.gaps, findings=self.findings, words=words)


def _view(session: Session, reading: Reading, name: str, whom: Audience) -> _View:
    plain = _record(reading, name, whom)
    cases, on = reading.facts([name]).cases, session.today
    case = seen(plain, whom, on=on, cases=cases)
    actions = []
    for one in reading.actions_naming([name])[name]:
        try:
            action = _record(reading, one, whom)
        except Refused:
            session.remark(f"{one} cannot be read and is left out: solidarity validate {one}")
            continue
        if concerns(Action.from_plain(action), whom, on=on, cases=cases):
            actions.append(seen(action, whom, on=on, cases=cases))
    if whom.is_told_by_consent:
        return _View(whom, case, actions)
    case.setdefault("private", {})
    subject = Case.from_plain(plain)
    filled = frozenset(field for field, value in subject.private.items() if value)
    found = tuple(one.finding for one in inspect(reading, [name], lines=False))
    return _View(whom, case, actions, gaps(subject, has=filled), found)


def _record(reading: Reading, name: str, whom: Audience) -> dict[str, Any]:
    """A record of valid shape, opened only for an audience that may be shown a private value."""
    if not whom.needs_keys:
        stored = reading.stored(name)
        if reading.schemas.fits(record_kind(reading.paths[name]) or "", stored):
            return stored
    return reading.valid(name)


def _send(session: Session, name: str, whom: Audience, output: str, *, by: str, dry_run: bool) -> None:
    """The packet in its file and the disclosure in the register: both, or neither."""
    from solidarity_cli import packet
    from solidarity_cli.core import verbs

    if whom.kind != "recipient":
        raise Usage("-o writes a packet for an organisation", hint="--audience recipient:ORGANISATION -o packet.age")
    file, register, reading = packet.target(output), session.register, session.register.now
    facts = reading.facts([name])
    case = Case.from_plain(_record(reading, name, whom))
    consent = consent_to_share(case, whom.organisation, on=session.today)
    action = verbs.referral_to(facts.actions_of(name), case, whom.organisation)
    _is_not_objected_to(reading, action.id)
    view = _view(session, reading, name, whom)
    organisation = facts.directory.get(whom.organisation)
    if organisation is None:
        raise Refused(f"directory/{whom.organisation}.yaml is no valid entry", hint="solidarity validate directory")
    _is_open(view, name)
    page = _packet_page(reading, view, organisation.name, consent.entry, session.today.isoformat())
    data = packet.encrypted(packet.composed(page, view.told()), organisation.public_key, whom.organisation)
    edits = verbs.share(action, case, whom.organisation, consent=consent.entry, on=session.today)
    plan = register.plan("share", edits={action.id: edits}, by=by)
    if dry_run:
        session.say("\n".join([*fields_of(view.case), *(f"action {one}" for one in _asked(view))]))
        session.remark(f"{action.id} would say that {name} was shared on {consent.entry}")
        session.remark("nothing was changed (--dry-run)")
        return
    before = register.ledger.head()
    with packet.kept(file, data, lambda: register.ledger.head() != before):
        commit = register.save(plan)
    session.say(action.id if session.quiet else f"packet written, and {action.id} says so ({commit[:10]})")
    session.warn(plan.warnings)
    if file.resolve().is_relative_to(register.root):
        session.remark("the packet lies in the register's folder: move it, lest git keep it for ever")
    session.remark(f"next: send it to {whom.organisation}: {organisation.channel}")


def _is_not_objected_to(reading: Reading, action: str) -> None:
    """Raises Refused for a referral that breaks a rule already: a plan asks only what a change breaks anew."""
    found = [one.finding for one in inspect(reading, [action], lines=False)]
    broken = tuple(one for one in found if one.refuses and one.record == action)
    if broken:
        raise Refused(f"{broken[0].message} [{broken[0].rule}]", hint=broken[0].hint, findings=broken)


def _asked(view: _View) -> list[str]:
    return list(dict.fromkeys(field for action in view.actions for field in fields_of(action)))


def _is_open(view: _View, name: str) -> None:
    """Raises Refused when something that belongs into the packet stays sealed to the caller."""
    if any(value == MARK for value in view.case.get("private", {}).values()):
        raise Refused(
            f"the private part of {name} is sealed to you, so no packet can be made of it",
            hint="somebody with a key does this, or lets you in: solidarity keys add",
        )


def _packet_page(reading: Reading, view: _View, organisation: str, consent: str, today: str) -> Page:
    from solidarity_cli.core.figures.shared_page import shared_page

    charter = reading.charter
    sender = charter.name + (f" ({charter.contact})" if charter.contact else "")
    lines = (
        f"For {organisation}, from {sender}, on {today}.",
        f"It was allowed to tell you this, and you alone (consent {consent}). Publish nothing of it, pass nothing on "
        "without asking, mind how the people may be reached. Delete it when you no longer need it, or when we ask.",
    )
    return shared_page(view.case, view.actions, reading.schemas.words, lines=lines)

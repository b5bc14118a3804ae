"""The referral packet: one case for one organisation, encrypted to it, and the register says that it was shared."""

from __future__ import annotations

from solidarity_cli.cli.commands.show.dossier import sender
from solidarity_cli.cli.commands.show.view import View, record_of, view_of, wording_in
from solidarity_cli.cli.session import Session
from solidarity_cli.core.audience.filter import Audience, consent_to_share, fields_of
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Case
from solidarity_cli.core.token_format import MARK
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.validate import inspect
from solidarity_cli.reports.pages.dossier import recipient_lines


def send(
    session: Session, name: str, audience: Audience, output: str, *, language: str, by: str, dry_run: bool
) -> None:
    """The packet in its file and the disclosure in the register: both, or neither."""
    from solidarity_cli.core import verbs
    from solidarity_cli.interchange.documents import referral_packet

    file, register, reader = referral_packet.target(output), session.register, session.register.now
    facts = reader.facts([name])
    case = Case.from_plain(record_of(reader, name, audience))
    consent = consent_to_share(case, audience.organisation, on=session.today)
    action = verbs.referral_to(facts.actions_of(name), case, audience.organisation)
    _check_rules(reader, action.id)
    view = view_of(session, reader, name, audience)
    organisation = facts.directory.get(audience.organisation)
    if organisation is None:
        raise Refused(f"directory/{audience.organisation}.yaml is no valid entry", hint="solidarity validate directory")
    _check_unsealed(view, name)
    wording, on = wording_in(language, reader), session.today
    lines = recipient_lines(
        wording, organisation=organisation.name, sender=sender(reader), consent=consent.entry, on=on
    )
    page = view.page(wording, lines)
    data = referral_packet.encrypt(
        referral_packet.compose(page, view.to_json()), organisation.public_key, audience.organisation
    )
    edits = verbs.share(action, case, audience.organisation, consent=consent.entry, on=session.today)
    plan = register.plan("share", edits={action.id: edits}, by=by)
    if dry_run:
        session.say("\n".join([*fields_of(view.case), *(f"action {field}" for field in _action_fields(view))]))
        session.note(f"{action.id} would say that {name} was shared on {consent.entry}")
        session.note("nothing was changed (--dry-run)")
        return
    before = register.ledger.head()
    with referral_packet.packet_file(file, data, lambda: register.ledger.head() != before):
        commit = register.save(plan)
    session.say(action.id if session.quiet else f"packet written, and {action.id} says so ({commit[:10]})")
    session.warn(plan.warnings)
    if file.resolve().is_relative_to(register.root):
        session.note("the packet lies in the register's folder: move it, lest git keep it for ever")
    session.note(f"next: send it to {audience.organisation}: {organisation.channel}")


def _check_rules(reader: Reader, action: str) -> None:
    """Raises Refused for a referral that breaks a rule already: a plan asks only what a change breaks anew."""
    findings = [located.finding for located in inspect(reader, [action], lines=False)]
    violations = tuple(finding for finding in findings if finding.refuses and finding.record == action)
    if violations:
        raise Refused(f"{violations[0].message} [{violations[0].rule}]", hint=violations[0].hint, findings=violations)


def _action_fields(view: View) -> list[str]:
    return list(dict.fromkeys(field for action in view.actions for field in fields_of(action)))


def _check_unsealed(view: View, name: str) -> None:
    """Raises Refused when something that belongs into the packet stays sealed to the caller."""
    if any(value == MARK for value in view.case.get("private", {}).values()):
        raise Refused(
            f"the private part of {name} is sealed to you, so no packet can be made of it",
            hint="somebody with a key does this, or lets you in: solidarity keys add",
        )

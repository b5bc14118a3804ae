"""Plan a change: its new texts, checked against schema, rules and leaks, then private values replaced by tokens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from solidarity_cli.core import rules
from solidarity_cli.core.edits import Edit, Set
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.token_format import readable
from solidarity_cli.crypto.keyring.sealer import Seals
from solidarity_cli.git.committer import Act
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.records.canonical import compose
from solidarity_cli.records.edit import edit
from solidarity_cli.records.read import Fault, UnreadableError, read
from solidarity_cli.register.commit import Change, Plan
from solidarity_cli.register.leaks.across_records import leaks_of_cases
from solidarity_cli.register.matching.fold import fold
from solidarity_cli.register.private_to_tokens import text_with_tokens
from solidarity_cli.register.reader import Reader


def plan(
    now: Reader,
    verb: str,
    *,
    edits: Mapping[str, Iterable[Edit]],
    new: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    by: str,
) -> Plan:
    """A checked change: `edits`, `new` plain records and whole `texts`, each by record id.

    Raises Refused with every rule that the change would break and that was not broken before.
    """
    seals = Seals(lambda: now.keyring, ahead=[*edits, *new, *texts])
    now.snapshot.hold(now.paths[record] for record in (*edits, *texts) if record in now.paths)
    drafts = [_draft_from_edits(now, seals, record, tuple(record_edits)) for record, record_edits in edits.items()]
    drafts += [_draft_new(now, record, plain) for record, plain in new.items()]
    drafts += [_draft_from_text(now, seals, record, text) for record, text in texts.items()]
    drafts = [draft for draft in drafts if draft.changes]
    after = {draft.record: draft.plain for draft in drafts}
    kinds = {draft.record: draft.kind for draft in drafts}
    findings = new_findings(now, after, kinds)
    errors = [finding for finding in findings if finding.refuses]
    if errors:
        new_kinds = {record: kinds[record] for record in new}
        errors = [_hide_new_ids(finding, new_kinds) for finding in errors]
        raise Refused(f"{errors[0].message} [{errors[0].rule}]", hint=errors[0].hint, findings=tuple(errors))
    changes = tuple(_change(now, seals, draft) for draft in drafts)
    return Plan(_act(verb, after, kinds), changes, by, tuple(findings), seals.made)


def plan_sealing(now: Reader, *, by: str) -> Plan:
    """An open register sealed: `register.yaml` says so, and every private value becomes a token, in one act.

    Records that cannot be read stay as they are: `validate` names them.
    """
    paths = {name: path for name, path in now.paths.items() if record_kind(path) in ("case", "action")}
    seals = Seals(lambda: now.keyring, ahead=paths)
    charter_text = _text(now, "register.yaml")
    changes = [
        Change(
            "register.yaml",
            charter_text,
            edit(charter_text, [Set("sealing", value=True)], now.schemas.shape("register")),
        )
    ]
    for name, path in paths.items():
        text = _text(now, path)
        try:
            plain = read(text.encode())
        except UnreadableError:
            continue
        if isinstance(private := plain.get("private"), Mapping) and readable(private):
            changes.append(_change_with_tokens(now, seals, _Draft(name, path, plain, text, text)))
    return Plan(
        Act("keys-seal"), tuple(change for change in changes if change.before != change.after), by, keys=seals.made
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record as it is to be: `plain` with its private part opened, as far as there are keys.

    `before` is the text in its file, None for a new one; `text` the next one, None until it is composed from `plain`.
    """

    record: str
    path: str
    plain: Mapping[str, Any]
    before: str | None = None
    text: str | None = None
    changes: bool = True

    @property
    def kind(self) -> str:
        return record_kind(self.path) or ""


def _draft_from_edits(now: Reader, seals: Seals, record: str, edits: tuple[Edit, ...]) -> _Draft:
    path = now.paths[record]
    now.stored_record(record)  # a file that cannot be read is refused in words, with its line
    before, shape = _text(now, path), now.schemas.shape(record_kind(path) or "")
    # Sealed lines that nobody edits are left alone: they need no key, and keep every byte.
    is_private = any(field_edit.path.partition(".")[0] == "private" for field_edit in edits)
    opened = seals.opened_text(record, before, shape) if is_private else before
    text = edit(opened, edits, shape)
    return _Draft(record, path, seals.opened(record, read(text.encode())), before, text, text != opened)


def _draft_new(now: Reader, record: str, plain: Mapping[str, Any]) -> _Draft:
    # The id of a case or an action has its prefix in capitals; that of an organisation is small letters and digits.
    if record == record.lower():
        return _Draft(record, f"directory/{record}.yaml", plain)
    prefix, year, _ = record.split("-")
    kind = "action" if prefix == now.charter.action_prefix else "case"
    return _Draft(record, f"{kind}s/{year}/{record}.yaml", plain)


def _draft_from_text(now: Reader, seals: Seals, record: str, text: str) -> _Draft:
    path = now.paths[record]
    before = _text(now, path)
    try:
        opened = seals.opened_text(record, before, now.schemas.shape(record_kind(path) or ""))
    except UnreadableError:  # `fmt` puts right what could not even be read
        opened = before
    return _Draft(record, path, seals.opened(record, read(text.encode())), before, text, text not in (before, opened))


def _text(now: Reader, path: str) -> str:
    return (now.snapshot.text(path) or b"").decode()


def _change(now: Reader, seals: Seals, draft: _Draft) -> Change:
    """Return the change of a file, private values replaced by tokens where the register encrypts them."""
    if now.charter.sealing and isinstance(draft.plain.get("private"), Mapping):
        return _change_with_tokens(now, seals, draft)
    shape = now.schemas.shape(draft.kind)
    return Change(draft.path, draft.before, draft.text or compose(draft.plain, draft.kind, shape))


def _change_with_tokens(now: Reader, seals: Seals, draft: _Draft) -> Change:
    shape, versions = now.schemas.shape(draft.kind), {"before": draft.before, "text": draft.text}
    text = text_with_tokens(seals, draft.record, draft.kind, draft.plain, shape=shape, **versions)
    return Change(draft.path, draft.before, text)


def _act(verb: str, after: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, str]) -> Act:
    """The act on the changed records; that of an action is also its cases', where history looks for it."""
    cases = [record for record in after if kinds[record] == "case"]
    cases = cases or list(dict.fromkeys(case for plain in after.values() for case in plain.get("cases", ())))
    return Act(verb, tuple(cases), tuple(record for record in after if kinds[record] == "action"))


def new_findings(
    now: Reader,
    after: Mapping[str, Mapping[str, Any]],
    kinds: Mapping[str, str],
    *,
    undoing: Collection[str] | None = None,
) -> list[Finding]:
    """What a change breaks or warns of that was not so before it, errors first. `after`: plain records, opened.

    `undoing` is for a change that only takes back an earlier one: the records that go. No status is held against the
    one before, and what it breaks in other records stops it, for they were built on what is taken back.
    """
    schema_findings = [
        Finding(record, "schema", Severity.ERROR, _describe(fault), fault.safe_field, fault.hint)
        for record, plain in after.items()
        if not now.schemas.fits(kinds[record], plain)
        for fault in now.schemas.explain(kinds[record], plain)
    ]
    if schema_findings:
        return schema_findings
    before = now.facts(
        [*after, *(undoing or ()), *(other for plain in after.values() for other in _linked_cases(plain))]
    )
    then = _facts_after(before, after, kinds, undoing)
    carried = {name for name, action in then.actions.items() if _is_carried_out(before.actions.get(name), action)}
    findings = _subtract(
        rules.check_all(then), (finding for finding in rules.check_all(before) if finding.record not in carried)
    )
    for record, plain in after.items():
        findings += _subtract(_leaks(now, plain), _leaks_before(now, record))
    # What a change means for other records is told, and does not stop it: consent can always be taken back.
    if undoing is None:
        findings = [
            finding if finding.record in after else replace(finding, severity=Severity.WARNING) for finding in findings
        ]
    return sorted(findings, key=lambda finding: (not finding.refuses, finding))


def _leaks_before(now: Reader, record: str) -> Iterable[Finding]:
    """What a record said too much before; of one that could not be read nothing is known, and all counts as new."""
    try:
        return _leaks(now, now.plain(record)) if record in now.paths else ()
    except Refused:
        return ()


def _is_carried_out(before: Action | None, after: Action) -> bool:
    """Whether a planned action is done now, or a referral sent: what was wrong with the plan is then no old trouble."""
    is_done = after.status == "done" and (before is None or before.status != "done")
    was_sent = before is not None and before.referral is not None and before.referral.state == "sent"
    return is_done or (after.referral is not None and after.referral.state == "sent" and not was_sent)


def _hide_new_ids(finding: Finding, new_kinds: Mapping[str, str]) -> Finding:
    """A refusal without the id of a record that is not made: nobody could type it."""
    message, ways = finding.message, finding.hint.split("; or: ")
    for record, kind in new_kinds.items():
        message = message.replace(record, f"this {kind}")
        ways = [way for way in ways if record not in way]
    return replace(finding, message=message, hint="; or: ".join(ways))


def _subtract(findings: Iterable[Finding], before: Iterable[Finding]) -> list[Finding]:
    """The findings that are new; one that says the same thing in other words, or of other dates, is not."""
    known = {(finding.record, finding.rule, finding.field, finding.severity) for finding in before}
    return [
        finding for finding in findings if (finding.record, finding.rule, finding.field, finding.severity) not in known
    ]


def _describe(fault: Fault) -> str:
    return f"{fault.safe_field}: {fault.message}".removeprefix(": ")


def _linked_cases(plain: Mapping[str, Any]) -> list[str]:
    return [*plain.get("cases", ()), *(link.get("case", "") for link in plain.get("links", ()))]


def _facts_after(
    before: Facts,
    after: Mapping[str, Mapping[str, Any]],
    kinds: Mapping[str, str],
    undoing: Collection[str] | None,
) -> Facts:
    """The facts as they would be, with the earlier version of each changed case."""
    removed = frozenset(undoing or ())
    cases = {record: Case.from_plain(plain) for record, plain in after.items() if kinds[record] == "case"}
    actions = {record: Action.from_plain(plain) for record, plain in after.items() if kinds[record] == "action"}
    return replace(
        before,
        cases={record: case for record, case in {**before.cases, **cases}.items() if record not in removed},
        actions={record: action for record, action in {**before.actions, **actions}.items() if record not in removed},
        known=(before.known | set(after)) - removed,
        before={record: before.cases[record] for record in cases if record in before.cases and undoing is None},
    )


def _leaks(now: Reader, plain: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Private values in open fields: of the record itself, and, in an action, of the cases it serves."""
    words = now.schemas.words
    own = rules.check_record(plain, words=words, fold=fold)
    cases = [now.plain(case) for case in plain.get("cases", ()) if case in now.paths]
    return (*own, *leaks_of_cases(plain, cases, words=words))

"""What a merge leaves for a person: asked in words, decided field by field, and the merge finished by one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.core.merge import Choice, Side, with_field
from solidarity_cli.core.verbs.edit import read_value, shape_of
from solidarity_cli.git.committer import Act
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.register.commit import writing
from solidarity_cli.register.register import Register
from solidarity_cli.sync.conflict_view import WHOLE
from solidarity_cli.sync.merge_commit import (
    Fields,
    RecordConflict,
    Resolver,
    Undecided,
    fit,
    kind_of,
    merge_record,
    newly_named_items,
)
from solidarity_cli.sync.preflight import MergeBreaksRules, new_errors
from solidarity_cli.sync.sync import Synced, merge, remote_of
from solidarity_cli.system.atomic_file import write_whole


class Taking:
    """`--take ours|theirs FIELD` as a `Resolver`. FIELD alone means an open field, `ID:FIELD` any field of a record."""

    def __init__(self, takes: Sequence[tuple[str, str]]) -> None:
        self._takes: list[tuple[Side, str, str]] = []
        self._used: set[int] = set()
        for side, name in takes:
            if side not in ("ours", "theirs"):
                raise UsageError("--take is followed by ours or theirs, and a field", hint="--take theirs channel")
            record, _, field = name.rpartition(":")
            self._takes.append(("ours" if side == "ours" else "theirs", record.upper(), field))

    def __call__(self, dispute: RecordConflict) -> Mapping[str, Choice]:
        """What was taken of the fields of one record."""
        choices = {}
        open_fields = {clash.field or WHOLE for clash in dispute.clashes}
        for number, (side, record, field) in enumerate(self._takes):
            if record == dispute.record.upper() or (not record and field in open_fields):
                self._used.add(number)
                choices["" if field == WHOLE else field] = Choice(side)
        return choices

    def unused_fields(self) -> list[str]:
        """The fields that nobody asked about."""
        return [field for number, (_, _, field) in enumerate(self._takes) if number not in self._used]


def resolve(register: Register, choose: Resolver, taking: Taking | None = None) -> tuple[Synced, list[str]]:
    """Finish what waits for a person: git's own merge, else the join with what was last fetched. Asks nobody outside.

    The files left to git, by path, are what no field tells apart. Raises Undecided, MergeBreaksRules as `sync` does,
    with everything as it was; UsageError for a take of a field that is not open.
    """
    done = Synced()
    if (register.ledger.own_folder / "MERGE_HEAD").exists():
        return done, _finish(register, choose, taking, done)
    remote = remote_of(register)
    heads = remote.last_heads()
    for theirs in dict.fromkeys((heads.branch, heads.main)):
        if theirs:
            merge(register, theirs, done, choose, agreed=lambda: _require_all_used(taking))
    return done, []


def typed_value(register: Register, dispute: RecordConflict, field: str, text: str) -> Choice:
    """Another value than either side's, as it is stored: sealed where the register seals.

    Raises UsageError, Refused.
    """
    now = register.reading(dispute.ours)
    value = read_value(text, shape_of(field, now.schemas.shape(dispute.kind)), field)
    if dispute.record in now.paths:
        changed = with_field(now.plain(dispute.record), field, value)
        faults = () if now.schemas.fits(dispute.kind, changed) else now.schemas.explain(dispute.kind, changed)
        if fault := next((candidate for candidate in faults if field.startswith(candidate.field)), None):
            raise UsageError(fault.message, hint=fault.hint)
    if field.startswith("private.") and register.now.charter.sealing:
        from solidarity_cli.crypto.tokens import seal

        key = register.keyring.key(dispute.record)
        if key is None:
            raise Refused("no identity on this machine opens this record", hint="solidarity keys list")
        value = seal(value, key=key, record=dispute.record, field=field, version=1)
    return Choice("ours", value)


def _fields(register: Register) -> Fields:
    # Of the newest commit: the files may hold two versions, one above the other.
    schemas = register.reading("HEAD").schemas
    return Fields(schemas.shape, schemas.fits, register.reseal)


def _require_all_used(taking: Taking | None) -> None:
    if taking and (unused := taking.unused_fields()):
        raise UsageError(f"nobody has to decide about {unused[0]}", hint="what is open: solidarity resolve")


def _finish(register: Register, choose: Resolver, taking: Taking | None, done: Synced) -> list[str]:
    """Git's merge, finished; the paths that are still open. Nothing is written before all is decided."""
    root, ledger = register.root, register.ledger
    ours, (theirs, *more) = ledger.head(), (ledger.own_folder / "MERGE_HEAD").read_text(encoding="ascii").split()
    if more:
        raise ExternalError("more than two lines are being merged", hint="git merge --abort; then one after the other")
    base = git(root, "merge-base", ours, theirs, quiet_codes=(1,)).decode().strip()
    unmerged, fields = _unmerged(root), _fields(register)
    records = [path for path in unmerged if kind_of(path)]
    merged = []
    for path in records:
        data = dict(blobs(root, unmerged[path].values()))
        texts = tuple(data.get(unmerged[path].get(stage, "")) for stage in ("1", "2", "3"))
        dispute = RecordConflict(path, kind_of(path), (), ours, theirs, base)
        named = newly_named_items(root, base, ours, dispute.record)
        merged.append(merge_record(dispute, texts, fields, choose, named=named))
    if undecided := tuple(dispute for dispute, _ in merged if dispute.clashes):
        raise Undecided(undecided)
    _require_all_used(taking)
    whole = {dispute.path: text.text.encode() for dispute, text in merged}
    fit(whole, fields)
    done.merged = tuple(name_of(path) for path in records)
    with writing(ledger):
        if _unmerged(root) != unmerged:
            raise ExternalError("somebody works on this merge", hint="solidarity resolve")
        _write(register, whole)
        if left := [path for path in unmerged if path not in whole]:
            return left
        _commit(register, ours, theirs, base, records)
    register.forget()
    return []


def _unmerged(root: Path) -> dict[str, dict[str, str]]:
    """Path -> stage -> blob, of what git could not merge."""
    stages: dict[str, dict[str, str]] = {}
    for line in git(root, "ls-files", "-u", "-z").decode(errors="surrogateescape").split("\0"):
        metadata, _, path = line.partition("\t")
        if path:
            _, blob, stage = metadata.split(" ")
            stages.setdefault(path, {})[stage] = blob
    return stages


def _write(register: Register, texts: Mapping[str, bytes]) -> None:
    for path, text in texts.items():
        if text:
            write_whole(register.root / path, text)
        else:
            (register.root / path).unlink(missing_ok=True)
        git(register.root, "--literal-pathspecs", "add", "--all", "--", path)


def _commit(register: Register, ours: str, theirs: str, base: str, records: Sequence[str]) -> None:
    """The merge as one commit, if both sides keep the rules together; the user's hooks and signing are honoured."""
    root = register.root
    tree = git(root, "write-tree").decode().strip()
    commit = git(root, "commit-tree", tree, "-p", ours, "-p", theirs, stdin=b"resolve\n").decode().strip()
    args = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, commit)
    paths = git(root, *args).decode(errors="surrogateescape").split("\0")
    changed = {name_of(path) for path in paths if record_kind(path) in ("case", "action")}
    if errors := new_errors(register, commit, changed, parents=(ours, theirs)):
        raise MergeBreaksRules(errors)
    cases, actions = (
        tuple(name_of(path) for path in records if record_kind(path) == kind) for kind in ("case", "action")
    )
    git(root, "commit", "--quiet", f"--message={Act('resolve', cases, actions).message}")

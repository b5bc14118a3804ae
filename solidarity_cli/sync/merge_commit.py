"""Two lines of history brought together by one merge commit, made beside the working tree: whole, or not at all.

Git merges the files that only one side changed; records that both changed are merged by fields.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.merge import Choice, Conflict, Why, items_named_by
from solidarity_cli.git.committer import Act
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.git.trees import changes_of, merge_commit, merge_trees, with_files
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.sync.record_merge import MergedText, merge_texts

Reseal = Callable[[str, str, str, str, int], str | None]
"""(record, token, old field, new field, schema version) -> the token for its new place; None without a key here."""


_FORM = 1
"""The schema version of what is merged: both sides are of one form, or the schemas differ and a person merges."""


Sides = list[dict[str, tuple[str, str]]]
"""What ours and theirs changed: path -> blob before and after."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a register knows of the fields of its records: their shape by kind, whether a record fits, how to reseal."""

    shape: Callable[[str], Mapping[str, Any]]
    fits: Callable[[str, Any], bool]
    reseal: Reseal


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The commit that holds both sides, and the records that both had changed.

    `changed`: all records that differ from what both began from, where neither side had the other already.
    """

    commit: str
    records: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordConflict:
    """What a merge cannot decide about one record. `sides`: the commits of ours and theirs, and of their beginning."""

    path: str
    kind: str
    clashes: tuple[Conflict, ...]
    ours: str
    theirs: str
    base: str

    @property
    def record(self) -> str:
        """The id, or the name of the file."""
        return name_of(self.path)


Resolver = Callable[[RecordConflict], Mapping[str, Choice]]
"""What a person decides: asked about every record that both sides changed, until nothing new comes of it."""


class Undecided(Refused):
    """Only a person can go on: `disputes` say where."""

    def __init__(self, disputes: tuple[RecordConflict, ...]) -> None:
        first = disputes[0]
        what = ", ".join(dict.fromkeys(clash.field or "the whole record" for clash in first.clashes))
        more = f"; so were {len(disputes) - 1} more records" if len(disputes) > 1 else ""
        locked = any(clash.why is Why.LOCKED for dispute in disputes for clash in dispute.clashes)
        hint = "look at both, and choose: solidarity resolve"
        hint = "it takes the key of the record: let a recipient run solidarity sync" if locked else hint
        super().__init__(f"{first.record}: {what} was set here and at the remote in two ways{more}", hint=hint)
        self.disputes = disputes


class Decisions:
    """A `Resolver` that remembers what was decided, so that the same merge can be made again without asking."""

    def __init__(self, choose: Resolver) -> None:
        self._choose = choose
        self._made: dict[str, dict[str, Choice]] = {}

    def __call__(self, dispute: RecordConflict) -> Mapping[str, Choice]:
        """What the person decides now."""
        choices = self._choose(dispute)
        self._made.setdefault(dispute.path, {}).update(choices)
        return choices

    def again(self, dispute: RecordConflict) -> Mapping[str, Choice]:
        """What the person has decided."""
        return self._made.get(dispute.path, {})


def no_resolver(_dispute: RecordConflict) -> Mapping[str, Choice]:
    """The `Resolver` where no person is asked."""
    return {}


def merge_histories(root: Path, ours: str, theirs: str, fields: Fields, choose: Resolver = no_resolver) -> MergeResult:
    """A commit that holds `ours` and `theirs`: one of the two when it has the other already, else a merge of both.

    `theirs` is what stands at the remote, and the first parent of a merge: of a day that is past, `--as-of` tells the
    line that others have seen, whoever brought the two together. No ref and no file is touched. Raises Undecided when
    a person has to choose, Refused when that takes git itself, ExternalError for histories without a common beginning.
    """
    if ours == theirs:
        return MergeResult(ours)
    base = git(root, "merge-base", ours, theirs, quiet_codes=(1,)).decode().split()
    if not base:
        raise ExternalError(
            "the remote holds the history of another register", hint="look at the remote's address: git remote -v"
        )
    if base[0] in (ours, theirs):
        return MergeResult(ours if base[0] == theirs else theirs)
    tree, conflicts = merge_trees(root, ours, theirs)
    sides = [changes_of(root, base[0], side) for side in (ours, theirs)]
    both = sorted(path for path in sides[0].keys() & sides[1].keys() if sides[0][path][1] != sides[1][path][1])
    by_hand = [path for path in conflicts if path not in both or not kind_of(path)]
    if by_hand:
        raise Refused(
            f"{by_hand[0]} was changed here and at the remote, and only a person can merge it",
            hint=f"git merge {theirs[:12]}, put the file right, git add, solidarity resolve; then: solidarity sync",
        )
    disputed = [RecordConflict(path, kind_of(path), (), ours, theirs, base[0]) for path in both if kind_of(path)]
    merged = list(_merge_records(root, disputed, sides, fields, choose))
    if undecided := tuple(dispute for dispute, _ in merged if dispute.clashes):
        raise Undecided(undecided)
    texts = {dispute.path: text.text.encode() for dispute, text in merged}
    fit(texts, fields)
    if texts:
        tree = with_files(root, tree, texts)
    cases, actions = (
        tuple(name_of(path) for path in texts if record_kind(path) == kind) for kind in ("case", "action")
    )
    changed = frozenset(name_of(path) for side in sides for path in side if record_kind(path) in ("case", "action"))
    merge = merge_commit(root, tree, theirs, ours, Act("sync", cases, actions))
    return MergeResult(merge, cases + actions, changed)


def on_published_line(root: Path, ours: str, theirs: str) -> str:
    """`ours`, which holds `theirs`; where that is a side line of it, as after a merge by git, one merge more.

    It changes no file, and its first parent is `theirs`, as in `merge_histories`.
    """
    if ours == theirs:
        return ours
    lines = git(root, "rev-list", "--first-parent", "--parents", ours, f"^{theirs}", "--").decode().splitlines()
    if not lines or lines[-1].split()[1:2] == [theirs]:
        return ours
    return merge_commit(root, f"{ours}^{{tree}}", theirs, ours, Act("sync"))


def kind_of(path: str) -> str:
    """The kind of record at a path that merges by fields; empty for a file that git alone can merge."""
    return record_kind(path) or ("recipients" if path == "recipients.yaml" else "")


def _merge_records(
    root: Path, disputed: Collection[RecordConflict], sides: Sides, fields: Fields, choose: Resolver
) -> Iterator[tuple[RecordConflict, MergedText]]:
    """Each record that both sides changed as it becomes, with what is still undecided about it."""
    for dispute in disputed:
        versions = (sides[0][dispute.path][0], sides[0][dispute.path][1], sides[1][dispute.path][1])
        data = dict(blobs(root, [blob for blob in versions if blob.strip("0")]))
        texts = tuple(data.get(blob) for blob in versions)
        named = _named_items(root, sides[0], dispute.record)
        yield merge_record(dispute, texts, fields, choose, named=named)


def merge_record(
    dispute: RecordConflict,
    texts: tuple[bytes | None, ...],
    fields: Fields,
    choose: Resolver,
    *,
    named: frozenset[str] | None = None,
) -> tuple[RecordConflict, MergedText]:
    """The merge of three versions of a record, and the dispute with what nobody has decided."""
    choices: dict[str, Choice] = {}
    record = dispute.record
    while True:
        merged = merge_texts(
            *texts,
            kind=dispute.kind,
            shape=fields.shape(dispute.kind),
            reseal=lambda token, old, new: fields.reseal(record, token, old, new, _FORM),
            named=named,
            path=dispute.path,
            choices=choices,
            # What is at the remote is known to others by its number. If each clone let its own stand instead, two that
            # merge at once would number the same notes differently.
            ours_yields=True,
        )
        dispute = replace(dispute, clashes=merged.clashes)
        # A sealed text can only move with its key: to drop one of two notes is no way out.
        locked = {clash.field for clash in merged.clashes if clash.why is Why.LOCKED}
        new_choices = {
            name: choice
            for name, choice in choose(dispute).items()
            if name not in locked and choices.get(name) != choice
        }
        if not new_choices:
            return dispute, merged
        choices |= new_choices


def fit(texts: Mapping[str, bytes], fields: Fields) -> None:
    """Raises Refused where both sides together are no record of their kind."""
    for path, text in texts.items():
        if text and not fields.fits(kind_of(path), read(text)):
            raise Refused(
                f"{name_of(path)} was changed here and at the remote, and both together are no {kind_of(path)}",
                hint=f"give way in a field: solidarity resolve --take theirs {name_of(path)}:FIELD",
            )


def _named_items(root: Path, ours: Mapping[str, tuple[str, str]], case: str) -> frozenset[str]:
    """The items of a case that actions name which are new here: a new number would leave these pointing elsewhere."""
    actions = [blob for path, (_, blob) in ours.items() if record_kind(path) == "action" and blob.strip("0")]
    plains = []
    for _, data in blobs(root, actions):
        with contextlib.suppress(UnreadableError):
            plains.append(read(data or b""))
    return items_named_by(case, plains)


def newly_named_items(root: Path, base: str, ours: str, case: str) -> frozenset[str]:
    """The items of a case that actions name which came with `ours`, since `base`."""
    return _named_items(root, changes_of(root, base, ours), case) if base else frozenset()

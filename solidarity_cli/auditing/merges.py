"""Each merge made again: what the two sides make together, held against what was committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.auditing.names import field_told, told
from solidarity_cli.core.audit import Finding, whole
from solidarity_cli.core.changes import changes
from solidarity_cli.core.errors import Trouble
from solidarity_cli.core.merging import Merged, Why, merge, named_in
from solidarity_cli.past import AS_STORED, Commit
from solidarity_cli.past.learning import differences, moved
from solidarity_cli.past.objects import empty_tree, parsed, texts
from solidarity_cli.past.versions import plain_of
from solidarity_cli.plumbing import blobs, git
from solidarity_cli.snapshot import record_kind

Sides = tuple[str, str, str, str]
"""A file's blobs at the common beginning, in ours, in theirs, in the merge; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file that both sides of a merge changed; `said` is what it is called in a finding."""

    commit: str
    name: str
    said: str
    kind: str
    blobs: Sides
    actions: tuple[tuple[str, ...], tuple[str, ...]]
    """Blobs of the actions that ours and theirs changed: items of a case that they name keep their ids."""


def findings(root: Path, merges: Iterable[Commit]) -> Iterator[tuple[str, list[Finding], list[str]]]:
    """(commit, findings, codes of what is not proven) for each merge."""
    every = list(merges)
    bases = {one.id: _bases(root, one) for one in every}
    trees = {one: parsed(one, text).tree for one, text in texts(root, _named(every, bases))}
    pairs = {
        one.id: [
            (trees[bases[one.id][0]] if bases[one.id] else empty_tree(one.tree), tree)
            for tree in (*(trees[parent] for parent in one.parents), one.tree)
        ]
        for one in every
    }
    found = differences(root, (pair for some in pairs.values() for pair in some))
    for one in every:
        if len(one.parents) != 2 or len(bases[one.id]) > 1:
            yield one.id, [], ["merge-many"]
            continue
        found_here: list[Finding] = []
        codes: list[str] = []
        for case in _open(one.id, [moved(found[pair]) for pair in pairs[one.id]], found_here):
            fields, by_hand, code = _judged(root, case)
            found_here += whole.merge.check(one.id, case.said, fields, by_hand=by_hand)
            codes += [code] if code else []
        yield one.id, found_here, sorted(set(codes))


def _named(merges: list[Commit], bases: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(name for one in merges for name in (*one.parents, *bases[one.id])))


def _bases(root: Path, one: Commit) -> list[str]:
    asked = ("-c", "core.commitGraph=false", "merge-base", "--all", *one.parents[:2])
    return git(root, *asked, quiet_codes=(1,), world=AS_STORED).decode().split()


def _open(commit: str, sides: list[dict[str, tuple[str, str, str]]], wrong: list[Finding]) -> Iterator[Case]:
    """The files for which it is not plain what the merge has to be; what is plainly wrong goes to `wrong`."""
    ours, theirs, made = sides
    actions = (_actions(ours), _actions(theirs))
    for name in dict.fromkeys((*ours, *theirs, *made)):
        path, was = next((side[name][0], side[name][1]) for side in sides if name in side)
        one, other, result = (side[name][2] if name in side else was for side in sides)
        if one in (other, was) or other == was:
            right = other if one == was else one
            if result != right:
                wrong += whole.merge.check(commit, told(path), ["its content"], by_hand=False)
        elif result not in (one, other) or record_kind(path) is not None or path == "recipients.yaml":
            kind = record_kind(path) or ("recipients" if path == "recipients.yaml" else "")
            yield Case(commit, name, told(path), kind, (was, one, other, result), actions)


def _actions(side: dict[str, tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(new for path, _, new in side.values() if record_kind(path) == "action" and new)


def _judged(root: Path, case: Case) -> tuple[list[str], bool, str]:
    """(fields that are not what both sides make, whether a person chose there, code of what is not proven)."""
    data = dict(blobs(root, [blob for some in (case.blobs, *case.actions) for blob in some if blob]))
    if not case.kind:
        return _lines([data.get(blob) or b"" for blob in case.blobs]), case.name != "allowed_signers", ""
    was, ours, theirs, made = (plain_of(data[blob]) if blob else {} for blob in case.blobs)
    if was is None or ours is None or theirs is None or made is None:
        return [], False, "merge-unreadable"
    if not (ours and theirs):
        return ([] if made in (ours, theirs) else ["its content"]), False, ""
    named = [named_in(case.name, [plain for blob in some if (plain := plain_of(data[blob]))]) for some in case.actions]
    tried = []
    # Which side keeps its numbers is for whoever merges; a merge by git itself knows of no actions.
    for own, other, kept in ((ours, theirs, named[1]), (theirs, ours, named[0]), (ours, theirs, None)):
        try:
            merged = merge(was or None, own, other, case.kind, named=kept)
        except (Trouble, KeyError, TypeError, ValueError, AttributeError):
            return [], False, "merge-unreadable"
        tried.append(_against(case.kind, merged, ours, theirs, made))
        if tried[-1] == ([], False, ""):
            break
    return min(tried, key=lambda one: (bool(one[0]) and not one[1], len(one[0])))


def _against(kind: str, merged: Merged, ours: Any, theirs: Any, made: Any) -> tuple[list[str], bool, str]:
    clashes = {clash.field: clash.why for clash in merged.clashes}
    locked = any(why is Why.LOCKED for why in clashes.values())
    chosen, wrong = [], []
    for one in changes(merged.value, made):
        if not any(one.field == field or one.field.startswith(f"{field}.") or not field for field in clashes):
            wrong.append(one.field)
        elif one.new not in (_at(ours, one.field), _at(theirs, one.field)):
            chosen.append(one.field)
    if locked and (wrong or chosen):
        # Notes that got new numbers: what was sealed for the old ones had to be sealed again.
        wrong = [field for field in wrong if not field.startswith(("notes.", "private.notes"))]
        return (_told(kind, wrong), False, "merge-key") if wrong else ([], False, "merge-key")
    return (_told(kind, wrong), False, "") if wrong else (_told(kind, chosen), True, "")


def _told(kind: str, fields: list[str]) -> list[str]:
    return list(dict.fromkeys(field_told(kind, field) for field in fields))


def _at(plain: Any, field: str) -> Any:
    for part in field.split("."):
        if isinstance(plain, list):
            plain = next((item for item in plain if isinstance(item, dict) and item.get("id") == part), None)
        plain = plain.get(part) if isinstance(plain, dict) else None
    return plain


def _lines(versions: list[bytes]) -> list[str]:
    """Of a file that is no record: whether it holds a line that neither side has."""
    _, ours, theirs, made = (set(version.splitlines()) for version in versions)
    return ["a line of it"] if made - ours - theirs else []

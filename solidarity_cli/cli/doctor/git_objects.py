"""Plain text in git's store: every blob, message, path and name, whether a branch still reaches it or nothing does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.cli.doctor.reachability import PLACES, forget, places_of
from solidarity_cli.core.limits import LARGEST_RECORD
from solidarity_cli.core.rules.leak_index import LeakIndex
from solidarity_cli.git.process import blobs, git, git_folders
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.leaks.open_text import message_lines, open_texts
from solidarity_cli.register.private_parts import open_blobs, readable_fields

_RECORD = "cases/record.yaml"
"""Any blob may have been a record: it is read as one, and as lines if it is none."""
_NOTES = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG", "NOTES_EDITMSG")
_TEXT = 8_000


def look(checkup: Checkup) -> Iterator[Problem]:
    """Private values that can be read without a key, in any version of anything.

    What is readable in the `private` part of a sealed register is seen without a key. The values of sealed records are
    looked for everywhere else as far as they open here.
    """
    kinds = _everything(checkup.root)
    texts = _Texts()
    bare = _Bare()
    now = checkup.register.now
    is_sealed = now.charter.sealing
    # The schemas name courts and towns, for everybody.
    shipped = {blob for path, blob in now.snapshot.blobs.items() if path.startswith("schemas/")}
    for blob, data in blobs(
        checkup.root, [one for one, kind in kinds.items() if kind == "blob" and one not in shipped]
    ):
        if data and b"\0" not in data[:_TEXT]:
            if is_sealed and b"private" in data:
                bare.look(blob, data)
            texts.add(blob, open_texts(_RECORD, data))
    for commit, message in _messages(checkup.root, [one for one, kind in kinds.items() if kind in ("commit", "tag")]):
        texts.add(commit, message_lines(message))
    lookout = _lookout(checkup)
    leaking = texts.records_found(lookout)
    yield from _told(
        checkup.root, bare.found, "the private part of {record} stands readable in {what} (objects: {count})"
    )
    yield from _told(
        checkup.root, leaking, "something private of {record} stands in the open in {what} (objects: {count})"
    )
    yield from _names(checkup.root, lookout)


class _Bare:
    """Blobs of records whose private part can be read."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)

    def look(self, blob: str, data: bytes) -> None:
        try:
            plain = read(data)
        except UnreadableError:
            return
        if isinstance(plain.get("private"), dict) and readable_fields(plain):
            self.found[_name(plain)].add(blob)


class _Texts:
    """Texts and the objects that hold them; the same text in a hundred versions is looked at once."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, holder: str, texts: Mapping[str, str]) -> None:
        for place, text in texts.items():
            if len(text) > 2:
                self._holders["by" if place.endswith(".by") else "", text].append(holder)

    def records_found(self, lookout: LeakIndex) -> dict[str, set[str]]:
        """Record -> the objects that hold something private of it."""
        texts = {str(number): {f"text.{by}": text} for number, (by, text) in enumerate(self._holders)}
        holders = list(self._holders.values())
        told: dict[str, set[str]] = defaultdict(set)
        for number, _, record in lookout.matches(texts):
            told[record].update(holders[int(number)])
        return told


def _everything(root: Path) -> dict[str, str]:
    """Object -> kind of all that is not too large to be text, reached or not."""
    asked = (
        "cat-file",
        "--batch-all-objects",
        "--unordered",
        "--batch-check=%(objectname) %(objecttype) %(objectsize)",
    )
    listed = (line.split() for line in git(root, *asked).decode().splitlines())
    return {one: kind for one, kind, size in listed if kind != "tree" and 0 < int(size) <= LARGEST_RECORD}


def _messages(root: Path, objects: list[str]) -> Iterator[tuple[str, str]]:
    """(object, message) of commits and tags."""
    if not objects:
        return
    answer = git(root, "cat-file", "--batch", given="".join(f"{one}\n" for one in objects).encode())
    at = 0
    for one in objects:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].rsplit(b" ", 1)[1])
        yield one, answer[end + 1 : end + 1 + size].partition(b"\n\n")[2].decode(errors="replace")
        at = end + size + 2


def _lookout(checkup: Checkup) -> LeakIndex:
    from solidarity_cli.register.matching.fold import fold

    reading = checkup.register.now
    paths = {blob: path for path, blob in reading.ordinary() if record_kind(path) in ("case", "action")}
    privates = [(one.record, one.private) for _, one in open_blobs(reading, paths) if one.private]
    return LeakIndex(privates, words=reading.schemas.words, fold=fold)


def _told(root: Path, found: Mapping[str, set[str]], message: str) -> Iterator[Problem]:
    """One line a kind of place, with the records it is about."""
    where = places_of(root, {one for objects in found.values() for one in objects}) if found else {}
    held: dict[str, set[str]] = defaultdict(set)
    about: dict[str, set[str]] = defaultdict(set)
    for record, objects in found.items():
        for one in objects:
            held[where[one]].add(one)
            about[where[one]].add(record)
    for name, ones in sorted(held.items()):
        place, records = PLACES[name], sorted(about[name])
        some = ", ".join(records[:3]) + (f" and {len(records) - 3} more" if len(records) > 3 else "")
        said = message.format(record=some, count=len(ones), what=place.what)
        mend = partial(forget, root) if place.asks else None
        yield Problem("plaintext", said, place.hint.format(object=min(ones)[:12]), mend=mend, asks=place.asks)


def _names(root: Path, lookout: LeakIndex) -> Iterator[Problem]:
    """Private values in names of branches and tags, paths of any version, reflogs, and what git keeps of messages."""
    own, shared = git_folders(root)
    refs = git(root, "for-each-ref", "--format=%(refname)").decode(errors="replace").splitlines()
    listed = git(root, "rev-list", "--objects", "--all", "--reflog", "--indexed-objects").decode(errors="replace")
    paths = {line.partition(" ")[2] for line in listed.splitlines()}
    logs = [file for file in (shared / "logs").rglob("*") if file.is_file()]
    drafts = [own / name for name in _NOTES if (own / name).is_file()]
    documents = {
        "ref": {str(number): name for number, name in enumerate(refs)},
        "path": {str(number): path for number, path in enumerate(sorted(paths))},
        "log": {f"{number}": line for number, line in enumerate(_subjects(logs))},
        "note": {f"{file.name} {place}": text for file in drafts for place, text in _lines(file).items()},
    }
    said = {
        "ref": ("the name of a branch or tag", "git branch -m, or git tag -d, and the same where it was pushed"),
        "path": (
            "a path, in the history or staged,",
            "git log --all --name-only shows it; what is committed, the history keeps",
        ),
        "log": ("a line of a reflog", "git reflog shows it; all of them: git reflog expire --expire=now HEAD"),
        "note": ("the last commit message that git keeps", "git keeps it until the next: .git/COMMIT_EDITMSG"),
    }
    told = {(name, record) for name, _, record in lookout.matches({key: one for key, one in documents.items() if one})}
    for name, record in sorted(told):
        what, hint = said[name]
        yield Problem("plaintext", f"{what} holds something private of {record}", hint)


def _subjects(logs: list[Path]) -> Iterator[str]:
    for file in logs:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            yield line.partition("\t")[2]


def _lines(file: Path) -> dict[str, str]:
    return message_lines(file.read_text(encoding="utf-8", errors="replace"))


def _name(plain: Mapping[str, Any]) -> str:
    """The id that a record says it has; a word for one that has none, for anything may stand there."""
    from solidarity_cli.crypto.keyring.store import path_of

    said = plain.get("id")
    return said if isinstance(said, str) and path_of(said) else "a record"

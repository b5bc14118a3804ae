"""Plain text in git's store: every blob, message, path and name, whether a branch still reaches it or nothing does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.cli.doctor.reachability import PLACES, forget, places_of
from solidarity_cli.core.record_size import LARGEST_RECORD
from solidarity_cli.core.rules.leak_index import LeakIndex
from solidarity_cli.git.process import blobs, git, git_folders
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.check_private_parts import open_blobs, readable_fields
from solidarity_cli.register.leaks.open_text import message_lines, open_texts

_RECORD = "cases/record.yaml"
"""Any blob may have been a record: it is read as one, and as lines if it is none."""
_NOTES = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG", "NOTES_EDITMSG")
_TEXT = 8_000


def look(checkup: Checkup) -> Iterator[Problem]:
    """Private values that can be read without a key, in any version of anything.

    What is readable in the `private` part of a sealed register is seen without a key. The values of sealed records are
    looked for everywhere else as far as they open here.
    """
    kinds = _object_kinds(checkup.root)
    texts = _Texts()
    readable = _ReadableBlobs()
    now = checkup.register.now
    is_sealed = now.charter.sealing
    # The schemas name courts and towns, for everybody.
    schema_blobs = {blob for path, blob in now.snapshot.blobs.items() if path.startswith("schemas/")}
    for blob, data in blobs(
        checkup.root, [name for name, kind in kinds.items() if kind == "blob" and name not in schema_blobs]
    ):
        if data and b"\0" not in data[:_TEXT]:
            if is_sealed and b"private" in data:
                readable.look(blob, data)
            texts.add(blob, open_texts(_RECORD, data))
    for commit, message in _messages(checkup.root, [name for name, kind in kinds.items() if kind in ("commit", "tag")]):
        texts.add(commit, message_lines(message))
    leak_index = _leak_index(checkup)
    leaking = texts.leaking_records(leak_index)
    yield from _leak_problems(
        checkup.root, readable.blobs, "the private part of {record} stands readable in {what} (objects: {count})"
    )
    yield from _leak_problems(
        checkup.root, leaking, "something private of {record} stands in the open in {what} (objects: {count})"
    )
    yield from _leaks_in_names(checkup.root, leak_index)


class _ReadableBlobs:
    """Blobs of records whose private part can be read."""

    def __init__(self) -> None:
        self.blobs: dict[str, set[str]] = defaultdict(set)

    def look(self, blob: str, data: bytes) -> None:
        try:
            plain = read(data)
        except UnreadableError:
            return
        if isinstance(plain.get("private"), dict) and readable_fields(plain):
            self.blobs[_record_label(plain)].add(blob)


class _Texts:
    """Texts and the objects that hold them; the same text in a hundred versions is looked at once."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, holder: str, texts: Mapping[str, str]) -> None:
        for place, text in texts.items():
            if len(text) > 2:
                self._holders["by" if place.endswith(".by") else "", text].append(holder)

    def leaking_records(self, leak_index: LeakIndex) -> dict[str, set[str]]:
        """Record -> the objects that hold something private of it."""
        texts = {str(number): {f"text.{by}": text} for number, (by, text) in enumerate(self._holders)}
        holders = list(self._holders.values())
        objects_by_record: dict[str, set[str]] = defaultdict(set)
        for number, _, record in leak_index.matches(texts):
            objects_by_record[record].update(holders[int(number)])
        return objects_by_record


def _object_kinds(root: Path) -> dict[str, str]:
    """Object -> kind of all that is not too large to be text, reached or not."""
    args = (
        "cat-file",
        "--batch-all-objects",
        "--unordered",
        "--batch-check=%(objectname) %(objecttype) %(objectsize)",
    )
    rows = (line.split() for line in git(root, *args).decode().splitlines())
    return {object_id: kind for object_id, kind, size in rows if kind != "tree" and 0 < int(size) <= LARGEST_RECORD}


def _messages(root: Path, objects: list[str]) -> Iterator[tuple[str, str]]:
    """(object, message) of commits and tags."""
    if not objects:
        return
    answer = git(root, "cat-file", "--batch", stdin="".join(f"{object_id}\n" for object_id in objects).encode())
    at = 0
    for object_id in objects:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].rsplit(b" ", 1)[1])
        yield object_id, answer[end + 1 : end + 1 + size].partition(b"\n\n")[2].decode(errors="replace")
        at = end + size + 2


def _leak_index(checkup: Checkup) -> LeakIndex:
    from solidarity_cli.register.matching.fold import fold

    reader = checkup.register.now
    paths = {blob: path for path, blob in reader.ordinary() if record_kind(path) in ("case", "action")}
    privates = [(opened.record, opened.private) for _, opened in open_blobs(reader, paths) if opened.private]
    return LeakIndex(privates, words=reader.schemas.words, fold=fold)


def _leak_problems(root: Path, leaks: Mapping[str, set[str]], message: str) -> Iterator[Problem]:
    """One line a kind of place, with the records it is about."""
    place_by_object = (
        places_of(root, {object_id for objects in leaks.values() for object_id in objects}) if leaks else {}
    )
    objects_by_place: dict[str, set[str]] = defaultdict(set)
    records_by_place: dict[str, set[str]] = defaultdict(set)
    for record, objects in leaks.items():
        for object_id in objects:
            objects_by_place[place_by_object[object_id]].add(object_id)
            records_by_place[place_by_object[object_id]].add(record)
    for key, object_ids in sorted(objects_by_place.items()):
        place, records = PLACES[key], sorted(records_by_place[key])
        shown_records = ", ".join(records[:3]) + (f" and {len(records) - 3} more" if len(records) > 3 else "")
        sentence = message.format(record=shown_records, count=len(object_ids), what=place.what)
        mend = partial(forget, root) if place.asks else None
        yield Problem("plaintext", sentence, place.hint.format(object=min(object_ids)[:12]), mend=mend, asks=place.asks)


def _leaks_in_names(root: Path, leak_index: LeakIndex) -> Iterator[Problem]:
    """Private values in names of branches and tags, paths of any version, reflogs, and what git keeps of messages."""
    git_dir, common_dir = git_folders(root)
    refs = git(root, "for-each-ref", "--format=%(refname)").decode(errors="replace").splitlines()
    listing = git(root, "rev-list", "--objects", "--all", "--reflog", "--indexed-objects").decode(errors="replace")
    paths = {line.partition(" ")[2] for line in listing.splitlines()}
    reflogs = [file for file in (common_dir / "logs").rglob("*") if file.is_file()]
    message_files = [git_dir / name for name in _NOTES if (git_dir / name).is_file()]
    documents = {
        "ref": {str(number): name for number, name in enumerate(refs)},
        "path": {str(number): path for number, path in enumerate(sorted(paths))},
        "log": {f"{number}": line for number, line in enumerate(_subjects(reflogs))},
        "note": {f"{file.name} {place}": text for file in message_files for place, text in _lines(file).items()},
    }
    descriptions = {
        "ref": ("the name of a branch or tag", "git branch -m, or git tag -d, and the same where it was pushed"),
        "path": (
            "a path, in the history or staged,",
            "git log --all --name-only shows it; what is committed, the history keeps",
        ),
        "log": ("a line of a reflog", "git reflog shows it; all of them: git reflog expire --expire=now HEAD"),
        "note": ("the last commit message that git keeps", "git keeps it until the next: .git/COMMIT_EDITMSG"),
    }
    leaks = {
        (name, record)
        for name, _, record in leak_index.matches({key: lines for key, lines in documents.items() if lines})
    }
    for name, record in sorted(leaks):
        place_label, hint = descriptions[name]
        yield Problem("plaintext", f"{place_label} holds something private of {record}", hint)


def _subjects(logs: list[Path]) -> Iterator[str]:
    for file in logs:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            yield line.partition("\t")[2]


def _lines(file: Path) -> dict[str, str]:
    return message_lines(file.read_text(encoding="utf-8", errors="replace"))


def _record_label(plain: Mapping[str, Any]) -> str:
    """The id that a record says it has; a word for one that has none, for anything may stand there."""
    from solidarity_cli.crypto.keyring.store import path_of

    record_id = plain.get("id")
    return record_id if isinstance(record_id, str) and path_of(record_id) else "a record"

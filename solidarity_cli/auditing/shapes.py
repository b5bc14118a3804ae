"""Whether files fit the schemas of their commit; each file is read once for each set of schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from solidarity_cli.auditing.names import field_told
from solidarity_cli.core.errors import Outside
from solidarity_cli.hands import with_two_hands
from solidarity_cli.past import AS_STORED
from solidarity_cli.plumbing import blobs, git
from solidarity_cli.records.reading import Unreadable, read
from solidarity_cli.schemas import Schemas, files_in, schema_folder

Asked = tuple[str, str, str]
"""The tree of the schemas, "" for the program's own; the kind of record; the blob."""


def schema_trees(root: Path, commits: Iterable[str]) -> dict[str, str]:
    """Commit -> tree of its schemas; "" where it has none."""
    names = list(commits)
    if not names:
        return {}
    given = "".join(f"{one}:schemas\n" for one in names).encode()
    told = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", given=given, world=AS_STORED).decode()
    answers = [line.split(" ") for line in told.splitlines()]
    return {one: answer[0] if answer[-1] == "tree" else "" for one, answer in zip(names, answers, strict=True)}


def faults(root: Path, asked: Iterable[Asked]) -> dict[Asked, str]:
    """What is wrong with files: a sentence that names fields and never a value; those that fit are left out."""
    wanted: dict[str, list[Asked]] = {}
    for one in dict.fromkeys(asked):
        wanted.setdefault(one[2], []).append(one)
    schemas = {tree: _schemas(root, tree) for tree in {one[0] for some in wanted.values() for one in some}}

    def work(names: list[str]) -> list[tuple[str, str, str, str]]:
        return [
            (*one, said)
            for blob, data in blobs(root, names)
            for one in wanted[blob]
            if (said := _fault(schemas[one[0]], one[1], blob, data))
        ]

    return {(tree, kind, blob): said for tree, kind, blob, said in with_two_hands(work, list(wanted), "files checked")}


def _schemas(root: Path, tree: str) -> Schemas:
    if not tree:
        return Schemas(files_in(schema_folder(None)))
    found: dict[str, str] = {}
    for line in git(root, "ls-tree", "-r", "-z", tree, world=AS_STORED).decode(errors="replace").split("\0"):
        about, _, path = line.partition("\t")
        if path:
            found[path] = about.split(" ")[2]
    data: Mapping[str, bytes | None] = dict(blobs(root, found.values()))
    return Schemas({path: lambda blob=blob: data[blob] or b"" for path, blob in found.items()})  # type: ignore[misc]


def _fault(schemas: Schemas, kind: str, blob: str, data: bytes | None) -> str:
    if data is None:
        return "the file is damaged or missing here, or larger than a record can be"
    algorithm = "sha256" if len(blob) == 64 else "sha1"
    named = hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    if named != blob:
        return "what is stored is not what its id says: it was altered or damaged"
    try:
        plain = read(data)
    except (Unreadable, RecursionError):
        return "the file cannot be read"
    try:
        if schemas.fits(kind, plain):
            return ""
        found = schemas.explain(kind, plain)
    except (Outside, ValueError, KeyError, TypeError):
        return "the schemas of this commit cannot be read"
    return f"{field_told(kind, found[0].shown_field)} does not fit the schema: {found[0].message}" if found else ""

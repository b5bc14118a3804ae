"""Whether files fit the rules of their commit; each file is read once for each set of rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.process import blobs, git
from solidarity_cli.history.audit.labels import field_label
from solidarity_cli.history.index import AS_STORED
from solidarity_cli.history.index.versions import plain_of
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from solidarity_cli.system.parallel import map_in_two_processes

Asked = tuple[str, bool, str, str]
"""The tree of the schemas, "" for the program's own; whether private values are sealed; kind of record; blob."""
OPEN = "a private value needs no key"
"""What is wrong with a file that fits its schema, where private values are sealed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a commit asks of its files: the tree of its schemas, and whether private values have to be sealed."""

    schemas: str = ""
    sealed: bool = False


def schema_trees(root: Path, commits: Iterable[str]) -> dict[str, str]:
    """Commit -> tree of its schemas; "" where it has none."""
    names = list(commits)
    if not names:
        return {}
    given = "".join(f"{one}:schemas\n" for one in names).encode()
    told = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", given=given, world=AS_STORED).decode()
    answers = [line.split(" ") for line in told.splitlines()]
    return {one: answer[0] if answer[-1] == "tree" else "" for one, answer in zip(names, answers, strict=True)}


def sealing(root: Path, commits: Iterable[str]) -> dict[str, bool]:
    """Commit -> whether its register.yaml says that private values are sealed."""
    names = list(commits)
    given = "".join(f"{one}:register.yaml\n" for one in names).encode()
    asked = ("cat-file", "--batch-check=%(objectname) %(objecttype)")
    told = git(root, *asked, given=given, world=AS_STORED).decode().splitlines() if names else []
    found = {one: line.split(" ")[0] for one, line in zip(names, told, strict=True) if line.endswith(" blob")}
    charters = {blob: plain_of(data) or {} for blob, data in blobs(root, set(found.values()))}
    return {one: one in found and charters[found[one]].get("sealing") is True for one in names}


def faults(root: Path, asked: Iterable[Asked]) -> dict[Asked, list[str]]:
    """What is wrong with files: sentences that name fields and never a value; those that fit are left out."""
    wanted: dict[str, list[Asked]] = {}
    for one in dict.fromkeys(asked):
        wanted.setdefault(one[3], []).append(one)
    schemas = {tree: _schemas(root, tree) for tree in {one[0] for some in wanted.values() for one in some}}

    def work(names: list[str]) -> list[tuple[Asked, list[str]]]:
        return [
            (one, said)
            for blob, data in blobs(root, names)
            for one in wanted[blob]
            if (said := list(_faults(schemas[one[0]], one, data)))
        ]

    return dict(map_in_two_processes(work, list(wanted), "files checked"))


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


def _faults(schemas: Schemas, asked: Asked, data: bytes | None) -> Iterator[str]:
    _, sealed, kind, blob = asked
    if data is None:
        yield "the file is damaged or missing here, or larger than a record can be"
        return
    algorithm = "sha256" if len(blob) == 64 else "sha1"
    named = hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    if named != blob:
        yield "what is stored is not what its id says: it was altered or damaged"
        return
    try:
        plain = read(data)
    except (UnreadableError, RecursionError):
        yield "the file cannot be read"
        return
    if said := _misfit(schemas, kind, plain):
        yield said
    if sealed and kind in ("case", "action") and _is_open(plain.get("private")):
        yield OPEN


def _misfit(schemas: Schemas, kind: str, plain: Mapping[str, Any]) -> str:
    try:
        if schemas.fits(kind, plain):
            return ""
        found = schemas.explain(kind, plain)
    except (ExternalError, ValueError, KeyError, TypeError):
        return "the schemas of this commit cannot be read"
    return f"{field_label(kind, found[0].safe_field)} does not fit the schema: {found[0].message}" if found else ""


def _is_open(private: object) -> bool:
    from solidarity_cli.crypto.tokens import has_plaintext  # a register without sealing does not wait for it

    return isinstance(private, Mapping) and bool(has_plaintext(private))

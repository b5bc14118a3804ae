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

FileCheck = tuple[str, bool, str, str]
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
    stdin = "".join(f"{commit}:schemas\n" for commit in names).encode()
    output = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=stdin, env=AS_STORED).decode()
    answers = [line.split(" ") for line in output.splitlines()]
    return {commit: answer[0] if answer[-1] == "tree" else "" for commit, answer in zip(names, answers, strict=True)}


def sealing(root: Path, commits: Iterable[str]) -> dict[str, bool]:
    """Commit -> whether its register.yaml says that private values are sealed."""
    names = list(commits)
    stdin = "".join(f"{commit}:register.yaml\n" for commit in names).encode()
    args = ("cat-file", "--batch-check=%(objectname) %(objecttype)")
    lines = git(root, *args, stdin=stdin, env=AS_STORED).decode().splitlines() if names else []
    blob_by_commit = {
        commit: line.split(" ")[0] for commit, line in zip(names, lines, strict=True) if line.endswith(" blob")
    }
    registers = {blob: plain_of(data) or {} for blob, data in blobs(root, set(blob_by_commit.values()))}
    return {
        commit: commit in blob_by_commit and registers[blob_by_commit[commit]].get("sealing") is True
        for commit in names
    }


def faults(root: Path, checks: Iterable[FileCheck]) -> dict[FileCheck, list[str]]:
    """What is wrong with files: sentences that name fields and never a value; those that fit are left out."""
    checks_by_blob: dict[str, list[FileCheck]] = {}
    for check in dict.fromkeys(checks):
        checks_by_blob.setdefault(check[3], []).append(check)
    schemas = {
        tree: _schemas(root, tree)
        for tree in {check[0] for blob_checks in checks_by_blob.values() for check in blob_checks}
    }

    def work(names: list[str]) -> list[tuple[FileCheck, list[str]]]:
        return [
            (check, messages)
            for blob, data in blobs(root, names)
            for check in checks_by_blob[blob]
            if (messages := list(_faults(schemas[check[0]], check, data)))
        ]

    return dict(map_in_two_processes(work, list(checks_by_blob), "files checked"))


def _schemas(root: Path, tree: str) -> Schemas:
    if not tree:
        return Schemas(files_in(schema_folder(None)))
    blob_by_path: dict[str, str] = {}
    for line in git(root, "ls-tree", "-r", "-z", tree, env=AS_STORED).decode(errors="replace").split("\0"):
        about, _, path = line.partition("\t")
        if path:
            blob_by_path[path] = about.split(" ")[2]
    data: Mapping[str, bytes | None] = dict(blobs(root, blob_by_path.values()))
    return Schemas({path: lambda blob=blob: data[blob] or b"" for path, blob in blob_by_path.items()})  # type: ignore[misc]


def _faults(schemas: Schemas, check: FileCheck, data: bytes | None) -> Iterator[str]:
    _, sealed, kind, blob = check
    if data is None:
        yield "the file is damaged or missing here, or larger than a record can be"
        return
    algorithm = "sha256" if len(blob) == 64 else "sha1"
    computed_id = hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    if computed_id != blob:
        yield "what is stored is not what its id says: it was altered or damaged"
        return
    try:
        plain = read(data)
    except (UnreadableError, RecursionError):
        yield "the file cannot be read"
        return
    if message := _misfit(schemas, kind, plain):
        yield message
    if sealed and kind in ("case", "action") and _is_open(plain.get("private")):
        yield OPEN


def _misfit(schemas: Schemas, kind: str, plain: Mapping[str, Any]) -> str:
    try:
        if schemas.fits(kind, plain):
            return ""
        errors = schemas.explain(kind, plain)
    except (ExternalError, ValueError, KeyError, TypeError):
        return "the schemas of this commit cannot be read"
    return f"{field_label(kind, errors[0].safe_field)} does not fit the schema: {errors[0].message}" if errors else ""


def _is_open(private: object) -> bool:
    from solidarity_cli.crypto.tokens import has_plaintext  # a register without sealing does not wait for it

    return isinstance(private, Mapping) and bool(has_plaintext(private))

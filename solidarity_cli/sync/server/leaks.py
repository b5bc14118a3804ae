"""What a push must not tell: private values that need no key, in any of its acts; and such values said in the open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.record_size import LARGEST_RECORD
from solidarity_cli.git.objects import texts
from solidarity_cli.git.process import blobs, git
from solidarity_cli.history.index import AS_STORED, Commit
from solidarity_cli.history.index.versions import plain_of
from solidarity_cli.register.leaks.open_text import message_lines, open_texts
from solidarity_cli.sync.server.context import Server

_RECORD = re.compile(r"[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}")
_MATCH_RECORD_PATH = re.compile(r"(cases|actions)/\d{4}/[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}\.yaml").fullmatch


def readable_without_a_key(server: Server, tip: str) -> Iterator[Finding]:
    """Records in a sealed register that hold a private value in plain words, wherever in the push they stand.

    Of all that comes, not of what is left at its end: git gives every act to everybody who fetches.
    """
    from solidarity_cli.register.check_private_parts import readable_fields

    for blob, data in blobs(server.root, _new_blobs(server, tip)):
        plain = plain_of(data) if data and b"private" in data else None
        if plain and isinstance(plain.get("private"), dict) and readable_fields(plain):
            record = plain.get("id")
            label = record if isinstance(record, str) and _RECORD.fullmatch(record) else "a file"
            message = f"{label}, as an act of this push has it, holds a private value that needs no key"
            yield Finding("", "sealed", Severity.ERROR, f"{message} (git log --find-object={blob[:10]})")


def _new_blobs(server: Server, tip: str) -> list[str]:
    """The files of the push that are small enough to be records, whatever they are called."""
    bounds = [tip, *([f"^{server.at}"] if server.at else [])]
    listed = git(server.root, "rev-list", "--objects", "--no-object-names", *bounds, "--", env=AS_STORED)
    args = ("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", "--buffer")
    output = git(server.root, *args, stdin=listed, env=AS_STORED).decode()
    rows = (line.split(" ") for line in output.splitlines())
    return [name for name, kind, size in rows if kind == "blob" and int(size) <= LARGEST_RECORD]


def find_leaks(server: Server, tip: str, commits: list[Commit]) -> Iterator[Finding]:
    """Messages, paths and other files that hold a private value of a record that the push changes.

    Only in a register that is not sealed, for a server has no key; and not of a whole register that comes at once:
    among thousands of fictional people one has another's name.
    """
    if not server.at:
        return
    from solidarity_cli.core.rules.leak_index import LeakIndex
    from solidarity_cli.register.matching.fold import fold

    changed = _changed_blobs(server, tip)
    data = dict(blobs(server.root, changed.values()))
    private_parts = list(_private_parts(data[blob] for path, blob in changed.items() if _MATCH_RECORD_PATH(path)))
    if not private_parts:
        return
    documents = {
        name: message_lines(_message(text)) for name, text in texts(server.root, (commit.id for commit in commits))
    }
    documents |= {f"\0{path}": {path: path} for path in changed if not _MATCH_RECORD_PATH(path)}
    documents |= {
        path: open_texts(path, data[blob] or b"") for path, blob in changed.items() if not _MATCH_RECORD_PATH(path)
    }
    known = {commit.id for commit in commits}
    for name, _, record in LeakIndex(private_parts, words=server.reading(tip).schemas.words, fold=fold).matches(
        documents
    ):
        place = f"the message of commit {name[:10]}" if name in known else "a file, or what it is called,"
        yield Finding(
            record, "private-only", Severity.ERROR, f"{place} holds something from the private part of {record}"
        )


def _changed_blobs(server: Server, tip: str) -> Mapping[str, str]:
    fork_point = server.fork_point(tip)
    empty_tree = git(server.root, "hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip()
    args = (
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        "--diff-filter=d",
        fork_point or empty_tree,
        tip,
    )
    parts = git(server.root, *args, env=AS_STORED).decode(errors="surrogateescape").split("\0")
    return {path: metadata.split(" ")[3] for metadata, path in zip(parts[::2], parts[1::2], strict=False)}


def _private_parts(files: Iterable[bytes | None]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    from solidarity_cli.core.token_format import readable

    for data in files:
        plain = plain_of(data) or {}
        private = plain.get("private")
        if isinstance(private, dict) and (values := readable(private)):
            yield str(plain.get("id")), values


def _message(text: bytes) -> str:
    """What a commit says, without ids: their letters are random, and now and then they spell part of a name."""
    return _RECORD.sub("", text.partition(b"\n\n")[2].decode(errors="replace"))

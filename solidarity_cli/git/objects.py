"""Commits read as they are stored, each text held against its id.

No replacement, graft, mailmap or commit-graph is believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git.process import git

AS_STORED: Mapping[str, str] = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_GRAFT_FILE": "/dev/null",
}
"""Git's environment for reading what is stored, and nothing in its place."""

_AT_ONCE = 10_000
"""Commits asked for in one go: their texts together are some megabytes."""
_PERSON = re.compile(r"(?P<who>.*?<[^>\n]*>) ?(?P<when>-?\d+)? ?(?P<zone>[+-]\d{4})?$")
_FURTHEST = 10**18 - 1
"""Seconds: a later time, or an earlier one, is told as this one. A table of SQLite holds no number much larger."""
_TRAILER = re.compile(r"^Act: (\S+)$", re.MULTILINE)
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit says of itself. Times are seconds since 1970, zones as git writes them: `+0100`.

    `act` is the trailer of the program's own commits, else empty. `signed` is `ssh`, `other` or empty.
    """

    id: str
    parents: tuple[str, ...]
    tree: str
    author: str
    committer: str
    authored: int
    author_zone: str
    committed: int
    zone: str
    act: str
    signed: str


def list_commits(root: Path, head: str, known: Iterable[str]) -> list[str]:
    """The commits that `head` reaches and none of `known` does, parents first, as git lists them.

    Git breaks off at a missing commit: what is listed may then be less than there is.
    """
    args = ("-c", "core.commitGraph=false", "rev-list", "--topo-order", "--reverse", "--ignore-missing", "--stdin")
    stdin = "".join(f"{revision}\n" for revision in (head, *(f"^{revision}" for revision in known))).encode()
    return git(root, *args, stdin=stdin, good_codes=(0, 128), env=AS_STORED).decode().split()


def texts(root: Path, commits: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """(commit, its text) of those that are there. Raises Refused for one that is not what its id says."""
    commit_ids = list(commits)
    for start in range(0, len(commit_ids), _AT_ONCE):
        yield from _texts(root, commit_ids[start : start + _AT_ONCE])


def _texts(root: Path, commits: list[str]) -> Iterator[tuple[str, bytes]]:
    """Git's answer for each: id, kind and size, the text, a line end; or the id and `missing`."""
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    try:
        output = git(root, "cat-file", "--batch", "--buffer", stdin=stdin, env=AS_STORED)
    except ExternalError:
        raise Refused("a commit in this clone is damaged and cannot be read", hint="git fsck") from None
    at = 0
    for commit in commits:
        end = output.index(b"\n", at)
        head = output[at:end].split()
        at = end + 1
        if len(head) != 3:
            continue
        text = output[at : at + int(head[2])]
        at += len(text) + 1
        algorithm = "sha256" if len(commit) == 64 else "sha1"
        computed_id = hashlib.new(algorithm, b"commit %d\x00" % len(text) + text, usedforsecurity=False).hexdigest()
        if head[1] != b"commit" or computed_id != commit:
            raise Refused(f"commit {commit[:10]} is not what its id says: it was altered or damaged", hint="git fsck")
        yield commit, text


def empty_tree(like: str) -> str:
    """The id of a tree with nothing in it, in a store whose ids are `like` this one."""
    algorithm = "sha256" if len(like) == 64 else "sha1"
    return hashlib.new(algorithm, b"tree 0\x00", usedforsecurity=False).hexdigest()


def parse_commit(commit: str, text: bytes) -> Commit:
    """A commit's text taken apart; what is not there is empty or 0."""
    head, _, message = text.partition(b"\n\n")
    parents, headers, signed = [], {"tree": "", "author": "", "committer": ""}, ""
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        if name == b"parent":
            parents.append(value.decode(errors="replace"))
        elif name in (b"gpgsig", b"gpgsig-sha256"):
            signed = "ssh" if b"BEGIN SSH SIGNATURE" in value else "other"
        elif (key := name.decode(errors="replace")) in headers:
            headers[key] = _decode(value, head)
    if not all(map(_ID.fullmatch, parents)):
        raise Refused(f"commit {commit[:10]} names a parent that cannot be", hint="git fsck")
    author, authored, author_zone = _parse_person(headers["author"])
    committer, committed, zone = _parse_person(headers["committer"])
    act = _TRAILER.search(message.decode(errors="replace"))
    return Commit(
        id=commit,
        parents=tuple(parents),
        tree=headers["tree"],
        author=author,
        committer=committer,
        authored=authored,
        author_zone=author_zone,
        committed=committed,
        zone=zone,
        act=act[1] if act else "",
        signed=signed,
    )


def _decode(value: bytes, head: bytes) -> str:
    """People's names in the letters that the commit says they are written in."""
    match = re.search(rb"^encoding (\S+)$", head, re.MULTILINE)
    try:
        return value.decode(match[1].decode() if match else "utf-8")
    except (LookupError, UnicodeDecodeError):
        return value.decode(errors="replace")


def _parse_person(line: str) -> tuple[str, int, str]:
    match = _PERSON.match(line)
    if not match:
        return line, 0, "+0000"
    # More digits than that are no time, and to read a million of them takes Python a while.
    when = (match["when"] or "0")[:20]
    return match["who"], max(-_FURTHEST, min(int(when), _FURTHEST)), match["zone"] or "+0000"


def address(person: str) -> str:
    """The address in `Name <address>`."""
    return person.rpartition("<")[2].rstrip(">")


def signature_of(text: bytes) -> tuple[bytes, str]:
    """(what was signed, the signature): a commit's text is signed without the header that holds the signature."""
    head, blank, message = text.partition(b"\n\n")
    payload, signature, is_inside = [], [], False
    for line in head.split(b"\n"):
        if line.startswith((b"gpgsig ", b"gpgsig-sha256 ")):
            is_inside = True
            signature.append(line.partition(b" ")[2])
        elif is_inside and line.startswith(b" "):
            signature.append(line[1:])
        else:
            is_inside = False
            payload.append(line)
    return b"\n".join(payload) + blank + message, b"\n".join(signature).decode(errors="replace") + "\n"

"""A keyring that is pushed: it has the form of one, and takes no key from a record that still needs it.

A server opens no key, so it cannot say for whom a key is wrapped: that is for the clones (docs/decisions/0008).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from solidarity_cli.core.errors import Refused, SolidarityError
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import at
from solidarity_cli.history.index import AS_STORED
from solidarity_cli.history.index.versions import plain_of
from solidarity_cli.sync.server.context import Server
from solidarity_cli.sync.server.refs import Update

_AGE = b"age-encryption.org/v1\n"
_LARGEST = 65_536
"""Bytes of one wrapped key, or of the word that explains the folder."""
_README = "README"
_PATH = re.compile(r"keys/[0-9]{4}/([^/]+)\.age")


def judge_keyring(server: Server, one: Update, tips: Iterable[str]) -> None:
    """Raises Refused for what is no keyring, or for one without a key that was here and is still needed.

    `tips` are the commits that the same push brings to branches: an erasure comes with the keyring without its key.
    """
    try:
        tree.read(server.root, one.new, years=())
    except SolidarityError as trouble:
        raise Refused(trouble.message, hint="a whole one comes from a clone: solidarity sync") from None
    now, was = _keys(server, one.new), _keys(server, one.old) if one.old else {}
    fresh = [blob for record, blob in now.items() if was.get(record) != blob]
    if not all((data or b"").startswith(_AGE) for _, data in blobs(server.root, fresh, at_most=_LARGEST)):
        raise _no_keyring()
    if lost := _still_needed(server, was.keys() - now.keys(), tips):
        what = "the group's key" if tree.GROUP in lost else f"the key of {min(lost)}"
        raise Refused(
            f"the keyring comes without {what}, which was here and is not erased",
            hint="bring both together: solidarity sync",
        )


def _keys(server: Server, commit: str) -> Mapping[str, str]:
    """Record -> blob of its wrapped key. Raises Refused for a file that no keyring has."""
    found = {}
    for line in (
        git(server.root, "ls-tree", "-r", "-z", "-l", commit, world=AS_STORED).decode(errors="replace").split("\0")
    ):
        about, _, path = line.partition("\t")
        if not path:
            continue
        mode, _, blob, size = about.split()
        named = _PATH.fullmatch(path)
        is_key = named is not None and tree.path_of(named[1]) == path
        if mode != "100644" or int(size) > _LARGEST or not (is_key or path == _README):
            raise _no_keyring()
        if named:
            found[named[1]] = blob
    return found


def _no_keyring() -> Refused:
    return Refused(
        "the keyring holds something that is no wrapped key", hint="a whole one comes from a clone: solidarity sync"
    )


def _still_needed(server: Server, gone: Iterable[str], tips: Iterable[str]) -> set[str]:
    """Those whose record is there and was erased neither on the server nor in this push."""
    left = set(gone)
    group = left & {tree.GROUP}
    there: set[str] = set()
    if left - group:
        heads = git(server.root, "for-each-ref", "--format=%(objectname)", "refs/heads").decode().split()
        for commit in dict.fromkeys([*heads, *tips]):
            snapshot = at(server.root, commit)
            paths = snapshot.paths_by_id()
            wanted = {snapshot.blobs[paths[one]]: one for one in left if one in paths}
            there |= set(wanted.values())
            left -= {wanted[blob] for blob, data in snapshot.read(wanted) if "erasure" in (plain_of(data) or {})}
    return (left & there) | group

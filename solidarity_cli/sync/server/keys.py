"""A keyring that is pushed: it has the form of one, and takes no key from a record that still needs it.

A server opens no key, so it cannot say for whom a key is wrapped: that is for the clones (docs/decisions/0008).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from solidarity_cli.core.errors import Refused, SolidarityError
from solidarity_cli.crypto.keyring import store
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


def judge_keyring(server: Server, update: Update, tips: Iterable[str]) -> None:
    """Raises Refused for what is no keyring, or for one without a key that was here and is still needed.

    `tips` are the commits that the same push brings to branches: an erasure comes with the keyring without its key.
    """
    try:
        store.read(server.root, update.new, years=())
    except SolidarityError as error:
        raise Refused(error.message, hint="a whole one comes from a clone: solidarity sync") from None
    after, before = _keys(server, update.new), _keys(server, update.old) if update.old else {}
    changed = [blob for record, blob in after.items() if before.get(record) != blob]
    if not all((data or b"").startswith(_AGE) for _, data in blobs(server.root, changed, at_most=_LARGEST)):
        raise _no_keyring()
    if missing := _still_needed(server, before.keys() - after.keys(), tips):
        what = "the group's key" if store.GROUP in missing else f"the key of {min(missing)}"
        raise Refused(
            f"the keyring comes without {what}, which was here and is not erased",
            hint="bring both together: solidarity sync",
        )


def _keys(server: Server, commit: str) -> Mapping[str, str]:
    """Record -> blob of its wrapped key. Raises Refused for a file that no keyring has."""
    wrapped_keys = {}
    for line in (
        git(server.root, "ls-tree", "-r", "-z", "-l", commit, env=AS_STORED).decode(errors="replace").split("\0")
    ):
        metadata, _, path = line.partition("\t")
        if not path:
            continue
        mode, _, blob, size = metadata.split()
        match = _PATH.fullmatch(path)
        is_key = match is not None and store.path_of(match[1]) == path
        if mode != "100644" or int(size) > _LARGEST or not (is_key or path == _README):
            raise _no_keyring()
        if match:
            wrapped_keys[match[1]] = blob
    return wrapped_keys


def _no_keyring() -> Refused:
    return Refused(
        "the keyring holds something that is no wrapped key", hint="a whole one comes from a clone: solidarity sync"
    )


def _still_needed(server: Server, removed: Iterable[str], tips: Iterable[str]) -> set[str]:
    """Those whose record is there and was erased neither on the server nor in this push."""
    remaining = set(removed)
    group = remaining & {store.GROUP}
    present: set[str] = set()
    if remaining - group:
        heads = git(server.root, "for-each-ref", "--format=%(objectname)", "refs/heads").decode().split()
        for commit in dict.fromkeys([*heads, *tips]):
            snapshot = at(server.root, commit)
            paths = snapshot.paths_by_id()
            records = {snapshot.blobs[paths[record]]: record for record in remaining if record in paths}
            present |= set(records.values())
            remaining -= {records[blob] for blob, data in snapshot.read(records) if "erasure" in (plain_of(data) or {})}
    return (remaining & present) | group

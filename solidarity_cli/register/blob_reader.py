"""What is known of the blobs of one snapshot: from the cache, and what is not there yet is learned in one batch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from solidarity_cli.git.committer import Committer
from solidarity_cli.git.snapshot import Snapshot, name_of, record_kind
from solidarity_cli.register.cache import BlobRow, Cache
from solidarity_cli.system.code_stamp import code_stamp
from solidarity_cli.system.parallel import map_in_two_processes

# The schemas take longer to load than a list takes to print: they come when asked for.
if TYPE_CHECKING:
    from solidarity_cli.records.schemas import Schemas


class BlobReader:
    """A snapshot and its cache. What a record says to people is for `Reader`, which is made of this."""

    def __init__(self, snapshot: Snapshot, ledger: Committer) -> None:
        self.snapshot = snapshot
        self._ledger = ledger

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas of the snapshot itself where it has any, so that an old report can be made again."""
        from solidarity_cli.records.schemas import EARLIER, Schemas, files_in, schema_folder

        own = {
            path[len("schemas/") :]: blob for path, blob in self.snapshot.blobs.items() if path.startswith("schemas/")
        }
        if "case.schema.json" not in own:
            return Schemas(files_in(schema_folder(None)))
        contents: dict[str, bytes | None] = {}

        def bytes_of(blob: str) -> bytes:
            if not contents:
                self.snapshot.hold_rules()
                contents.update(self.snapshot.read(own.values()))
            return contents[blob] or b""

        # What a commit holds stays as it is: only a commit beside it can be read.
        hint = "the commits that changed them: git log --oneline -- schemas" if self.snapshot.commit else EARLIER
        return Schemas({name: lambda blob=blob: bytes_of(blob) for name, blob in own.items()}, hint)  # type: ignore[misc]

    @cached_property
    def cache(self) -> Cache:
        """What is known of this snapshot's blobs; what was not yet is learned first, in one batch."""
        return self._complete_cache(with_rules=False)

    def judge(self, ids: Iterable[str] | None = None) -> Cache:
        """The same, after the rules for single records have looked at all of them, or at those of some ids.

        A list does without, for to judge takes longer than to learn. Who needs both asks for this first: all is then
        read once.
        """
        if ids is None:
            return self._complete_cache(with_rules=True)
        self._learn_missing(self._blobs_of(ids), with_rules=True)
        return self.cache

    def _complete_cache(self, *, with_rules: bool) -> Cache:
        # One look for the usual case: nothing has changed since everything was learned.
        digests = [self.digest, f"{self.digest} with_rules"][: 1 + with_rules]
        if not self._cache.is_whole(digests[-1]):
            self._learn_missing(self._present, with_rules=with_rules)
            self._cache.remember_whole(digests)
        return self._cache

    def _learn_missing(self, blobs: Iterable[str], *, with_rules: bool) -> None:
        kinds = {blob: record_kind(self._present[blob]) or "" for blob in blobs}
        missing = self._cache.missing(kinds, with_rules=with_rules)
        if not missing:
            return

        from solidarity_cli.register.blob_facts import index_blob

        def learn(blobs: list[str]) -> list[BlobRow]:
            contents = self.snapshot.read(blobs)
            return [
                index_blob(kinds[blob], blob, data, self.schemas, with_rules=with_rules).to_row
                for blob, data in contents
            ]

        self._cache.keep(map_in_two_processes(learn, missing, "records read"))

    def _blobs_of(self, ids: Iterable[str]) -> set[str]:
        record_ids = set(ids)
        return {blob for path, blob in self.ordinary() if name_of(path) in record_ids}

    @cached_property
    def commit(self) -> str:
        """The commit that was read, or that the working tree stands on; empty before the first."""
        return self.snapshot.commit or self._ledger.head()

    @cached_property
    def digest(self) -> str:
        """A name for which blobs stand at which paths, and which of these are links or half-merged."""
        snapshot = self.snapshot
        parts = (
            *snapshot.blobs,
            *snapshot.blobs.values(),
            "links",
            *sorted(snapshot.links),
            "unmerged",
            *sorted(snapshot.unmerged),
        )
        return sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()

    @cached_property
    def _cache(self) -> Cache:
        schemas = [item for item in self.snapshot.blobs.items() if item[0].startswith("schemas/")]
        stamp = sha256(json.dumps([code_stamp(), schemas]).encode()).hexdigest()[:16]
        return Cache(self._ledger.shared_folder / "solidarity" / f"cache-{stamp}.sqlite", stamp)

    def ordinary(self) -> Iterator[tuple[str, str]]:
        """Records that are files of their own: no links, nothing over the size of a record, no half-merged text."""
        excluded = self.snapshot.links | self.snapshot.unmerged
        return ((path, blob) for path, blob in self.snapshot.records() if path not in excluded and ":" not in blob)

    def is_canonical(self, blob: str) -> bool:
        """Whether a blob is known to be in canonical form."""
        return self._cache.is_canonical(blob)

    def remember_canonical(self, blobs: list[str]) -> None:
        """Keep that these blobs are in canonical form."""
        self._cache.remember_canonical(blobs)

    def cached_findings(self, key: str) -> list[list[Any]] | None:
        """What was found wrong under a `key`, if it was kept."""
        return self._cache.cached_findings(key)

    def cache_findings(self, key: str, findings: list[list[Any]]) -> None:
        """Keep what was found wrong under a `key` that names all it depends on."""
        self._cache.cache_findings(key, findings)

    @cached_property
    def _present(self) -> dict[str, str]:
        """Blob id -> path."""
        return {blob: path for path, blob in self.ordinary()}

    @cached_property
    def paths(self) -> dict[str, str]:
        """Record id -> path."""
        return self.snapshot.paths_by_id()

    # For findings

    def stated_ids(self, ids: Iterable[str] | None = None) -> dict[str, str]:
        """Blob id -> the id that the valid record in it says it has; of the records of some ids when named."""
        return self.cache.ids(None if ids is None else self._blobs_of(ids))

    def uncounted_files(self) -> tuple[str, ...]:
        """The files of cases and actions that count nowhere: no valid record, no file of its own, named unlike its id.

        Kept with all that is known of a snapshot, so that whoever lists can say so without looking again.
        """
        key = f"{self.digest} left out"
        rows = self.cached_findings(key)
        if rows is None:
            ids_by_blob, ordinary = self.stated_ids(), dict(self.ordinary())
            paths = (path for path, _ in self.snapshot.records() if record_kind(path) in ("case", "action"))
            rows = [[path] for path in paths if ids_by_blob.get(ordinary.get(path, "")) != name_of(path)]
            self.cache_findings(key, rows)
        return tuple(path for (path,) in rows)

    def faults(self, ids: Iterable[str] | None = None) -> Iterator[tuple[str, list[str]]]:
        """(path, fault as it is kept) of every file that is no valid record or says too much; of some ids' if named."""
        ids = None if ids is None else list(ids)
        entries = self.judge(ids).faults(None if ids is None else self._blobs_of(ids))
        for blob, kind, faults in entries:
            path = self._present.get(blob, "")
            if record_kind(path) == kind:
                yield from ((path, fault) for fault in faults)

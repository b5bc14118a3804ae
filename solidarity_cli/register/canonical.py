"""Records in their canonical form: which are not, and those put back where an editor changed nothing but the form."""

from __future__ import annotations

from collections.abc import Mapping

from solidarity_cli.git.committer import Committer
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.records.read import Fault, UnreadableError
from solidarity_cli.register.commit import writing
from solidarity_cli.register.reader import Reader
from solidarity_cli.system.atomic_file import write_whole


def not_canonical(reading: Reader) -> tuple[dict[str, str], list[tuple[str, Fault]]]:
    """(id -> canonical text) of the records that are not in canonical form, and the files that cannot be read."""
    from solidarity_cli.records.canonical import canonical

    texts: dict[str, str] = {}
    unreadable, clean = [], []
    by_blob = {blob: path for path, blob in reading.ordinary() if not reading.is_canonical(blob)}
    for blob, data in reading.snapshot.read(by_blob):
        path = by_blob[blob]
        kind = record_kind(path) or ""
        try:
            text = canonical(data or b"", kind, reading.schemas.shape(kind))
        except UnreadableError as error:
            unreadable.append((path, error.fault))
            continue
        if text.encode() == data:
            clean.append(blob)
        else:
            texts[name_of(path)] = text
    reading.remember_canonical(clean)
    return texts, unreadable


def restore_canonical(
    now: Reader, committed: Reader | None, ledger: Committer, texts: Mapping[str, str]
) -> frozenset[str]:
    """Records whose canonical text, in `texts`, is what the newest commit has: written so again, without an act.

    `committed` is None where the working tree does not differ from it. Told are the records that were put back.
    """
    if committed is None:
        return frozenset()
    paths = {record: now.paths[record] for record in texts}
    saved = committed.snapshot
    same = [
        record for record, path in paths.items() if path in saved.blobs and saved.text(path) == texts[record].encode()
    ]
    if same:
        with writing(ledger):
            for record in same:
                write_whole(ledger.root / paths[record], texts[record].encode())
    return frozenset(same)

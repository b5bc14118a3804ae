"""What a change does to the views in register.yaml, where it leaves everything else there as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.saved_views import as_typed
from solidarity_cli.reports.review import ViewChange

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader

_FILE = "register.yaml"


def changed_views(base: Reader, head: Reader) -> tuple[ViewChange, ...]:
    """The views that differ; none where anything else in the file does, or they have not the base's shape.

    Then the file is announced as one on which the check rests, for nobody knows what else stands in it.
    """
    old, new = _plain(base), _plain(head)
    if old is None or new is None or not base.schemas.fits("register", new):
        return ()
    before, after = (side.pop("views", {}) for side in (old, new))
    # Compared as they are written: `true` and `1` are equal.
    if repr(old) != repr(new):
        return ()
    return tuple(_change(name, before, after) for name in {**before, **after} if before.get(name) != after.get(name))


def _plain(reading: Reader) -> dict[str, Any] | None:
    if _FILE not in reading.snapshot.blobs or _FILE in reading.snapshot.links:
        return None
    try:
        return dict(read(reading.snapshot.text(_FILE) or b""))
    except UnreadableError:
        return None


def _change(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> ViewChange:
    return ViewChange(name, *(as_typed(side[name]) if name in side else "" for side in (before, after)))

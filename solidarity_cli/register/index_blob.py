"""What one blob says, as the cache keeps it: read, held against its shape, judged by the rules for single records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from solidarity_cli.core.model import Case
from solidarity_cli.records.position import position
from solidarity_cli.records.read import Fault, UnreadableError, read
from solidarity_cli.records.schemas import Schemas
from solidarity_cli.register.cache import COLUMNS, BlobFacts
from solidarity_cli.reports.case_row import Row, row


def index_blob(kind: str, blob: str, data: bytes | None, schemas: Schemas, *, judged: bool) -> BlobFacts:
    """What the bytes of a blob say as a record of its kind; None for bytes that are too many.

    The rules look only where the verdict is wanted (`judged`): they take longer than all the rest.
    """
    known = partial(BlobFacts, blob, kind, judged=judged)
    if data is None:
        return known(faults=(_kept("format", Fault("the file is larger than 1 MB")),))
    try:
        plain = read(data)
    except UnreadableError as trouble:
        return known(faults=(_kept("format", trouble.fault),))
    faults = _objections(plain, schemas) if judged else ()
    if not schemas.fits(kind, plain):
        text = data.decode()
        shape = [_placed(fault, text) for fault in schemas.explain(kind, plain)]
        return known(faults=(*(_kept("schema", fault) for fault in shape), *faults))
    opened = {key: value for key, value in plain.items() if key != "private"}
    known = partial(known, record=plain["id"], open=opened, faults=faults)
    if kind != "case":
        return known(names=tuple(plain.get("cases", ())))
    listed = row(Case.from_plain(opened))
    return known(columns=_columns(listed), row=tuple(getattr(listed, name) for name in Row.__slots__))


def _objections(plain: Mapping[str, Any], schemas: Schemas) -> tuple[tuple[str, ...], ...]:
    from solidarity_cli.core import rules  # a list learns without them, and they take a while to load
    from solidarity_cli.register.matching.fold import fold

    return tuple(
        (found.rule, found.severity.value, found.message, found.field, found.hint, "0", "0")
        for found in rules.check_record(plain, words=schemas.words, fold=fold)
    )


def _columns(listed: Row) -> tuple[str, ...]:
    """What the cache filters by, in the order of its COLUMNS."""
    incidents = f" {' '.join(listed.incidents)} "
    return (*(getattr(listed, name) for name in COLUMNS if name != "incidents"), incidents)


def _placed(fault: Fault, text: str) -> Fault:
    line, column = position(text, fault.field)
    return replace(fault, line=line, column=column)


def _kept(rule: str, fault: Fault) -> tuple[str, ...]:
    return (rule, "error", fault.message, fault.safe_field, fault.hint, str(fault.line), str(fault.column))

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


def index_blob(kind: str, blob: str, data: bytes | None, schemas: Schemas, *, with_rules: bool) -> BlobFacts:
    """What the bytes of a blob say as a record of its kind; None for bytes that are too many.

    The rules look only where the verdict is wanted (`with_rules`): they take longer than all the rest.
    """
    make_facts = partial(BlobFacts, blob, kind, with_rules=with_rules)
    if data is None:
        return make_facts(faults=(_fault_row("format", Fault("the file is larger than 1 MB")),))
    try:
        plain = read(data)
    except UnreadableError as error:
        return make_facts(faults=(_fault_row("format", error.fault),))
    faults = _rule_faults(plain, schemas) if with_rules else ()
    if not schemas.fits(kind, plain):
        text = data.decode()
        schema_faults = [_with_position(fault, text) for fault in schemas.explain(kind, plain)]
        return make_facts(faults=(*(_fault_row("schema", fault) for fault in schema_faults), *faults))
    open_part = {key: value for key, value in plain.items() if key != "private"}
    make_facts = partial(make_facts, record=plain["id"], open=open_part, faults=faults)
    if kind != "case":
        return make_facts(names=tuple(plain.get("cases", ())))
    case_row = row(Case.from_plain(open_part))
    return make_facts(columns=_columns(case_row), row=tuple(getattr(case_row, name) for name in Row.__slots__))


def _rule_faults(plain: Mapping[str, Any], schemas: Schemas) -> tuple[tuple[str, ...], ...]:
    from solidarity_cli.core import rules  # a list learns without them, and they take a while to load
    from solidarity_cli.register.matching.fold import fold

    return tuple(
        (finding.rule, finding.severity.value, finding.message, finding.field, finding.hint, "0", "0")
        for finding in rules.check_record(plain, words=schemas.words, fold=fold)
    )


def _columns(case_row: Row) -> tuple[str, ...]:
    """What the cache filters by, in the order of its COLUMNS."""
    incidents = f" {' '.join(case_row.incidents)} "
    return (*(getattr(case_row, name) for name in COLUMNS if name != "incidents"), incidents)


def _with_position(fault: Fault, text: str) -> Fault:
    line, column = position(text, fault.field)
    return replace(fault, line=line, column=column)


def _fault_row(rule: str, fault: Fault) -> tuple[str, ...]:
    return (rule, "error", fault.message, fault.safe_field, fault.hint, str(fault.line), str(fault.column))

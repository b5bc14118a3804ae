"""The talk with a coordinator on a terminal: about ten questions, each may be skipped, nothing answered is lost."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard.draft_keeper import Keeper, keep_until_saved, keep_when_interrupted
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.draft import Draft

__all__ = ["ask", "keep_until_saved"]


def ask(session: Session, draft: Draft, stated: dict[str, Any]) -> dict[str, Any]:
    """`stated`, completed by what a person answers; what is stated is shown and not asked.

    Raises KeyboardInterrupt when the talk is broken off, after keeping a draft; Refused when the person says no.
    """
    from solidarity_cli.cli.wizard.interview import Interview
    from solidarity_cli.cli.wizard.ui.choose import asker_for

    record = deepcopy(stated)
    _check_shape(session, record)
    keeper = Keeper(session, draft)
    with keep_when_interrupted(keeper, record):
        return Interview(session, asker_for(session), keeper, draft, record).run()


def _check_shape(session: Session, record: dict[str, Any]) -> None:
    """Say what is wrong with a draft before ten questions are answered, not after."""
    schemas = session.register.now.schemas
    # Made whole here and not by the core, which makes a title of fields that may not be what they should.
    fixed_fields = {"schema_version": 1, "id": session.register.fresh_id("case"), "status": "received"}
    defaults = {"kind": "appeal", "received": session.today.isoformat(), "title": "untitled", "subject": {}}
    case = {**defaults, **record, **fixed_fields}
    if not schemas.fits("case", case):
        fault = schemas.explain("case", case)[0]
        raise Refused(f"what was given: {fault.field}: {fault.message}", hint=fault.hint or "solidarity explain case")

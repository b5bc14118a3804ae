"""The figures of a report as a program reads them."""

from __future__ import annotations

import json
from typing import Any

from tests.support.program import Run


def figures(run: Run, *arguments: str) -> dict[str, Any]:
    """The JSON of a report."""
    answer = run("report", *arguments, "--format", "json")
    assert answer.exit_code == 0, answer.err
    return dict(json.loads(answer.out))

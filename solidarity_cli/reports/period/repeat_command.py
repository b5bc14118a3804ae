"""The command that makes the same report again: every report says it, in every format."""

from __future__ import annotations

import re

from solidarity_cli.core.dates import Period
from solidarity_cli.reports.period.report import PeriodFigures


def command(figures: PeriodFigures, language: str = "") -> str:
    """What to type. Without a language for figures, which have none; without a commit where none holds the state.

    With the day where the figures depend on it (`PeriodFigures.as_of`); with `env`, for then it works as Markdown
    escapes it, too.
    """
    parts = [f"env SOLIDARITY_TODAY={figures.as_of}"] if figures.as_of else []
    parts += ["solidarity report", _days(figures.period), f"--audience {figures.audience}"]
    if language:
        parts.append(f"--language {language}")
    if is_commit(figures.made_from.commit):
        parts.append(f"--as-of {figures.made_from.commit}")
    if figures.changed:
        parts.append(f"--against {figures.changed.against}")
    return " ".join(parts)


def is_commit(text: str) -> bool:
    """Whether a text is the id of a commit."""
    return re.fullmatch(r"[0-9a-f]{7,64}", text) is not None


def _days(period: Period) -> str:
    if period.whole_months == 1:
        return f"--month {period.first:%Y-%m}"
    if period.whole_months == 12 and period.first.month == 1:
        return f"--year {period.first:%Y}"
    if quarter := period.quarter_number:
        return f"--quarter {period.first:%Y}-Q{quarter}"
    return f"--from {period.first} --to {period.last}"

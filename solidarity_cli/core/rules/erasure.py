"""That what was destroyed stays destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.core.facts import Fold
from solidarity_cli.core.rules.rule import Violation, rule
from solidarity_cli.core.vocabulary import Vocabulary


@rule("erased", "record", reference="The right to erasure: Regulation (EU) 2016/679, article 17")
def erased(record: Mapping[str, Any], *, words: Vocabulary, fold: Fold) -> Iterator[Violation]:
    """An erased record has no private part.

    Erasing destroys the key of a record; whoever asked for it relies on that. Nothing about the person is written into
    the record again: it stays for the history and for the figures.

    What to do: take the private part out. If the person turns to the Group once more, that is a new case.
    """
    if "erasure" in record and "private" in record:
        name = record.get("id", "the record")
        yield Violation(
            f"the private part of {name} was erased, and it has one again",
            field="private",
            hint=f"solidarity edit {name} --unset private",
        )

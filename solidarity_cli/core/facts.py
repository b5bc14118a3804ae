"""What a rule or a figure may look at: the records of one snapshot, the day, the Group's numbers, the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from solidarity_cli.core.model import Action, Case, Charter, Organisation
from solidarity_cli.core.vocabulary import Vocabulary


@dataclass(frozen=True)
class Facts:
    """One snapshot's records by id, as of `today`.

    `known` holds the ids of all records of the snapshot: a check of one record loads only its neighbours into
    `cases` and `actions`, yet every id can be looked up. `before` holds the earlier version of changed cases.
    `whose` is asked once, and only where it matters: (case, assessment, approver as written) -> who signed that
    approval, "" where no signature counts; what it leaves out counts as it is written.
    """

    charter: Charter
    today: date
    words: Vocabulary
    cases: Mapping[str, Case] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    directory: Mapping[str, Organisation] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    before: Mapping[str, Case] = field(default_factory=dict)
    whose: Callable[[], Mapping[tuple[str, str, str], str]] = dict

    @cached_property
    def signers(self) -> Mapping[tuple[str, str, str], str]:
        """What `whose` says."""
        return self.whose()

    @cached_property
    def _by_case(self) -> dict[str, list[Action]]:
        by_case: dict[str, list[Action]] = {}
        for action in self.actions.values():
            for case in action.cases:
                by_case.setdefault(case, []).append(action)
        return by_case

    def actions_of(self, case_id: str) -> tuple[Action, ...]:
        """The actions that name a case, by date then id; those without a date last."""
        actions = self._by_case.get(case_id, ())
        return tuple(sorted(actions, key=lambda action: (action.date or "9999", action.id)))

    def exists(self, record_id: str) -> bool:
        """Whether the snapshot holds a record of this id."""
        return record_id in self.known


Fold = Callable[[str], str]
"""Text as it is compared: no case, no accents, Latin letters, whatever alphabet it came in."""

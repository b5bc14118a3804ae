"""One person at work in a process of their own: `python -m tests.support.simulated_person CLONE SEED ACTS` in their environment.

Mixed acts, chosen by the seed, with a sync now and then; the ids of the commits they made come out as JSON. Fields that
have one value are set only in cases of one's own: two values for one field are for a person, and there is none here.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.program import Answer, run_at

_SHARE_OF_SYNCS = 0.1


class Hand:
    """Somebody with a clone, who remembers which cases and actions are their own, and what they committed."""

    def __init__(self, clone: Path, seed: int) -> None:
        self.clone, self.dice = clone, random.Random(seed)
        self.name, self.count = clone.parent.name, 0
        self.own: list[str] = []
        self.actions: list[str] = []
        self.commits: list[str] = []

    def work(self, acts: int) -> None:
        self.begin()
        while len(self.commits) < acts:
            self.count += 1
            self.dice.choice(_ACTS)(self)
            if self.dice.random() < _SHARE_OF_SYNCS:
                answer = run_at(self.clone, "--no-input", "sync")
                # Somebody is faster all the time, at most; never a conflict.
                assert answer.exit_code == 0 or "written to all the time" in answer.err, (self.name, answer)

    def acts(self, *arguments: str) -> str:
        """One act that has to succeed; its answer, which is an id."""
        answer: Answer = run_at(self.clone, "-q", "--no-input", *arguments)
        assert answer.exit_code == 0, (self.name, arguments, answer)
        asked = ["git", "rev-parse", "HEAD"]
        head = subprocess.run(asked, cwd=self.clone, check=True, capture_output=True, text=True).stdout.strip()
        assert head not in self.commits, (self.name, arguments, "made no commit")
        self.commits.append(head)
        return answer.out.strip()

    def some(self, kind: str = "cases") -> str:
        """A record that is in this clone by now, anybody's."""
        return self.dice.choice(sorted(file.stem for file in self.clone.glob(f"{kind}/*/*.yaml")))

    # Acts

    def begin(self) -> None:
        about = ("--country", "BY", "--incident", "search@2026-10-01", "--membership", "member")
        self.own.append(self.acts("new-case", *about, "--name", f"Invented {self.name} {self.count}"))

    def note(self) -> None:
        self.acts("note", self.some(), f"note {self.count} of {self.name}")

    def comment(self) -> None:
        self.acts("comment", self.some(), f"remark {self.count} of {self.name}")

    def hearing(self) -> None:
        self.acts("hearing", self.some(), "--at", f"2027-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}")

    def consent(self) -> None:
        self.acts("consent", self.some(), "--use", "record,statistics", "--answer", "granted")

    def edit(self) -> None:
        self.acts("edit", self.dice.choice(self.own), "--set", f"private.narrative=told {self.count}")

    def assess(self) -> None:
        case = self.dice.choice(self.own)
        self.acts("assess", case, "--decision", "assist", "--reason", f"reason {self.count}", "--basis", "un-hrd-12.2",
                  "--life-at-risk", "no")  # fmt: skip

    def link(self) -> None:
        self.actions.append(self.acts("link-action", self.some(), "--type", "monitoring", "--date", "2026-10-31"))

    def update(self) -> None:
        if self.actions:
            self.acts("update-action", self.actions.pop(), "--status", "done", "--date", "2026-10-31")


_ACTS: list[Callable[[Hand], None]] = [
    Hand.begin,
    Hand.note,
    Hand.note,
    Hand.comment,
    Hand.hearing,
    Hand.consent,
    Hand.edit,
    Hand.assess,
    Hand.link,
    Hand.update,
]

if __name__ == "__main__":
    one = Hand(Path(sys.argv[1]), int(sys.argv[2]))
    one.work(int(sys.argv[3]))
    print(json.dumps(one.commits))

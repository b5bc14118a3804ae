"""The talk: which question comes next, what an answer changes, when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard import drafts, duplicates
from solidarity_cli.cli.wizard.ask_part import Parts
from solidarity_cli.cli.wizard.draft_keeper import Keeper
from solidarity_cli.cli.wizard.fields import set_field, value_at
from solidarity_cli.cli.wizard.questions import QUESTIONS, Part, Question
from solidarity_cli.cli.wizard.summary import Summary
from solidarity_cli.cli.wizard.ui.interface import Asker
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.render.escape import clean

_YES = {"", "y", "yes", "д", "да", "j", "ja"}
_NO = {"n", "no", "н", "нет", "nein"}


class Interview:
    """One talk. `record` grows with every answer, so that whoever holds it holds all that was said."""

    def __init__(self, session: Session, asker: Asker, keeper: Keeper, draft: Draft, record: dict[str, Any]) -> None:
        self.record = record
        self._session = session
        self._asker = asker
        self._keeper = keeper
        self._draft = draft
        self._parts = Parts(session, asker, draft, record)
        now = session.register.now
        self._summary = Summary(now.schemas.words, now.charter.languages[0], self._parts.countries())
        self._shown_ids: set[str] = set()
        self._compared: Any = None

    def run(self) -> dict[str, Any]:
        """Ask what is open, show it all, and return it. Raises Refused when the person says no."""
        self._greet()
        self.record.setdefault("received", self._session.today.isoformat())
        self._look_for_duplicates()
        for number, question in enumerate(QUESTIONS, start=1):
            self._question(number, question)
        if not _has_answers(self.record):
            raise Refused(
                "nothing was answered, so nothing was saved",
                hint="solidarity new-case --from FILE.eml, or --country RU --incident search",
            )
        while not self._confirm():
            pass
        return self.record

    # Beginning

    def _greet(self) -> None:
        self._asker.say("About ten questions. Enter skips one, ? shows a list, Ctrl-C keeps your answers as a draft.")
        waiting = [(day, file) for day, file in drafts.waiting() if file != self._keeper.continues]
        for day, file in waiting[:3]:
            self._asker.say(f"a draft from {day} waits: {clean(drafts.command(file))}")
        if len(waiting) > 3:
            self._asker.say(f"{len(waiting) - 3} more drafts wait in {clean(str(drafts.folder()))}")
        for remark in self._draft.remarks:
            self._asker.say(f"note: {clean(remark)}")

    # Questions

    def _question(self, number: int, question: Question) -> None:
        """Ask what is not stated yet."""
        if not question.is_initial or (question.appeals_only and self.record.get("kind") == "information"):
            return
        for part in question.parts:
            if not value_at(self.record, part.field):
                self._part(number, part)
            elif part.field == "incidents":
                self._parts.missing_dates()

    def _part(self, number: int, part: Part, *, again: bool = False) -> None:
        self._parts.ask(number, part, now=self._summary.answer_text(part, self.record) if again else "")
        if part.field in duplicates.NAMING:
            self._look_for_duplicates()

    def _look_for_duplicates(self) -> None:
        """Show who is perhaps the same as soon as a name is known, and again when there is another one."""
        names = [value_at(self.record, field) for field in duplicates.NAMING]
        if not any(names) or names == self._compared:
            return
        self._compared = names
        lines = duplicates.perhaps(self._session, self.record, self._shown_ids)
        if not lines:
            return
        self._shown_ids |= set(lines)
        self._asker.say("\nperhaps about the same:\n" + "\n".join(f"  {line}" for line in lines.values()))
        ids = list(lines)
        options = [
            "go on",
            "stop and look",
            *(f"go on and link {case_id} (same person or organisation)" for case_id in ids),
        ]
        choice = self._asker.choose("What now?", options)
        if choice == 1:
            self._stop(f"solidarity show {ids[0]}")
        if choice > 1:
            link = {"case": ids[choice - 2], "relation": "same-person"}
            set_field(self.record, "links", [*self.record.get("links", ()), link])

    def _stop(self, hint: str) -> None:
        file = self._keeper.keep(self.record)
        raise Refused("nothing was saved", hint=f"{hint}; then {drafts.command(file)}" if file else hint)

    # End

    def _confirm(self) -> bool:
        """Show everything; whether it is to be saved. A number asks that question again."""
        self._asker.say(self._summary.text(self.record))
        numbers = {str(number): question for number, question in enumerate(QUESTIONS, start=1)}
        # What is left of a paste must not save a case: then Enter alone is no yes.
        ahead = self._asker.ahead()

        def check(answer: str) -> str:
            answer = answer.strip().casefold()
            if answer in _NO or answer in numbers or (answer in _YES and (answer or not ahead)):
                return ""
            return f"y saves, n does not, a number from 1 to {len(numbers)} asks that question again"

        answer = self._asker.line("Save? [Y/n/number to change]", check=check).strip().casefold()
        if answer in numbers:
            for part in numbers[answer].parts:
                self._part(int(answer), part, again=True)
            return False
        if answer in _NO:
            self._decline()
        return True

    def _decline(self) -> None:
        answer = self._asker.line(
            "Keep your answers as a draft? [Y/n]",
            check=lambda answer: "" if answer.strip().casefold() in _YES | _NO else "y keeps them, n forgets them",
        )
        if answer.strip().casefold() in _NO:
            raise Refused("nothing was saved", hint="solidarity new-case")
        file = self._keeper.keep(self.record)
        raise Refused("nothing was saved", hint=drafts.command(file) if file else "no draft was needed or possible")


def _has_answers(record: Mapping[str, Any]) -> bool:
    return bool(set(record) - {"received", "schema_version"})

"""One part of a question asked, understood, and put into the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard import answers
from solidarity_cli.cli.wizard.fields import as_line, as_typed, set_field, value_at
from solidarity_cli.cli.wizard.questions import CONSENT_BY, IS_GRANTED, SHARE_WITH, Part, Takes, consent_uses
from solidarity_cli.cli.wizard.suggestions import Suggestions
from solidarity_cli.cli.wizard.ui.choices import AnswerError, Choices, of_countries, of_vocabulary
from solidarity_cli.cli.wizard.ui.interface import Asker, Offers
from solidarity_cli.core.model.draft import Draft

_SHORT_LIST = 13
_CLEAR = "-"
"""The answer that takes an earlier one away."""


class Parts:
    """Asks parts and puts the answers into `record`."""

    def __init__(self, session: Session, asker: Asker, draft: Draft, record: dict[str, Any]) -> None:
        now = session.register.now
        self._asker = asker
        self._record = record
        self._words = now.schemas.words
        self._language = now.charter.languages[0]
        self._today: date = session.today
        self._codes: list[str] = now.schemas.shape("case")["properties"]["subject"]["properties"]["country"]["enum"]
        self._suggestions = Suggestions(draft, record)

    def countries(self) -> Choices:
        """The countries a record may name; those that the mail names first."""
        return of_countries(self._codes, self._language, first=self._suggestions.codes("subject.country"))

    def ask(self, number: int, part: Part, *, now: str = "") -> None:
        """Ask one part. `now` is the present answer when it is asked again: Enter then keeps it, - takes it away."""
        self._asker.say(f"\n{number}. {part.ask}")
        self._show_hints(part.field)
        if now:
            self._asker.say(f"   now: {now}. Enter keeps it, {_CLEAR} takes it away.")
        match part.takes:
            case Takes.TEXT:
                self._text(part)
            case Takes.CONSENT:
                self._consent(part)
            case Takes.INCIDENTS:
                self._incidents(part)
            case _:
                choices = self._choices(part)
                several = part.takes is Takes.CODES
                self._store(part.field, self._answer(part.name, self._parser(part, choices), choices, several=several))

    def missing_dates(self) -> None:
        """Ask when each incident happened whose date nobody has told."""
        for incident in self._record.get("incidents", ()):
            if not incident.get("date"):
                label = self._words.label("incident", incident["type"], self._language)
                self._asker.say(
                    f"\nWhen: {label}? For example: 2026-10-03, yesterday; 2026-10 when the day is not known."
                )
                self._show_hints("incidents.date")
                when = self._answer(f"Date of {incident['id']}", self._day)
                if when and when != _CLEAR:
                    incident["date"] = when

    # Kinds of answers

    def _incidents(self, part: Part) -> None:
        choices = self._choices(part)
        latest = value_at(self._record, "received") or ""
        answer = self._answer(
            part.name,
            lambda text: answers.incidents(text, choices, today=self._today, latest=latest) if choices else [],
            choices,
            several=True,
        )
        if answer == _CLEAR:
            set_field(self._record, part.field, None)
        elif answer:
            set_field(self._record, part.field, answers.merge_incidents(answer, self._record.get("incidents", ())))
        self.missing_dates()

    def _text(self, part: Part) -> None:
        before = value_at(self._record, part.field)
        answer = as_typed(
            self._asker.text(
                part.name, so_far=lambda text: set_field(self._record, part.field, as_typed(text) or before)
            )
        )
        set_field(self._record, part.field, before)
        self._store(part.field, answer)

    def _consent(self, part: Part) -> None:
        """One question that Enter skips; else one for each use that may be skipped too."""
        gate = self._answer("Consent known? [y/N]", _yes_or_no)
        if gate == _CLEAR:
            set_field(self._record, part.field, None)
        if gate != "yes":
            return
        uses: dict[str, str] = {}
        entry: dict[str, Any] = {"id": "c1", "given": value_at(self._record, "received"), "uses": uses}
        choices = of_vocabulary(self._words, "consent-answer", self._language, aliases=IS_GRANTED)
        self._list(choices)
        for use in consent_uses(value_at(self._record, "subject.kind") or ""):
            label = self._words.label("consent-use", use, self._language)
            answer = self._answer(f"{label} (y, n, conditional; Enter: not known)", choices.find, choices)
            if answer and answer != _CLEAR:
                uses[use] = answer
                # In the record before it is whole: an interruption keeps the uses answered so far.
                set_field(self._record, part.field, [entry])
        if uses.get("share") in ("granted", "conditional"):
            self._followup(entry, SHARE_WITH)
        if uses:
            self._followup(entry, CONSENT_BY)

    def _followup(self, entry: dict[str, Any], part: Part) -> None:
        self._asker.say(f"\n{part.ask}")
        choices = of_vocabulary(self._words, part.vocabulary, self._language)
        self._list(choices)
        several = part.takes is Takes.CODES
        answer = self._answer(part.name, answers.slugs if several else choices.find, choices, several=several)
        if answer and answer != _CLEAR:
            entry[part.field] = answer

    # One answer

    def _answer(
        self,
        prompt: str,
        understand: Callable[[str], Any],
        choices: Choices | None = None,
        *,
        several: bool = False,
    ) -> Any:
        """What an answer means; "" when it was skipped, - when the earlier one is to go."""

        def check(text: str) -> str:
            try:
                _ = text.strip() in ("", "?", _CLEAR) or understand(text)
            except AnswerError as error:
                return str(error)
            return ""

        offers = Offers(choices, several) if choices else None
        while (text := self._asker.line(prompt, check=check, offers=offers).strip()) == "?":
            self._asker.say(_as_list(choices) if choices else "   there is no list for this question")
        if text in ("", _CLEAR):
            return text
        answer = understand(text)
        self._echo(text, answer, choices)
        return answer

    def _echo(self, text: str, answer: Any, choices: Choices | None) -> None:
        """Say how a label or a beginning was understood."""
        if not choices or text == answer:
            return
        codes = (
            [answer]
            if isinstance(answer, str)
            else [value[0] if isinstance(value, tuple) else value for value in answer]
        )
        self._asker.say("   = " + ", ".join(f"{code} ({choices.label(code)})" for code in codes))

    def _parser(self, part: Part, choices: Choices | None) -> Callable[[str], Any]:
        match part.takes:
            case Takes.CODE | Takes.COUNTRY if choices:
                return choices.find
            case Takes.CODES if choices:
                return lambda text: answers.several(text, choices)
            case Takes.DATE:
                return lambda text: answers.a_day(
                    text, today=self._today, latest=self._today.isoformat(), partial=False
                )
        return as_line

    def _day(self, text: str) -> str:
        return answers.a_day(text, today=self._today, latest=value_at(self._record, "received") or "")

    def _store(self, field: str, value: Any) -> None:
        if value == _CLEAR:
            set_field(self._record, field, None)
        elif value:
            set_field(self._record, field, value)

    # What is shown with a question

    def _choices(self, part: Part) -> Choices | None:
        if part.takes is Takes.COUNTRY:
            return self.countries()
        if not part.vocabulary:
            return None
        first = self._suggestions.codes(part.field)
        choices = of_vocabulary(self._words, part.vocabulary, self._language, aliases=part.aliases, first=first)
        self._list(choices)
        return choices

    def _list(self, choices: Choices) -> None:
        """Show a short list at once; a long one comes by completion, or by a question mark."""
        if len(choices.all) > _SHORT_LIST:
            self._asker.say("   ? shows the list" if self._asker.lists_choices else "   Tab shows the list")
        elif self._asker.lists_choices:
            self._asker.say(_as_list(choices))
        else:
            self._asker.say("   one of: " + ", ".join(choice.code for choice in choices.all))

    def _show_hints(self, field: str) -> None:
        if line := self._suggestions.line(field):
            self._asker.say(f"   {line}")


def _as_list(choices: Choices) -> str:
    numbered = enumerate(choices.all, start=1)
    return "\n".join(
        f"   {f'{number:>2}  ' if choices.numbered else ''}{choice.code}: {choice.label}" for number, choice in numbered
    )


def _yes_or_no(text: str) -> str:
    answer = IS_GRANTED.get(text.strip().casefold())
    if not answer:
        raise AnswerError("y asks for each use; n or Enter skips all of them")
    return "yes" if answer == "granted" else "no"

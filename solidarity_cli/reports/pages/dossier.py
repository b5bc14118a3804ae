"""The paper of one case that people take along: its page, with what to mind about it said first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from solidarity_cli.core.audience.filter import Audience
from solidarity_cli.reports.pages.case_wording import CaseWording
from solidarity_cli.reports.pages.page import Page, Paragraph


def dossier(page: Page, audience: Audience, wording: CaseWording, *, on: date, commit: str) -> Page:
    """A page made for an audience, as a paper of the day `on`. Others learn nothing of where it was made from."""
    day = wording.day(on.isoformat())
    made = wording.say("paper.made", day=day, commit=commit[:10])
    match audience.kind:
        case "internal":
            lines = [wording.say("paper.internal"), made]
        case "reviewer":
            lines = [wording.say("paper.reviewer"), made]
        case "public":
            lines = [wording.say("paper.public", day=day)]
        case _:
            lines = []
    return replace(page, blocks=(*map(Paragraph, lines), *page.blocks), dated=on)


def recipient_lines(wording: CaseWording, *, organisation: str, sender: str, consent: str, on: date) -> tuple[str, ...]:
    """What an organisation is told before anything else: for whom it is, and what it may do with it."""
    day = wording.day(on.isoformat())
    return (
        wording.say("paper.for", organisation=organisation, sender=sender, day=day),
        wording.say("paper.allowed", consent=consent),
    )

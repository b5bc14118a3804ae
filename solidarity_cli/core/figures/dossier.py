"""The paper of one case that people take along: its page, with what to mind about it said first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from solidarity_cli.core.audience import Audience
from solidarity_cli.core.page import Page, Paragraph


def dossier(page: Page, audience: Audience, *, on: date, commit: str) -> Page:
    """A page made for an audience, as a paper of the day `on`. Others learn nothing of where it was made from."""
    day = on.isoformat()
    match audience.kind:
        case "internal":
            lines = [
                "Internal. It holds what people told in confidence: let nobody else read it, and destroy it when it "
                "is no longer needed.",
                f"Made on {day} from commit {commit[:10]}.",
            ]
        case "reviewer":
            lines = [f"For review: private values are not shown. Made on {day} from commit {commit[:10]}."]
        case "public":
            lines = [f"What may be said on {day}."]
        case _:
            lines = []
    return replace(page, blocks=(*map(Paragraph, lines), *page.blocks), dated=on)


def recipient_lines(*, organisation: str, sender: str, consent: str, on: date) -> tuple[str, ...]:
    """What an organisation is told before anything else: for whom it is, and what it may do with it."""
    return (
        f"For {organisation}, from {sender}, on {on.isoformat()}.",
        f"It was allowed to tell you this, and you alone (consent {consent}). Publish nothing of it, pass nothing on "
        "without asking, mind how the people may be reached. Delete it when you no longer need it, or when we ask.",
    )

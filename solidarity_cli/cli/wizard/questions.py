"""What a coordinator is asked, as data: both ways of asking, and the summary, read the same list."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Takes(Enum):
    """What kind of answer a part of a question takes."""

    CODE = auto()
    CODES = auto()
    COUNTRY = auto()
    DATE = auto()
    INCIDENTS = auto()
    CONSENT = auto()
    LINE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """One answer: the field it fills, what it is called in the summary, the question with its example.

    `aliases` are answers that people give and no label knows, such as `yes` to "a member?". `default_text` says what no
    answer amounts to.
    """

    field: str
    name: str
    ask: str
    takes: Takes
    vocabulary: str = ""
    aliases: Mapping[str, str] = dataclasses.field(default_factory=dict)
    default_text: str = ""

    @property
    def private(self) -> bool:
        """Whether the answer identifies somebody."""
        return self.field.startswith("private.")


@dataclass(frozen=True, slots=True)
class Question:
    """What stands under one number. Without `is_initial` it is only shown, and asked when its number is chosen."""

    parts: tuple[Part, ...]
    is_initial: bool = True
    appeals_only: bool = False


_YES = ("y", "yes", "да", "ja")
_NO = ("n", "no", "нет", "nein")
IS_MEMBER = dict.fromkeys(_YES, "member") | dict.fromkeys(_NO, "non-member")
IS_GRANTED = dict.fromkeys(_YES, "granted") | dict.fromkeys(_NO, "refused")

QUESTIONS: tuple[Question, ...] = (
    Question(
        (
            Part(
                "kind",
                "Kind",
                "Does somebody ask for help, or is it news of pressure? For example: appeal.",
                Takes.CODE,
                "kind",
                default_text="counts as an appeal",
            ),
        )
    ),
    Question(
        (
            Part(
                "subject.kind",
                "About",
                "Whom is it about: a person, an organisation, a group, an event? For example: organisation.",
                Takes.CODE,
                "subject-kind",
                {"person": "individual", "man": "individual", "woman": "individual", "человек": "individual"},
            ),
        )
    ),
    Question(
        (
            Part(
                "private.subject_name",
                "Name",
                "What is the name? It is private and used to find duplicates. For example: Northern Lantern Archive.",
                Takes.LINE,
            ),
        )
    ),
    Question(
        (
            Part(
                "subject.country",
                "Country",
                "In which country? For example: BY, Belarus, Беларусь; XX when it must not be written down.",
                Takes.COUNTRY,
            ),
        )
    ),
    Question(
        (
            Part(
                "incidents",
                "What happened",
                "What happened? Several between commas, each with its date where known. "
                "For example: search@2026-10-03, confiscation.",
                Takes.INCIDENTS,
                "incident",
            ),
        )
    ),
    Question(
        (
            Part(
                "subject.membership",
                "Member",
                "Is the person or organisation a member of the Forum? For example: yes, no, unknown.",
                Takes.CODE,
                "membership",
                IS_MEMBER,
            ),
        )
    ),
    Question(
        (
            Part(
                "requests",
                "Asked for",
                "What is asked for? Several between commas. For example: statement, court-observation.",
                Takes.CODES,
                "request",
            ),
        ),
        appeals_only=True,
    ),
    Question((Part("urgency", "Urgency", "How urgent is it? For example: normal.", Takes.CODE, "urgency"),)),
    Question(
        (
            Part(
                "source.capacity",
                "Who writes",
                "In what capacity do they write? For example: relative.",
                Takes.CODE,
                "capacity",
            ),
            Part(
                "private.contact_name",
                "Contact",
                "Who is it that writes? Private. For example: the chair of the archive.",
                Takes.LINE,
            ),
            Part(
                "private.contact",
                "Reached by",
                "How can they be reached? Private; used to find duplicates. For example: office@archive.example.",
                Takes.LINE,
            ),
            Part(
                "private.safe_channel",
                "Safe channel",
                "Which way to answer is safe? Private. For example: Signal only, in the evening, never by phone.",
                Takes.LINE,
            ),
        )
    ),
    Question(
        (
            Part(
                "consent",
                "Consent",
                "Did they say what may be done with their case? y asks for each use; Enter when nothing is known: "
                "it then counts as refused. For example: y.",
                Takes.CONSENT,
                default_text="counts as refused",
            ),
        )
    ),
    Question(
        (
            Part(
                "private.narrative",
                "Story",
                "What do they write? Private. Type or paste it; an empty line or a single . ends it. "
                "For example: On Monday five men came to our office …",
                Takes.TEXT,
            ),
        )
    ),
    Question(
        (Part("received", "Received", "On which day did it arrive? For example: 2026-10-03, yesterday.", Takes.DATE),),
        is_initial=False,
    ),
    Question(
        (Part("channel", "Channel", "How did it arrive? For example: phone.", Takes.CODE, "channel"),), is_initial=False
    ),
)

SHARE_WITH = Part(
    "share_with",
    "Shared with",
    "With whom may it be shared? Several between commas, in small Latin letters. For example: osce, eu.",
    Takes.CODES,
    "recipient",
)
CONSENT_BY = Part("by", "Said by", "Who said so? For example: self.", Takes.CODE, "consent-by")


def consent_uses(subject_kind: str) -> tuple[str, ...]:
    """The uses of a case that are asked about: a person is named as a person, everything else as an organisation."""
    publicity = {
        "": ("publicity-organisation", "publicity-person"),
        "individual": ("publicity-person",),
    }.get(subject_kind, ("publicity-organisation",))
    return ("record", "share", *publicity, "statistics")

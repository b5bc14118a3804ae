"""The story as data: what is said, what is typed on which day, and what has to come out. No code."""

from __future__ import annotations

from solidarity_cli.cli.demo.stage import Step

FIRST_DAY = "2026-09-01"
OWN_MAILS_DAY = "2026-10-22"
"""The day on which mails that somebody brought along are recorded, unless they are younger."""
LAST_DAY = "2026-11-02"

_NORTH, _SOUTH = ("--by", "member-north@forum.example"), ("--by", "member-south@forum.example")
_MEMBER = ("--subject-kind", "organisation", "--membership", "member", "--capacity", "organisation")
_PERSON = ("--subject-kind", "individual", "--membership", "non-member")
_GRANTED = ("--use", "record,statistics,publicity-organisation", "--answer", "granted", "--given-by", "organisation")
_ASSIST = ("--decision", "assist", "--form", "court-observation",
           "--basis", "un-hrd-9.3b", "--basis", "odihr-hrd-b-trial", *_NORTH)  # fmt: skip
_STATEMENT = ("link-action", "{shelter}", "--type", "statement", "--status", "done")

_BEGINNING = (
    Step(
        "A register is a folder in git. Nothing is sent anywhere.",
        FIRST_DAY,
        ("init", "{register}", "--no-sealing", "--name", "Demo (fictional)", "--contact", "solidarity@forum.example"),
    ),
    Step(
        "Emergency help is given by others. The directory names them; an entry is a file, written by hand.",
        FIRST_DAY,
        ("git", "add", "directory/example-relief.yaml"),
    ),
    Step("", FIRST_DAY, ("git", "commit", "--quiet", "-m", "directory example-relief")),
)

_THREE_CASES = (
    Step(
        "A library writes: it was put on a list, and a court will hear it. Nothing is guessed; gaps are named.",
        "2026-09-03",
        ("new-case", "--from", "{mails}/01-library.eml"),
        keep="library",
        expect="subject.country",
    ),
    Step(
        "A person fills the gaps. Names go to the private part.",
        "2026-09-03",
        ("edit", "{library}", "--set", "subject.kind=organisation", "--set", "subject.membership=member",
         "--set", "subject.country=RU", "--set", "source.capacity=organisation", "--set", "urgency=high",
         "--set", "incidents.i1.type=designation", "--set", "incidents.i1.date=2026-08-31",
         "--set", "requests=court-observation,statement", "--set", "title=Designation, organisation, RU",
         "--set", "private.subject_name=Copper Gate Reading Library"),
    ),
    Step("What they allow. What nobody allowed is refused.", "2026-09-04", ("consent", "{library}", *_GRANTED)),
    Step(
        "A studio is summoned to the same room. This time the answers are given together with the mail.",
        "2026-09-10",
        ("-q", "new-case", "--from", "{mails}/02-studio.eml", *_MEMBER, "--country", "RU", "--urgency", "high",
         "--incident", "search@2026-09-08", "--request", "court-observation", "--name", "Студия «Четвёртая парта»"),
        keep="studio",
    ),
    Step(
        "A reader, who is no member, is summoned too.",
        "2026-09-15",
        ("-q", "new-case", "--from", "{mails}/03-reader.eml", *_PERSON, "--capacity", "victim", "--country", "RU",
         "--urgency", "normal", "--incident", "administrative-case@2026-09", "--request", "court-observation",
         "--name", "Василиса Тарханская"),
        keep="reader",
    ),
    Step(
        "The hearing for which observers are wanted.",
        "2026-09-16",
        ("hearing", "{library}", "--at", "2026-10-14T10:30+03:00", "--kind", "administrative", "--access", "open"),
    ),
    Step(
        "The Group assesses. For somebody who is no member a rule wants more, and says so.",
        "2026-09-17",
        ("assess", "{reader}", *_ASSIST, "--reason", "Heard in the same room as a member."),
        code=1,
        expect="[wider-impact]",
    ),
    Step(
        "So the wider impact is thought about, and written down.",
        "2026-09-17",
        ("assess", "{reader}", *_ASSIST, "--reason", "Heard in the same room as a member.", "--risk-level", "low",
         "--wider-impact", "yes", "--impact-reason", "Public reading would become an offence in the whole region."),
    ),
    Step("The two members.", "2026-09-17",
         ("assess", "{library}", *_ASSIST, "--risk-level", "medium", "--reason", "A member; the hearing is open.")),
    Step("", "2026-09-17",
         ("assess", "{studio}", *_ASSIST, "--risk-level", "medium", "--reason", "A member; no publicity is wanted.")),
    Step("A second member of the Group approves.", "2026-09-18", ("approve", "{library}", *_SOUTH)),
    Step(
        "One journey serves three cases. It is one action and will count once.",
        "2026-09-18",
        ("link-action", "{library}", "{studio}", "{reader}", "--type", "court-observation", "--date", "2026-10-14",
         "--hearing", "h1", "--observers", "2"),
        keep="mission",
    ),
    Step(
        "Meanwhile an association in Germany is slandered and asks for a letter.",
        "2026-09-24",
        ("-q", "new-case", "--from", "{mails}/04-neighbours.eml", *_MEMBER, "--country", "DE", "--urgency", "normal",
         "--incident", "smear@2026-09-18", "--incident", "property-damage@2026-09", "--request", "letter",
         "--name", "Nachbarschaftswerk Mühlgraben"),
        keep="neighbours",
    ),
)  # fmt: skip

_FREEDOM_AT_RISK = (
    Step(
        "A sister writes through a lawyer: her brother is held.",
        "2026-10-01",
        ("-q", "new-case", "--from", "{mails}/05-brother.eml", *_PERSON, "--capacity", "relative", "--country", "BY",
         "--situation", "held", "--urgency", "urgent", "--language", "ru", "--incident", "detention@2026-09-25",
         "--request", "referral"),
        keep="brother",
    ),
    Step(
        "Where freedom is at risk the Group may refer a person, with consent.",
        "2026-10-01",
        ("consent", "{brother}", "--use", "record,share", "--answer", "granted", "--given-by", "relative",
         "--share-with", "example-relief"),
    ),
    Step(
        "",
        "2026-10-02",
        ("assess", "{brother}", "--decision", "refer", "--freedom-at-risk", "yes", "--risk-level", "critical",
         "--risk-review", "2026-11-12", "--basis", "un-hrd-12.2", "--basis", "odihr-hrd-b-detention", *_SOUTH,
         "--reason", "Help is needed on the spot within days."),
    ),
    Step(
        "",
        "2026-10-02",
        ("link-action", "{brother}", "--type", "referral", "--to-organisation", "example-relief",
         "--service", "legal,medical", "--state", "sent", "--status", "done"),
        keep="referral",
    ),
    Step("They take the case on.", "2026-10-05", ("update-action", "{referral}", "--referral-state", "accepted")),
)  # fmt: skip

_MONEY = (
    Step(
        "A club asks for money, from a country that it does not name.",
        "2026-10-06",
        ("-q", "new-case", "--from", "{mails}/06-club.eml", "--subject-kind", "informal-group", "--membership",
         "non-member", "--capacity", "victim", "--country", "XX", "--urgency", "normal", "--incident", "eviction",
         "--request", "money,advice"),
        keep="club",
    ),
    Step(
        "The Group gives no money. It says so, and answers with what it has: advice and addresses.",
        "2026-10-08",
        ("assess", "{club}", "--decision", "decline", "--risk-level", "low", *_SOUTH,
         "--reason", "Money is outside the mandate; advice on the lease and a list of trainers are sent instead."),
    ),
    Step(
        "",
        "2026-10-08",
        ("link-action", "{club}", "--type", "information", "--status", "done",
         "--text", "How to answer a notice to leave; three who train in talking to authorities."),
    ),
)  # fmt: skip

_EMBARGO = (
    Step(
        "A shelter was dissolved. It wants a statement, but only after 20 October.",
        "2026-10-09",
        ("-q", "new-case", "--from", "{mails}/07-shelter.eml", *_MEMBER, "--country", "BY", "--urgency", "high",
         "--incident", "deregistration@2026-10-05", "--request", "statement"),
        keep="shelter",
    ),
    Step("", "2026-10-10", ("consent", "{shelter}", *_GRANTED, "--embargo", "2026-10-20")),
    Step(
        "",
        "2026-10-12",
        ("assess", "{shelter}", "--decision", "express-solidarity", "--form", "statement", "--basis", "un-hrd-5b",
         "--basis", "odihr-hrd-f-registration", *_NORTH, "--risk-level", "medium",
         "--reason", "A member was dissolved on a pretext."),
    ),
    Step("The day in court.", "2026-10-14", ("hearing", "{library}", "--held", "h1")),
    Step("", "2026-10-14",
         ("update-action", "{mission}", "--status", "done", "--response", "assisted", "--impact", "moderate")),
    Step("Somebody is in a hurry with the statement. The embargo holds.", "2026-10-15", _STATEMENT,
         code=1, expect="[consent-publicity]"),
    Step("On the day after the embargo the same command is accepted.", "2026-10-21", _STATEMENT),
    Step(
        "A note. Its text is private: history will tell that there is one, not what it says.",
        "2026-10-21",
        ("note", "{library}", "The judge greeted the observers. The ruling comes in writing."),
    ),
)  # fmt: skip

STORY = (*_BEGINNING, *_THREE_CASES, *_FREEDOM_AT_RISK, *_MONEY, *_EMBARGO)

CLOSING = (
    Step("All cases, one a line. Titles are made from codes: nobody is named.", LAST_DAY, ("list",)),
    Step("What happened to the first case, oldest first.", LAST_DAY, ("history", "{library}")),
    Step("Every record against its schema and the rules.", LAST_DAY, ("validate",), expect="errors: 0"),
    Step(
        "The report for the Board. The mission counts once, though it served three cases.",
        LAST_DAY,
        ("report", "--month", "2026-10", "--format", "md"),
        expect="| Court observation | 1 |",
    ),
    Step(
        "The same month for the public: no ids, and small numbers are hidden.",
        LAST_DAY,
        ("report", "--month", "2026-10", "--format", "md", "--audience", "public"),
    ),
    Step("And the desk: what needs somebody now.", LAST_DAY, ()),
)

PAPERS = (
    ("report-2026-10-public.html", "", ("report", "--month", "2026-10", "--format", "html", "--audience", "public")),
    ("report-2026-10-ru.pdf", "typst", ("report", "--month", "2026-10", "--format", "pdf", "--language", "ru")),
    ("report-2026-10-de.md", "", ("report", "--month", "2026-10", "--format", "md", "--language", "de")),
    ("report-2026-10.xlsx", "xlsxwriter", ("report", "--month", "2026-10", "--format", "xlsx")),
    ("report-2026-10.csv", "", ("report", "--month", "2026-10", "--format", "csv")),
    ("dossier.html", "", ("show", "{library}", "--format", "html")),
    ("dossier.pdf", "typst", ("show", "{library}", "--format", "pdf")),
    ("hearings.ics", "icalendar", ("agenda", "--days", "365")),
)
"""What people send and take along: the file, the library it takes (empty for none), the command that makes it."""

"""The sentences of a report in German."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "title": "Bericht über die Solidaritätsarbeit: {period}",
    "audience.internal": "Nur für Mitglieder der Gruppe. Nicht weitergeben.",
    "audience.public": "Für die Öffentlichkeit. Kleine Zahlen sind verdeckt, damit niemand an ihnen zu erkennen ist.",
    "period": "Zeitraum",
    "days": "{first} bis {last}",
    "one-day": "{first}",
    "register": "Register",
    "contact": "Kontakt",
    "made-from": "Grundlage",
    "made-from.commit": "Commit {commit} des Registers",
    "made-with": "Programm",
    "again": "So entsteht er noch einmal",
    "unknown": "Nicht angegeben",
    "now": "Dieser Zeitraum",
    "before": "Zeitraum davor",
    "number": "Anzahl",
    "overview": "Auf einen Blick",
    "count": "Gezählt",
    "received": "Eingegangene Hilfsgesuche",
    "decided": "Entscheidungen",
    "median": "Tage vom Eingang bis zur Entscheidung (Median)",
    "actions": "Durchgeführte Maßnahmen",
    "missions": "Solidaritätsmissionen",
    "hearings": "Beobachtete Verhandlungen",
    "referrals": "Vermittlungen",
    "closed": "Abgeschlossene Fälle",
    "open": "Offene Fälle am Ende",
    "waiting": "Warten zu lange",
    "ahead": "Der kommende Monat",
    "cases": "In diesem Bericht gezählte Fälle",
    "pressure": "Mitglieder unter Druck in zwölf Monaten",
    "pressure.text": "Fälle von Mitgliedern, eingegangen in den zwölf Monaten bis zum Ende dieses Zeitraums: {number}.",
    "meaning": "Was die Zahlen bedeuten",
    "by.membership": "Nach Mitgliedschaft",
    "by.country": "Nach Land",
    "by.incident": "Nach Art des Vorfalls",
    "by.subject": "Nach Betroffenen",
    "by.kind": "Hilfsgesuch oder Hinweis",
    "by.urgency": "Nach Dringlichkeit",
    "by.decision": "Nach Entscheidung",
    "by.type": "Nach Art",
    "by.state": "Nach Stand",
    "by.outcome": "Nach Ausgang",
    "by.status": "Nach Status",
    "none.received": "Weder in diesem noch im vorigen Zeitraum ging ein Hilfsgesuch ein.",
    "none.decided": "Weder in diesem noch im vorigen Zeitraum wurde etwas entschieden.",
    "none.actions": "Weder in diesem noch im vorigen Zeitraum gab es eine Maßnahme.",
    "none.referrals": "Weder in diesem noch im vorigen Zeitraum gab es eine Vermittlung.",
    "none.closed": "Weder in diesem noch im vorigen Zeitraum wurde ein Fall abgeschlossen.",
    "none.open": "Weder am Ende dieses noch am Ende des vorigen Zeitraums war ein Fall offen.",
    "none.waiting": "Kein Fall wartet länger, als die Gruppe zulässt.",
    "none.ahead": "Für den kommenden Monat sind keine Verhandlungen und keine Fristen bekannt.",
    "none.cases": "In diesem Zeitraum ging kein Fall ein, und keiner wurde entschieden oder abgeschlossen.",
    "none.pressure": "In diesen zwölf Monaten ging kein Hilfsgesuch eines Mitglieds ein.",
    "hidden.total": "{what}: {number}. So kleine Zahlen werden nicht aufgeteilt.",
    "hidden.by": "{what}: Die Zahlen sind zu klein, um sie zu zeigen, ohne jemanden erkennbar zu machen.",
    "cell.rounded": "mindestens {number}",
    "each": "Jede Zeile",
    "each-other": "Jede der übrigen Zeilen",
    "rest-of-group": "{group}, hier nicht genannte Länder",
    "rest-of-all": "Alle übrigen Länder zusammen",
    "id": "Fall",
    "case": "Titel",
    "days-waited": "Tage",
    "urgency": "Dringlichkeit",
    "date": "Datum",
    "what": "Was",
    "state": "Stand",
    "status": "Status",
    "received-on": "Eingegangen",
    "decision": "Entscheidung",
    "kind.hearing": "Verhandlung: {what}",
    "kind.deadline": "Frist: {what}",
    "kind.hearing.bare": "Verhandlung",
    "kind.deadline.bare": "Frist",
    "state.open": "Zu erledigen",
    "meaning.dates": "Gezählt wird nach den Daten in den Akten. Ist nur der Monat oder das Jahr bekannt, gilt der "
    "erste mögliche Tag.",
    "meaning.received": "Hilfsgesuche und Hinweise nach dem Tag des Eingangs. Ein doppelt erfasstes Gesuch zählt "
    "einmal. Ein Gesuch mit mehreren Arten von Vorfällen steht in mehreren Zeilen; diese Zeilen ergeben zusammen mehr "
    "als die Gesamtzahl.",
    "meaning.decided": "Jede Entscheidung nach ihrem Tag; ein zweimal entschiedener Fall zählt zweimal. Der Median "
    "gilt für Fälle, deren erste Entscheidung, außer einer Bitte um weitere Angaben, in diesen Zeitraum fiel.",
    "meaning.actions": "Im Zeitraum durchgeführte Maßnahmen, jede einmal, für wie viele Fälle auch immer. Eine "
    "Verhandlung, an der mehrere Missionen teilnahmen, zählt einmal.",
    "meaning.referrals": "Vermittlungen, die in diesem Zeitraum begonnen oder weitergeführt wurden, nach ihrem "
    "heutigen Stand.",
    "meaning.closed": "Fälle nach dem Tag des Abschlusses, auch später wieder aufgenommene.",
    "meaning.open": "Fälle, die bis zum Ende des Zeitraums eingegangen und bis dahin weder abgeschlossen noch "
    "abgelehnt waren, nach Status. Ein später entschiedener oder abgeschlossener Fall steht dort, wohin die früheren "
    "Entscheidungen geführt hatten. Ein wieder aufgenommener Fall zählt durchgehend als offen.",
    "meaning.waiting": "Offene Fälle, zu denen länger als im Register vorgesehen nichts entschieden wurde, am letzten "
    "Tag des Zeitraums, oder am Tag des Berichts, wenn der Zeitraum noch läuft.",
    "meaning.pressure": "Fälle von Mitgliedern nach dem Tag des Eingangs, wie auch immer entschieden wurde.",
    "meaning.public": "Nicht gezählt sind Fälle ohne Einwilligung in die Statistik und Fälle, deren Land nicht genannt "
    "wird. „<{n}“ heißt weniger als {n}, vielleicht keiner. Eine Tabelle fehlt, wo sich aus ihr eine kleine Zahl "
    "errechnen ließe. Länder mit weniger als {n} sind bei ihrer Region mitgezählt. Ein Strich steht, wo nichts gezeigt "
    "werden darf.",
    "meaning.rounded": "Offene Fälle und Mitglieder unter Druck sind auf ein Vielfaches von {n} abgerundet: Genaue "
    "Zahlen würden im Vergleich mit dem vorigen Bericht einzelne Fälle verraten.",
}

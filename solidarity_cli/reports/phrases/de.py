"""The sentences of a report in German."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "title": "Bericht über die Solidaritätsarbeit: {period}",
    "audience.internal": "Nur für Mitglieder der Gruppe. Nicht weitergeben.",
    "audience.public": "Für die Öffentlichkeit. Kleine Zahlen werden nicht genannt, damit niemand daran zu erkennen "
    "ist.",
    "not-over": "Dieser Zeitraum ist noch nicht zu Ende: Die Zahlen haben den Stand vom {day}.",
    "lies-ahead": "Dieser Zeitraum liegt noch vor uns: Nach dem Stand vom {day} lässt sich darin nichts zählen.",
    "period": "Zeitraum",
    "days": "{first} bis {last}",
    "one-day": "{first}",
    "quarter": "{quarter}. Quartal {year}",
    "register": "Register",
    "contact": "Kontakt",
    "made-from": "Grundlage",
    "made-from.commit": "Commit {commit} des Registers",
    "made-with": "Programm",
    "again": "Erneut erstellen mit",
    "unknown": "Nicht angegeben",
    "now": "Dieser Zeitraum",
    "before": "Zeitraum davor",
    "year-before": "Vor einem Jahr",
    "number": "Anzahl",
    "overview": "Auf einen Blick",
    "count": "Kennzahl",
    "received": "Eingegangene Hilfsgesuche",
    "decided": "Entscheidungen",
    "median": "Tage vom Eingang bis zur Entscheidung (Median)",
    "actions": "Durchgeführte Maßnahmen",
    "missions": "Solidaritätsmissionen",
    "hearings": "Beobachtete Verhandlungen",
    "referrals": "Vermittlungen",
    "closed": "Abgeschlossene Fälle",
    "open": "Offene Fälle am Ende des Zeitraums",
    "waiting": "Zu lange ohne Entscheidung",
    "ahead": "Der kommende Monat",
    "cases": "In diesem Bericht gezählte Fälle",
    "pressure": "Mitglieder unter Druck in zwölf Monaten",
    "pressure.text": "Fälle von Mitgliedern, eingegangen in den zwölf Monaten bis zum Ende dieses Zeitraums: {number}.",
    "months": "Monat für Monat",
    "month": "Monat",
    "changed": "Geändert seit dem Bericht für {period}",
    "changed.text": "Verglichen mit dem Bericht für {period} aus Commit {commit}: Nachträge, Berichtigungen oder "
    "Löschungen haben diese Zahlen verändert.",
    "changed.step": "Eine Tabelle wird erst neu genannt, wenn jede ihrer Zahlen gleich geblieben ist oder sich um "
    "mindestens {n} geändert hat.",
    "changed.held": "Bis dahin steht sie hier, wie sie veröffentlicht wurde, mit einem Strich statt kleiner Zahlen: "
    "Das sagt nicht, ob sich etwas geändert hat.",
    "changed.sums": "Summen über mehrere Monate werden nicht neu genannt: Sie stehen, wie sie veröffentlicht wurden. "
    "Was sich geändert hat, sagen die Berichte der einzelnen Monate.",
    "changed.figures": "Zahlen, die abweichen",
    "changed.records": "Einträge, die jetzt anders zählen",
    "row": "Davon",
    "then": "In jenem Bericht",
    "today": "Jetzt",
    "record": "Eintrag",
    "how": "Was geschah",
    "altered.new": "Neu im Register",
    "altered.changed": "Geändert",
    "altered.gone": "Nicht mehr im Register",
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
    "by.groups": "Nach Region",
    "region.eu": "Europäische Union",
    "region.coe": "Europarat außerhalb der Europäischen Union",
    "region.osce": "OSZE außerhalb des Europarats",
    "region.other": "Andere Länder",
    "region.withheld": "Land nicht genannt",
    "by.days": "Tage vom Eingang bis zur Entscheidung",
    "span:one": "{first} bis {last} Tag",
    "span:other": "{first} bis {last} Tage",
    "span-open:one": "{first} Tag oder mehr",
    "span-open:other": "{first} Tage oder mehr",
    "chart.received.incident": "Eingegangene Hilfsgesuche nach Art des Vorfalls",
    "chart.received.country": "Eingegangene Hilfsgesuche nach Land",
    "chart.groups": "Eingegangene Hilfsgesuche nach Region",
    "chart.open.status": "Offene Fälle am Ende des Zeitraums nach Status",
    "chart.days": "Tage vom Eingang bis zur Entscheidung, Zahl der Fälle",
    "chart.months": "Eingegangene Hilfsgesuche und abgeschlossene Fälle in dreizehn Monaten",
    "chart.about": "Der längste Balken steht für „{what}“: {number}. Alle Zahlen stehen in der Tabelle.",
    "chart.about.months": "Die meisten Hilfsgesuche gingen im {month} ein: {number}. Alle Zahlen stehen in der "
    "Tabelle.",
    "none.received": "Weder in diesem noch im vorigen Zeitraum ging ein Hilfsgesuch ein.",
    "none.decided": "Weder in diesem noch im vorigen Zeitraum wurde etwas entschieden.",
    "none.actions": "Weder in diesem noch im vorigen Zeitraum gab es eine Maßnahme.",
    "none.referrals": "Weder in diesem noch im vorigen Zeitraum gab es eine Vermittlung.",
    "none.closed": "Weder in diesem noch im vorigen Zeitraum wurde ein Fall abgeschlossen.",
    "none.open": "Weder am Ende dieses noch am Ende des vorigen Zeitraums war ein Fall offen.",
    "none.waiting": "Kein Fall wartet länger, als die Gruppe zulässt.",
    "none.ahead": "Für den kommenden Monat sind weder Verhandlungen noch Fristen bekannt.",
    "none.cases": "In diesem Zeitraum ging kein Fall ein, und keiner wurde entschieden oder abgeschlossen.",
    "none.pressure": "In diesen zwölf Monaten ging kein Hilfsgesuch eines Mitglieds ein.",
    "none.months": "In diesen dreizehn Monaten ging kein Hilfsgesuch ein, und kein Fall wurde abgeschlossen.",
    "none.changed": "Seit dem Bericht für {period} aus Commit {commit} hat sich nichts geändert.",
    "none.changed.public": "Seit dem Bericht für {period} aus Commit {commit} hat sich keine Zahl so weit verändert, "
    "dass es gezeigt werden darf.",
    "hidden.total": "{what}: {number}. So kleine Zahlen werden nicht aufgeteilt.",
    "hidden.all": "{what}: Hier lässt sich nichts zeigen, ohne kleine Zahlen zu verraten.",
    "hidden.by": "{what}: Die Zahlen sind so klein, dass jemand daran zu erkennen wäre.",
    "cell.rounded": "mindestens {number}",
    "each": "Jeweils",
    "each-other": "Alle übrigen jeweils",
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
    "state.open": "Noch offen",
    "meaning.dates": "Gezählt wird nach dem Datum in der Akte. Ist nur der Monat oder das Jahr bekannt, gilt der "
    "erste mögliche Tag.",
    "meaning.received": "Hilfsgesuche und Hinweise nach dem Tag des Eingangs. Ein doppelt erfasstes Gesuch zählt "
    "einmal. Ein Gesuch mit mehreren Arten von Vorfällen steht in mehreren Zeilen; diese Zeilen ergeben zusammen mehr "
    "als die Gesamtzahl.",
    "meaning.decided": "Jede Entscheidung nach ihrem Datum; ein zweimal entschiedener Fall zählt zweimal. Der Median "
    "gilt für Fälle, deren erste Entscheidung, außer einer Bitte um weitere Angaben, in diesen Zeitraum fiel.",
    "meaning.actions": "Im Zeitraum durchgeführte Maßnahmen; jede zählt einmal, gleich für wie viele Fälle. Eine "
    "Verhandlung, an der mehrere Missionen teilnahmen, zählt einmal.",
    "meaning.referrals": "Vermittlungen, die in diesem Zeitraum begonnen oder weitergeführt wurden, nach ihrem "
    "heutigen Stand.",
    "meaning.closed": "Fälle nach dem Tag des Abschlusses, auch später wieder aufgenommene.",
    "meaning.open": "Fälle, die bis zum Ende des Zeitraums eingegangen und bis dahin weder abgeschlossen noch "
    "abgelehnt waren, nach Status. Ein später entschiedener oder abgeschlossener Fall steht dort, wohin die früheren "
    "Entscheidungen geführt hatten. Ein wieder aufgenommener Fall zählt durchgehend als offen.",
    "meaning.waiting": "Offene Fälle, zu denen länger als im Register vorgesehen nichts entschieden wurde, am letzten "
    "Tag des Zeitraums, oder am Tag des Berichts, wenn der Zeitraum noch läuft.",
    "meaning.pressure": "Fälle von Mitgliedern nach dem Tag des Eingangs, unabhängig von der Entscheidung.",
    "meaning.pressure.public": "Die Zeilen für Mitglieder aus den Monatsberichten dieser zwölf Monate, "
    "zusammengezählt. Ein Monat, der die Zahl nicht nennt, trägt nichts bei.",
    "meaning.public": "Nicht gezählt sind Fälle ohne Einwilligung in die Statistik und Fälle, deren Land nicht "
    "genannt wird. „<{n}“ heißt weniger als {n}, vielleicht auch keine. Eine Tabelle fehlt, wo sich aus ihr eine "
    "kleine Zahl errechnen ließe. Länder mit weniger als {n} sind bei ihrer Region mitgezählt. Ein Strich steht, wo "
    "nichts gezeigt werden darf.",
    "meaning.longer": "Ein Bericht über mehrere Monate zählt zusammen, was die Berichte seiner Monate zeigen. Ein "
    "Monat, der eine Zahl nicht nennt, trägt nichts bei; jede Summe heißt deshalb „mindestens“ und ist auf ein "
    "Vielfaches von {n} abgerundet. Vermittlungen, Verhandlungen und Mediane werden nicht zusammengezählt.",
    "meaning.rounded": "Mitglieder unter Druck und die Gesamtzahlen des vorigen Zeitraums und des Vorjahrs sind auf "
    "ein Vielfaches von {n} abgerundet: Genaue Zahlen würden im Vergleich mit früheren Berichten einzelne Fälle "
    "verraten.",
    "meaning.left-out": "Nicht veröffentlicht werden offene Fälle, Zahlen nach Monaten, nach Regionen neben den "
    "Ländern, die Dauer bis zur Entscheidung und die Länder der Mitglieder unter Druck: Neben den anderen Tabellen "
    "oder neben dem vorigen Bericht würden sie kleine Zahlen verraten.",
}

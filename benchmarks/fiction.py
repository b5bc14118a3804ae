"""Invented people, places and sentences. Whoever finds a real name here has found a coincidence."""

from __future__ import annotations

COUNTRIES = {
    "RU": 36,
    "BY": 18,
    "UA": 6,
    "GE": 6,
    "KZ": 5,
    "DE": 5,
    "PL": 5,
    "AM": 4,
    "AZ": 4,
    "HU": 4,
    "RS": 3,
    "KG": 2,
    "NO": 1,
    "XX": 1,
}
"""Country and its share of the appeals. NO is here on purpose: a YAML 1.1 reader takes it for false."""

INCIDENTS = {
    "search": 14,
    "arrest": 14,
    "criminal-case": 12,
    "designation": 11,
    "administrative-case": 8,
    "interrogation": 7,
    "smear": 6,
    "threat": 6,
    "detention": 5,
    "digital-attack": 4,
    "inspection": 4,
    "deregistration": 3,
    "travel-ban": 2,
    "assault": 2,
    "eviction": 2,
}
LABELS = {
    "search": "Office or home search",
    "arrest": "Arrest",
    "criminal-case": "Criminal case",
    "designation": "Designation",
    "administrative-case": "Administrative case",
    "interrogation": "Interrogation or summons",
    "smear": "Smear campaign",
    "threat": "Threat",
    "detention": "Detention",
    "digital-attack": "Digital attack",
    "inspection": "Inspection",
    "deregistration": "Deregistration or dissolution",
    "travel-ban": "Ban on entry or exit",
    "assault": "Physical attack",
    "eviction": "Eviction",
    "individual": "individual",
    "organisation": "organisation",
    "informal-group": "informal group",
}
STATUSES = {
    "closed": 56,
    "active": 14,
    "declined": 12,
    "monitoring": 8,
    "received": 4,
    "assessing": 3,
    "duplicate": 3,
}

FIRST = {
    "ru": ("Аглая", "Ратмир", "Велена", "Добрыня", "Злата", "Мирон", "Рогнеда", "Савва", "Ульяна", "Тихон"),
    "de": ("Leopold", "Annegret", "Wendelin", "Friederike", "Korbinian", "Roswitha"),
    "en": ("Darafei", "Milosz", "Zuzanna", "Lusine", "Tamuna", "Bertalan", "Yadviha", "Ruslana"),
}
LAST = {
    "ru": (
        ("Ясно", "Крече", "Лесо", "Заре", "Тума", "Подо", "Ветлу", "Черно", "Дубро", "Мило", "Яро", "Вере", "Сосно"),
        ("польская", "товский", "вская", "чнина", "шина", "гинский", "талова", "вицкий", "сецкая", "градова"),
    ),
    "de": (
        ("Quend", "Habicht", "Morgen", "Distel", "Wiesen", "Rotkehl", "Ulmen", "Hasel"),
        ("lerin", "sberger", "thaler", "kampf", "hofer", "bacher", "reuther"),
    ),
    "en": (
        ("Kulbi", "Zdano", "Arama", "Tsiku", "Borbe", "Vishne", "Orli", "Marke", "Baghda"),
        ("tskaya", "vetski", "zdyan", "lauri", "reki", "vetsian", "nskiene", "vichute"),
    ),
}
"""Beginnings and ends of family names: enough of them that ten thousand people are not all namesakes."""
PLACES = {
    "ru": ("Малые Лепешки", "Верхняя Сосновица", "Тихоозёрск", "Заболотинск"),
    "de": ("Niederbrunnau", "Oberlindach", "Waldkirchthal"),
    "en": ("Nowe Jezioro", "Vyalikaya Hrada", "Zemo Tskaro"),
}
SENTENCES = {
    "ru": (
        "Утром пришли шестеро в штатском и показали бумагу, которую не дали прочесть.",
        "Унесли два компьютера, телефоны детей и папку с бухгалтерией за три года.",
        "Копию протокола не выдали, понятых привели с собой.",
        "Адвоката пустили только через четыре часа, когда всё уже закончилось.",
        "Следователь сказал, что разговор будет «долгим и неприятным».",
        "Соседям задавали вопросы о том, кто к нам ходит и на каком языке говорит.",
        "Заседание назначили за день, повестка пришла по почте после него.",
        "Мы боимся, что следующий визит будет уже с арестом.",
        "Просим прислать наблюдателей: когда в зале есть посторонние, судья ведёт себя иначе.",
        "О нашем обращении, пожалуйста, не пишите открыто: у мамы слабое сердце.",
    ),
    "de": (
        "In der Nacht hat jemand unser Adressbuch kopiert und an alle darin eine Einladung verschickt.",
        "Das Konto ist seit Montag gesperrt, die Miete für das Büro können wir nicht zahlen.",
        "Auf dem Flur stand ein Mann, der sich nicht auswies und alle fotografierte.",
        "Wir bitten um Rat, was wir den anderen Mitgliedern jetzt sagen sollen.",
        "Die Vorladung nennt keinen Grund, nur einen Raum und eine Uhrzeit.",
        "Seit dem Artikel rufen Unbekannte an und legen wieder auf.",
    ),
    "en": (
        "Four men came at seven in the morning and stayed until noon.",
        "They asked about our partners abroad and wrote down every answer twice.",
        "My brother signed a paper he was not allowed to read.",
        "The hearing was moved three times and each time we learned of it from the clerk's neighbour.",
        "Please do not call the old number, somebody else answers it now.",
        "A short letter from outside would show them that somebody is watching.",
        "The bank says that it only follows a list and cannot tell who wrote it.",
        "We are twelve people and half of us have left already.",
    ),
}
REASONS = (
    "Without anybody watching, the next step is easy to guess; a presence in the room costs little.",
    "The same pressure is put on several groups at once, and silence would be read as consent.",
    "The request fits what the members can do within a week.",
    "A public word helps more than it harms here, and it was asked for.",
)
IMPACTS = (
    "Groups in three other regions stopped their meetings within the same week.",
    "The same article of law is announced for everybody who receives visitors from abroad.",
    "Teachers and librarians across the country ask whether they may still speak.",
)
DECLINES = (
    "What is asked for is outside of what the members can do.",
    "The dispute is about rent between neighbours and nothing points to pressure.",
)
ENDINGS = ("Nothing more can be done for now, and the contact agrees.", "It ended well, and no more noise is wished.")

ORGANISATIONS = (
    {
        "schema_version": 1,
        "id": "linden-aid",
        "name": "Linden Aid Network (fictional)",
        "services": ["physical-security", "psychosocial", "medical"],
        "accepts": "People under threat, for a short stay of up to ten weeks.",
        "countries": ["BY", "DE", "PL", "RU"],
        "languages": ["de", "en", "ru"],
        "channel": "https://linden-aid.example/intake",
        "response_days": 7,
        "checked": "2026-06-18",
    },
    {
        "schema_version": 1,
        "id": "example-relief",
        "name": "Example Relief (fictional)",
        "services": ["relocation", "legal", "digital-security"],
        "accepts": "Individuals in danger of prison or violence, and their closest family.",
        "countries": ["AM", "BY", "GE", "KZ", "RS", "RU"],
        "languages": ["en", "ru"],
        "channel": "intake@relief.example, encrypted",
        "response_days": 5,
        "checked": "2026-09-03",
    },
)

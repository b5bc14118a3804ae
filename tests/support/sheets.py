"""A register as somebody kept it in a spreadsheet for years: 300 rows, and all that happens to such sheets."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

HEADERS = (
    "№", "Дата обращения", "Страна", "Что произошло", "Когда", "Просьбы", "ФИО", "Контакт", "Описание", "Регион",
    "Бухгалтерия Тайного фонда",
)  # fmt: skip
"""The last one is a secret itself, and passed over."""

SECRETS = ("Тайно", "тайно", "Tajno", "tajno", "zagadka", "Рассия", "Обысг", "999-88-7", "Бухгалт", "обезьян")
"""Pieces of the sheet's words that no answer may repeat."""

MAP = """
schema_version: 1
columns:
  - header: "№"
    ignore: true
  - header: "дата  ОБРАЩЕНИЯ"
    field: received
    dates: [DD.MM.YYYY]
  - header: "Страна"
    field: subject.country
    values: {"Россия": RU, "Беларусь": BY, "Казахстан": KZ}
  - header: "Что произошло"
    field: incidents.i1.type
    values: {"Обыск": search, "Задержание": detention, "Угроза": threat}
  - header: "Когда"
    field: incidents.i1.date
    dates: [DD.MM.YYYY, MM.YYYY]
  - header: "Просьбы"
    field: requests
    split: ";"
    values: {"заявление": statement, "наблюдение в суде": court-observation}
  - header: "ФИО"
    field: private.subject_name
  - column: "H"
    field: private.contact
  - header: "Описание"
    field: private.narrative
  - header: "Регион"
    field: subject.region
  - header: "Бухгалтерия Тайного фонда"
    ignore: true
constants:
  channel: other
  language: ru
  subject.kind: individual
"""

REASONS = {
    "a day that is none": 10,
    "a country nobody knows": 12,
    "an incident nobody knows": 8,
    "a formula": 6,
    "an error": 2,
    "merged": 4,
    "no day": 5,
    "a day to come": 3,
    "a name in the open": 7,
}
"""What is wrong, and how many rows have it; the rest of the 300 is in order."""

NAMES = ("Аверьян", "Богдан", "Вавила", "Герасим", "Демид", "Еремей", "Жан", "Захар", "Игнат", "Касьян")


def _surname(number: int) -> str:
    """One that no other number has, and none is like."""
    parts = ("ба", "вор", "жи", "луг", "мец", "ною", "ряф", "суд", "хох", "щеп", "эйл", "юг", "ят")
    return "".join(parts[number * step % 13] for step in (1, 5, 7)).capitalize() + parts[number // 13 % 13]


@dataclass
class Sheet:
    """Rows below the headers, what is wrong with which, by their number in the workbook."""

    rows: list[list[Any]] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)

    def count(self) -> Counter[str]:
        """How many rows have what wrong."""
        return Counter(self.wrong.values())


FIRST = 5
"""The row of the first case: a title, an empty row and a note stand above the headers."""


def sheet() -> Sheet:
    """The 300 rows and nine empty ones between them."""
    made = Sheet()
    wrong = [reason for reason, count in REASONS.items() for _ in range(count)]
    spread = {(index * 5) % 300: reason for index, reason in enumerate(wrong)}
    assert len(spread) == len(wrong)
    for number in range(300):
        if number % 33 == 32:
            made.rows.append([None] * len(HEADERS))
        at = FIRST + len(made.rows)
        reason = spread.get(number, "")
        made.rows.append(_row(number, reason))
        if reason:
            made.wrong[at] = reason
    return made


def _row(number: int, reason: str) -> list[Any]:
    received = date(2026, 1, 5) + timedelta(days=number % 270)
    person = 12 if number == 299 else number  # who appeals twice
    name = f"{NAMES[person % 10]} {_surname(person)}тайно"
    row: list[Any] = [
        number + 1,
        received if number % 3 == 0 else received.strftime("%d.%m.%Y") if number % 3 == 1 else received.isoformat(),
        ("Россия", "беларусь ", "KZ")[number % 3],
        ("Обыск", "Задержание", "threat")[number % 3],
        (received.strftime("%m.%Y"), received.strftime("%d.%m.%Y"), received)[number % 3],
        ("заявление; наблюдение в суде", "statement", None)[number % 3],
        name,
        f"+7 999-88-7{person * 7919 % 1_000_000:06d}",
        f"=Пришли {number} раз;\nунесли «zagadka», {'; '.join('abc')}",
        "Сибирь" if number % 7 == 0 else None,
        f"{number * 10},50",
    ]
    match reason:
        case "a day that is none":
            row[1] = "31.02.2026"
        case "a country nobody knows":
            row[2] = "Рассия"
        case "an incident nobody knows":
            row[3] = "Обысг обезьян"
        case "a formula":
            row[2] = "=A1"
        case "an error":
            row[2] = "#REF!"
        case "no day":
            row[1] = None
        case "a day to come":
            row[1], row[4] = "01.12.2026", None
        case "a name in the open":
            row[9] = f"край {name}"
        case "merged":
            row[2] = None
    return row


def workbook(file: Path, made: Sheet, *, since_1904: bool) -> None:
    """The sheet as a workbook, days as days, cells merged across rows."""
    book = openpyxl.Workbook()
    if since_1904:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.append(["Обращения Тайного фонда, 2026"])
    page.merge_cells("A1:K1")
    page.append([])
    page.append(["", "", "сверено"])
    page.append(HEADERS)
    for row in made.rows:
        page.append(row)
    for number, reason in made.wrong.items():
        cell = page.cell(number, 3)
        if reason == "merged":
            page.merge_cells(start_row=number - 1, end_row=number, start_column=3, end_column=3)
        elif reason == "an error":
            cell.data_type = "e"
    for (cell,) in page.iter_rows(min_row=FIRST, min_col=9, max_col=9):
        cell.data_type = "s" if cell.value else cell.data_type  # "=Пришли" is somebody's sentence
    book.save(file)


def delimited(made: Sheet, *, encoding: str, mark: bytes = b"") -> bytes:
    """The same as a CSV file with semicolons, without what only a workbook has."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([["Обращения Тайного фонда"], [], ["", "", "сверено"], HEADERS])
    writer.writerows([_text(cell) for cell in row] for row in made.rows)
    return mark + out.getvalue().encode(encoding)


def _text(cell: Any) -> str:
    return cell.strftime("%d.%m.%Y") if isinstance(cell, date | datetime) else "" if cell is None else str(cell)


BOM = codecs.BOM_UTF8

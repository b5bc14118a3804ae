"""Forty secrets go in through every verb, and none comes out again: no object, no file, no word, to nobody without a key.

They are looked for folded and transliterated, raw and inflated, in the repository, in temporary folders, in the cache,
and in what every verb says in every format for every audience but the internal one with a key.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from email.message import EmailMessage
from pathlib import Path

import pytest

from solidarity_cli.cli.main import VERBS
from solidarity_cli.register.matching.fold import fold
from tests.support.people import every_object
from tests.support.program import Answer, run_at

NAMES = (
    "Звонцова", "Перелыгина", "Шмидтова", "Oberleuchter", "Wyszkowska", "Наргизова", "Тхоржевский", "Quandtmeier",
    "Бессмертнов", "Kowalczykiewicz", "Ахметжанова", "Drozdzowski", "Жиробокин", "Lachtermann",
)  # fmt: skip
PLACES = (
    "Верхнекамская 17", "Lindengasse 4711", "Село Кривоозёрки", "Niederzwehrenbach", "улица Плотникова-Загорного",
    "Районный суд Чухломинский", "Amtsgericht Oberhinterkirch",
)  # fmt: skip
PHONES = ("+7 912 345 67 89", "+49 151 2345 6780", "+48 601 234 567", "8 (495) 765-43-21", "+375 29 111 22 33")
ADDRESSES = (
    "zvontsova.m@pravozashchita.example", "drozdzowski@helsinki-grupa.example", "нюра@почтамт.example",
    "oberleuchter77@menschenrechtsbuero.example", "plotnik_z@kedr-fond.example",
)  # fmt: skip
WORDS = (
    "Сиреневый портфель под лестницей", "the violet umbrella signal", "Kellerfenster dreimal klopfen",
    "просила передать Мурзику", "paragraph of the secret indictment", "Anklage wegen Windmuehlen",
    "ночью приходили семеро в масках", "her diabetes got worse in the cell", "Attachment-Windrose.pdf",
)  # fmt: skip
SECRETS = (*NAMES, *PLACES, *PHONES, *ADDRESSES, *WORDS)


def needles() -> dict[str, bytes]:
    """How each secret may stand somewhere: folded, its spaces gone, or its digits alone."""
    found = {secret: re.sub(r"[^a-z0-9]", "", fold(secret)).encode() for secret in SECRETS if secret not in PHONES}
    return found | {phone: re.sub(r"\D", "", phone)[-9:].encode() for phone in PHONES}


NEEDLES = needles()


def told(data: bytes) -> list[str]:
    """The secrets that some bytes tell, in whatever alphabet and however they are broken."""
    variants = {data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace"), data.decode("cp1251", "replace")}
    lines = {re.sub(r"[^a-z0-9]", "", fold(text)).encode() for text in variants}
    digits = {re.sub(rb"\D", b"", line) for line in lines}
    return [
        secret
        for secret, needle in NEEDLES.items()
        if any(needle in line for line in (digits if secret in PHONES else lines))
    ]


def test_there_are_forty_and_the_search_finds_each() -> None:
    assert len(set(SECRETS)) == len(NEEDLES) == 40
    for secret in SECRETS:
        assert secret in told(f"x {secret.upper()} y".encode())
    assert told(b"pereslala Zvontsova M.") == ["Звонцова"]
    assert told(b"Nobody was here on 2026-10-31") == []


def settle(patch: pytest.MonkeyPatch, machine: Path) -> None:
    """A machine of its own: home, temporary folder, identities."""
    for name, variable in (("tmp", "TMPDIR"), ("identities", "SOLIDARITY_IDENTITIES"), ("cache", "XDG_CACHE_HOME"),
                           ("data", "XDG_DATA_HOME"), ("runtime", "XDG_RUNTIME_DIR")):  # fmt: skip
        (machine / name).mkdir(mode=0o700, exist_ok=True)
        patch.setenv(variable, str(machine / name))
    patch.setattr("tempfile.tempdir", None)


def letter() -> bytes:
    message = EmailMessage()
    message["From"] = f"Maria {NAMES[3]} <{ADDRESSES[3]}>"
    message["To"] = "solidarity@forum.example"
    message["Subject"] = f"Appeal of {NAMES[4]}"
    message["Date"] = "Mon, 05 Oct 2026 10:00:00 +0200"
    message.set_content(f"Dear friends, {WORDS[7]}. Call {PHONES[1]}. {PLACES[3]}.\n")
    message.add_attachment(b"pdf", maintype="application", subtype="pdf", filename=WORDS[8])
    return message.as_bytes()


class Planted:
    """The register with every secret in it, and everything that was said while they were planted."""

    def __init__(self, world: Path) -> None:
        self.world = world
        self.root = world / "register"
        self.said: list[tuple[tuple[str, ...], Answer]] = []
        self.first = self._id("new-case", "--name", f"Мария {NAMES[0]}", "--contact", PHONES[0], "--country", "RU",
                              "--narrative", f"{WORDS[6]}; {NAMES[1]}", "--incident", "search@2026-10-03",
                              "--subject-kind", "individual", "--membership", "member")  # fmt: skip
        self.second = self._id("new-case", "--from", "-", "--country", "DE", given=letter())
        for field, value in (
            ("contact_name", NAMES[2]), ("safe_channel", WORDS[1]), ("do_not_contact", WORDS[2]), ("place", PLACES[0]),
            ("charges", WORDS[4]), ("court", PLACES[5]), ("lawyer", f"{NAMES[5]} {PHONES[2]}"),
            ("other_names", f"{NAMES[6]},{NAMES[7]}"), ("perpetrator_names", f"{NAMES[8]},{NAMES[9]}"),
            ("contact", f"{ADDRESSES[0]} {PHONES[3]}"),
        ):  # fmt: skip
            self.does("edit", self.first, "--set", f"private.{field}={value}")
        for field, value in (
            ("place", PLACES[1]), ("charges", WORDS[5]), ("court", PLACES[6]), ("lawyer", NAMES[10]),
            ("safe_channel", f"{ADDRESSES[1]} {ADDRESSES[2]}"), ("contact_name", NAMES[11]),
        ):  # fmt: skip
            self.does("edit", self.second, "--set", f"private.{field}={value}")
        self.does("note", self.first, f"{WORDS[0]}; {PLACES[2]}")
        self.does("comment", self.first, "-", given=f"{WORDS[3]} {PHONES[4]}".encode())
        self.does("consent", self.first, "--use", "statistics", "--answer", "granted")
        self.does("consent", self.first, "--use", "share", "--answer", "granted", "--share-with", "eu")
        self.does("assess", self.first, "--decision", "assist", "--reason", "within the mandate", "--basis", "un-hrd-12",
                  "--life-at-risk", "no", "--freedom-at-risk", "yes", "--risk-level", "low")  # fmt: skip
        self.does("hearing", self.first, "--at", "2026-11-20T10:00+03:00")
        self.action = self._id("link-action", self.first, "--type", "letter-support", "--date", "2026-10-31",
                               "--status", "done", "--text", f"Dear {NAMES[12]}, {PLACES[4]}")  # fmt: skip
        self.does("edit", self.action, "--set", f"private.observers={NAMES[13]}")
        self.does("edit", self.action, "--set", f"private.correspondence={ADDRESSES[4]}")

    def does(self, *arguments: str, given: bytes = b"") -> Answer:
        answer = self.says(*arguments, given=given)
        assert answer.exit_code == 0, (arguments, answer)
        return answer

    def says(self, *arguments: str, given: bytes = b"") -> Answer:
        answer = run_at(self.root, "--no-input", *arguments, given=given)
        self.said.append((arguments, answer))
        return answer

    def _id(self, *arguments: str, given: bytes = b"") -> str:
        return self.does("-q", *arguments, given=given).out.strip()


@pytest.fixture(scope="module")
def made(_fixed_world: None, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """The secrets planted once; each test has a copy of the whole machine."""
    machine = tmp_path_factory.mktemp("machine")
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, machine)
        assert run_at(machine, "init", "register", "--name", "Test Register").exit_code == 0
        return Planted(machine)


@pytest.fixture
def planted(made: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    shutil.copytree(made.world, tmp_path, symlinks=True, dirs_exist_ok=True)
    settle(monkeypatch, tmp_path)
    copied = copy(made)
    copied.world, copied.root = tmp_path, tmp_path / "register"
    return copied


def stored(root: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that lies in a repository: files as they are, objects inflated.

    What git has compressed says nothing as it is, and in a hundred thousand of its digits any number can be found.
    """
    for file in root.rglob("*"):
        if file.is_file() and not file.is_symlink() and not re.search(r"objects/(../[0-9a-f]{38}|pack/.*)$", str(file)):
            yield str(file), file.read_bytes()
    for data in every_object(root):
        yield "an object", data


def test_nothing_on_the_disk_tells(planted: Planted) -> None:
    opened = "".join(run_at(planted.root, "show", one, "--json").out for one in (planted.first, planted.second))
    missing = set(SECRETS) - set(told(opened.encode()))
    assert missing <= {NAMES[12], PLACES[4], PHONES[0]} | {NAMES[13], ADDRESSES[4]} | {NAMES[3], NAMES[4]}, missing
    subprocess.run(["git", "gc", "-q"], cwd=planted.root, check=True)
    for place in ("register", "tmp", "cache", "data", "runtime", "identities"):
        root = planted.world / place
        for where, data in (
            stored(root) if place == "register" else ((str(f), f.read_bytes()) for f in root.rglob("*") if f.is_file())
        ):
            assert told(data) == [], where
    log = subprocess.run(
        ["git", "log", "--all", "--format=%B%n%D", "-p"], cwd=planted.root, check=True, capture_output=True
    )
    refs = subprocess.run(["git", "for-each-ref"], cwd=planted.root, check=True, capture_output=True)
    assert told(log.stdout + refs.stdout) == []


def asked(planted: Planted) -> list[tuple[str, ...]]:
    """Every verb that reads, in every format; and mistakes, which are answered too."""
    case, action = planted.first, planted.action
    reports = [("report", "--month", "2026-10", "--format", one, "--audience", audience)
               for one in ("screen", "md", "csv", "json") for audience in ("internal", "public")]  # fmt: skip
    shows = [("show", case, *more, *form) for form in ((), ("--json",))
             for more in ((), ("--audience", "reviewer"), ("--audience", "public"), ("--audience", "recipient:eu"))]  # fmt: skip
    return [
        (), ("--help",), ("list",), ("list", "--json"), ("list", "--ids"), ("list", "--search", NAMES[0]), *shows,
        ("validate",), ("validate", "--format", "json"), ("validate", "--format", "github"),
        ("validate", "--format", "sarif"), ("validate", "--format", "gitlab"), ("validate", "--changed-since", "HEAD~3"),
        ("fmt", "--check"), ("history", case), ("history", case, "--json"), ("history", action), *reports,
        ("agenda", "--days", "60"), ("agenda", "--json"), ("keys", "list"), ("keys", "list", "--json"), ("doctor",),
        ("doctor", "--json"), ("sync",), ("erase", "--due", "--dry-run"), ("show", NAMES[0]), ("show", PHONES[0]),
        ("explain", "private-only"), ("blame", case), ("blame", case, "--json"), ("audit",), ("audit", "--json"),
        ("review",), ("review", "HEAD~4..HEAD"), ("review", "HEAD~4..HEAD", "--format", "md"),
        ("review", "HEAD~9..HEAD", "--format", "json"), ("submit", case), ("resolve",), ("resolve", "--json"),
        ("draft", case, "--type", "statement"), ("draft", case, "--type", "letter", "--language", "ru"),
        ("show", case, "--audience", "reviewer", "--format", "html"), ("--json",), ("audit", "checkpoint"),
        ("undo", "-n"), ("undo", case, "-n"), ("switch", case), ("switch", NAMES[0]), ("switch",), ("export",),
        ("export", "--format", "json"), ("import", "nothing.csv"), ("directory", "list"), ("agenda", "--ics", "-"), ("list", "@"), ("hook", "pre-receive"),
        ("comment", case, "nothing to add"), ("edit", case, "--set", f"title=Search at {NAMES[0]}"),
        ("edit", case, "--set", f"region={PLACES[0]}"), ("assess", case, "--decision", "decline", "--reason", WORDS[1]),
        ("erase", case, "--reason", f"{NAMES[0]} asked", "--confirm", case), ("note", case),
        ("link-action", case, "--type", "statement", "--url", f"https://example.org/{ADDRESSES[0]}"),
    ]  # fmt: skip


def without_key(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = planted.world / "nobody"
    empty.mkdir()
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(empty))


def test_nothing_is_said_without_a_key(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    without_key(planted, monkeypatch)
    verbs = set()
    for arguments in asked(planted):
        answer = run_at(planted.root, "--no-input", *arguments)
        typed = set(told(" ".join(arguments).encode()))
        # A title or a reason somebody types in the open is theirs to see again in a difference; nothing else is.
        assert set(told((answer.out + answer.err).encode())) <= (
            typed if arguments[:1] in (("edit",), ("link-action",), ("assess",)) else set()
        ), arguments
        verbs |= set(arguments[:1])
    assert set(VERBS) - verbs <= {"init", "demo", "new-case", "consent", "hearing", "approve", "update-action",
                                  "set-status"}, set(VERBS) - verbs  # fmt: skip


def test_nothing_is_said_with_a_key_but_to_the_eyes_of_its_holder(planted: Planted) -> None:
    for arguments, answer in planted.said:
        assert told((answer.out + answer.err).encode()) == [], arguments
    for arguments in asked(planted):
        internal = arguments[:1] in (("show",), ("history",), ("undo",)) and "--audience" not in arguments
        answer = run_at(planted.root, "--no-input", *arguments)
        if not internal:
            assert told((answer.out + answer.err).encode()) == [], (arguments, answer)


def test_completion_tells_nothing(planted: Planted) -> None:
    program = Path(sys.executable).with_name("solidarity")
    for words in ("show ", "show S", "edit ", "note ", "link-action ", "list --country ", "keys remove ", "erase "):
        world = {**os.environ, "_SOLIDARITY_COMPLETE": "complete_bash", "COMP_WORDS": f"solidarity {words}",
                 "COMP_CWORD": str(len(words.split(" "))) }  # fmt: skip
        answer = subprocess.run([program], cwd=planted.root, env=world, capture_output=True, check=False)
        assert told(answer.stdout + answer.stderr) == [], words

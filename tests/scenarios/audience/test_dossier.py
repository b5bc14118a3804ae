"""The dossier: one case on paper, by the audience's view only, where nobody else finds it."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pexpect
import pytest
from pypdf import PdfReader

from tests.support.audiences import PRIVATE, SECRETS
from tests.support.program import Answer, Run

Good = Callable[..., Answer]
FORMS = ("md", "html", "pdf")
NAME = str(PRIVATE["subject_name"])


def words_of(file: Path) -> str:
    """What can be read on a paper, line breaks of the setting left out."""
    if file.suffix == ".pdf":
        read = "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.read_bytes())).pages)
        return " ".join(read.split())
    return file.read_text(encoding="utf-8")


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
def public(good: Good, assessed: str) -> str:
    """A case of which something may be public, the name too."""
    good("consent", assessed, "--use", "publicity-person", "--answer", "granted")
    return assessed


@pytest.mark.parametrize("form", FORMS)
def test_the_internal_paper_holds_the_whole_case_and_is_its_owners_alone(
    good: Good, assessed: str, tmp_path: Path, git: Callable[..., str], form: str
) -> None:
    file = tmp_path / f"case.{form}"
    before = git("rev-parse", "HEAD")
    answer = good("show", assessed, "-o", str(file))
    text = words_of(file)
    assert answer.out == ""
    assert assessed in text
    assert NAME in text
    assert "Held for ordinary work" in text
    assert "let nobody else read it" in text
    assert f"Made on 31 October 2026 from commit {before[:10]}" in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")


@pytest.mark.parametrize("form", FORMS)
def test_the_reviewers_paper_says_what_there_is_and_no_value(
    good: Good, assessed: str, tmp_path: Path, without_key: Callable[[], object], form: str
) -> None:
    file = tmp_path / f"case.{form}"
    with without_key():
        good("show", assessed, "--audience", "reviewer", "-o", str(file))
    text = words_of(file)
    assert "private" in text
    assert not leaked(text)


@pytest.mark.parametrize("form", FORMS)
def test_the_public_paper_holds_what_consent_allows_and_no_id(
    good: Good, run: Run, public: str, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"case.{form}"
    good("show", public, "--audience", "public", "-o", str(file))
    raw = file.read_bytes()
    assert leaked(words_of(file)) == [NAME]
    assert "Named with consent" in words_of(file)
    for hidden in (
        public,
        "Held for ordinary",
        "Forum",
        "member",
        "2026-10-12",
        "12 October",
        "In confidence",
        "Allegedly",
        "Verif",
    ):
        assert hidden not in words_of(file), hidden
        assert hidden.encode() not in raw, hidden
    other = tmp_path / f"other.{form}"
    good("consent", public, "--use", "publicity-person", "--answer", "granted", "--embargo", "2026-12-01")
    answer = run("show", public, "--audience", "public", "-o", str(other))
    assert (answer.exit_code, other.exists()) == (1, False)


@pytest.mark.parametrize("form", FORMS)
def test_a_recipients_paper_is_asked_for_by_its_format(
    good: Good, run: Run, referred: str, tmp_path: Path, git: Callable[..., str], form: str
) -> None:
    file, to = tmp_path / f"case.{form}", ("--audience", "recipient:example-relief", "-o")
    refused = run("show", referred, *to, str(file))
    assert (refused.exit_code, file.exists()) == (2, False)
    assert "packet" in refused.err
    before = git("rev-parse", "HEAD")
    answer = good("show", referred, *to, str(file), "--format", form)
    text = words_of(file)
    assert "For Example Relief, from Test Register" in text
    assert NAME in text
    for hidden in ("Zlobin", "Held for ordinary", "second drawer", "from commit"):
        assert hidden not in text, hidden
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "-o packet.age" in answer.err
    assert git("rev-parse", "HEAD") == before


LANGUAGES = ("en", "ru", "de")
SAID = {
    "internal": ("let nobody else read it", "не показывайте документ никому", "Lassen Sie es niemanden sonst lesen"),
    "reviewer": ("private values are not shown", "сведения не показаны", "Vertrauliche Angaben werden nicht gezeigt"),
    "public": ("What may be said on 31 October 2026", "на 31 октября 2026 г. публично", "vom 31. Oktober 2026 öff"),
    "recipient:example-relief": ("For Example Relief, from", "Кому: Example Relief. От", "Für Example Relief, von"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", SAID)
def test_a_paper_speaks_the_language_asked_for_and_says_so_to_its_reader(
    good: Good, referred: str, tmp_path: Path, audience: str, language: str
) -> None:
    good("consent", referred, "--use", "publicity-person", "--answer", "granted")
    place = LANGUAGES.index(language)
    for form in FORMS:
        file = tmp_path / f"case.{form}"
        good("show", referred, "--audience", audience, "--language", language, "-o", str(file), "--format", form)
        text = " ".join(words_of(file).replace("\\", "").split())
        assert SAID[audience][place] in text, form
        assert ("Russia", "Россия", "Russland")[place] in text, form
        assert ("Detention", "Содержание под стражей", "Inhaftierung")[place] in text, form
    assert f'<html lang="{language}">' in (tmp_path / "case.html").read_text(encoding="utf-8")
    assert PdfReader(tmp_path / "case.pdf").trailer["/Root"]["/Lang"] == language


def test_without_consent_a_recipient_gets_no_paper(run: Run, assessed: str, tmp_path: Path) -> None:
    file = tmp_path / "case.pdf"
    answer = run("show", assessed, "--audience", "recipient:example-relief", "--format", "pdf", "-o", str(file))
    assert (answer.exit_code, file.exists()) == (1, False)
    assert not leaked(answer.out + answer.err)


def test_a_private_paper_never_lies_in_the_register(run: Run, referred: str, register: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(register / "cases")
    linked = tmp_path / "linked"
    subprocess.run(["git", "worktree", "add", "-q", str(linked)], cwd=register, check=True)
    places = [register, register / "cases" / "2026", register / ".git", tmp_path / "link", linked, Path()]
    for place in places:
        for more in ((), ("--audience", "recipient:example-relief", "--format", "html")):
            file = place / "case.html"
            answer = run("show", referred, "-o", str(file), *more)
            assert (answer.exit_code, answer.out) == (1, ""), place
            assert "register's folder" in answer.err
    assert not list(tmp_path.rglob("case.html"))


def test_nothing_is_overwritten_and_nothing_is_half_written(
    run: Run, public: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, hanging = tmp_path / "older.md", tmp_path / "hanging.md"
    older.write_text("older")
    hanging.symlink_to(tmp_path / "nowhere")
    for audience in ("internal", "reviewer", "public"):
        for place in (older, hanging, tmp_path, tmp_path / "no" / "case.md"):
            answer = run("show", public, "--audience", audience, "--format", "md", "-o", str(place))
            assert (answer.exit_code, answer.out) == (2, ""), place
    assert older.read_text() == "older"
    assert not (tmp_path / "nowhere").exists()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = run("show", public, "-o", str(tmp_path / "new.md"))
    assert (answer.exit_code, answer.out) == (3, "")
    assert "No space left" in answer.err
    assert not list(tmp_path.glob("new*"))


def test_a_name_that_says_no_format_is_refused(run: Run, assessed: str, tmp_path: Path) -> None:
    for more in (("-o", str(tmp_path / "case")), ("-o", str(tmp_path / "case.docx")), ("-o", "-"), ("--format", "docx"),
                 ("--json", "-o", str(tmp_path / "case.md")), ("--format", "pdf", "--dry-run")):  # fmt: skip
        answer = run("show", assessed, *more)
        assert (answer.exit_code, answer.out) == (2, ""), more


def test_a_terminal_is_shown_no_pdf_and_a_pipe_gets_one(assessed: str, register: Path, program: str) -> None:
    child = pexpect.spawn(
        program, ["show", assessed, "--format", "pdf"], cwd=str(register), encoding="utf-8", timeout=180
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert "a terminal cannot show PDF" in child.before
    assert "%PDF" not in child.before
    piped = subprocess.run(
        [program, "show", assessed, "--format", "pdf"], cwd=register, capture_output=True, check=True
    )
    assert piped.stdout.startswith(b"%PDF")


def test_what_is_sealed_to_the_caller_is_said(
    good: Good, assessed: str, tmp_path: Path, without_key: Callable[[], object]
) -> None:
    file = tmp_path / "case.html"
    with without_key():
        answer = good("show", assessed, "-o", str(file))
    assert "[sealed]" in answer.err
    assert "[sealed]" in file.read_text(encoding="utf-8")
    assert not leaked(file.read_text(encoding="utf-8"))


def test_peoples_words_are_no_markup_on_paper(run: Run, good: Good, assessed: str, tmp_path: Path) -> None:
    good("note", assessed, "<script>alert(1)</script> [link](https://evil.example) **bold**")
    good("show", assessed, "-o", str(tmp_path / "case.html"))
    good("show", assessed, "-o", str(tmp_path / "case.md"))
    assert "<script>" not in (tmp_path / "case.html").read_text(encoding="utf-8")
    assert "[link](" not in (tmp_path / "case.md").read_text(encoding="utf-8")

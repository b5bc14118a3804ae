"""What is read at all, and how it is told what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solidarity_cli.core.errors import UsageError
from solidarity_cli.interchange import email as intake
from solidarity_cli.interchange.email import read
from tests.support.mails import mail, taken

NAME = "Appeal of Orla Fennimore"


@pytest.mark.parametrize("name", ["x.eml", "x.EML", "-", "letter.txt", "letter"])
def test_a_mail_is_known_by_its_look(name):
    assert (
        read(mail("Hello.\n"), name=name).record["private"]["narrative"] == "Subject: News from the harbour\n\nHello."
    )


@pytest.mark.parametrize("name", ["x.yaml", "x.YML", "-", "draft"])
def test_a_draft_is_known_by_its_look(name):
    data = b"# a comment\n\nreceived: '2026-02-11'\nsubject: {country: 'NO'}\n"
    assert read(data, name=name).record == {"received": "2026-02-11", "subject": {"country": "NO"}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \r\n\n",
        b"\0\0\0\0",
        b"\xef\xbb\xbf",
        b"%PDF-1.7\n%\xe2\xe3",
        b"PK\x03\x04\0\0\0",
        b"just words\n",
        bytes(range(256)),
    ],
)
@pytest.mark.parametrize("ending", [".eml", ".txt", ""])
def test_what_is_neither_is_refused_with_a_next_step_and_without_its_name(data, ending):
    with pytest.raises(UsageError) as trouble:
        read(data, name=NAME + ending)
    assert trouble.value.hint
    assert "Orla" not in trouble.value.message + trouble.value.hint


def test_an_outlook_file_is_named_as_such():
    with pytest.raises(UsageError, match=r"Outlook \.msg") as trouble:
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, name="x.msg")
    assert ".eml" in trouble.value.hint


def test_a_file_over_the_limit_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(intake, "LIMIT", 100)
    assert intake.read(mail("x\n", From=None, Subject=None, Message_ID=None, To=None, MIME_Version=None), name="a.eml")
    with pytest.raises(UsageError, match="larger than 64 MB"):
        intake.read(mail("x" * 100), name="a.eml")


def test_the_limit_is_64_mebibytes():
    assert intake.LIMIT == 67_108_864


def test_the_line_of_a_mailbox_is_passed_over_and_a_whole_mailbox_refused():
    one = b"From - Wed Feb 11 09:30:00 2026\n" + mail("Hello.\n")
    assert taken(one).record["received"] == "2026-02-11"
    with pytest.raises(UsageError, match="several mails"):
        taken(one + b"\n" + one)


def test_reading_files_from_a_folder_of_appeals():
    folder = os.environ.get("SOLIDARITY_APPEALS")
    if not folder:
        pytest.skip("SOLIDARITY_APPEALS names no folder")
    for path in sorted(Path(folder).glob("*.eml")):
        draft = read(path.read_bytes(), name=path.name)
        assert draft.record["channel"] == "email"
        assert draft.record["private"]["narrative"]

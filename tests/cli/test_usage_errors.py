"""A command typed wrong is answered without what was typed; a passphrase typed wrong with how often one may try."""

from __future__ import annotations

from pathlib import Path

import pytest

from solidarity_cli.crypto.identities import AskOnce, make, open_identity
from tests.support.keyring import with_passphrase
from tests.support.program import Run

_NAME = "Zvontsova"


@pytest.mark.parametrize(
    ("typed", "said", "step"),
    [
        (["list", "--serch", _NAME], "no such option", "did you mean --search? all of them: solidarity list --help"),
        (["list", f"--{_NAME}"], "no such option", "solidarity list --help"),
        (["list", f"--{_NAME}=1"], "no such option", "solidarity list --help"),
        (["list", f"-Z{_NAME}"], "no such option", "solidarity list --help"),
        (["keys", "list", "--jsn"], "no such option", "did you mean --json? all of them: "),
        ([f"--{_NAME}", "list"], "no such option", "solidarity --help"),
        (["--quite"], "no such option", "did you mean --quiet? all of them: solidarity --help"),
        (["list", "-q"], "no such option", "it goes before the verb: solidarity -q list"),
        (["lst"], "no such command", "did you mean: solidarity list? all of them: solidarity --help"),
        ([_NAME], "no such command", "solidarity --help"),
        (["list", "--limit", _NAME.upper()], "invalid value for '--limit': this is not a valid int", "list --help"),
        (["list", "--limit", f"-{_NAME.lower()}"], "invalid value for '--limit': this is not a valid int", "list"),
        (["show", "one", _NAME], "got unexpected extra argument", "solidarity show --help"),
        (["show"], "missing argument 'ID'", "solidarity show --help"),
    ],
)
def test_what_was_typed_is_not_repeated(run: Run, typed: list[str], said: str, step: str) -> None:
    answer = run(*typed)
    assert (answer.exit_code, answer.out) == (2, "")
    error, hint = answer.err.splitlines()
    assert error.startswith(f"error: {said}")
    assert step in hint
    assert _NAME.casefold() not in answer.err.casefold()


def test_a_wrong_passphrase_is_told_with_the_tries_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    public = make()
    file = tmp_path / "identities" / public
    file.write_bytes(with_passphrase(file.read_bytes(), "correct horse"))
    answers = iter(["wrong", "Wrong", "correct horse"])
    ask = AskOnce(lambda: next(answers))
    assert open_identity(public, ask)
    assert capsys.readouterr().err.splitlines() == [
        "that passphrase does not open it; 2 tries left",
        "that passphrase does not open it; 1 try left",
    ]
    assert open_identity(public, ask)  # known by now: nobody is asked, and nothing is said
    assert capsys.readouterr().err == ""

"""Bad input and a bad world: clear words, the right exit code, nothing lost, nothing half-written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.interruption import CountedGit
from tests.support.program import Once, Run

Git = Callable[..., str]
NEW = ("--country", "RU", "--incident", "search", "--subject-kind", "organisation")


@pytest.fixture
def case(new_case: Callable[..., str], once: Once) -> str:
    """One case."""

    def build() -> str:
        return new_case(*NEW)

    return once(build)


@pytest.fixture
def file(register: Path, case: str) -> Path:
    """Its file."""
    return register / "cases" / "2026" / f"{case}.yaml"


def _one_sentence(answer: object) -> None:
    err = getattr(answer, "err", "")
    assert "Traceback" not in err
    assert err.startswith("error: ") or "\nerror: " in err


SPOILED = {
    "an unknown key": (lambda text: text + b"colour: red\n", "there is no such field here"),
    "a duplicate key": (lambda text: text + b"kind: appeal\n", "a field is written twice"),
    "a tab": (lambda text: text.replace(b"  country", b"\tcountry"), "a tab stands here"),
    "an anchor": (lambda text: text.replace(b"kind: appeal", b"kind: &a appeal"), "an anchor or alias"),
    "a tag": (lambda text: text.replace(b"kind: appeal", b"kind: !!str appeal"), "a tag (!) stands here"),
    "a merge key": (lambda text: text + b"<<: {a: 1}\n", "a merge key"),
    "two documents": (lambda text: text + b"---\na: 1\n", "a second document begins here"),
    "a byte-order mark": (lambda text: b"\xef\xbb\xbf" + text, "byte-order mark"),
    "Windows line endings": (lambda text: text.replace(b"\n", b"\r\n"), "Windows line endings"),
    "latin-1 bytes": (lambda text: text + "# Übersicht\n".encode("latin-1"), "not written in UTF-8"),
    "an empty file": (lambda text: b"", "the file is empty"),
    "a 50 MB file": (lambda text: text + b"# " + b"x" * 50_000_000 + b"\n", "larger than 1 MB"),
    "a day that is none": (lambda text: text.replace(b'"2026-10-31"', b'"2026-02-30"'), "received"),
    "an unquoted date": (lambda text: text.replace(b'"2026-10-31"', b"2026-02-30"), "received"),
    "a number as a key": (lambda text: text + b"1: 2\n", "the name of a field is not a word"),
    "a list at the top": (lambda text: b"- a\n", "does not hold fields"),
    "endless nesting": (lambda text: text + b"x: " + b"[" * 5000 + b"\n", "nested too deeply"),
    "an invisible character": (lambda text: text.replace(b"RU", b"R\x00U"), "invisible control character"),
    "a wrong code": (lambda text: text.replace(b"status: received", b"status: open"), "status"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_spoiled_record_is_a_finding_with_its_line(what: str, run: Run, file: Path, git: Git) -> None:
    spoil, words = SPOILED[what]
    good = file.read_bytes()
    file.write_bytes(spoil(good))
    answer = run("validate")
    assert answer.exit_code == 1, answer
    assert words in answer.out
    assert f"cases/2026/{file.name}:" in answer.out
    assert file.read_bytes() == spoil(good)
    for verb in (["list"], ["show", file.stem], ["report", "--month", "2026-10"], ["agenda"], ["list", "--json"], []):
        answer = run(*verb)
        assert answer.exit_code in (0, 1), verb
        assert "Traceback" not in answer.err
    refused = run("note", file.stem, "words")
    assert refused.exit_code in (1, 3), refused
    _one_sentence(refused)
    assert file.read_bytes() == spoil(good)
    git("checkout", "--", ".")
    assert run("validate").exit_code == 0


def test_norway_unquoted_is_norway(run: Run, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"RU"', b"NO"))
    assert run("validate").exit_code == 0
    assert "\tNO\t" in run("list").out
    assert run("fmt", "--check").exit_code == 1


def test_a_file_named_unlike_its_id(run: Run, file: Path) -> None:
    file.rename(file.with_name("SG-2026-AAAAAA.yaml"))
    answer = run("validate")
    assert answer.exit_code == 1
    assert "named unlike its id" in answer.out


def test_a_link_out_of_the_register_is_not_followed(run: Run, register: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("id: SG-2026-AAAAAA\ntitle: secret words\n", encoding="utf-8")
    (register / "cases" / "2026").mkdir(parents=True, exist_ok=True)
    (register / "cases" / "2026" / "SG-2026-AAAAAA.yaml").symlink_to(secret)
    answer = run("validate")
    assert answer.exit_code == 1
    assert "links are not followed" in answer.out
    for verb in (["show", "SG-2026-AAAAAA"], ["list"], ["list", "--search", "secret"]):
        assert "secret words" not in run(*verb).out + run(*verb).err


def test_a_folder_that_is_a_link_is_not_written_through(run: Run, register: Path, tmp_path: Path, git: Git) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(register / "cases")
    (register / "cases").symlink_to(outside)
    answer = run("--no-input", "new-case", *NEW)
    assert answer.exit_code == 3, answer
    assert not list(outside.rglob("*"))


def test_an_action_on_a_case_that_does_not_exist(run: Run) -> None:
    answer = run("link-action", "SG-2026-AAAAAA", "--type", "information")
    assert answer.exit_code == 1
    _one_sentence(answer)


def test_a_step_that_is_not_allowed_names_those_that_are(run: Run, case: str) -> None:
    answer = run("set-status", case, "closed", "--reason", "done", "--outcome", "released")
    assert answer.exit_code == 1
    assert "assessing" in answer.err


def test_no_git_identity(run: Run, register: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    answer = run("--no-input", "new-case", *NEW)
    assert answer.exit_code == 3
    assert "git config --global user.email" in answer.err
    assert not git("status", "--porcelain")


def test_a_detached_head(run: Run, case: str, git: Git) -> None:
    git("checkout", "--quiet", "--detach")
    answer = run("note", case, "words")
    assert answer.exit_code == 3
    assert "no branch" in answer.err
    assert not git("status", "--porcelain")


def test_a_merge_in_progress(run: Run, case: str, file: Path, git: Git, register: Path) -> None:
    git("checkout", "--quiet", "-b", "other")
    assert run("edit", case, "--set", "urgency=low").exit_code == 0
    git("checkout", "--quiet", "main")
    assert run("edit", case, "--set", "urgency=high").exit_code == 0
    subprocess.run(["git", "merge", "--quiet", "other"], cwd=register, check=False, capture_output=True)
    answer = run("note", case, "words")
    assert answer.exit_code in (1, 3)
    assert "merge" in answer.err
    assert "<<<<<<<" in file.read_text(encoding="utf-8")
    assert "wait to be merged" in run("validate").out
    assert run("new-case", *NEW).exit_code == 3


def test_a_failing_commit_hook_leaves_nothing_behind(run: Run, register: Path, case: str, git: Git) -> None:
    hook = register / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    before = sorted(register.rglob("*.yaml"))
    for verb in (["new-case", *NEW], ["note", case, "words"], ["link-action", case, "--type", "information"]):
        answer = run("--no-input", *verb)
        assert answer.exit_code == 3, answer
        assert "not today" in answer.err
        assert not git("status", "--porcelain")
    assert sorted(register.rglob("*.yaml")) == before


def test_other_staged_work_is_left_alone(run: Run, register: Path, case: str, git: Git) -> None:
    (register / "letter.txt").write_text("draft\n", encoding="utf-8")
    git("add", "letter.txt")
    assert run("note", case, "words").exit_code == 0
    assert git("status", "--porcelain") == "A  letter.txt\n"
    assert "letter.txt" not in git("show", "--name-only", "--format=")


def test_hand_made_changes_are_not_mixed_into_an_act(run: Run, case: str, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("urgency", "urgency") + "# by hand\n", encoding="utf-8")
    answer = run("note", case, "words")
    assert answer.exit_code == 3
    assert "in no commit" in answer.err
    assert file.read_text(encoding="utf-8").endswith("# by hand\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder(run: Run, register: Path, case: str, git: Git) -> None:
    folder = register / "cases" / "2026"
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        answer = run("note", case, "words")
    finally:
        folder.chmod(0o755)
    assert answer.exit_code == 3
    _one_sentence(answer)
    assert not git("status", "--porcelain")


def test_a_full_disk_while_writing(register: Path, case: str, git: Git, program: str) -> None:
    """A limit on the size of files stands for the full disk: the write fails in the middle, as it would there."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    text = "words " * 2000
    answer = subprocess.run(
        [program, "--no-input", "note", case, text],
        cwd=register,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )
    assert answer.returncode == 3, answer
    assert answer.stderr.startswith("error: ")
    assert "Traceback" not in answer.stderr
    assert not git("status", "--porcelain")
    assert not list(register.rglob("*.part"))


def test_two_verbs_at_once_both_arrive(register: Path, case: str, program: str, git: Git) -> None:
    acts = [
        subprocess.Popen(
            [program, "-q", "--no-input", "new-case", *NEW], cwd=register, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    made = {act.communicate()[0].strip() for act in acts}
    assert all(act.returncode == 0 for act in acts)
    assert len(made) == 6
    assert not git("status", "--porcelain")
    assert git("log", "--format=%s").count("new-case") == 7


def test_two_verbs_at_once_on_one_case_lose_nothing(
    register: Path, case: str, program: str, git: Git, run: Run
) -> None:
    acts = [
        subprocess.Popen(
            [program, "--no-input", "note", case, f"words {n}"], cwd=register, stderr=subprocess.PIPE, text=True
        )
        for n in range(4)
    ]
    codes = [(act.communicate()[1], act.returncode)[1] for act in acts]
    assert set(codes) <= {0, 3}
    assert git("log", "--format=%s").count("note") == codes.count(0) >= 1
    assert not git("status", "--porcelain")
    assert run("validate").exit_code == 0


def test_ctrl_c_at_any_start_of_git(
    register: Path, case: str, program: str, tmp_path: Path, git: Git, run: Run
) -> None:
    counted = CountedGit(tmp_path / "counted")

    def act() -> tuple[int, str]:
        done = subprocess.run(
            [program, "--no-input", "note", case, "words"],
            cwd=register, env=counted.environment(), check=False, capture_output=True, text=True, start_new_session=True,
        )  # fmt: skip
        return done.returncode, done.stderr

    assert act()[0] == 0
    starts = counted.starts
    # The last start comes when the commit is made already: it must not be taken back in the files.
    # One of the others is GitPython's, which asks git for its version while it is imported.
    for start in range(1, starts + 1):
        counted.signal_at(start, "INT")
        code, err = act()
        assert code in (0, 130), (start, err)
        assert "Traceback" not in err, start
        assert not git("status", "--porcelain"), start
        assert run("validate").exit_code == 0, start


@pytest.mark.parametrize("sealing", [False, True])
def test_a_new_case_stays_whole_when_git_ends_badly_after_its_commit(
    tmp_path: Path, program: str, run: Run, sealing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    folder = tmp_path / "new"
    options = () if sealing else ("--no-sealing",)
    assert run("--no-input", "init", str(folder), "--name", "Register", *options, at=tmp_path).exit_code == 0
    hook = folder / ".git" / "hooks" / "reference-transaction"
    hook.write_text(
        '#!/bin/sh\n[ "$1" = committed ] || exit 0\ngrep -q refs/heads/main || exit 0\nkill -INT 0\nsleep 0.05\n'
    )
    hook.chmod(0o755)
    words = "A search of the office"
    command = [program, "--no-input", "new-case", "--country", "DE", "--narrative", words]
    subprocess.run(command, cwd=folder, check=False, capture_output=True, start_new_session=True)
    hook.unlink()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=folder, check=True, capture_output=True, text=True)
    assert not status.stdout
    cases = [file.stem for file in folder.glob("cases/*/*.yaml")]
    assert len(cases) == 1
    assert words in run("show", cases[0], "--json", at=folder).out


def test_ctrl_c_while_git_commits(register: Path, case: str, program: str, git: Git, run: Run) -> None:
    hook = register / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nkill -INT 0\n", encoding="utf-8")
    hook.chmod(0o755)
    act = subprocess.run(
        [program, "--no-input", "note", case, "words"],
        cwd=register, check=False, capture_output=True, text=True, start_new_session=True,
    )  # fmt: skip
    assert act.returncode == 130, act
    assert "Traceback" not in act.stderr
    assert not git("status", "--porcelain")
    assert run("validate").exit_code == 0


def test_a_truncated_and_a_huge_mail(run: Run, tmp_path: Path, git: Git) -> None:
    head = b"From: a@example.org\nSubject: x\nDate: Thu, 1 Oct 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
    cut = head + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nWe need help'
    mail = tmp_path / "mail.eml"
    mail.write_bytes(cut)
    answer = run("--no-input", "new-case", "--from", str(mail))
    assert answer.exit_code == 0, answer
    assert "cut off" in answer.err
    part = b"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    body = part + b"Content-Transfer-Encoding: base64\n\n" + (b"QUFB" * 19 + b"\n") * 390_000 + b"--b--\n"
    mail.write_bytes(
        head + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHelp\n' + body
    )
    assert mail.stat().st_size > 29_000_000
    assert run("--no-input", "new-case", "--from", str(mail)).exit_code == 0
    mail.write_bytes(b"x" * 70_000_000)
    too_large = run("--no-input", "new-case", "--from", str(mail))
    assert too_large.exit_code == 2
    _one_sentence(too_large)
    assert not git("status", "--porcelain")


def test_steering_characters_in_words_never_reach_the_screen(run: Run, case: str) -> None:
    words = "a\x1b[31m\u202ereversed [/b] <script> | `x`"
    assert run("note", case, words).exit_code == 0
    assert run("edit", case, "--set", f"private.contact_name={words}").exit_code == 0
    for verb in (["show", case], ["show", case, "--json"], ["history", case], ["list", "--search", "reversed"]):
        answer = run(*verb)
        assert answer.exit_code == 0
        assert "\x1b" not in answer.out
        assert "\u202e" not in answer.out


def test_a_closed_stdout_ends_without_a_word(register: Path, case: str, program: str) -> None:
    for verb in ("explain codes", "list", "show " + case):
        shell = f"'{program}' {verb} | true; '{program}' {verb} | head -c 1 >/dev/null"
        answer = subprocess.run(["bash", "-c", shell], cwd=register, capture_output=True, text=True, check=False)
        assert not answer.stderr.replace("note: ", ""), answer.stderr


def test_usage_is_one_sentence_without_what_was_typed(run: Run, case: str) -> None:
    for typed in (
        ["list", "--limit", "Zvontsova"],
        ["show", case, "Taisiya", "Zvontsova"],
        ["Zvontsova"],
        ["list", "--zvontsova"],
    ):
        answer = run(*typed)
        assert answer.exit_code == 2, typed
        _one_sentence(answer)
        assert "Zvontsova" not in answer.err


def test_the_cache_may_be_spoiled_or_away(run: Run, case: str, register: Path) -> None:
    expected = run("list", "--json").out
    (cache,) = (register / ".git" / "solidarity").glob("cache-*.sqlite")
    cache.write_bytes(b"this is no database" * 1000)
    assert run("list", "--json").out == expected
    cache.unlink(missing_ok=True)
    cache.mkdir()
    assert run("list", "--json").out == expected


def test_nothing_private_is_in_the_cache(run: Run, case: str, register: Path) -> None:
    assert run("edit", case, "--set", "private.subject_name=Zinaida Morozova").exit_code == 0
    assert run("list", "--search", "морозова").out
    assert run("report", "--month", "2026-10").exit_code == 0
    for file in (register / ".git" / "solidarity").iterdir():
        assert b"Morozova" not in file.read_bytes()
        assert b"morozova" not in file.read_bytes()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (("list", "-q"), "solidarity -q list"),
        (("keys", "list", "--no-input"), "solidarity --no-input keys list"),
        (("show", "-C", "here"), "solidarity -C DIR show"),
        (("list", "--zz"), "solidarity list --help"),
    ],
)
def test_an_option_of_the_program_behind_a_verb(typed: tuple[str, ...], hint: str, run: Run) -> None:
    answer = run(*typed)
    assert answer.exit_code == 2
    assert answer.err.endswith(f"{hint}\n")

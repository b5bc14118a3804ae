"""`init --server`, and what people do with it: over a path and over HTTP, in reviews, with the list the server keeps."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.http_server import http_server
from tests.support.program import Run, run_at
from tests.support.served import Pusher, Server

Made = Callable[..., Pusher]
Served = Callable[[Path], Server]


@contextmanager
def address_of(server: Server, way: str) -> Iterator[str]:
    if way == "path":
        yield str(server.folder)
    else:
        # The server's own settings say that it takes pushes; nothing else does.
        with http_server(server.folder.parent, open_to_all=False) as base:
            yield f"{base}/{server.folder.name}"


@pytest.mark.parametrize("way", ["path", "http"])
def test_a_register_grows_on_it_and_a_refusal_is_told_by_sync(
    tmp_path: Path, served: Served, pusher: Made, way: str
) -> None:
    server = served(tmp_path / 's:r "v' / "register.git")
    with address_of(server, way) as address:
        anna = pusher("anna", server, address=address)
        anna.does("sync")
        case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search", "--name", "Zinaida Morozova")
        anna.does("note", case, "first")
        anna.does("sync")
        boris = pusher("boris", server, clone=True, address=address)
        assert server.git("rev-parse", "main", "refs/solidarity/keyring").split() == [
            anna.git("rev-parse", "main"),
            anna.git("rev-parse", "refs/solidarity/keyring"),
        ]
        before = server.state()
        boris.edit(case, "status: received", "status: closed")
        boris.commit()
        answer = boris.person.run("--no-input", "sync")
        assert answer.exit_code == 1, answer
        assert f"error: the remote did not take it: {case} is closed without a closure" in answer.err
        assert "[lifecycle]" in answer.err
        assert len(answer.err.strip().splitlines()) == 2
        assert answer.err.splitlines()[1].strip().startswith("solidarity ")
        assert "Morozova" not in answer.err + answer.out
        assert server.state() == before
        boris.again()
        boris.does("edit", case, "--set", "urgency=urgent")
        boris.does("sync")
        anna.does("sync")
        anna.does("audit")
        # As somebody audits who clones it anew.
        assert run_at(boris.clone, "audit").exit_code == 0
        assert server.git("fsck", "--strict") == ""


def test_it_is_set_up_once_and_put_in_order_again(tmp_path: Path, served: Served) -> None:
    server = served(tmp_path / "register.git")
    wanted = {
        "receive.denyNonFastForwards": "true",
        "receive.fsckObjects": "true",
        "http.receivepack": "true",
        "core.logAllRefUpdates": "always",
    }
    server.git("config", "receive.denyNonFastForwards", "false")
    hook = server.folder / "hooks" / "pre-receive"
    hook.chmod(0o644)
    answer = run_at(tmp_path, "init", "--server", "register.git")
    assert answer.exit_code == 0
    assert "in order" in answer.out
    assert "git remote add origin" in answer.err
    assert "solidarity sync" in answer.err
    assert {name: server.git("config", name) for name in wanted} == wanted
    assert server.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert hook.stat().st_mode & 0o111
    own = "#!/bin/sh\nexit 0\n"
    hook.write_text(own)
    answer = run_at(tmp_path, "init", "--server", "register.git")
    assert answer.exit_code == 1
    assert "somebody's own" in answer.err
    assert hook.read_text() == own


def test_a_folder_with_anything_else_is_left_alone(run: Run, register: Path) -> None:
    before = sorted(register.rglob("*"))
    answer = run("init", "--server", ".")
    assert answer.exit_code == 1
    assert "something else" in answer.err
    assert sorted(register.rglob("*")) == before


def test_without_the_program_nothing_is_taken(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    hook = server.folder / "hooks" / "pre-receive"
    lines = (
        f"program={tmp_path}/nowhere" if line.startswith("program=") else line for line in hook.read_text().splitlines()
    )
    hook.write_text("\n".join(lines).replace("command -v solidarity", "command -v solidarity-is-gone") + "\n")
    answer = anna.push()
    assert answer.exit_code
    assert "solidarity is not where it was" in answer.err
    assert server.git("for-each-ref") == ""


def test_what_a_strange_server_says_is_told_calmly(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    said = "\\033[31mno for 'Maria' at https://u:secret@host/x \\033]0;x\\007" + "y" * 5_000
    (server.folder / "hooks" / "pre-receive").write_text(f"""#!/bin/sh\nprintf "error: {said}\\n" >&2\nexit 1\n""")
    answer = anna.person.run("--no-input", "sync")
    assert answer.exit_code == 1
    assert answer.err.startswith("error: the remote did not take it: ")
    assert "Maria" not in answer.err
    assert "secret" not in answer.err
    assert all(char.isprintable() or char == "\n" for char in answer.err)
    assert len(answer.err) < 500
    assert answer.err.splitlines()[1].strip() == "your acts are safe here; ask who keeps it"


def test_the_server_s_own_list_wins_over_the_pushed_one(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna, boris = pusher("anna", server), pusher("boris", server)
    (server.folder / "allowed_signers").write_text(boris.allowed)
    anna.signs()
    (anna.clone / "allowed_signers").write_text(anna.allowed)
    anna.commit("--amend")
    answer = anna.push()
    assert answer.exit_code
    assert "nobody in the list of allowed signers has" in answer.err
    (server.folder / "allowed_signers").write_text(boris.allowed + anna.allowed)
    assert anna.push().exit_code == 0


@pytest.mark.parametrize(
    ("mode", "unsigned", "strangers"), [("required", False, False), ("checked", True, False), ("off", True, True)]
)
def test_signatures_are_asked_for_as_the_server_is_set(
    tmp_path: Path, served: Served, pusher: Made, mode: str, unsigned: bool, strangers: bool
) -> None:
    server = served(tmp_path / "register.git")
    anna, eve = pusher("anna", server), pusher("eve", server)
    (server.folder / "allowed_signers").write_text(anna.allowed)
    anna.signs()
    anna.commit("--amend")
    server.git("config", "solidarity.signatures", mode)
    assert anna.push().exit_code == 0
    anna.commit("--no-gpg-sign")
    assert (anna.push().exit_code == 0) is unsigned
    anna.again()
    anna.git("config", "user.signingkey", str(eve.key))
    anna.commit()
    assert (anna.push().exit_code == 0) is strangers


def test_rules_come_first_and_what_they_allow_second(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
    assert anna.push().exit_code == 0
    schema = anna.clone / "schemas" / "case.schema.json"
    shape = json.loads(schema.read_text())
    shape["properties"]["colour"] = {"type": "string"}
    schema.write_text(json.dumps(shape))
    rules = anna.commit()
    anna.edit(case, "status: received", "status: received\ncolour: green")
    anna.commit()
    answer = anna.push()
    assert answer.exit_code
    assert f"git push origin {rules[:10]}:main" in answer.err
    assert anna.push(f"{rules}:main").exit_code == 0
    assert anna.push().exit_code == 0


def test_what_was_wrong_before_refuses_nothing(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
    anna.edit(case, "status: received", "status: lost")
    anna.commit()
    assert anna.push().exit_code
    # Whoever keeps the server takes a register as it is.
    server.git("fetch", "-q", str(anna.clone), "main:main")
    anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
    assert anna.push().exit_code == 0


def test_a_branch_goes_when_its_acts_are_on_the_main_branch(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    anna.commit()
    anna.does("sync")
    anna.does("note", case, "for review")
    anna.does("submit")
    branch = f"refs/heads/case/{case}"
    assert branch in server.git("for-each-ref")
    answer = anna.push(f":{branch}")
    assert answer.exit_code
    assert "not on the main branch" in answer.err
    merger = pusher("boris", server, clone=True)
    merger.git("merge", "-q", "--squash", f"origin/case/{case}")
    merger.commit()
    assert merger.push().exit_code == 0
    before = server.state()[1]
    anna.does("sync")
    assert branch not in server.git("for-each-ref")
    assert server.state()[1] == before
    # Its name is free for the next review.
    anna.does("note", case, "for the next review")
    anna.does("submit")
    assert branch in server.git("for-each-ref")


@pytest.mark.parametrize("name", ["directory/relief", "view/soon"])
def test_organisations_and_views_wait_on_a_server_too(tmp_path: Path, served: Served, pusher: Made, name: str) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    anna.commit()
    anna.does("sync")
    if name == "view/soon":
        anna.does("list", "--country", "RU", "--save-as", "soon")
    else:
        entry = ("directory", "add", "relief", "--name", "Relief", "--service", "legal")
        anna.does(*entry, "--channel", "x@relief.example")
    anna.does("submit")
    assert f"refs/heads/{name}" in server.git("for-each-ref")
    refused = anna.push(f":refs/heads/{name}")
    assert refused.exit_code
    assert "not on the main branch" in refused.err
    merger = pusher("boris", server, clone=True)
    merger.git("merge", "-q", "--squash", f"origin/{name}")
    merger.commit()
    assert merger.push().exit_code == 0
    anna.does("sync")
    assert name not in server.git("for-each-ref")
    assert anna.git("symbolic-ref", "--short", "HEAD") == "main"


def test_approvals_count_on_the_server_as_in_a_clone(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    anna.signs()
    (anna.clone / "allowed_signers").write_text(anna.allowed)
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 1"))
    anna.commit()
    anna.does("sync")
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search@2026-10-01", "--membership", "member")
    said = ("--decision", "assist", "--reason", "a reason", "--basis", "un-hrd-12.2", "--life-at-risk", "no")
    anna.does("assess", case, *said)
    assert anna.push().exit_code == 0
    # Written by hand under somebody else's name, and acted on: the signature says that it was the assessor again.
    anna.does("approve", case, "--by", "Boris <boris@forum.example>")
    anna.edit(case, "status: active", "status: closed")
    anna.commit()
    answer = anna.push()
    assert "waits for approvals" in answer.err, answer


def test_an_erasure_takes_its_key_along(tmp_path: Path, served: Served, pusher: Made) -> None:
    server = served(tmp_path / "register.git")
    anna = pusher("anna", server)
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search", "--name", "Zinaida Morozova")
    anna.does("sync")
    assert case in server.git("ls-tree", "-r", "--name-only", "refs/solidarity/keyring")
    anna.does("erase", case, "--reason", "the person asked for it", "--confirm", case)
    anna.does("sync")
    assert case not in server.git("ls-tree", "-r", "--name-only", "refs/solidarity/keyring")


def test_the_hook_by_hand_is_told_who_calls_it(register: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    assert run_at(register, "hook", "pre-receive", given=b"").exit_code == 3
    answer = run_at(bare, "hook", "pre-receive", given=b"nonsense\n")
    assert answer.exit_code == 3
    assert "called by git" in answer.err


def test_without_sealing_what_is_private_is_looked_for_in_messages_paths_and_files(
    tmp_path: Path, served: Served, register: Path, new_case: Callable[..., str], git: Callable[..., str]
) -> None:
    server = served(tmp_path / "server" / "register.git")
    git("remote", "add", "origin", str(server.folder))
    git("push", "-q", "origin", "main")
    before = server.state()
    case = new_case("--country", "RU", "--incident", "search", "--name", "Zinaida Morozova")
    good = git("rev-parse", "HEAD").strip()
    (register / "minutes.md").write_text("spoke with Zinaida Morozova\n")
    git("add", "--all")
    git("commit", "-q", "-m", "minutes")
    told = []
    told.append(_pushed(register))
    git("reset", "-q", "--hard", good)
    git("commit", "-q", "--allow-empty", "-m", "for Zinaida Morozova")
    told.append(_pushed(register))
    assert all("holds something from the private part" in one and case in one for one in told), told
    assert "Morozova" not in "".join(told)
    assert server.state() == before
    git("reset", "-q", "--hard", good)
    git("push", "-q", "origin", "main")


def _pushed(register: Path) -> str:
    asked = ["git", "push", "-q", "origin", "main"]
    done = subprocess.run(asked, cwd=register, check=False, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def test_no_other_option_is_passed_over_in_silence(tmp_path: Path) -> None:
    answer = run_at(tmp_path, "init", "--server", "here.git", "--forge", "github")
    assert answer.exit_code == 2
    assert "takes no other option" in answer.err
    assert not (tmp_path / "here.git").exists()

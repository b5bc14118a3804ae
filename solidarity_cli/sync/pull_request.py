"""A pull request opened for a branch, by whatever way there is to it; and the address where a person opens it.

What goes out are ids and codes. What comes back is believed as far as it leads to the forge that was pushed to.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.sync.remote import Pushed, Remote

_URL = re.compile(
    r"(?P<scheme>[a-z+]+)://(?:[^/@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^/:@]+)(?::(?P<port>\d+))?/(?P<path>.+)"
)
_SCP = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:@]{2,}):(?P<path>[^/].*|/.+)")
_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~/?&=%#+-]+")
_COMMANDS = {"github": "gh", "gitlab": "glab", "forgejo": "tea"}
_FORGE_OF = {"gh": "github", "glab": "gitlab", "tea": "forgejo", "push-options": "gitlab", "agit": "forgejo"}
_KNOWN = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "forgejo", "gitea.com": "forgejo"}
_PATIENCE = 60
"""Seconds for a forge's own command."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remote is, without what only git has to know: user, password, port of ssh. Empty for a folder."""

    web: str = ""
    host: str = ""
    path: str = ""

    @classmethod
    def of(cls, address: str) -> Place:
        """The place that an address of git leads to, in its https, ssh and short form."""
        if match := _URL.fullmatch(address):
            scheme = match["scheme"] if match["scheme"] in ("http", "https") else "https"
            port = f":{match['port']}" if match["port"] and match["scheme"] in ("http", "https") else ""
            if match["scheme"] in ("file", "git"):
                return cls(host=match["host"])
        elif "://" not in address and "\\" not in address and (match := _SCP.fullmatch(address)):
            scheme, port = "https", ""
        else:
            return cls()
        path = match["path"].strip("/").removesuffix(".git")
        return cls(f"{scheme}://{match['host']}{port}", match["host"].lower(), path)

    def forge(self, configured: str = "") -> str:
        """Whose forge it is: `github`, `gitlab`, `forgejo`; empty when nothing tells."""
        named = next((name for name in ("github", "gitlab", "forgejo") if name in self.host), "")
        named = named or ("forgejo" if "gitea" in self.host else "")
        return _FORGE_OF.get(configured) or _KNOWN.get(self.host) or named

    def to_click(self, forge: str, branch: str, main: str) -> str:
        """The address where a person opens the pull request; empty where there is none."""
        source, target, path = quote(branch, safe=""), quote(main, safe=""), quote(self.path)
        match forge:
            case "gitlab":
                query = f"merge_request%5Bsource_branch%5D={source}&merge_request%5Btarget_branch%5D={target}"
                return f"{self.web}/{path}/-/merge_requests/new?{query}"
            case "github":
                return f"{self.web}/{path}/compare/{target}...{source}?expand=1"
            case "forgejo":
                return f"{self.web}/{path}/compare/{target}...{source}"
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A branch put forward for review. `title` and `body` hold ids and codes only."""

    branch: str
    main: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of it. `way`: by which it was opened; empty when a person has to. `address`: where it is, or opens."""

    way: str = ""
    address: str = ""
    output: str = ""


def ways(remote: Remote, configured: str) -> list[str]:
    """The ways to try, the best first. Where the Group has chosen one it is the only one."""
    if configured:
        return [] if configured == "none" else [configured]
    forge = Place.of(remote.address).forge()
    command = _COMMANDS.get(forge, "")
    commands = [command] if command and shutil.which(command) and _logged_in(remote, command) else []
    return commands + {"gitlab": ["push-options"], "forgejo": ["agit"]}.get(forge, [])


def push_options(proposal: Proposal) -> list[str]:
    """What GitLab opens a merge request by, while it takes a push."""
    options = {"create": "", "target": proposal.main, "title": proposal.title}
    return [f"merge_request.{name}" + (f"={value}" if value else "") for name, value in options.items()]


def agit(remote: Remote, proposal: Proposal, head: str) -> Pushed | None:
    """The push to `refs/for`, by which Forgejo and Gitea open a pull request; again: update it. None: not known there.

    The topic is what they know it by again. Raises as `Remote.push`.
    """
    options = [f"topic={proposal.branch}", f"title={proposal.title}", "force-push=true"]
    return remote.offer(head, f"refs/for/{proposal.main}", options)


def by_command(remote: Remote, command: str, proposal: Proposal) -> str:
    """The address of the pull request that a forge's own command has opened, or that is open already.

    Raises ExternalError when the command is missing or refuses.
    """
    place = Place.of(remote.address)
    if not shutil.which(command):
        raise ExternalError(f"{command} is not installed here", hint=f"install {command}, or change review.open")
    existing = _answer(remote.root, command, _list_args(command, proposal, place))
    if address := address_in(existing or "", place):
        return address
    answer = _answer(remote.root, command, _create_args(command, proposal, place))
    if answer is None:
        raise ExternalError(
            f"{command} did not open the pull request", hint=f"{command} auth status; then: solidarity submit"
        )
    return address_in(answer, place)


def address_in(output: str, place: Place) -> str:
    """The first address in what a program said that leads to the forge itself; one that leads elsewhere is not told."""
    addresses = (match[0] for match in _LINK.finditer(output))
    return next((address for address in addresses if place.web and address.startswith(f"{place.web}/")), "")


def _logged_in(remote: Remote, command: str) -> bool:
    host = Place.of(remote.address).host
    arguments: Mapping[str, Sequence[str]] = {
        "gh": ("auth", "status", "--hostname", host),
        "glab": ("auth", "status", "--hostname", host),
        "tea": ("login", "list", "--output", "simple"),
    }
    answer = _answer(remote.root, command, arguments[command])
    return answer is not None and (command != "tea" or host in answer)


def _list_args(command: str, proposal: Proposal, place: Place) -> list[str]:
    match command:
        case "gh":
            filters = ["--state", "open", "--json", "url", "--jq", ".[].url"]
            return ["pr", "list", "--head", proposal.branch, *filters, "--repo", f"{place.host}/{place.path}"]
        case "glab":
            filters = ["--source-branch", proposal.branch, "--output", "json"]
            return ["mr", "list", *filters, "--repo", f"{place.web}/{place.path}"]
        case _:
            return []


def _create_args(command: str, proposal: Proposal, place: Place) -> list[str]:
    match command:
        case "gh":
            options = ["--head", proposal.branch, "--base", proposal.main, "--repo", f"{place.host}/{place.path}"]
            return ["pr", "create", *options, "--title", proposal.title, "--body", proposal.body]
        case "glab":
            options = ["--source-branch", proposal.branch, "--target-branch", proposal.main, "--yes"]
            options += ["--repo", f"{place.web}/{place.path}"]
            return ["mr", "create", *options, "--title", proposal.title, "--description", proposal.body]
        case _:
            options = ["--head", proposal.branch, "--base", proposal.main, "--repo", place.path]
            return ["pulls", "create", *options, "--title", proposal.title, "--description", proposal.body]


def _answer(root: Path, command: str, arguments: Sequence[str]) -> str | None:
    """What a forge's command answers; None when it refuses, or there is nothing to ask it."""
    if not arguments:
        return None
    try:
        process = subprocess.run(
            [command, *arguments],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return process.stdout if process.returncode == 0 else None

"""What was approved on a forge, asked of the forge's own command where somebody is logged in.

`gh`, `glab` and `tea` know the address and hold the login; we fetch nothing. What they answer is read strictly: an
answer of another shape than theirs is refused as a whole, for it decides who agreed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError

_SECONDS = 60
_MOST = 8_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~/#%+-]+")
_DECIDES = {"APPROVED": True, "CHANGES_REQUESTED": False, "REQUEST_CHANGES": False, "DISMISSED": False}
"""What settles where a person stands; a comment does not."""

_Ask = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ForgeApproval:
    """One approval: by whom, as the forge calls them; at what time; of which commit; where it can be read.

    `commit` is empty where the forge does not say it: then only what is older than `at` can have been meant.
    """

    login: str
    at: datetime
    commit: str
    address: str


def forge_approvals(root: Path, branch: str) -> list[ForgeApproval]:
    """The approvals of the pull request of a branch that stand today. Raises ExternalError when nobody can be asked."""
    for name, ask_of in _TOOLS.items():
        program = shutil.which(name)
        if program is None:
            continue
        found = ask_of(lambda *words, program=program: _asked(root, program, words), branch)
        if found is not None:
            return found
    raise ExternalError(
        "no pull request of this branch could be found by gh, glab or tea",
        hint="log in with the one of your forge, as in: gh auth login; or type: solidarity approve ID",
    )


def _github(ask: _Ask, _branch: str) -> list[ForgeApproval] | None:
    pull = ask("pr", "view", "--json", "number,url")
    if pull is None:
        return None
    reviews = ask("api", "--paginate", f"repos/{{owner}}/{{repo}}/pulls/{_number(pull, 'number')}/reviews")
    return _standing(reviews)


def _gitlab(ask: _Ask, _branch: str) -> list[ForgeApproval] | None:
    merge = ask("mr", "view", "--output", "json")
    if merge is None:
        return None
    told = ask("api", f"projects/:fullpath/merge_requests/{_number(merge, 'iid')}/approvals")
    address, given = _address(merge.get("web_url")), _mapping(told).get("approved_by")
    # Older servers do not say when; nobody can then tell what was approved.
    timed = [one for one in _list(given) if _mapping(one).get("approved_at")]
    return [
        ForgeApproval(_login(_mapping(one).get("user"), "username"), _moment(one["approved_at"]), "", address)
        for one in timed
    ]


def _gitea(ask: _Ask, branch: str) -> list[ForgeApproval] | None:
    pulls = ask("api", "repos/{owner}/{repo}/pulls?state=open&limit=50")
    if pulls is None:
        return None
    numbers = [
        _number(one, "number") for one in _list(pulls) if _mapping(_mapping(one).get("head")).get("ref") == branch
    ]
    return _standing(ask("api", f"repos/{{owner}}/{{repo}}/pulls/{numbers[0]}/reviews")) if numbers else None


_TOOLS: Mapping[str, Callable[[_Ask, str], list[ForgeApproval] | None]] = {
    "gh": _github,
    "glab": _gitlab,
    "tea": _gitea,
}


def _standing(reviews: Any) -> list[ForgeApproval]:
    """The newest word of each person, where it is a yes that was not taken back."""
    newest: dict[str, ForgeApproval | None] = {}
    for one in map(_mapping, _list(reviews)):
        decides = _DECIDES.get(str(one.get("state")))
        if decides is None:
            continue
        login = _login(one.get("user"), "login")
        holds = decides and not one.get("dismissed") and not one.get("stale")
        newest[login.casefold()] = _given(one, login) if holds else None
    return [one for one in newest.values() if one]


def _given(one: Mapping[str, Any], login: str) -> ForgeApproval:
    commit = one.get("commit_id")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise _odd()
    return ForgeApproval(login, _moment(one.get("submitted_at")), commit, _address(one.get("html_url")))


def _asked(root: Path, program: str, words: tuple[str, ...]) -> Any:
    """A command's answer as plain data; None where it says no: nobody logged in, another forge, no pull request."""
    calm = {**os.environ, "GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            [program, *words],
            cwd=root,
            env=calm,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExternalError(f"{Path(program).stem} did not answer", hint="try again, or look at the network") from None
    except OSError:
        return None
    if done.returncode:
        return None
    if len(done.stdout) > _MOST:
        raise _odd()
    return _data(done.stdout)


def _data(answer: bytes) -> Any:
    """JSON; several lists one after the other are one, for that is how pages come."""
    try:
        pages = list(_pages(answer.decode()))
    except ValueError:
        raise _odd() from None
    if len(pages) == 1:
        return pages[0]
    return [item for page in pages for item in _list(page)]


def _pages(text: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(text.rstrip()):
        at += len(text[at:]) - len(text[at:].lstrip())
        page, at = decoder.raw_decode(text, at)
        yield page


def _number(answer: Any, key: str) -> int:
    number = _mapping(answer).get(key)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise _odd()
    return number


def _mapping(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        raise _odd()
    return answer


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise _odd()
    return answer


def _login(user: Any, key: str) -> str:
    login = _mapping(user).get(key)
    if not isinstance(login, str) or not _LOGIN.fullmatch(login):
        raise _odd()
    return login


def _address(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 500 or not _ADDRESS.fullmatch(text):
        raise _odd()
    return text


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise _odd() from None
    if moment.tzinfo is None:
        raise _odd()
    return moment


def _odd() -> ExternalError:
    return ExternalError(
        "the forge's command answered in a form that is not known", hint="a newer solidarity, or: solidarity approve ID"
    )

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

_TIMEOUT = 60
_MAX_BYTES = 8_000_000
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
    for name, read_approvals in _TOOLS.items():
        program = shutil.which(name)
        if program is None:
            continue
        approvals = read_approvals(lambda *words, program=program: _run(root, program, words), branch)
        if approvals is not None:
            return approvals
    raise ExternalError(
        "no pull request of this branch could be found by gh, glab or tea",
        hint="log in with the one of your forge, as in: gh auth login; or type: solidarity approve ID",
    )


def _github(ask: _Ask, _branch: str) -> list[ForgeApproval] | None:
    pull = ask("pr", "view", "--json", "number,url")
    if pull is None:
        return None
    reviews = ask("api", "--paginate", f"repos/{{owner}}/{{repo}}/pulls/{_number(pull, 'number')}/reviews")
    return _standing_approvals(reviews)


def _gitlab(ask: _Ask, _branch: str) -> list[ForgeApproval] | None:
    merge = ask("mr", "view", "--output", "json")
    if merge is None:
        return None
    answer = ask("api", f"projects/:fullpath/merge_requests/{_number(merge, 'iid')}/approvals")
    address, approved_by = _address(merge.get("web_url")), _mapping(answer).get("approved_by")
    # Older servers do not say when; nobody can then tell what was approved.
    dated = [entry for entry in _list(approved_by) if _mapping(entry).get("approved_at")]
    return [
        ForgeApproval(_login(_mapping(entry).get("user"), "username"), _moment(entry["approved_at"]), "", address)
        for entry in dated
    ]


def _gitea(ask: _Ask, branch: str) -> list[ForgeApproval] | None:
    pulls = ask("api", "repos/{owner}/{repo}/pulls?state=open&limit=50")
    if pulls is None:
        return None
    numbers = [
        _number(pull, "number") for pull in _list(pulls) if _mapping(_mapping(pull).get("head")).get("ref") == branch
    ]
    return _standing_approvals(ask("api", f"repos/{{owner}}/{{repo}}/pulls/{numbers[0]}/reviews")) if numbers else None


_TOOLS: Mapping[str, Callable[[_Ask, str], list[ForgeApproval] | None]] = {
    "gh": _github,
    "glab": _gitlab,
    "tea": _gitea,
}


def _standing_approvals(reviews: Any) -> list[ForgeApproval]:
    """The newest word of each person, where it is a yes that was not taken back."""
    newest: dict[str, ForgeApproval | None] = {}
    for review in map(_mapping, _list(reviews)):
        approves = _DECIDES.get(str(review.get("state")))
        if approves is None:
            continue
        login = _login(review.get("user"), "login")
        is_valid = approves and not review.get("dismissed") and not review.get("stale")
        newest[login.casefold()] = _approval(review, login) if is_valid else None
    return [approval for approval in newest.values() if approval]


def _approval(review: Mapping[str, Any], login: str) -> ForgeApproval:
    commit = review.get("commit_id")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise _unknown_format()
    return ForgeApproval(login, _moment(review.get("submitted_at")), commit, _address(review.get("html_url")))


def _run(root: Path, program: str, words: tuple[str, ...]) -> Any:
    """A command's answer as plain data; None where it says no: nobody logged in, another forge, no pull request."""
    env = {**os.environ, "GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0"}
    try:
        process = subprocess.run(
            [program, *words],
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExternalError(f"{Path(program).stem} did not answer", hint="try again, or look at the network") from None
    except OSError:
        return None
    if process.returncode:
        return None
    if len(process.stdout) > _MAX_BYTES:
        raise _unknown_format()
    return _data(process.stdout)


def _data(answer: bytes) -> Any:
    """JSON; several lists one after the other are one, for that is how pages come."""
    try:
        pages = list(_pages(answer.decode()))
    except ValueError:
        raise _unknown_format() from None
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
        raise _unknown_format()
    return number


def _mapping(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        raise _unknown_format()
    return answer


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise _unknown_format()
    return answer


def _login(user: Any, key: str) -> str:
    login = _mapping(user).get(key)
    if not isinstance(login, str) or not _LOGIN.fullmatch(login):
        raise _unknown_format()
    return login


def _address(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 500 or not _ADDRESS.fullmatch(text):
        raise _unknown_format()
    return text


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise _unknown_format() from None
    if moment.tzinfo is None:
        raise _unknown_format()
    return moment


def _unknown_format() -> ExternalError:
    return ExternalError(
        "the forge's command answered in a form that is not known", hint="a newer solidarity, or: solidarity approve ID"
    )

"""Who is asked about which files, as each forge writes it: GitHub's patterns, GitLab's sections, Gitea's expressions.

The table is `review` in register.yaml. Keepers come last: on GitHub and in a section of GitLab the last line that fits
decides, on Gitea and Forgejo every line that fits counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from solidarity_cli.core.model import Charter

PLACES = {"github": ".github/CODEOWNERS", "gitlab": ".gitlab/CODEOWNERS", "forgejo": "CODEOWNERS"}
"""Where each forge looks."""

_RECORDS = ("cases/", "actions/", "directory/")
_RULES = ("schemas/", "register.yaml", "recipients.yaml", "allowed_signers", ".gitattributes", ".solidarity/")
_CHECKS = {
    "github": (".github/",),
    "gitlab": (".gitlab/", ".gitlab-ci.yml"),
    "forgejo": (".forgejo/", "CODEOWNERS"),
}
_CAPTION = """# Made by solidarity from the table `review` in register.yaml; change it there, and make this file anew.
# It binds only where the forge is told to ask the owners before a merge into the main branch.
"""


def owners(forge: str, charter: Charter) -> str:
    """The file for one forge; empty where the register names nobody."""
    people: Sequence[str] = charter.review.get("owners", ())
    keepers: Sequence[str] = charter.review.get("keepers", ()) or people
    people = people or keepers
    if not people:
        return ""
    lines = _FORMS[forge](people, keepers, (*_RULES, *_CHECKS[forge]))
    return _CAPTION + "\n".join(lines) + "\n"


def _patterns(people: Sequence[str], keepers: Sequence[str], rules: Sequence[str]) -> list[str]:
    listed = [(path, people) for path in _RECORDS] + [(path, keepers) for path in rules]
    return [f"/{path} {' '.join(who)}" for path, who in listed]


def _sections(people: Sequence[str], keepers: Sequence[str], rules: Sequence[str]) -> list[str]:
    lines = ["[Records]", *(f"/{path} {' '.join(people)}" for path in _RECORDS), ""]
    return [*lines, "[Rules]", *(f"/{path} {' '.join(keepers)}" for path in rules)]


def _expressions(people: Sequence[str], keepers: Sequence[str], rules: Sequence[str]) -> list[str]:
    listed = [(path, people) for path in _RECORDS] + [(path, keepers) for path in rules]
    return [f"{_expression(path)} {' '.join(who)}" for path, who in listed]


def _expression(path: str) -> str:
    """A path as a regular expression; in this file a backslash is written twice."""
    escaped = path.replace(".", "\\\\.")
    return f"{escaped}.*" if path.endswith("/") else escaped


_FORMS: Mapping[str, Callable[[Sequence[str], Sequence[str], Sequence[str]], list[str]]] = {
    "github": _patterns,
    "gitlab": _sections,
    "forgejo": _expressions,
}

"""The files that set up a forge for a register: checks, templates, owners. Each is a data file; little is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from solidarity_cli import __version__
from solidarity_cli.core.model import Charter
from solidarity_cli.render.markdown import text
from solidarity_cli.sync.forge.owners import PLACES, owners

_PROGRAM = {".solidarity/program.txt": "program.txt"}

KITS: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/workflows/solidarity.yml": "github/workflow.yml",
        ".github/pull_request_template.md": "github/pull_request_template.md",
        ".github/ISSUE_TEMPLATE/appeal.yml": "github/appeal.yml",
        ".github/ISSUE_TEMPLATE/config.yml": "github/issue_config.yml",
    },
    "gitlab": {
        ".gitlab-ci.yml": "gitlab/ci.yml",
        ".gitlab/merge_request_templates/Default.md": "gitlab/merge_request_template.md",
        ".gitlab/issue_templates/Default.md": "gitlab/appeal.md",
    },
    "forgejo": {
        ".forgejo/workflows/solidarity.yml": "forgejo/workflow.yml",
        ".forgejo/pull_request_template.md": "forgejo/pull_request_template.md",
        ".forgejo/issue_template/appeal.yml": "forgejo/appeal.yml",
        ".forgejo/issue_template/config.yml": "forgejo/issue_config.yml",
    },
}
"""Forge -> path in the register -> data file."""


def kit(forge: str, charter: Charter) -> dict[str, str]:
    """Every file for one forge, by path; the owners only where `review` in register.yaml names any."""
    data = files("solidarity_cli") / "data" / "forge"
    sources = {**_PROGRAM, **KITS[forge]}
    contents = {path: (data / name).read_text(encoding="utf-8") for path, name in sources.items()}
    contents = {path: content.replace("%VERSION%", __version__) for path, content in contents.items()}
    contents = {path: content.replace("%WHERE%", _where(charter)) for path, content in contents.items()}
    if owners_file := owners(forge, charter):
        contents[PLACES[forge]] = owners_file
    return contents


def _where(charter: Charter) -> str:
    """Where an appeal is written to. The address is somebody's words: in Markdown it must stay an address."""
    if charter.contact:
        return f"Write to **{text(charter.contact)}** instead."
    return "Ask the people who keep this register for the address of their coordinator, and write there instead."

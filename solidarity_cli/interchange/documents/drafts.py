"""Drafts: the template of a kind in a language, the register's or else the program's own, filled with plain values."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.git.snapshot import bytes_of
from solidarity_cli.records.read import read
from solidarity_cli.render.escape import clean

LANGUAGES = ("en", "ru", "de")
LARGEST = 20_000
"""Bytes of a template."""

_SHIPPED = files("solidarity_cli") / "data" / "templates"


def phrases(language: str) -> Mapping[str, Any]:
    """The whole sentences of a language: `incidents`, `months`, `year`, `citing`."""
    return read((_SHIPPED / f"phrases.{language}.yaml").read_bytes())


def draft(root: Path, kind: str, language: str, values: Mapping[str, Any]) -> str:
    """The text that the template of a kind makes of `values`. Raises Refused for what is wrong with the template."""
    from solidarity_cli.interchange.documents.templates import fill

    name = f"templates/{kind}.{language}.md"
    source = _register_template(root, name)
    if source is None:
        source = (_SHIPPED / f"{kind}.{language}.md").read_bytes()
    try:
        template = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{name} is no UTF-8 text", hint="save it as UTF-8") from None
    return _tidy(fill(name, template.replace("\t", "    "), values))


def _register_template(root: Path, name: str) -> bytes | None:
    """The register's own template; None where there is none. A link is never followed."""
    file = root / name
    try:
        stats = [path.lstat() for path in (file.parent, file)]
    except FileNotFoundError:
        return None
    except OSError:
        raise Refused(f"{name} cannot be read", hint="look at the folder's permissions") from None
    if not stat.S_ISDIR(stats[0].st_mode) or not stat.S_ISREG(stats[1].st_mode):
        raise Refused(f"{name} is no ordinary file, and links are not followed", hint="put the text itself there")
    if stats[1].st_size > LARGEST:
        raise Refused(f"{name} is larger than {LARGEST} bytes", hint="a template is a page or two")
    return bytes_of(file)


def _tidy(text: str) -> str:
    """No blank ends, no two empty lines in a row; and nothing in it that acts unseen, whoever wrote it."""
    lines: list[str] = []
    for line in clean(text, newlines=True).split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"

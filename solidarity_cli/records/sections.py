"""A record file cut at its top-level fields, so that an edit touches the lines of its own field only."""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True)
class Section:
    """One top-level field: the blank and comment lines above it, and its own lines."""

    name: str
    above: str
    body: str


def split(text: str) -> tuple[list[Section], str]:
    """The sections of a readable record in file order, and what follows the last one."""
    lines = text.splitlines(keepends=True)
    node = YAML().compose(text)
    starts = [(key.start_mark.line, str(key.value)) for key, _ in node.value]
    sections, above_from = [], 0
    for (start, name), following in zip(starts, [*[line for line, _ in starts[1:]], len(lines)], strict=True):
        end = _end_of_body(lines, start, following)
        sections.append(Section(name, "".join(lines[above_from:start]), "".join(lines[start:end])))
        above_from = end
    return sections, "".join(lines[above_from:])


def _end_of_body(lines: list[str], start: int, following: int) -> int:
    """Blank lines and unindented comments before the next field belong to that field."""
    end = following
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def join(sections: list[Section], tail: str) -> str:
    """The text again."""
    return "".join(section.above + section.body for section in sections) + tail

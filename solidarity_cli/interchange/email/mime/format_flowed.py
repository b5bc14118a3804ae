"""Paragraphs that a mail program broke into lines (format=flowed, RFC 3676), made whole again."""

from __future__ import annotations


def unfold(text: str, *, delete_space: bool) -> str:
    """Join the soft line breaks; quoted lines join only with lines quoted as deeply.

    `delete_space` is the DelSp parameter: the blank before a soft break is not a part of the text.
    """
    paragraphs: list[str] = []
    open_depth: int | None = None
    for raw in text.replace("\r\n", "\n").split("\n"):
        depth, line = _unquoted(raw)
        signature = line == "-- "
        soft = line.endswith(" ") and not signature
        body = line[:-1] if soft and delete_space else line
        if open_depth == depth and not signature:
            paragraphs[-1] += body
        else:
            paragraphs.append(f"{'>' * depth} {body}" if depth else body)
        open_depth = depth if soft else None
    return "\n".join(paragraphs)


def _unquoted(line: str) -> tuple[int, str]:
    bare = line.lstrip(">")
    return len(line) - len(bare), bare.removeprefix(" ")

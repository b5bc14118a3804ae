"""Telling a message that was passed on from one that was written: by its shape, and by lines mail programs write."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"^\W*(?:fwd?|wg|wtr|пересл\w*|пер|fs|tr|rv|pd|i)\s*(?:\[\d+\])?:", re.I)
_WORDS = re.compile(
    r"\b(?:forward|pass(?:ing)? (?:this )?on|weiterleit|leite .{0,40}weiter|перес[ыл]|пересил|transf[eé]r)", re.I
)
_SHORT = 300
_KINDS = (
    r"forwarded message|original message|weitergeleitete nachricht|urspr[uü]ngliche nachricht|originalnachricht"
    r"|пересыла\w+ (?:сообщение|письмо)|пересланн\w+ (?:сообщение|письмо)|исходное сообщение"
    r"|переслан\w+ (?:повідомлення|лист)|перасланае паведамленне|message transf[eé]r[eé]|message d'origine"
    r"|message original|mensaje reenviado|messaggio inoltrato|wiadomo[sś][cć] przekazana|przekazana wiadomo[sś][cć]"
)
_LINE = re.compile(
    rf"^[> ]*(?:-{{2,}}\s*(?:{_KINDS})\s*-{{2,}}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|начало переадресованного (?:сообщения|письма):"
    r"|d[eé]but du message r[eé]exp[eé]di[eé] ?:|pocz[aą]tek przekazywanej wiadomo[sś]ci:)\s*$",
    re.I | re.M,
)


def is_forward(subject: str, text: str, inner_subject: str) -> bool:
    """Whether a message with one message inside passes that one on, rather than enclosing it as evidence."""
    own = text.strip()
    same_subject = bool(inner_subject) and inner_subject.lower() in subject.lower()
    return bool(_PREFIX.match(subject)) or same_subject or len(own) < _SHORT or bool(_WORDS.search(own[:2000]))


def holds_forward(text: str) -> bool:
    """Whether the text has the line with which mail programs introduce a forwarded message."""
    return bool(_LINE.search(text))

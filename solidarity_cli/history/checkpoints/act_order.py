"""The acts of a history as a list: which come in what order is decided by the newest one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solidarity_cli.history.checkpoints.merkle import leaf_hash


def in_order(head: str, parents: Mapping[str, Sequence[str]]) -> list[str]:
    """`head` and all that it reaches: every act once, after its parents, the first parent's side before the second's.

    So the list of a first parent is how the list of its child begins. Raises KeyError for an act without its entry.
    """
    ordered: list[str] = []
    visited: set[str] = set()
    open_acts = [(head, iter(parents[head]))]
    while open_acts:
        act, rest = open_acts[-1]
        for parent in rest:
            if parent not in visited:
                visited.add(parent)
                open_acts.append((parent, iter(parents[parent])))
                break
        else:
            open_acts.pop()
            ordered.append(act)
    return ordered


def leaf(commit: str, digest: str) -> bytes:
    """The hash of an act in the tree: of one line, the commit's id and the SHA-256 of the commit object's text.

    Git's own id is a SHA-1; the second hash is of what the commit says, whatever becomes of SHA-1.
    """
    return leaf_hash(f"{commit} {digest}\n".encode())

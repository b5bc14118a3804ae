"""The Merkle tree of RFC 6962: one hash for a list that only grows, and short proofs about what the list holds.

A leaf is `SHA-256(0x00 | data)`, a node `SHA-256(0x01 | left | right)`. A list of n is split at the largest power of
two below n; therefore every left half is full, and stays as it is whatever is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256().digest()
"""The root of no leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry of the list."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree over leaf hashes, which may grow: a leaf costs one hash more on average, a root or a proof log(n)."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._full: list[list[bytes]] = [[]]
        """By height: the hashes of the full subtrees of 2**height leaves, from the left."""
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._full[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf, given by its hash."""
        height = 0
        self._full[0].append(leaf)
        while len(self._full[height]) % 2 == 0:
            if height + 1 == len(self._full):
                self._full.append([])
            self._full[height + 1].append(node_hash(*self._full[height][-2:]))
            height += 1

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, without it over all. Raises ValueError beyond the list."""
        size = self._within(size)
        return self._hash(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index`, from 0, is among the first `size`: its neighbours, from the leaf to the root."""
        size = self._within(size)
        if not 0 <= index < size:
            raise ValueError("there is no such leaf")
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, earlier: int, size: int | None = None) -> list[bytes]:
        """The proof that the first `earlier` leaves are how the first `size` begin; empty where nothing is to prove."""
        size = self._within(size)
        if not 0 <= earlier <= size:
            raise ValueError("the earlier list is the longer one")
        start, end, path = 0, size, []
        while earlier and earlier != end:
            middle = start + _split(end - start)
            if earlier <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        # Where the earlier list is itself a full left part, its root is known to whoever checks.
        return [*([self._hash(start, end)] if start else []), *path[::-1]]

    def _within(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise ValueError("the list is shorter")
        return size

    def _hash(self, start: int, end: int) -> bytes:
        """The hash over the leaves from `start` to before `end`, which are one subtree."""
        rights = []
        while (width := end - start) & (width - 1):
            rights.append((start, start + _split(width)))
            start += _split(width)
        node = self._full[width.bit_length() - 1][start // width]
        for left, middle in reversed(rights):
            height = (middle - left).bit_length() - 1
            node = node_hash(self._full[height][left >> height], node)
        return node


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf's hash; None for a proof that no tree of `size` leaves can have."""
    if not 0 <= index < size:
        return None
    last, node = size - 1, leaf
    for neighbour in path:
        if not last:
            return None
        if index % 2 or index == last:
            node = node_hash(neighbour, node)
            while not index % 2 and index:
                # A last subtree without a right neighbour stands higher up as it is.
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, neighbour)
        index, last = index >> 1, last >> 1
    return node if not last else None


def includes(root: bytes, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the leaf with this hash stands at `index`, from 0, among the `size` of `root`."""
    return root_by_inclusion(leaf, index, size, path) == root


def extends(earlier_root: bytes, earlier: int, root: bytes, size: int, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the list of `root` begins with the list of `earlier_root`."""
    if not 0 <= earlier <= size:
        return False
    if earlier in (0, size):
        return not path and earlier_root == (root if earlier else EMPTY)
    known = list(path) if earlier & (earlier - 1) else [earlier_root, *path]
    if not known:
        return False
    index, last = earlier - 1, size - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    old = new = known[0]
    for neighbour in known[1:]:
        if not last:
            return False
        if index % 2 or index == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, neighbour)
        index, last = index >> 1, last >> 1
    return not last and old == earlier_root and new == root

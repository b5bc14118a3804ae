"""The Merkle tree against the known answers of certificate transparency, and against the definition in RFC 6962."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.history.checkpoints.act_order import in_order
from solidarity_cli.history.checkpoints.merkle import EMPTY, Tree, extends, includes, leaf_hash, node_hash

# The eight entries, their roots and proofs that the implementations of certificate transparency are tried with.
ENTRIES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CONSISTENCY = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
INCLUSION = {
    (0, 1): [],
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
}  # fmt: skip

lists = st.lists(st.binary(max_size=4), max_size=70)


def _tree(entries: list[bytes]) -> Tree:
    return Tree(map(leaf_hash, entries))


def test_the_empty_tree() -> None:
    assert Tree().root() == EMPTY == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_roots(size: int) -> None:
    assert _tree(ENTRIES[:size]).root().hex() == _tree(ENTRIES).root(size).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_the_known_consistency_proofs(sizes: tuple[int, int], path: list[str]) -> None:
    assert [one.hex() for one in _tree(ENTRIES).consistency(*sizes)] == path


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_the_known_inclusion_proofs(place: tuple[int, int], path: list[str]) -> None:
    assert [one.hex() for one in _tree(ENTRIES).inclusion(*place)] == path


def _by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return node_hash(_by_definition(entries[:k]), _by_definition(entries[k:]))


@given(lists)
def test_a_root_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert _tree(entries).root() == _by_definition(entries)


@given(lists, st.data())
def test_a_root_of_before_is_found_in_the_grown_tree(entries: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(entries)))
    assert _tree(entries).root(size) == _by_definition(entries[:size])


@given(lists.filter(bool), st.data())
def test_an_inclusion_proof_proves_its_leaf_and_place_and_nothing_else(
    entries: list[bytes], data: st.DataObject
) -> None:
    tree = _tree(entries)
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    path, root, leaf = tree.inclusion(index, size), tree.root(size), leaf_hash(entries[index])
    assert includes(root, leaf, index, size, path)
    assert not includes(root, leaf_hash(entries[index] + b"x"), index, size, path)
    assert not includes(tree.root(size)[::-1], leaf, index, size, path)
    assert not includes(root, leaf, index, size, [*path, EMPTY])
    assert not includes(root, leaf, size, size, path)
    assert not includes(root, leaf, -1, size, path)
    if path:
        broken = data.draw(st.integers(0, len(path) - 1))
        assert not includes(root, leaf, index, size, [*path[:broken], EMPTY, *path[broken + 1 :]])
        assert not includes(root, leaf, index, size, path[:-1])


@given(lists, st.data())
def test_a_consistency_proof_holds_for_what_the_list_began_with(entries: list[bytes], data: st.DataObject) -> None:
    tree = _tree(entries)
    size = data.draw(st.integers(0, len(entries)))
    earlier = data.draw(st.integers(0, size))
    path = tree.consistency(earlier, size)
    assert extends(tree.root(earlier), earlier, tree.root(size), size, path)
    assert not extends(tree.root(earlier), size + 1, tree.root(size), size, path)
    assert not extends(tree.root(earlier), earlier, tree.root(size), size, [*path, EMPTY])
    if 0 < earlier < size:
        assert not extends(tree.root(earlier), earlier, tree.root(size), size, path[:-1])
        assert not extends(EMPTY, earlier, tree.root(size), size, path)


@given(st.lists(st.binary(max_size=2), min_size=2, max_size=40), st.data())
def test_a_changed_past_has_no_consistency_proof(entries: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(entries) - 1))
    place = data.draw(st.integers(0, earlier - 1))
    changed = _tree([*entries[:place], entries[place] + b"x", *entries[place + 1 :]])
    before = _tree(entries).root(earlier)
    assert not extends(before, earlier, changed.root(), len(changed), changed.consistency(earlier))


def test_no_proof_beyond_the_list() -> None:
    tree = _tree(ENTRIES)
    for wrong in (
        lambda: tree.root(9),
        lambda: tree.inclusion(8),
        lambda: tree.inclusion(3, 3),
        lambda: tree.consistency(5, 4),
    ):
        with pytest.raises(ValueError, match=r"no such leaf|list is"):
            wrong()


@st.composite
def histories(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Acts with one parent, or two, or three; the first has none. Now and then there is a second beginning."""
    parents: dict[str, tuple[str, ...]] = {"a0": ()}
    for number in range(1, draw(st.integers(1, 25))):
        known = sorted(parents)
        chosen = draw(
            st.lists(st.sampled_from(known), min_size=0 if draw(st.integers(0, 9)) == 0 else 1, max_size=3, unique=True)
        )
        parents[f"a{number}"] = tuple(chosen)
    return parents


def _reached(head: str, parents: dict[str, tuple[str, ...]]) -> set[str]:
    return {head}.union(*(_reached(one, parents) for one in parents[head]))


@given(histories())
def test_the_acts_of_a_head_stand_once_each_after_their_parents(parents: dict[str, tuple[str, ...]]) -> None:
    for head in parents:
        listed = in_order(head, parents)
        place = {act: number for number, act in enumerate(listed)}
        assert len(place) == len(listed)
        assert set(place) == _reached(head, parents)
        assert listed[-1] == head
        assert all(place[one] < place[act] for act in listed for one in parents[act])


@given(histories())
def test_the_acts_of_a_first_parent_are_how_the_list_of_its_child_begins(parents: dict[str, tuple[str, ...]]) -> None:
    for head in parents:
        listed, before = in_order(head, parents), head
        while parents[before]:
            before = parents[before][0]
            earlier = in_order(before, parents)
            assert listed[: len(earlier)] == earlier


@given(histories(), st.data())
def test_the_list_of_a_head_does_not_depend_on_what_came_after(
    parents: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    head = data.draw(st.sampled_from(sorted(parents)))
    reached = _reached(head, parents)
    assert in_order(head, parents) == in_order(head, {act: parents[act] for act in reached})

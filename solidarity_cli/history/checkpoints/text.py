"""A checkpoint and a proof of inclusion as texts: small, plain ASCII, one named value a line, made to be mailed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from solidarity_cli.core.errors import Refused
from solidarity_cli.history.checkpoints import merkle
from solidarity_cli.history.checkpoints.act_order import leaf
from solidarity_cli.history.checkpoints.mail import AGAIN, Section, read_mailed

_HASH = r"[0-9a-f]{64}"
_ID = rf"[0-9a-f]{{40}}|{_HASH}"
_NUMBER = r"[1-9]\d{0,8}"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_CHECKPOINT = {
    "register": r"[ -~]+",
    "begun": _ID,
    "count": _NUMBER,
    "head": _ID,
    "root": _HASH,
    "back": _ID,
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}
_PROOF = {
    "record": r"[A-Z]+-\d{4}-[0-9A-Z]+",
    "file": r"[!-~]+",
    "blob": _ID,
    "commit": _ID,
    "object": _HASH,
    "number": _NUMBER,
    "path": _HASH,
}
_REPEATED = ("back", "path")
_FIELDS: Mapping[str, tuple[str, ...]] = {"checkpoint": tuple(_CHECKPOINT), "proof": tuple(_PROOF)}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a register was at a time. `head` is the newest act, `begun` the first, `count` how many there are.

    `root` is the Merkle root over all acts that `head` reaches, in hex. `back` are some of them, 1, 2, 4, 8 … before
    the newest: where nobody has the old acts any more, they say how far a changed history is still the same.
    """

    register: str
    begun: str
    count: int
    head: str
    root: str
    back: tuple[str, ...]
    time: datetime

    @classmethod
    def over(cls, register: str, acts: Sequence[str], tree: merkle.Tree, time: datetime) -> Checkpoint:
        """The checkpoint of a list of acts and the tree over them; `register` is its name."""
        back = tuple(acts[-1 - distance] for distance in distances(len(acts)))
        return cls(_ascii(register), acts[0], len(acts), acts[-1], tree.root().hex(), back, time)

    @property
    def text(self) -> str:
        """What is signed, to the last line end."""
        back = "".join(f"back: {commit}\n" for commit in self.back)
        return (
            f"solidarity checkpoint 1\nregister: {self.register}\nbegun: {self.begun}\ncount: {self.count}\n"
            f"head: {self.head}\nroot: {self.root}\n{back}time: {self.time.strftime(_TIME)}\n"
        )

    @property
    def marks(self) -> list[tuple[int, str]]:
        """(number from 1, act) of the acts that are named, oldest first."""
        acts = {1: self.begun, self.count: self.head}
        acts |= {
            self.count - distance: commit for distance, commit in zip(distances(self.count), self.back, strict=True)
        }
        return sorted(acts.items())


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint, and signatures of its text as ssh-keygen writes them."""

    checkpoint: Checkpoint
    signatures: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join([self.checkpoint.text, *self.signatures])


@dataclass(frozen=True, slots=True)
class Proof:
    """That act `number`, from 1, of a checkpoint is `commit`, whose text has the SHA-256 `digest`.

    `record`, `file` and `blob` say what the act left in which file: to be looked up in a clone, not proven by the tree.
    """

    record: str
    file: str
    blob: str
    commit: str
    digest: str
    number: int
    path: tuple[str, ...]
    signed: Signed

    @property
    def text(self) -> str:
        """The file: the proof, then the checkpoint with its signatures."""
        path = "".join(f"path: {node}\n" for node in self.path)
        return (
            f"solidarity proof 1\nrecord: {self.record}\nfile: {self.file}\nblob: {self.blob}\ncommit: {self.commit}\n"
            f"object: {self.digest}\nnumber: {self.number}\n{path}\n{self.signed.text}"
        )

    @property
    def holds(self) -> bool:
        """Whether the path leads from the act to the checkpoint's root."""
        checkpoint = self.signed.checkpoint
        path = [bytes.fromhex(node) for node in self.path]
        root = bytes.fromhex(checkpoint.root)
        return merkle.includes(root, leaf(self.commit, self.digest), self.number - 1, checkpoint.count, path)


def distances(count: int) -> list[int]:
    """1, 2, 4, 8 …: how far before the newest of `count` acts those lie that a checkpoint names."""
    return [1 << power for power in range(max(count - 1, 0).bit_length())]


def read_checkpoint(data: bytes) -> Signed:
    """The checkpoint in a file or a mail. Raises Refused when it is cut, garbled, or not there."""
    mailed = read_mailed(data, names=_FIELDS)
    values, lists = _values(mailed.section("checkpoint"), _CHECKPOINT)
    count, back = int(values["count"]), tuple(lists["back"])
    if len(back) != len(distances(count)):
        raise Refused("this checkpoint is cut or edited: lines named back are missing or too many", hint=AGAIN)
    try:
        time = datetime.strptime(values["time"], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise _edited("checkpoint", "time") from None
    checkpoint = Checkpoint(values["register"], values["begun"], count, values["head"], values["root"], back, time)
    return Signed(checkpoint, mailed.signatures)


def read_proof(data: bytes) -> Proof:
    """The proof in a file or a mail, with its checkpoint. Raises Refused when it is cut, garbled, or not there."""
    values, lists = _values(read_mailed(data, names=_FIELDS).section("proof"), _PROOF)
    return Proof(
        record=values["record"],
        file=values["file"],
        blob=values["blob"],
        commit=values["commit"],
        digest=values["object"],
        number=int(values["number"]),
        path=tuple(lists["path"]),
        signed=read_checkpoint(data),
    )


def _values(section: Section, shapes: Mapping[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The values of a section: single ones, and those that may come several times."""
    values: dict[str, str] = {}
    lists: dict[str, list[str]] = {name: [] for name in _REPEATED}
    for name, value in section.lines:
        if name in values or not re.fullmatch(shapes[name], value):
            raise _edited(section.kind, name)
        if name in _REPEATED:
            lists[name].append(value)
        else:
            values[name] = value
    missing = next((name for name in shapes if name not in values and name not in _REPEATED), "")
    if missing:
        raise _edited(section.kind, missing)
    return values, lists


def _edited(kind: str, name: str) -> Refused:
    return Refused(f"this {kind} is cut or edited: its line {name} is not as it was written", hint=AGAIN)


def _ascii(name: str) -> str:
    """A name in letters that every mail keeps; the others, and the equals sign that mail uses, as escapes."""
    plain = " ".join(name.split()) or "register"
    return plain.replace("\\", "\\x5c").replace("=", "\\x3d").encode("ascii", "backslashreplace").decode()


def as_named(name: str) -> str:
    """A register's name in its own letters."""
    decode: Callable[[re.Match[str]], str] = lambda match: chr(int(match[1][1:], 16))  # noqa: E731
    try:
        return re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", decode, name)
    except (ValueError, OverflowError):
        return name

"""Whether what a push leaves is still a register: its rules can be read, it stays sealed, and no link leads out."""

from __future__ import annotations

from solidarity_cli.core.errors import ExternalError, Refused, SolidarityError
from solidarity_cli.git.process import blobs, git
from solidarity_cli.history.index import AS_STORED
from solidarity_cli.history.index.update import WATCHED
from solidarity_cli.history.index.versions import plain_of
from solidarity_cli.records.schemas import KINDS
from solidarity_cli.register.reader import Reader
from solidarity_cli.sync.server.context import Server

_RECIPIENTS = "recipients.yaml"


def fit_to_be_a_register(server: Server, tip: str) -> bool:
    """Whether private values have to be sealed in it. Raises Refused for what is no register any more."""
    entries = _entries(server, tip)
    if any(mode in ("120000", "160000") for mode, _ in entries.values()):
        raise Refused(
            "the push puts a link, or another repository, where a register has files",
            hint="put the file itself there: git ls-files -s shows it with the number 120000 or 160000",
        )
    # A name without letters, or in letters of no alphabet, would be shown to everybody and opened by few programs.
    if not all(path.isprintable() for path in entries):
        raise Refused(
            "a file has a name with characters that nobody can read",
            hint="name it by its id: git ls-files -z cases actions directory | cat -v",
        )
    reader = server.reading(tip, own_rules=True)
    _check_rules(reader)
    _check_recipients(server, reader, entries.get(_RECIPIENTS, ("", ""))[1])
    was_sealed = bool(server.at) and server.reading(server.at).charter.sealing
    if was_sealed and not reader.charter.sealing:
        raise Refused(
            "the push turns sealing off, and what is private would be readable from then on",
            hint="put it back: sealing: true in register.yaml",
        )
    return reader.charter.sealing


def _entries(server: Server, tip: str) -> dict[str, tuple[str, str]]:
    """Path -> mode and blob, of what the register watches."""
    entries = {}
    output = git(server.root, "ls-tree", "-r", "-z", tip, "--", *WATCHED, env=AS_STORED)
    for line in output.decode(errors="surrogateescape").split("\0"):
        metadata, _, path = line.partition("\t")
        if path:
            mode, _, blob = metadata.split(" ")
            entries[path] = (mode, blob)
    return entries


def _check_rules(reader: Reader) -> None:
    try:
        for kind in KINDS:
            reader.schemas.fits(kind, {})
            reader.schemas.shape(kind)
        _ = reader.schemas.words
    except Refused:
        raise
    except (ExternalError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("the schemas that the push brings cannot be read", hint="git log -- schemas") from None
    try:
        _ = reader.charter
    except SolidarityError as error:
        raise Refused(error.message, hint="put register.yaml right by a new act, then push again") from None


def _check_recipients(server: Server, reader: Reader, blob: str) -> None:
    if not blob:
        return
    plain = plain_of(dict(blobs(server.root, [blob]))[blob])
    if plain is None or not reader.schemas.fits("recipients", plain):
        raise Refused(f"{_RECIPIENTS} cannot be read, and nobody could seal or unseal", hint="solidarity doctor")

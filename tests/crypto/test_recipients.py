"""`recipients.yaml`: the reader and the schema say the same; every refusal names the place and no value."""

from __future__ import annotations

import pyrage
import pytest

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto.recipients import read_recipients
from solidarity_cli.records.read import read
from solidarity_cli.records.schemas import Schemas, files_in
from tests.support.program import CHECKOUT

A, B = (str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
SCHEMAS = Schemas(files_in(CHECKOUT / "schemas"))


def _file(*recipients: str, head: str = "schema_version: 1\n") -> bytes:
    return (head + "recipients:\n" + "".join(f"  - {{{one}}}\n" for one in recipients)).encode()


def _line(name: str = '"secretariat"', key: str = A, since: str = '"2026-10-31"') -> str:
    return f'name: {name}, key: "{key}", since: {since}'


@pytest.mark.parametrize("head", ["schema_version: 1\n", ""])
def test_recipients_in_their_order(head: str) -> None:
    text = _file(_line(), _line('"Ковалёва"', B), head=head)
    assert read_recipients(text).current == (
        Recipient("secretariat", A, "2026-10-31"),
        Recipient("Ковалёва", B, "2026-10-31"),
    )
    assert SCHEMAS.fits("recipients", read(text))


@pytest.mark.parametrize(
    ("text", "words", "schema_sees"),
    [
        (b"", "recipients.yaml, line 1: the file is empty", False),
        (b"recipients: [\n", "cannot be read as YAML", False),
        (b"recipients: []\n", "names no recipients", True),
        (b"recipients: yes\n", "names no recipients", True),
        (b"schema_version: 1\n", "names no recipients", True),
        (_file(_line(), head="schema_version: 2\n"), "has the fields schema_version", True),
        (_file(_line(), head="colour: red\n"), "has the fields schema_version", True),
        (_file("anna"), "recipient 1 has the fields name, key, since", True),
        (_file(_line() + ", note: x"), "recipient 1 has the fields name, key, since", True),
        (_file(f'name: anna, key: "{A}"'), "recipient 1 has the fields name, key, since", True),
        (_file(_line(), _line('""', B)), "recipient 2: the name", True),
        (_file(_line('"a\\nb"')), "recipient 1: the name", True),
        (_file(_line("17")), "recipient 1: the name", True),
        (_file(_line('"' + "x" * 201 + '"')), "recipient 1: the name", True),
        (_file(_line(since='"2026-02-30"')), "recipient 1: since is a date", True),
        (_file(_line(since='"20261031"')), "recipient 1: since is a date", True),
        (_file(_line(since="2026")), "recipient 1: since is a date", True),
        (_file('name: anna, key: 5, since: "2026-10-31"'), "recipient 1: the key is a text", True),
        (_file(_line(key="ssh-ed25519 AAAAC3 anna")), "recipient 1: an SSH key is no recipient", True),
        (_file(_line(key=A[:-1])), "recipient 1: this is no public key", True),
        (_file(_line(key=A + " ")), "recipient 1: spaces stand around the key", True),
        (_file(_line(key=A[:-1] + ("q" if A[-1] != "q" else "p"))), "recipient 1: this is no public key", False),
        (_file(_line(), _line('"other"')), "recipient 2 has the key of an earlier one", False),
        (_file(_line(), _line(key=B)), "recipient 2 has the name of an earlier one", False),
    ],
)
def test_bad_recipients(text: bytes, words: str, schema_sees: bool) -> None:
    with pytest.raises(Refused, match=words) as trouble:
        read_recipients(text)
    assert A not in trouble.value.message
    assert trouble.value.hint
    if schema_sees:
        assert not SCHEMAS.fits("recipients", read(text))
        assert SCHEMAS.explain("recipients", read(text))

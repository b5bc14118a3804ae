"""People with identities of their own, clones that exchange keyrings, and a search through a whole object store."""

from __future__ import annotations

import base64
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring import trust
from solidarity_cli.crypto.keyring.keyring import Keyring
from solidarity_cli.crypto.keyring.store import REF
from tests.support.keepers import Keeper, ask_git

ONE, TWO, THREE = "SG-2026-K7QX4M", "SG-2026-AB2CD3", "SA-2025-P3WD9R"
KEYS = {ONE: b"1" * 32, TWO: b"2" * 32, THREE: b"3" * 32}


class Person:
    """Somebody with a machine: `with person:` acts with the identities of that machine."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        with self.at_work():
            self.public = identities.make()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOLIDARITY_IDENTITIES", str(self.folder))
            yield

    def recipient(self) -> Recipient:
        return Recipient(self.name, self.public, "2026-10-31")


@pytest.fixture
def person(tmp_path: Path) -> Callable[[str], Person]:
    """`person("anna")`."""
    return lambda name: Person(tmp_path / "people" / name, name)


@pytest.fixture
def me(own_identities: Path) -> Recipient:
    """The person at this machine, as a recipient."""
    return Recipient("me", identities.make(), "2026-10-31")


def fetched(to: Path, source: Path) -> str:
    """The keyring of another clone, fetched without a ref of its own."""
    ask_git(to, "fetch", "--quiet", str(source), REF)
    return ask_git(to, "rev-parse", "FETCH_HEAD")


def wrapped(root: Path, record: str, at: str = REF) -> bytes:
    """The wrapped key of a record as it is stored."""
    path = f"{at}:keys/{record.split('-')[1]}/{record}.age"
    return subprocess.run(["git", "cat-file", "blob", path], cwd=root, check=True, capture_output=True).stdout


def is_in_store(root: Path, wanted: bytes) -> bool:
    """Whether bytes stand anywhere in `.git`: raw, in a loose object, or in any object of any pack."""
    for file in (root / ".git").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            if wanted in data:
                return True
            if file.parent.parent.name == "objects" and len(file.parent.name) == 2 and wanted in zlib.decompress(data):
                return True
    everything = ["git", "cat-file", "--batch-all-objects", "--unordered", "--batch"]
    return wanted in subprocess.run(everything, cwd=root, check=True, capture_output=True).stdout


def ring(root: Path, *recipients: Recipient, known: tuple[Recipient, ...] = (), **options: object) -> Keyring:
    """A keyring that has cached nothing, in a clone that has verified these recipients, and those `known`, before."""
    people = frozenset((one.name, one.key) for one in (*recipients, *known))
    trust.remember(root, trust.Memory("0" * 64, people))
    return Keyring(root, recipients, **options)  # type: ignore[arg-type]


def with_passphrase(secret: bytes, passphrase: str) -> bytes:
    """An age file with a passphrase, of the least work: that of pyrage takes seconds for each try."""
    salt, file_key, nonce, power = b"s" * 16, b"f" * 16, b"n" * 16, 2
    stretched = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 2**power, 8, 1).derive(passphrase.encode())
    body = ChaCha20Poly1305(stretched).encrypt(bytes(12), file_key, None)
    head = f"age-encryption.org/v1\n-> scrypt {_plain64(salt)} {power}\n{_plain64(body)}\n---".encode()
    signer = hmac.HMAC(_derived(file_key, None, b"header"), hashes.SHA256())
    signer.update(head)
    payload = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", secret, None)
    return head + f" {_plain64(signer.finalize())}\n".encode() + nonce + payload


def _derived(file_key: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(file_key)


def _plain64(data: bytes) -> str:
    return base64.b64encode(data).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def made_home(_fixed_world: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who made a sealed register, made once; each test has a copy."""
    return Keeper("anna", tmp_path_factory.mktemp("home") / "anna").joined().home


@pytest.fixture
def anna(tmp_path: Path, made_home: Path) -> Keeper:
    """Somebody who has made a sealed register; its first and only recipient."""
    shutil.copytree(made_home, tmp_path / "anna", symlinks=True)
    return Keeper("anna", tmp_path / "anna")


@pytest.fixture
def boris(tmp_path: Path, anna: Keeper) -> Keeper:
    """Somebody with a clone of it, and no identity yet."""
    return Keeper("boris", tmp_path / "boris").joined(anna.clone)

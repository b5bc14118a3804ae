"""Identities: files of one's own, with or without a passphrase; what is no public key is refused in words."""

from __future__ import annotations

import stat
from pathlib import Path

import pyrage
import pytest

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.crypto import identities
from tests.support.keyring import with_passphrase


def test_an_identity_is_a_file_of_ones_own(own_identities: Path) -> None:
    assert identities.public_keys() == ()
    public = identities.make()
    file = own_identities / public
    assert identities.public_keys() == (public,)
    assert stat.S_IMODE(own_identities.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in own_identities.iterdir()] == [public]
    identity = identities.open_identity(public)
    assert pyrage.decrypt(pyrage.encrypt(b"k", [identity.to_public()]), [identity]) == b"k"
    assert not identities.is_protected(public)


def test_without_the_variable_they_are_in_the_configuration_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SOLIDARITY_IDENTITIES")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    public = identities.make()
    assert (tmp_path / "config" / "solidarity" / "identities" / public).is_file()


def test_an_identity_is_stored_again_from_its_secret(own_identities: Path) -> None:
    public = identities.make()
    secret = str(identities.open_identity(public))
    identities.destroy(public)
    assert identities.public_keys() == ()
    assert not list(own_identities.iterdir())
    assert identities.keep(secret + "\n") == public
    with pytest.raises(UsageError, match="no identity"):
        identities.keep("AGE-SECRET-KEY-1ABC")
    with pytest.raises(Refused, match="not on this machine"):
        identities.destroy("age1" + "q" * 58)
    with pytest.raises(Refused, match="not on this machine"):
        identities.destroy("../identities/" + public)


def test_destroying_overwrites_the_file_first(own_identities: Path) -> None:
    public = identities.make()
    other_name = own_identities.parent / "hard-link"
    other_name.hardlink_to(own_identities / public)
    identities.destroy(public)
    assert set(other_name.read_bytes()) == {0}


def test_a_real_passphrase() -> None:
    public = identities.make("й и ё")
    assert identities.is_protected(public)
    assert str(identities.open_identity(public, lambda: "и\u0306 и е\u0308").to_public()) == public


def _protected(folder: Path, passphrase: str) -> str:
    public = identities.make()
    secret = (folder / public).read_bytes()
    (folder / public).write_bytes(with_passphrase(secret, passphrase))
    return public


def test_a_passphrase_is_asked_for_three_times(own_identities: Path) -> None:
    public = _protected(own_identities, "right")
    said = iter(["wrong", "", "right"])
    assert str(identities.open_identity(public, lambda: next(said)).to_public()) == public
    asked: list[int] = []

    def wrong() -> str:
        asked.append(1)
        return "wrong"

    with pytest.raises(ExternalError, match=r"^passphrase mistyped three times$") as trouble:
        identities.open_identity(public, wrong)
    assert (len(asked), trouble.value.exit_code) == (3, 3)
    with pytest.raises(ExternalError, match="nobody can be asked"):
        identities.open_identity(public)
    (own_identities / public).write_bytes((own_identities / public).read_bytes()[:150])
    with pytest.raises(ExternalError, match="damaged"):
        identities.open_identity(public, lambda: "right")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.chmod(0o640), "can be read by others"),
        (lambda file: file.parent.chmod(0o755), "folder of identities can be read by others"),
        (lambda file: file.write_bytes(b"AGE-SECRET-KEY-1\n"), "damaged"),
        (lambda file: file.write_bytes(b"\xff\0"), "damaged"),
        (lambda file: file.write_text(str(pyrage.x25519.Identity.generate())), "holds another identity"),
        (lambda file: file.rename(file.with_name("elsewhere")).is_file() or 1, "not on this machine"),
        (lambda file: (file.rename(file.with_name("f")), file.symlink_to("f")), "cannot be read"),
    ],
)
def test_a_spoiled_identity_file(spoil: object, words: str, own_identities: Path) -> None:
    public = identities.make()
    spoil(own_identities / public)  # type: ignore[operator]
    with pytest.raises(ExternalError, match=words) as trouble:
        identities.open_identity(public)
    assert "AGE-SECRET" not in trouble.value.message


def test_the_mode_and_the_way_out_are_told(own_identities: Path) -> None:
    public = identities.make()
    (own_identities / public).chmod(0o604)
    with pytest.raises(ExternalError) as trouble:
        identities.open_identity(public)
    assert trouble.value.hint.startswith("chmod 600 ")


def test_no_place_for_an_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "file" / "below"))
    with pytest.raises(ExternalError, match="could not be stored"):
        identities.make()
    assert identities.public_keys() == ()


SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN anna"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no public key"),
        ("anna", "no public key"),
        ("age1xyz", "no public key"),
        ("age1" + "q" * 58, "no public key"),
        (SSH, "an SSH key is no recipient: it cannot be destroyed"),
        ("ssh-rsa AAAA", "an SSH key"),
        ("sk-ssh-ed25519@openssh.com AAAA", "an SSH key"),
    ],
)
def test_what_is_no_public_key(text: str, words: str) -> None:
    assert not identities.is_public_key(text)
    with pytest.raises(Refused, match=words):
        identities.public_key(text)


def test_a_secret_key_and_a_shouted_one_are_no_public_keys() -> None:
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    assert identities.public_key(f" {public}\n") == public
    assert identities.is_public_key(public)
    assert not identities.is_public_key(public + "\n")
    assert not identities.is_public_key(public.upper())
    with pytest.raises(Refused, match="secret key") as trouble:
        identities.public_key(str(identity))
    assert str(identity)[16:] not in trouble.value.message + trouble.value.hint

"""A sealed register with one organisation in its directory, a case that may be shared with it, and eyes without a key."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest

from tests.support.program import Answer, run_at

ORGANISATION = """schema_version: 1
id: example-relief
name: "Example Relief"
services: [relocation, legal]
languages: ["en", "ru"]
channel: "intake@relief.example"
response_days: 5
checked: "2026-05-04"
"""

PRIVATE = {
    "subject_name": "Арсений Колокольцев",
    "other_names": ["Снегирь Второй"],
    "contact_name": "Мирослава Перевозчикова",
    "contact": "+375 29 123-45-67",
    "safe_channel": "Signal, zvontsova.17",
    "do_not_contact": "Never through uncle Pafnuty",
    "place": "Каменный Перевоз, 14",
    "narrative": "Моего брата задержали вчера; соседка Глафира видела.",
    "charges": "Unlawful gathering at Verkhnelugsk",
    "court": "Zavolzhsky district court",
    "lawyer": "Ждан Огородников",
    "special_categories": ["health"],
    "perpetrator_names": ["Captain Zlobin"],
    "attachments": [{"name": "protocol-kolokoltsev.pdf", "size": 7, "kept": "safe, second drawer"}],
}

SECRETS = [
    text
    for value in PRIVATE.values()
    for text in (
        [value]
        if isinstance(value, str)
        else [str(one) for item in value for one in (item.values() if isinstance(item, dict) else [item])]
    )
    if len(text) > 6
]
"""Everything private that is long enough to be looked for."""


class Stages:
    """Registers made once and copied for each test: with an organisation, with a case, with the case assessed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._made = folder, dict[tuple[str, str], str]()

    def copy(self, sealing: str, stage: str, to: Path) -> str:
        """Put register and identities of a stage into `to`; the id of the case, where there is one."""
        if (sealing, stage) not in self._made:
            self._make(sealing)
        source = self._folder(sealing, stage)
        for name in ("register", "identities"):
            shutil.rmtree(to / name, ignore_errors=True)
            if (source / name).exists():
                shutil.copytree(source / name, to / name, symlinks=True)
        return self._made[sealing, stage]

    def _folder(self, sealing: str, stage: str) -> Path:
        return self.folder / f"{stage}{sealing}"

    def _make(self, sealing: str) -> None:
        case, before = "", None
        for stage, make in (("register", _begin), ("case", _write_down), ("assessed", _assess)):
            folder = self._folder(sealing, stage)
            if before:
                shutil.copytree(before, folder, symlinks=True)
            else:
                folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOLIDARITY_IDENTITIES", str(folder / "identities"))
                case = make(folder, sealing, case)
            self._made[sealing, stage], before = case, folder


def _begin(folder: Path, sealing: str, case: str) -> str:
    answer = run_at(folder, "init", "register", sealing, "--name", "Test Register", "--contact", "role@forum.example")
    assert answer.exit_code == 0, answer
    (folder / "register" / "directory" / "example-relief.yaml").write_text(ORGANISATION)
    subprocess.run(["git", "add", "directory"], cwd=folder / "register", check=True)
    subprocess.run(["git", "commit", "--no-verify", "-qm", "an organisation"], cwd=folder / "register", check=True)
    return case


def _write_down(folder: Path, sealing: str, case: str) -> str:
    draft = folder / "draft.yaml"
    draft.write_text(json.dumps({"private": PRIVATE}, ensure_ascii=False))
    codes = "--country RU --subject-kind individual --membership member --incident detention@2026-10-12"
    more = "--request referral --capacity relative --urgency urgent --language ru --situation held --channel signal"
    asked = ("-q", "--no-input", "new-case", "--from", str(draft), *codes.split(), *more.split())
    answer = run_at(folder / "register", *asked)
    assert answer.exit_code == 0, answer
    draft.unlink()
    return answer.out.strip()


def _assess(folder: Path, sealing: str, case: str) -> str:
    asked = ["--decision", "assist", "--life-at-risk", "unclear", "--freedom-at-risk", "yes", "--risk-level", "high", "--risk-review", "2026-11-30", "--basis", "un-hrd-12", "--reason"]  # fmt: skip
    answer = run_at(folder / "register", "--no-input", "assess", case, *asked, "Held for ordinary work.")
    assert answer.exit_code == 0, answer
    return case


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, _fixed_world: None) -> Stages:
    """What each test gets a copy of."""
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def sealing() -> str:
    """Sealed, unless the test says otherwise: `@pytest.mark.parametrize("sealing", ["--no-sealing"])`."""
    return "--sealing"


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stages: Stages, sealing: str) -> Path:
    """A register of this test's own with one organisation."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    stages.copy(sealing, "register", tmp_path)
    return tmp_path / "register"


@pytest.fixture
def case(register: Path, tmp_path: Path, stages: Stages, sealing: str) -> str:
    """A person held, with everything private that there can be; nobody was asked anything so far."""
    return stages.copy(sealing, "case", tmp_path)


@pytest.fixture
def assessed(case: str, tmp_path: Path, stages: Stages, sealing: str) -> str:
    """The same case, after the Group decided to help."""
    return stages.copy(sealing, "assessed", tmp_path)


@pytest.fixture
def referred(assessed: str, good: Callable[..., Answer], relief: pyrage.x25519.Identity) -> str:
    """The same case: sharing is allowed, a referral to the organisation is thought about."""
    good("consent", assessed, "--use", "share", "--answer", "granted", "--share-with", "example-relief")
    good(*["link-action", "--type", "referral", "--to-organisation", "example-relief", "--service", "legal"], assessed)
    return assessed


@pytest.fixture
def relief(register: Path) -> pyrage.x25519.Identity:
    """The organisation's identity; its public key stands in the directory."""
    identity = pyrage.x25519.Identity.generate()
    with (register / "directory" / "example-relief.yaml").open("a") as file:
        file.write(f"public_key: {identity.to_public()}\n")
    subprocess.run(["git", "commit", "--no-verify", "-qam", "its key"], cwd=register, check=True)
    return identity


@pytest.fixture
def without_key(tmp_path: Path) -> Callable[[], object]:
    """`with without_key():` no identity is on this machine."""

    @contextmanager
    def eyes() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "nobody"))
            yield

    return eyes

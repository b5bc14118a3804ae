"""A sealed register with one organisation in its directory, a case that may be shared with it, and eyes without a key."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest

from tests.support.program import Answer, Run, run_at

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


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A register of this test's own, sealed unless the test says `--no-sealing`, with one organisation."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    sealing = getattr(request, "param", "--sealing")
    answer = run_at(tmp_path, "init", "register", sealing, "--name", "Test Register", "--contact", "role@forum.example")
    assert answer.exit_code == 0, answer
    folder = tmp_path / "register"
    (folder / "directory" / "example-relief.yaml").write_text(ORGANISATION)
    subprocess.run(["git", "add", "directory"], cwd=folder, check=True)
    subprocess.run(["git", "commit", "--no-verify", "-qm", "an organisation"], cwd=folder, check=True)
    return folder


@pytest.fixture
def case(run: Run, tmp_path: Path) -> str:
    """A person held, with everything private that there can be; nobody was asked anything so far."""
    import json

    draft = tmp_path / "draft.yaml"
    draft.write_text(json.dumps({"private": PRIVATE}, ensure_ascii=False))
    codes = "--country RU --subject-kind individual --membership member --incident detention@2026-10-12"
    more = "--request referral --capacity relative --urgency urgent --language ru --situation held --channel signal"
    made = run("-q", "--no-input", "new-case", "--from", str(draft), *codes.split(), *more.split())
    assert made.exit_code == 0, made
    draft.unlink()
    return made.out.strip()


@pytest.fixture
def assessed(case: str, good: Callable[..., Answer]) -> str:
    """The same case, after the Group decided to help."""
    good("assess", case, *["--decision", "assist", "--life-at-risk", "unclear", "--freedom-at-risk", "yes"],
         *["--risk-level", "high", "--risk-review", "2026-11-30", "--basis", "un-hrd-12", "--reason"], "Held for ordinary work.")  # fmt: skip
    return case


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

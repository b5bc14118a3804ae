"""The front door for tests: a real register, a fixed day, a fixed author; commands run as a person types them."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder that this checkout is in; every test that reads a file of the project begins here."""

TODAY = "2026-10-31"

# A gate answers the same each time it is asked about the same program; what other examples find, `make fuzz` shows.
# No test fails for the time that an example took, or for how many were filtered: both depend on the machine, and on
# which modules are loaded, for Hypothesis draws constants from them.
CALM = [HealthCheck.too_slow, HealthCheck.filter_too_much]
settings.register_profile("gate", derandomize=True, deadline=None, suppress_health_check=CALM)
settings.register_profile("fuzz", print_blob=True, deadline=None, suppress_health_check=CALM)
settings.load_profile("gate")

# A shell that runs the tests in its background has them ignore Ctrl-C, and every program they start as well.
with contextlib.suppress(ValueError):
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    exit_code: int
    out: str
    err: str


Run = Callable[..., Answer]
Good = Callable[..., Answer]
Once = Callable[[Callable[[], Any]], Any]


@pytest.fixture(scope="session", autouse=True)
def _fixed_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same day, author and git for every test; nothing of the machine's own set-up."""
    home = tmp_path_factory.mktemp("home")
    config = home / "gitconfig"
    config.write_text(
        "[user]\n\tname = Coordinator\n\temail = coordinator@forum.example\n[init]\n\tdefaultBranch = main\n"
    )
    fixed = {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": "2026-10-31T12:00:00+00:00",
        "GIT_COMMITTER_DATE": "2026-10-31T12:00:00+00:00",
        "SOLIDARITY_TODAY": TODAY,
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm",
        "LC_ALL": "C.UTF-8",
        # Hooks find this program by its name, and no other that may be installed.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    patch = pytest.MonkeyPatch()
    for name in ("SOLIDARITY_REGISTER", "NO_COLOR", "FORCE_COLOR", "ACCESSIBLE", "EDITOR", "VISUAL"):
        patch.delenv(name, raising=False)
    for name, value in fixed.items():
        patch.setenv(name, value)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def _empty_register(tmp_path_factory: pytest.TempPathFactory, _fixed_world: None) -> Path:
    """Made once by `solidarity init`, copied for each test."""
    folder = tmp_path_factory.mktemp("made") / "register"
    answer = run_at(
        folder.parent,
        "init",
        "register",
        "--no-sealing",
        "--name",
        "Test Register",
        "--contact",
        "solidarity@forum.example",
    )
    assert answer.exit_code == 0, answer
    # Tests commit by hand what the guard refuses; what it refuses is tested in a register with its hooks.
    for hook in ("pre-commit", "commit-msg"):
        (folder / ".git" / "hooks" / hook).unlink()
    return folder


@pytest.fixture
def register(_empty_register: Path, tmp_path: Path) -> Path:
    """An empty register of this test's own."""
    return Path(shutil.copytree(_empty_register, tmp_path / "register"))


@pytest.fixture
def run(register: Path) -> Run:
    """`run("list", "--json")`: a command in the register, in this process."""
    return lambda *arguments, **options: run_at(options.pop("at", register), *arguments, **options)


@pytest.fixture
def new_case(run: Run) -> Callable[..., str]:
    """`new_case("--country", "RU")`: the id of a new case."""

    def made(*arguments: str) -> str:
        answer = run("-q", "--no-input", "new-case", *arguments)
        assert answer.exit_code == 0, answer
        return answer.out.strip()

    return made


def sample_register(folder: Path) -> Path:
    """The records of this checkout, in a repository of their own at `folder`; skips where there are none."""
    if not (CHECKOUT / "register.yaml").exists():
        pytest.skip("the source archive holds no records")
    folder.mkdir()
    shutil.copyfile(CHECKOUT / "register.yaml", folder / "register.yaml")
    for room in ("cases", "actions", "directory", "schemas"):
        shutil.copytree(CHECKOUT / room, folder / room)
    for command in (("init", "--quiet", "."), ("add", "."), ("commit", "--quiet", "-m", "the sample register")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def run_at(folder: Path, *arguments: str, given: bytes = b"") -> Answer:
    from solidarity_cli.cli.main import main

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    stdin = io.TextIOWrapper(io.BytesIO(given), "utf-8")
    before = (sys.argv, sys.stdout, sys.stderr, sys.stdin, Path.cwd())
    sys.argv, sys.stdout, sys.stderr, sys.stdin = ["solidarity", *map(str, arguments)], out, err, stdin
    os.chdir(folder)
    try:
        main()
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    finally:
        sys.argv, sys.stdout, sys.stderr, sys.stdin = before[:4]
        os.chdir(before[4])
    return Answer(code, *(_text(stream) for stream in (out, err)))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def _kept() -> dict[tuple[object, ...], tuple[Path, Any]]:
    """What `once` has made so far, and what it answered."""
    return {}


@pytest.fixture
def once(
    register: Path, _kept: dict[tuple[object, ...], tuple[Path, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Once:
    """`once(build)`: the verbs in `build` are run the first time; later the register is a copy of what they made.

    The copy is taken only for the same place in the tests, the same newest commit and the same day.
    """

    def prepared(build: Callable[[], Any]) -> Any:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=register, check=True, capture_output=True).stdout
        code = build.__code__
        key = (code.co_filename, code.co_firstlineno, head, os.environ["SOLIDARITY_TODAY"])
        if key not in _kept:
            answer = build()
            kept = shutil.copytree(register, tmp_path_factory.mktemp("kept") / "register", symlinks=True)
            _kept[key] = kept, answer
        else:
            shutil.rmtree(register)
            shutil.copytree(_kept[key][0], register, symlinks=True)
        return _kept[key][1]

    return prepared


@pytest.fixture
def good(run: Run) -> Callable[..., Answer]:
    """`good("note", case, "…")`: a command that has to succeed."""

    def carried_out(*arguments: str, **options: Any) -> Answer:
        answer = run("--no-input", *arguments, **options)
        assert answer.exit_code == 0, (arguments, answer)
        return answer

    return carried_out


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, _fixed_world: None) -> Path:
    """The records of this checkout in an open register of their own, made once: nobody changes it."""
    return sample_register(tmp_path_factory.mktemp("sample") / "register")


@pytest.fixture
def own_identities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test's own folder of identities; it does not exist yet."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    return tmp_path / "identities"


@pytest.fixture
def git(register: Path) -> Callable[..., str]:
    """`git("status", "--porcelain")` in the register."""

    def ask(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=register, check=True, capture_output=True, text=True).stdout

    return ask


@pytest.fixture
def program() -> str:
    """The installed program, for tests that need a process or a terminal of its own."""
    return str(Path(sys.executable).with_name("solidarity"))

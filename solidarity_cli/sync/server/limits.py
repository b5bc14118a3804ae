"""What a push may cost the server, and leave there: so much time, and no object that it did not bring itself."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from solidarity_cli.core.errors import ExternalError


@contextlib.contextmanager
def objects_aside(root: Path, place: Path) -> Iterator[None]:
    """What git makes on the way, such as a merge tried out, lands in `place`, and not beside the pushed objects."""
    (place / "objects").mkdir()
    objects = os.environ.get("GIT_OBJECT_DIRECTORY") or os.fspath((root / "objects").absolute())
    alternates = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    variables = {
        "GIT_OBJECT_DIRECTORY": os.fspath(place / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, (_quote(objects), alternates))),
    }
    with _environment(variables):
        yield


def _quote(path: str) -> str:
    """A folder in git's list of them, where a colon would begin the next."""
    if os.pathsep not in path and not path.startswith('"'):
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """A push that is made to keep the server busy is given up: ExternalError is raised in the middle of the work."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(*_: object) -> None:
        raise ExternalError(
            f"the server has looked at this push for {seconds} seconds, and gave up",
            hint="push in parts: git push origin COMMIT:BRANCH; or ask who keeps the server",
        )

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

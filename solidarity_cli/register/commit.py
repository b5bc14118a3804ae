"""A planned change saved whole, as one commit, or not at all."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.findings import Finding
from solidarity_cli.git.committer import Act, Committer
from solidarity_cli.system.atomic_file import write_whole

if TYPE_CHECKING:
    from solidarity_cli.crypto.keyring.keyring import Keyring

_LOCK_TIMEOUT = 10.0
"""Seconds to wait for another verb in the same register."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; `before` is None for a new file, `after` for one that goes."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked change of the register. Nothing has happened yet.

    `warnings` are what the rules remark on it; errors never come this far. `keys` are new, by the record they seal.
    """

    act: Act
    changes: tuple[Change, ...]
    by: str = ""
    warnings: tuple[Finding, ...] = ()
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that the commit holds."""
        return tuple(change.path for change in self.changes)


def save(plan: Plan, ledger: Committer, keyring: Callable[[], Keyring] | None = None) -> str:
    """Write and commit `plan`; the commit's id. On refusal, or Ctrl-C, the files are as they were.

    New keys are in the keyring before what they seal is on the disk: a power cut leaves a key too many, never a
    record that nobody can open.

    Raises ExternalError: another verb at work, a file changed meanwhile, the disk, git.
    """
    with writing(ledger):
        ledger.ready()
        _require_unchanged(plan, ledger)
        with _add_keys(plan.keys, keyring), _write_files(ledger.root, plan):
            ledger.commit(plan.paths, plan.act, by=plan.by)
        # Outside the block: the commit is made, and nothing that fails from here on may bring the old files back.
        return ledger.head()


@contextlib.contextmanager
def writing(ledger: Committer) -> Iterator[None]:
    """The register to ourselves, whole, and no Ctrl-C before it is whole again.

    Raises ExternalError when another writes.
    """
    from filelock import FileLock, Timeout

    from solidarity_cli.git.fast_forward import recover

    folder = ledger.shared_folder / "solidarity"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with FileLock(folder / "lock", timeout=_LOCK_TIMEOUT), _defer_interrupts():
            recover(ledger)
            yield
    except Timeout:
        raise ExternalError(
            "another command is writing in this register", hint="wait a moment, then try again"
        ) from None
    except OSError as error:
        raise ExternalError(
            f"nothing was saved: {error.strerror or 'the disk refused'}", hint="look at space and permissions: df -h"
        ) from None


@contextlib.contextmanager
def _add_keys(keys: Mapping[str, bytes], keyring: Callable[[], Keyring] | None) -> Iterator[None]:
    """New keys in the keyring; out of it again when the block fails."""
    if not keys or keyring is None:
        yield
        return
    keyring().add(keys)
    try:
        yield
    except BaseException:
        keyring().drop(keys)
        keyring().purge()
        raise


def _require_unchanged(plan: Plan, ledger: Committer) -> None:
    """Refuse to mix an act with what somebody else, or an editor, has written meanwhile."""
    for change in plan.changes:
        file = ledger.root / change.path
        now = file.read_bytes().decode("utf-8", errors="surrogateescape") if file.exists() else None
        if now != change.before:
            raise ExternalError(f"{change.path} was changed meanwhile", hint="run the command again")
    if dirty := ledger.differs(change.path for change in plan.changes):
        raise ExternalError(
            f"{dirty[0]} holds changes that are in no commit",
            hint=f"keep them: git commit -- {dirty[0]}; or drop them: git checkout -- {dirty[0]}",
        )


@contextlib.contextmanager
def _write_files(root: Path, plan: Plan) -> Iterator[None]:
    """The new texts on disk; the old ones again when the block fails."""
    new_folders: list[Path] = []
    written: list[Change] = []
    try:
        for change in plan.changes:
            file = root / change.path
            new_folders += _make_folders(root, file.parent)
            written.append(change)
            if change.after is None:
                file.unlink()
            else:
                write_whole(file, change.after.encode())
        yield
    except BaseException:
        for change in written:
            file = root / change.path
            if change.before is None:
                file.unlink(missing_ok=True)
            elif not file.exists() or file.read_bytes() != change.before.encode():
                write_whole(file, change.before.encode())
        for folder in reversed(new_folders):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _make_folders(root: Path, folder: Path) -> list[Path]:
    """Make the missing folders; refuse a way that leads out of the register."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    if not folder.resolve().is_relative_to(root.resolve()):
        raise ExternalError(
            "a folder of the register is a link that leads elsewhere", hint="put a real folder in its place"
        )
    for new_folder in reversed(missing):
        new_folder.mkdir()
    return list(reversed(missing))


@contextlib.contextmanager
def _defer_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back until the files are whole again. Git gets it at once, and then refuses by itself."""
    pending: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        pending.append(number)

    handlers: Mapping[int, Any] = {}
    with contextlib.suppress(ValueError):  # not the main thread: nobody can press Ctrl-C there
        handlers = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except ExternalError:
        if not pending:
            raise
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if pending:
        raise KeyboardInterrupt

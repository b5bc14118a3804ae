"""The server's side of a push: its main branch, its settings, its list of signers, and a place to look at things.

What is learned of a push goes with it. Kept is only what is learned of the main branch as it stands: a push that was
refused leaves nothing behind, neither objects nor what they said.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from solidarity_cli import __version__
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.crypto.keyring.keyring import Keyring
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import Snapshot, at
from solidarity_cli.history.audit import audit
from solidarity_cli.history.index import AS_STORED, Index, with_index
from solidarity_cli.register.reader import Reader
from solidarity_cli.sync.server.limits import in_time, objects_aside

LIST = "allowed_signers"
"""The list in the register, and the file of the same name in the server's own folder, which wins."""
MODES = ("required", "checked", "off")
_PATIENCE = 600
"""Seconds for one push, unless git's setting solidarity.patience says otherwise."""
_CACHE_FOLDER, _STATE_FILE = "solidarity", "main"


@dataclass(frozen=True)
class Server:
    """A bare repository while it looks at a push. `main` is its main branch, `at` the commit there, "" for none.

    `place` is a folder that goes with the push.
    """

    root: Path
    main: str
    at: str
    place: Path
    today: date

    @cached_property
    def signers(self) -> bytes:
        """The list of allowed signers: the file in the server's folder, else the main branch's; empty for none."""
        with contextlib.suppress(FileNotFoundError):
            return (self.root / LIST).read_bytes()
        if not self.at:
            return b""
        args = ("rev-parse", "--verify", "--quiet", f"{self.at}:{LIST}")
        blob = git(self.root, *args, quiet_codes=(1, 128), env=AS_STORED).decode().strip()
        data = dict(blobs(self.root, [blob]))[blob] if blob else b""
        if data is None:
            raise ExternalError("the server's list of allowed signers is no list", hint="ask who keeps the server")
        return data

    @cached_property
    def signatures(self) -> str:
        """What is asked of signatures: `required`, `checked` or `off`. Raises ExternalError for another setting."""
        mode = setting(self.root, "solidarity.signatures") or ("required" if self.signers else "checked")
        if mode not in MODES:
            raise ExternalError(
                "solidarity.signatures is no such setting here", hint=f"on the server: {', '.join(MODES)}"
            )
        return mode

    def commit(self, name: str) -> str:
        """The commit that an object is or a tag names. Raises Refused for anything else."""
        args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        commit_id = git(self.root, *args, quiet_codes=(1, 128), env=AS_STORED).decode().strip()
        if not commit_id:
            raise Refused("a branch or a tag names an act, and this names none", hint="git push origin HEAD:NAME")
        return commit_id

    def fork_point(self, commit: str) -> str:
        """Where a commit left the main branch; "" where it was never on it."""
        if not self.at:
            return ""
        args = ("-c", "core.commitGraph=false", "merge-base", self.at, commit)
        return git(self.root, *args, quiet_codes=(1,), env=AS_STORED).decode().strip()

    def reading(self, commit: str, *, own_rules: bool = False) -> Reader:
        """A commit under the schemas and the numbers of the main branch; under its own where there is none yet."""
        records = at(self.root, commit)
        if self.at and not own_rules:
            records = records.under(self._rules)
        place = _ServerCommitter(self.root, self.place)
        return _ServerReader(records, place, self.today, lambda: _ClosedKeyring(self.root, ()))

    @cached_property
    def _rules(self) -> Snapshot:
        return at(self.root, self.at)


class _ServerCommitter(Committer):
    """A repository without files of its own; what is learned lies in another folder."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.own_folder, self.shared_folder = root, folder, folder


class _ServerReader(Reader):
    """A reading that learns the past, too, in the place that goes with the push."""

    def _signers(self, cases: Iterable[str]) -> Mapping[tuple[str, str, str], str]:
        from solidarity_cli.history import approval_signers

        root, head, case_ids = self.snapshot.root, self.commit, sorted(cases)

        def ask(index: Index) -> dict[tuple[str, str, str], str]:
            return approval_signers.signers_in(root, index, index.rows(head, case_ids))

        return with_index(root, self._ledger.shared_folder, head, ask) if case_ids else {}


class _ClosedKeyring(Keyring):
    """A server unseals nothing, whoever's identity may lie on that machine."""

    def keys(self, records: object) -> dict[str, bytes]:
        return {}


@contextlib.contextmanager
def open_server(root: Path, today: date) -> Iterator[Server]:
    """The server at `root` for one push. Raises ExternalError when that takes too long."""
    head = git(root, "symbolic-ref", "--quiet", "HEAD", quiet_codes=(1,)).decode().strip()
    if not head.startswith("refs/heads/"):
        raise ExternalError(
            "the server's HEAD names no branch", hint="on the server: git symbolic-ref HEAD refs/heads/main"
        )
    args = ("rev-parse", "--verify", "--quiet", f"{head}^{{commit}}")
    commit = git(root, *args, quiet_codes=(1, 128), env=AS_STORED).decode().strip()
    patience = setting(root, "solidarity.patience")
    seconds = int(patience) if patience.isdecimal() and int(patience) else _PATIENCE
    with (
        in_time(seconds),
        tempfile.TemporaryDirectory(prefix="solidarity-") as folder,
        objects_aside(root, Path(folder)),
    ):
        server = Server(root, head.removeprefix("refs/heads/"), commit, Path(folder), today)
        if commit:
            _learn(server)
            _copy(root / _CACHE_FOLDER, server.place / _CACHE_FOLDER)
        yield server


def setting(root: Path, name: str) -> str:
    """One of git's settings on the server; empty where it is not set."""
    return git(root, "config", "--get", name, quiet_codes=(1,)).decode(errors="replace").strip()


def _learn(server: Server) -> None:
    """Bring what is kept up to the main branch, once for each place where it stands."""
    mark, state = server.root / _CACHE_FOLDER / _STATE_FILE, f"{server.at} {__version__}"
    with contextlib.suppress(OSError):
        if mark.read_text(encoding="utf-8") == state:
            return
    audit(server.root, server.root, server.at, "", today=server.today)
    replace(server, place=server.root).reading(server.at).judge()
    with contextlib.suppress(OSError):
        mark.write_text(state, encoding="utf-8")


def keep(server: Server) -> None:
    """Keep what was learned of a whole register that came at once and was found right: to learn it takes a while."""
    folder = server.root / _CACHE_FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        for file in (server.place / _CACHE_FOLDER).glob("*.sqlite"):
            temporary = folder / f"{file.name}.new"
            shutil.copyfile(file, temporary)
            temporary.chmod(0o600)
            temporary.replace(folder / file.name)


def _copy(source: Path, target: Path) -> None:
    """What is kept, for this push alone, as it stands even while another push is being looked at."""
    target.mkdir(mode=0o700)
    for file in source.glob("*.sqlite"):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)) as old,
            contextlib.closing(sqlite3.connect(target / file.name)) as new,
        ):
            old.backup(new)

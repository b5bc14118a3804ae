"""Git read by plumbing: every question to git goes out from here, a constant number of processes a command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.record_size import LARGEST_RECORD

_FIXED = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    "color.ui=false",
    "i18n.logOutputEncoding=UTF-8",
    "grep.patternType=default",
)
_FIXED_CONFIG = tuple(part for setting in _FIXED for part in ("-c", setting))
"""What somebody sets for their own eyes must not change what git tells a program."""
_PIECE = 65_536
_INTERRUPTED = (-signal.SIGINT, 128 + signal.SIGINT)
"""Exit codes of a process that Ctrl-C has stopped: as Python and as a shell tell it."""


def git(
    root: Path,
    *arguments: str,
    stdin: bytes | None = None,
    quiet_codes: tuple[int, ...] = (),
    good_codes: tuple[int, ...] = (0,),
    env: Mapping[str, str] | None = None,
) -> bytes:
    """What git prints for `arguments` in `root`; `env` adds to its environment.

    Raises ExternalError when git is missing or fails: when its exit code is not among `good_codes`. One in
    `quiet_codes` gives an empty answer instead.
    """
    try:
        environment = {**_environment(), **(env or {})}
        done = subprocess.run(
            _command(arguments), cwd=root, input=stdin, capture_output=True, check=False, env=environment
        )
    except FileNotFoundError:
        raise _missing() from None
    if done.returncode in quiet_codes:
        return b""
    if done.returncode in good_codes:
        return done.stdout
    return _checked(done.returncode, done.stdout, done.stderr, arguments[0])


def start(root: Path, *arguments: str) -> Callable[[], bytes]:
    """Git at work on `arguments` while we do something else; what is returned waits for its answer, like `git`."""
    process = _started(root, arguments, stderr=subprocess.PIPE)
    heard: list[bytes] = []
    # Somebody has to listen meanwhile: git stops when the pipe is full.
    listener = threading.Thread(target=lambda: heard.extend(process.communicate()), daemon=True)
    listener.start()

    def answer() -> bytes:
        listener.join()
        return _checked(process.returncode, heard[0], heard[1], arguments[0])

    return answer


def _started(root: Path, arguments: tuple[str, ...], *, stderr: int) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            _command(arguments), cwd=root, stdin=pipe, stdout=pipe, stderr=stderr, env=_environment(), bufsize=_PIECE
        )
    except FileNotFoundError:
        raise _missing() from None


def _command(arguments: tuple[str, ...]) -> list[str]:
    return ["git", *_FIXED_CONFIG, *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _missing() -> ExternalError:
    return ExternalError("git is not installed", hint="install git, then try again")


def _checked(code: int, stdout: bytes, trouble: bytes, verb: str) -> bytes:
    if code in _INTERRUPTED:  # the person stopped it, and this program with it, even where Python lost the signal
        raise KeyboardInterrupt
    if code:
        raise ExternalError(f"git could not answer ({verb}): {_reason(trouble)}", hint="git status")
    return stdout


def _reason(stderr: bytes) -> str:
    """Git's own sentence without what it quotes: a quoted name may be somebody's."""
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    sentence = lines[0] if lines else "no reason given"
    return re.sub(r"'[^']*'", "…", sentence.removeprefix("fatal: ").removeprefix("error: "))[:160]


def beside_records(root: Path) -> Path:
    """Where git may put things aside without their lying among the records: its own folder, also of a bare repository.

    For a driver of merges it writes files into the folder it was started in, and leaves them there when it is killed.
    """
    return git_folders(root)[0] if (root / ".git").exists() else root


def git_folders(root: Path) -> tuple[Path, Path]:
    """The git directory of the work tree at `root`, and the one its worktrees share, without asking git.

    Raises ExternalError when `root` is not the top of a git work tree.
    """
    marker = root / ".git"
    if marker.is_dir():
        return marker, marker
    try:
        own = root / marker.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        common = own / "commondir"
        shared = (own / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else own
    except (OSError, UnicodeDecodeError):
        raise ExternalError("this folder is not the top of a git repository", hint="solidarity init DIR") from None
    return own, shared


def blobs(root: Path, names: Iterable[str], *, at_most: int = LARGEST_RECORD) -> Iterator[tuple[str, bytes | None]]:
    """Each blob's bytes by its id, in the order asked; None for one that is missing or larger than `at_most`.

    One process however many blobs. A huge one goes past in pieces: neither we nor git hold it whole.
    """
    blob_ids = list(dict.fromkeys(names))
    if not blob_ids:
        return
    batch = ("-c", f"core.bigFileThreshold={at_most}", "cat-file", "--batch", "--buffer")
    # Git may complain of many objects at length, and nobody listens there: `_refused` asks again where it matters.
    with _started(root, batch, stderr=subprocess.DEVNULL) as process:
        questions, answers = process.stdin, process.stdout
        if not questions or not answers:
            raise AssertionError("both were asked for as pipes")
        # Asked from a thread: git answers before it has heard all, and waits for us to read.
        asking = threading.Thread(target=_ask, args=(questions, blob_ids))
        asking.start()
        try:
            for name in blob_ids:
                yield name, _blob(answers, root, name, at_most)
        finally:
            # A reader may leave in the middle: git hears it by the closed pipe, and then so does who asks.
            answers.close()
            asking.join()


def _ask(questions: IO[bytes], blob_ids: list[str]) -> None:
    with suppress(OSError), questions:
        questions.write("".join(f"{name}\n" for name in blob_ids).encode())


def _blob(answers: IO[bytes], root: Path, name: str, at_most: int) -> bytes | None:
    """The next answer of `cat-file --batch`: a head of id, kind and size, then that many bytes and a line end."""
    head = answers.readline().split()
    if len(head) == 2:
        return None  # the id, and "missing"
    if len(head) != 3:
        raise _refused(root, name)
    size = int(head[2])
    if head[1] == b"blob" and size <= at_most:
        data = answers.read(size + 1)
        if len(data) != size + 1:
            raise _refused(root, name)
        return data[:-1]
    left = size + 1
    while left and (piece := answers.read(min(left, _PIECE))):
        left -= len(piece)
    return None


def _refused(root: Path, name: str) -> ExternalError:
    """Why git broke off, which it says when asked for this blob alone."""
    git(root, "cat-file", "blob", name)
    return ExternalError("git could not answer (cat-file)", hint="git fsck")

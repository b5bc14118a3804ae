"""Nothing that was answered is lost: an interruption, a closed terminal or a refusal leaves a draft."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard import drafts
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.render.escape import clean


class Keeper:
    """Keeps one talk as one draft, however often it is asked to."""

    def __init__(self, session: Session, draft: Draft) -> None:
        self._session = session
        self._known = dict(draft.record)
        self._file = drafts.find_draft(draft.record)

    @property
    def continues(self) -> Path | None:
        """The draft that this talk took up."""
        return self._file

    def keep(self, record: Mapping[str, Any]) -> Path | None:
        """The draft's file; None when the appeal's own file says it all, or the disk refuses."""
        fields = {key: value for key, value in record.items() if key != "received"}
        if fields == {key: value for key, value in self._known.items() if key != "received"}:
            return self._file
        shape = self._session.register.now.schemas.shape("case")
        try:
            self._file = drafts.keep(record, on=self._session.today, shape=shape, over=self._file)
        except OSError:
            return None
        return self._file

    def keep_and_tell(self, record: Mapping[str, Any]) -> None:
        """The same, and say on stderr how to go on. Said even with --quiet: it is the only way back."""
        file = self.keep(record)
        # The terminal may be gone; the draft is there all the same.
        with contextlib.suppress(OSError):
            if file:
                _write_stderr(f"your answers are kept; go on with:\n  {drafts.command(file)}")
            elif record:
                _write_stderr("no draft was kept: nothing new was answered, or the disk refused")

    def discard(self) -> None:
        """Delete the draft: all it said is saved."""
        drafts.discard(self._file)


@contextlib.contextmanager
def keep_until_saved(
    session: Session, draft: Draft, record: Mapping[str, Any], *, dry_run: bool = False
) -> Iterator[None]:
    """Around the saving of what `ask` returned: a refusal keeps the answers, a success deletes the draft taken up."""
    keeper = Keeper(session, draft)
    try:
        yield
    except BaseException:
        keeper.keep_and_tell(record)
        raise
    if dry_run:
        keeper.keep_and_tell(record)
    else:
        keeper.discard()


@contextlib.contextmanager
def keep_when_interrupted(keeper: Keeper, record: Mapping[str, Any]) -> Iterator[None]:
    """Around a talk: Ctrl-C, Ctrl-D and a closed terminal leave a draft and arrive as KeyboardInterrupt."""
    with _on_hangup(lambda: keeper.keep(record)):
        try:
            yield
        except (KeyboardInterrupt, EOFError, OSError):
            # OSError: reading from, or drawing on, a terminal that is no longer there.
            keeper.keep_and_tell(record)
            raise KeyboardInterrupt from None
        except Refused:
            raise
        except BaseException:
            keeper.keep_and_tell(record)
            raise


@contextlib.contextmanager
def _on_hangup(keep: Any) -> Iterator[None]:
    """Keep at once when the terminal is closed: what comes after may not get far."""

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        keep()
        raise KeyboardInterrupt

    signals = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        signals = []
    handlers = {signal_number: signal.signal(signal_number, leave) for signal_number in signals}
    try:
        yield
    finally:
        for signal_number, handler in handlers.items():
            signal.signal(signal_number, handler)


def _write_stderr(text: str) -> None:
    sys.stderr.write("\n" + clean(text, newlines=True) + "\n")
    sys.stderr.flush()

"""The private folder of `edit`: where it is, who can look in, and that nothing stays, however the editing ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.guarded import NAME
from tests.support.program import Answer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")

Ask = Callable[..., Answer]


class Desk:
    """`solidarity edit` on a terminal, with an editor that notes what it sees and waits for a line."""

    def __init__(self, program: str, sealed: Path, case: str, tmp_path: Path, **more: str) -> None:
        import pexpect

        notes = tmp_path / "notes"
        editor = tmp_path / "editor"
        editor.write_text(
            f"""#!{sys.executable}
import os, pathlib, sys
file = pathlib.Path(sys.argv[-1])
(file.parent / (file.name + "~")).write_text(file.read_text())
seen = [str(file), oct(file.parent.stat().st_mode & 0o777), os.environ["TMPDIR"], file.read_text()]
pathlib.Path({str(notes)!r}).write_text("\\n".join(seen))
print("the editor is open", flush=True)
sys.stdin.readline()
""",
            encoding="utf-8",
        )
        editor.chmod(0o755)
        env = {**os.environ, "EDITOR": str(editor), **more}
        self.child = pexpect.spawn(program, ["edit", case], cwd=str(sealed), env=env, encoding="utf-8", timeout=180)
        self.child.expect_exact("the editor is open")
        file, self.mode, self.temporary, self.text = notes.read_text(encoding="utf-8").split("\n", 3)
        self.file = Path(file)

    def finish(self) -> None:
        import pexpect

        self.child.sendline()
        self.child.expect(pexpect.EOF)
        self.child.close()


Open = Callable[..., Desk]


@pytest.fixture
def edit(program: str, sealed: Path, case: str, tmp_path: Path) -> Open:
    """`edit()`: the editor is open."""
    return lambda **more: Desk(program, sealed, case, tmp_path, **more)


def test_the_folder_is_private_outside_the_register_and_gone_afterwards(
    edit: Open, sealed: Path, tmp_path: Path
) -> None:
    (sealed / "tmp").mkdir()
    desk = edit(TMPDIR=str(sealed / "tmp"))
    assert NAME in desk.text
    assert desk.mode == "0o700"
    assert desk.file.is_relative_to(tmp_path / "runtime")
    assert desk.temporary == str(desk.file.parent)
    desk.finish()
    assert not desk.file.parent.exists()
    assert not list((sealed / "tmp").iterdir())


def test_a_folder_inside_the_register_is_never_used(edit: Open, sealed: Path) -> None:
    inside = sealed / "run"
    inside.mkdir(mode=0o700)
    desk = edit(XDG_RUNTIME_DIR=str(inside))
    desk.finish()
    assert not desk.file.is_relative_to(sealed)
    assert not list(inside.iterdir())


def test_a_folder_that_others_can_read_is_never_used(edit: Open, tmp_path: Path) -> None:
    shared = tmp_path / "runtime" / "solidarity-private"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    desk = edit()
    desk.finish()
    assert not desk.file.is_relative_to(shared)
    assert not list(shared.iterdir())


def test_what_a_killed_edit_leaves_is_wiped_by_the_next_and_no_other(edit: Open, case: str) -> None:
    killed = edit()
    os.kill(killed.child.pid, signal.SIGKILL)
    killed.child.close(force=True)
    assert killed.file.exists()
    desk = edit()
    assert not killed.file.parent.exists()
    assert desk.file.exists()
    desk.finish()


def test_doctor_tells_and_wipes_what_a_killed_edit_left(edit: Open, ask: Ask) -> None:
    desk = edit()
    assert "private folders" not in ask("doctor").out  # the editor is still open
    os.kill(desk.child.pid, signal.SIGKILL)
    desk.child.close(force=True)
    assert "1 private folders of `edit` were left by a crash" in ask("doctor").out
    assert desk.file.exists()
    ask("doctor", "--fix")
    assert not desk.file.parent.exists()


def test_what_is_wiped_is_overwritten_first_and_links_are_not_followed(tmp_path: Path) -> None:
    from solidarity_cli.system.private_dir import wipe

    folder, kept, other = tmp_path / "folder", tmp_path / "kept", tmp_path / "other"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "secret").write_text(NAME, encoding="utf-8")
    os.link(folder / "below" / "secret", other)  # another name for the same bytes shows what became of them
    kept.write_text("stays", encoding="utf-8")
    (folder / "link").symlink_to(kept)
    wipe(folder)
    assert not folder.exists()
    assert kept.read_text(encoding="utf-8") == "stays"
    assert set(other.read_bytes()) == {0}

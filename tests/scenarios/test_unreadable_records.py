"""An answer without a record that cannot be read says so: nobody takes it for the whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run

SAID = "left out, for they are no valid records: 1; which: solidarity validate"
VERBS = (("list",), ("list", "--json"), ("agenda",), ("agenda", "--ics", "-"), (), ("--json",), ("export",))


def _broken(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


BREAKS = {
    "no such day": lambda file: _broken(file, 'received: "2026-10-31"', 'received: "2026-06-31"'),
    "an unknown code": lambda file: _broken(file, "status: received", "status: nonsense"),
    "no YAML": lambda file: _broken(file, "status: received", "status: [received"),
    "empty": lambda file: file.write_bytes(b""),
    "another id": lambda file: file.rename(file.with_name("SG-2026-AAAAAA.yaml")),
    "a link": lambda file: (file.rename(file.with_suffix(".txt")), file.symlink_to(file.with_suffix(".txt").name)),
}


@pytest.mark.parametrize(
    ("what", "is_committed"), [*((what, False) for what in BREAKS), ("no such day", True), ("a link", True)]
)
def test_whoever_lists_says_what_is_left_out(
    register: Path,
    run: Run,
    new_case: Callable[..., str],
    git: Callable[..., str],
    what: str,
    is_committed: bool,
) -> None:
    one, other = (new_case("--country", country, "--incident", "search") for country in ("RU", "BY"))
    assert SAID[:20] not in run("list").err
    BREAKS[what](register / f"cases/2026/{one}.yaml")
    if is_committed:
        git("add", "--all")
        git("commit", "--quiet", "--no-verify", "-m", "by hand")
    for verb in VERBS:
        for _ in range(2):  # and again, from what was kept
            answer = run(*verb)
            assert answer.exit_code == 0, (verb, answer)
            assert answer.err.count(SAID) == 1, (verb, answer)
    assert other in run("list").out
    assert SAID not in run("-q", "list").err

"""Run the checks one after the other: `make check`; with `--all`, everything that CI runs: `make check-all`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent
PYTEST: list[Path | str] = [
    BIN / "python",
    "-m",
    "pytest",
    "-n",
    str(max(2, os.cpu_count() or 2)),
    "--dist",
    "worksteal",
]
CHECKS: dict[str, list[Path | str]] = {
    "formatting": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "layers": [BIN / "lint-imports"],
    "generated schemas": [BIN / "python", "scripts/generate_schemas.py", "--check"],
    "generated docs": [BIN / "python", "scripts/generate_docs.py", "--check"],
    "the sample register": [BIN / "solidarity", "--no-input", "validate"],
    "its canonical form": [BIN / "solidarity", "--no-input", "fmt", "--check"],
}
FAST: dict[str, list[Path | str]] = {"tests that are not slow": [*PYTEST, "-m", "not slow"]}
ALL: dict[str, list[Path | str]] = {
    "tests": PYTEST,
    "the built wheel": [BIN / "python", "scripts/try_wheel.py"],
}


def main(arguments: list[str]) -> int:
    """Run every check to the end and name those that failed."""
    failed = []
    began = time.monotonic()
    with environment() as env:
        for name, command in (CHECKS | (ALL if "--all" in arguments else FAST)).items():
            print(f"== {name}", flush=True)
            start = time.monotonic()
            if subprocess.run([str(part) for part in command], check=False, env=env).returncode:
                failed.append(name)
            print(f"   {'FAILED' if name in failed else 'ok'}, {time.monotonic() - start:.1f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", f"({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


@contextmanager
def environment() -> Iterator[Mapping[str, str]]:
    """Yield the environment of the checks: compiled files are kept, temporary files are in memory where they can be.

    Thousands of small repositories are made and removed; on a tmpfs that takes a sixth less time than on a disk.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    memory = Path("/dev/shm")
    if "TMPDIR" in env or not _is_usable(memory):
        yield env
        return
    with tempfile.TemporaryDirectory(prefix="solidarity-check-", dir=memory, ignore_cleanup_errors=True) as folder:
        yield env | {"TMPDIR": folder}


def _is_usable(folder: Path) -> bool:
    """Return whether programs can be written to a folder and started there, and 4 GB are free: the tests need 1.7."""
    return (
        folder.is_dir()
        and os.access(folder, os.W_OK)
        and not os.statvfs(folder).f_flag & os.ST_NOEXEC
        and shutil.disk_usage(folder).free > 4e9
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

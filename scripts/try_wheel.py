"""Build the wheel and the sdist, look into both, and use the wheel in a clean environment as a stranger would."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

CARRIED = ("schemas/case.schema.json", "schemas/standards.yaml", "schemas/vocabulary/status.yaml")
KEPT_OUT = ("cases/", "actions/", "directory/")


def main() -> int:
    """Raise AssertionError, or CalledProcessError, at the first thing that is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "dist"
        _run(sys.executable, "-m", "build", "--outdir", str(built), ".")
        wheel, sdist = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
        names = zipfile.ZipFile(wheel).namelist()
        assert all(any(name.endswith(suffix) for name in names) for suffix in CARRIED), "the wheel lacks schemas"
        with tarfile.open(sdist) as archive:
            inside = [name.partition("/")[2] for name in archive.getnames()]
        assert not any(name.startswith(KEPT_OUT) for name in inside), "the sdist carries records"
        clean = Path(folder) / "clean"
        venv.create(clean, with_pip=True)
        _run(str(clean / "bin" / "pip"), "install", "--quiet", "--quiet", "--disable-pip-version-check", str(wheel))
        _use(clean / "bin" / "solidarity", Path(folder) / "register")
    print("   the wheel works in a clean environment; the sdist holds no record")
    return 0


def _use(program: Path, register: Path) -> None:
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _IDENTITY}
    environment = {**os.environ, **identity}
    _run(str(program), "init", str(register), env=environment)
    command = [str(program), "-C", str(register), "--no-input"]
    _run(*command, "new-case", "--country", "BY", "--incident", "deregistration", env=environment)
    _run(*command, "validate", env=environment)
    _run(*command, "report", "--year", "2026", "--format", "json", env=environment)


_IDENTITY = (("NAME", "Coordinator"), ("EMAIL", "coordinator@forum.example"))


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env, cwd=Path(__file__).parent.parent)


if __name__ == "__main__":
    raise SystemExit(main())

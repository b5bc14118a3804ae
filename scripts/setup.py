"""Everything the project needs, in a virtual environment of its own: `python3 scripts/setup.py .venv`."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def main() -> int:
    """Make the environment and say what is being done."""
    import tomllib

    if sys.version_info < OLDEST:
        print("solidarity needs Python 3.11 or newer; name one: make PYTHON=python3.11", file=sys.stderr)
        return 1
    folder = Path(sys.argv[1])
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"making {folder}", flush=True)
        venv.create(folder, with_pip=True)
    needed = project["dependency-groups"]["dev"]
    print(f"installing solidarity and its {len(needed)} development tools into {folder} (a minute or two)", flush=True)
    answer = subprocess.run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",
            "--disable-pip-version-check",
            "--editable",
            ".",
            *needed,
        ],
        check=False,
    )
    if answer.returncode:
        print("the packages could not be installed: is the package index reachable?", file=sys.stderr)
        return answer.returncode
    # Pip compiles what it installs, but not what stays in this checkout; where Python may not write bytecode by
    # itself, every call would compile all of it anew.
    subprocess.run([str(python), "-m", "compileall", "-q", "solidarity_cli"], check=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

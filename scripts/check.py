"""All checks, one after the other, each said before it runs and timed: what `make check` and CI run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[Path | str]] = {
    "formatting": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "layers": [BIN / "lint-imports"],
    "generated schemas": [BIN / "python", "scripts/generate_schemas.py", "--check"],
    "generated docs": [BIN / "python", "scripts/generate_docs.py", "--check"],
    "the sample register": [BIN / "solidarity", "--no-input", "validate"],
    "its canonical form": [BIN / "solidarity", "--no-input", "fmt", "--check"],
    "tests": [BIN / "python", "-m", "pytest", "-n", "2"],
    "the built wheel": [BIN / "python", "scripts/try_wheel.py"],
}


def main() -> int:
    """Run every check to the end and name those that failed."""
    failed = []
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        began = time.monotonic()
        if subprocess.run([str(part) for part in command], check=False).returncode:
            failed.append(name)
        print(f"   {'FAILED' if name in failed else 'ok'}, {time.monotonic() - began:.1f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

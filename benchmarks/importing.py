"""Bring many fictional cases into a register in one act: `importing.py REGISTER NUMBER`."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from generate import records
from invented import TODAY

from solidarity_cli.register.register import Register


def main(root: Path, number: int) -> None:
    """Plan and save the cases, as any writing verb does with one."""
    register = Register(root, TODAY)
    cases = islice((plain for kind, plain in records(number) if kind == "case"), number)
    register.save(register.plan("import", new={plain["id"]: plain for plain in cases}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

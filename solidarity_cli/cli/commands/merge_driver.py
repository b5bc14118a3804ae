"""`solidarity merge-driver`: what git asks when both sides of a merge changed a record. Not for people."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import SolidarityError

_OURS, _THEIRS = b"<<<<<<< ours\n", b">>>>>>> theirs\n"


def main(
    ctx: typer.Context,
    base: Annotated[Path, typer.Argument(metavar="%O")],
    ours: Annotated[Path, typer.Argument(metavar="%A")],
    theirs: Annotated[Path, typer.Argument(metavar="%B")],
    path: Annotated[str, typer.Argument(metavar="%P")],
) -> None:
    """Merge one file by fields, for git: the result takes the place of ours; exit 1 when a person has to decide."""
    session: Session = ctx.obj
    texts = [file.read_bytes() for file in (base, ours, theirs)]
    try:
        merged = _merge(session, path, texts)
    except SolidarityError:
        merged = None
    if merged is None:
        _write_conflict_markers(base, ours, theirs, texts)
        session.note(f"{path.rpartition('/')[2]}: a person has to decide; look at it: solidarity resolve")
        raise typer.Exit(1)
    ours.write_bytes(merged)


def _merge(session: Session, path: str, texts: list[bytes]) -> bytes | None:
    """The merged text; None when something is left for a person, or the path holds no record."""
    from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
    from solidarity_cli.sync.merge_commit import Fields, RecordConflict, fit, kind_of, merge_record, no_resolver

    kind = kind_of(path)
    if not kind:
        return None
    # The schemas as they lie there: to read the register whole would be done again for every file.
    schemas = Schemas(files_in(schema_folder(session.root)))
    fields = Fields(schemas.shape, schemas.fits, session.register.reseal)
    # Git writes an empty file for a side that has none; which actions name what is not known in the middle of a merge.
    sides = tuple(text or None for text in texts)
    dispute, merged = merge_record(RecordConflict(path, kind, (), "", "", ""), sides, fields, no_resolver)
    if dispute.clashes:
        return None
    fit({path: merged.text.encode()}, fields)
    return merged.text.encode()


def _write_conflict_markers(base: Path, ours: Path, theirs: Path, texts: list[bytes]) -> None:
    """Both versions with git's marks: a file without any would be taken for settled, and theirs be lost."""
    command = ["git", "merge-file", "--quiet", "-L", "ours", "-L", "base", "-L", "theirs"]
    process = subprocess.run([*command, str(ours), str(base), str(theirs)], check=False, capture_output=True)
    if process.returncode == 0:
        ours.write_bytes(_OURS + texts[1] + b"=======\n" + texts[2] + _THEIRS)

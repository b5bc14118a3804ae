"""`solidarity audit checkpoint`, `--checkpoint`, `prove` and `--proof`: for those who keep watch outside."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.options import record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import ExternalError, Refused, UsageError

if TYPE_CHECKING:
    from solidarity_cli.history.checkpoints.text import Proof, Signed

File = Path | None
Output = Annotated[File, typer.Option("-o", "--output", metavar="FILE", help="Write here.", show_default=False)]
Key = Annotated[
    File, typer.Option("--key", metavar="FILE", help="Sign with it; without it git's signing key.", show_default=False)
]
Signers = Annotated[
    File,
    typer.Option(
        "--signers", metavar="FILE", help="Your own list of allowed signers, not the register's.", show_default=False
    ),
]


def checkpoint(
    ctx: typer.Context,
    output: Output = None,
    key: Key = None,
    countersign: Annotated[
        File, typer.Option("--countersign", metavar="FILE", help="Sign this one too, if it holds.", show_default=False)
    ] = None,
) -> None:
    """Write how far the register is, signed with your SSH key, to be mailed to the Board.

    A countersigner's clone has to extend the checkpoint; the file then holds one signature more.
    """
    session: Session = ctx.obj
    signed = _countersign(session, countersign, key) if countersign else _new_checkpoint(session, key)
    _write(session, output, signed.text)
    session.note("next: mail it to those who keep watch; later: solidarity audit --checkpoint FILE")


def prove(
    ctx: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help="A case or an action.", autocompletion=record_ids("*"))],
    commit: Annotated[str, typer.Option("--commit", metavar="C", help="The act.", show_default=False)] = "",
    by: Annotated[
        File,
        typer.Option("--checkpoint", metavar="FILE", help="One that was sent; else a new one.", show_default=False),
    ] = None,
    output: Output = None,
    key: Key = None,
) -> None:
    """Write the proof that one act on a record is among those of a checkpoint.

    How to check it: docs/security/checkpoints.md.
    """
    from solidarity_cli.history.checkpoints.register import proof

    session: Session = ctx.obj
    if not commit:
        raise UsageError("still missing: --commit", hint=f"solidarity history {record}; then: --commit COMMIT")
    name, _ = session.register.record(record)
    act_proof = proof(
        session.root, _verified_checkpoint(session, by) if by else _new_checkpoint(session, key), name, commit
    )
    _write(session, output, act_proof.text)
    session.note("it holds ids and hashes only; the act itself: git cat-file commit " + act_proof.commit[:10])


def verify_checkpoint(session: Session, file: Path, signers: Path | None, *, as_json: bool) -> None:
    """Say whether today's history extends the checkpoint in a file, and who signed it. Exit code 1 when it does not."""
    from solidarity_cli.cli.commands.audit.checkpoint_output import extension_as_data, extension_in_words, in_words
    from solidarity_cli.history.checkpoints.register import distrust, extension, verdicts
    from solidarity_cli.history.checkpoints.text import read_checkpoint

    signed = read_checkpoint(_read(file))
    checkpoint, allowed_signers = signed.checkpoint, _allowed_signers(session, signers)
    signatures = verdicts(signed, allowed_signers)
    outcome = extension(session.root, checkpoint, session.register.ledger.head(), _now(session))
    doubt, hint = distrust(signatures, allowed_signers)
    if as_json:
        _print_json(session, extension_as_data(checkpoint, outcome, signatures, doubt))
    else:
        session.say(
            in_words(checkpoint, signatures, holds=outcome.holds, sentence=extension_in_words(outcome), doubt=doubt)
        )
        _advise(session, (hint, outcome.hint), allowed_signers)
    if doubt or not outcome.holds:
        raise typer.Exit(1)


def check_proof(session: Session, file: Path, signers: Path | None, *, as_json: bool) -> None:
    """Say whether the proof in a file holds, and who signed its checkpoint. Exit code 1 when it does not.

    With a list of signers given no register is needed; in one that has the act, all that the proof says is checked.
    """
    from solidarity_cli.cli.commands.audit.checkpoint_output import in_words, proof_as_data, proof_in_words
    from solidarity_cli.history.checkpoints.register import distrust, verdicts
    from solidarity_cli.history.checkpoints.text import read_proof

    proof = read_proof(_read(file))
    allowed_signers = _allowed_signers(session, signers)
    signatures = verdicts(proof.signed, allowed_signers)
    doubt, hint = distrust(signatures, allowed_signers)
    false_line = _false_line(session, proof)
    holds = proof.holds and not false_line
    if as_json:
        _print_json(session, proof_as_data(proof, signatures, doubt, holds=holds))
    else:
        sentence = proof_in_words(proof, false_line or "")
        session.say(in_words(proof.signed.checkpoint, signatures, holds=holds, sentence=sentence, doubt=doubt))
        _advise(session, (hint,), allowed_signers)
        if holds and false_line is None:
            session.note("its lines record, file and blob are not checked here: that takes a clone with the act")
    if doubt or not holds:
        raise typer.Exit(1)


def _false_line(session: Session, proof: Proof) -> str | None:
    from solidarity_cli.history.checkpoints.register import falsehood

    try:
        return falsehood(session.root, proof)
    except ExternalError:  # no register is here
        return None


def _new_checkpoint(session: Session, key: Path | None) -> Signed:
    """A checkpoint of now with the caller's signature. Raises Refused on another branch than the main one."""
    from solidarity_cli.git.branches import current, main_of
    from solidarity_cli.git.sshsig import signing_key
    from solidarity_cli.history.checkpoints.register import make_checkpoint, with_signature
    from solidarity_cli.history.checkpoints.text import Signed

    here, main = current(session.root), main_of(session.root)
    if here != main:
        # A forge may squash a review: what such a branch holds need not become part of the history.
        raise Refused(
            f"a checkpoint is of the main branch, and {here or 'no branch'} is checked out",
            hint="solidarity switch; then the same again",
        )
    ssh_key = signing_key(session.root, key)
    register = session.register
    checkpoint = make_checkpoint(session.root, register.now.charter.name, register.ledger.head(), _now(session))
    return with_signature(Signed(checkpoint), ssh_key, asks=session.asks)


def _verified_checkpoint(session: Session, file: Path) -> Signed:
    """The checkpoint in a file. Raises Refused when the history of this clone does not extend it."""
    from solidarity_cli.history.checkpoints.register import extension
    from solidarity_cli.history.checkpoints.text import read_checkpoint

    signed = read_checkpoint(_read(file))
    outcome = extension(session.root, signed.checkpoint, session.register.ledger.head(), _now(session))
    if not outcome.holds:
        raise Refused(f"the checkpoint does not hold here: {outcome.message}", hint=outcome.hint)
    return signed


def _countersign(session: Session, file: Path, key: Path | None) -> Signed:
    from solidarity_cli.git.sshsig import signing_key
    from solidarity_cli.history.checkpoints.register import with_signature

    signed = _verified_checkpoint(session, file)
    return with_signature(signed, signing_key(session.root, key), asks=session.asks)


def _now(session: Session) -> datetime:
    """The moment, on the day of the session."""
    day = session.today
    return datetime.now().astimezone().replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def _allowed_signers(session: Session, signers: Path | None) -> bytes | None:
    from solidarity_cli.history.checkpoints.register import read_allowed_signers

    return _read(signers) if signers else read_allowed_signers(session.root)


def _read(file: Path) -> bytes:
    """The bytes of a file, or of what comes in for `-`; of one that is too large, one byte more than may be read."""
    from solidarity_cli.core.record_size import LARGEST_RECORD

    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(LARGEST_RECORD + 1)
        with file.open("rb") as stream:
            return stream.read(LARGEST_RECORD + 1)
    except OSError as error:
        raise ExternalError(
            f"the file cannot be read: {error.strerror}", hint="look at its name and permissions"
        ) from None


def _write(session: Session, file: Path | None, text: str) -> None:
    """The whole text or none of it."""
    from solidarity_cli.system.atomic_file import write_whole

    if file is None:
        session.say(text)
        return
    if file.is_dir():
        raise UsageError("-o names a folder", hint="-o checkpoint.txt")
    try:
        write_whole(file, text.encode())
    except OSError as error:
        raise ExternalError(f"the file cannot be written: {error.strerror}", hint="another place with -o") from None
    session.note(f"written: {file}")


def _print_json(session: Session, plain: dict[str, Any]) -> None:
    from solidarity_cli.render.json import to_json

    session.say(to_json(plain))


def _advise(session: Session, hints: tuple[str, ...], allowed_signers: bytes | None) -> None:
    if allowed_signers is None:
        session.note("who signed is not known here: the register has no allowed_signers; ask them for their key")
    for hint in filter(None, hints):
        session.note(f"  {hint}")

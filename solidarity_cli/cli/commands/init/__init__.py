"""`solidarity init`: a register in a new or an existing git repository."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.init import editor_settings
from solidarity_cli.cli.commands.init.target_dir import free, repository
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import ExternalError, Refused, SolidarityError, UsageError
from solidarity_cli.core.model import Charter
from solidarity_cli.crypto.recipients import FILE
from solidarity_cli.git import merge_driver, signing
from solidarity_cli.git.committer import Act, Committer
from solidarity_cli.git.hooks import install
from solidarity_cli.records.read import read
from solidarity_cli.register.commit import Change, Plan, save
from solidarity_cli.sync.forge.owners import PLACES
from solidarity_cli.sync.forge.templates import KITS, kit

if TYPE_CHECKING:
    from solidarity_cli.records.schemas import Schemas

_ATTRIBUTES = f"* text=auto\n*.yaml text eol=lf\n*.json text eol=lf\n{merge_driver.ATTRIBUTES}"
_README = """# {name}

A register of appeals for help. Each case is a file under `cases/`, each action under `actions/`; the history of this
repository is the audit trail. What identifies a person stands in the part `private` of a record and nowhere else.

    solidarity                      what needs you now
    solidarity new-case             record an appeal
    solidarity list                 all cases
    solidarity report --month …     the monthly report
"""


def main(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; without it here.")] = Path(),
    name: Annotated[str, typer.Option(metavar="N", help="What the register is called.")] = "",
    prefix: Annotated[str, typer.Option(metavar="SG", help="How ids of cases begin.")] = "SG",
    contact: Annotated[str, typer.Option(metavar="ADDRESS", help="The coordinator's role address.")] = "",
    sealing: Annotated[
        bool, typer.Option("--sealing/--no-sealing", help="Seal private values; without it only for fictional cases.")
    ] = True,
    sign: Annotated[
        bool | None,
        typer.Option("--sign/--no-sign", help="Sign acts with your SSH key; later too.", show_default=False),
    ] = None,
    forge: Annotated[str, typer.Option(metavar="F", help="Files for: github, gitlab, forgejo; later too.")] = "none",
    server: Annotated[Path | None, typer.Option(metavar="DIR", help="Instead: a bare repository for pushes.")] = None,
) -> None:
    """Make a register in a new or an existing git repository; in a register, add the files for a forge."""
    session: Session = ctx.obj
    if server:
        if str(folder) != "." or name or contact or sign or forge != "none":
            raise UsageError(
                "--server makes a bare repository, and takes no other option", hint=f"solidarity init --server {server}"
            )
        _serve(session, (session.folder or Path.cwd()) / server)
        return
    if forge not in ("none", *KITS):
        raise UsageError("--forge has no such forge", hint=f"--forge {', '.join(KITS)} or none")
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 2 <= len(prefix) <= 4):
        raise UsageError("a prefix is two to four capital letters", hint="--prefix SG")
    root = (session.folder or Path.cwd()) / folder
    if forge != "none" and (root / "register.yaml").is_file():
        _add_kit(session, root.resolve(), forge)
        return
    if sign and (root / "register.yaml").is_file():
        _begin_signing(session, root.resolve())
        return
    files = _files(name or root.resolve().name, prefix, contact, sealing=sealing)
    if forge != "none":
        files |= kit(forge, Charter.from_plain(read(files["register.yaml"].encode())))
    free(root, files)
    with repository(root):
        ledger = Committer(root.resolve())
        ledger.ready()
        key = _signing_key(session, ledger, sign)
        if key:
            files[signing.FILE] = signing.line_of(ledger.caller(), key)
        with (
            _first_recipient(ledger, session.today, files) if sealing else nullcontext(),
            signing.signing_with(ledger.root, key) if key else nullcontext(),
        ):
            plan = Plan(Act("init"), tuple(Change(path, None, text) for path, text in files.items()))
            save(plan, ledger)
    others = install(ledger.root)
    merge_driver.install(ledger.root)
    session.say(str(root.resolve()) if session.quiet else f"a register in {root.resolve()}")
    if sealing:
        session.note("private values are sealed; only the identity on this machine opens them so far")
        session.note("  let a second person in, lest one lost laptop lose everything: solidarity keys add")
    for hook in others:
        why = "is somebody's own" if hook.is_here else "is looked for elsewhere (core.hooksPath)"
        session.note(f"the hook {hook.name} {why}, and nothing is written there; to have it ask the leak guard, add:")
        session.note(f"  {hook.line}")
    session.note(f"next: cd {root} && solidarity new-case" if str(folder) != "." else "next: solidarity new-case")


def _serve(session: Session, folder: Path) -> None:
    """A bare repository for others to push to, which looks at each push; no register is needed for it."""
    from solidarity_cli.sync.server.setup import serve

    existed, place = serve(folder), str(folder.resolve())
    message = f"settings and hook are in order in {place}" if existed else f"a bare repository in {place}"
    session.say(place if session.quiet else message)
    session.note("it looks at each push, and takes all of it or nothing; what it refuses: docs/security/server.md")
    session.note(f"next, in your clone: git remote add origin {shlex.quote(place)} && solidarity sync")


def _signing_key(session: Session, ledger: Committer, sign: bool | None) -> str:
    """The key to sign with, "" without signing: nothing of it happens without a person's yes."""
    if sign is None:
        sign = session.asks and typer.confirm(
            "sign your acts with an SSH key, so that they are proven yours?", err=True
        )
    if not sign:
        return ""
    confirm = (lambda question: typer.confirm(question, err=True)) if session.asks else None
    key = signing.choose_key(ledger.root, ledger.caller(), confirm)
    if not session.asks:
        _check_key(key)
    return key


def _check_key(key: str) -> None:
    """Whether a key signs where nobody can be asked: git would say it in words of its own, and late."""
    from solidarity_cli.git.sshsig import sign

    literal_key = key.removeprefix("key::")
    try:
        sign(
            b"solidarity\n", literal_key if literal_key != key else os.fspath(Path(key).expanduser()), "git", asks=False
        )
    except Refused as error:
        raise ExternalError(error.message, hint=error.hint) from None


def _begin_signing(session: Session, root: Path) -> None:
    """Signing in a register that is there: git's settings, and the list where there is none yet."""
    ledger = Committer(root)
    ledger.ready()
    key = _signing_key(session, ledger, sign=True)
    line = signing.line_of(ledger.caller(), key)
    with signing.signing_with(root, key):
        if not (root / signing.FILE).exists():
            save(Plan(Act("init"), (Change(signing.FILE, None, line),)), ledger)
            session.say(signing.FILE)
    session.note("git signs your acts in this register from now on")
    for message, hint in signing.lacking(root, ledger.caller()):
        session.note(f"{message}: {hint}")


def _add_kit(session: Session, root: Path, forge: str) -> None:
    """The files for a forge that a register does not have yet, in one act; what is there stays as it is."""
    from solidarity_cli.register.register import Register

    register = Register(root, session.today)
    register.ledger.ready()
    files = kit(forge, register.now.charter)
    for path in (path for path in files if os.path.lexists(root / path)):
        session.note(f"{path} is there already, and stays as it is")
    added = {path: text for path, text in files.items() if not os.path.lexists(root / path)}
    if not added:
        session.note(f"nothing to add for {forge}")
        return
    save(Plan(Act("init"), tuple(Change(path, None, text) for path, text in added.items())), register.ledger)
    session.say("\n".join(added))
    if PLACES[forge] not in files:
        session.note("nobody is asked to review: name them in register.yaml under review.owners, then do this again")


def _files(name: str, prefix: str, contact: str, *, sealing: bool) -> dict[str, str]:
    """Everything that a register begins with, by path."""
    from solidarity_cli.records.schemas import Schemas, files_in, schema_folder

    schema_files = files_in(schema_folder(None))
    return {
        "register.yaml": _charter(name, prefix, contact, Schemas(schema_files), sealing=sealing),
        "README.md": _README.format(name=name),
        ".gitattributes": _ATTRIBUTES,
        "cases/.gitkeep": "",
        "actions/.gitkeep": "",
        "directory/.gitkeep": "",
        **editor_settings.FILES,
        **{f"schemas/{path}": read().decode() for path, read in schema_files.items()},
    }


@contextmanager
def _first_recipient(ledger: Committer, today: date, files: dict[str, str]) -> Iterator[None]:
    """Among the files `recipients.yaml` with its first recipient: the caller, by an identity made now on this machine.

    The group's key, which vouches for them, is in the keyring before the file is in a commit.
    """
    from solidarity_cli.core.model import Recipient, Recipients
    from solidarity_cli.crypto.identities import destroy, make
    from solidarity_cli.crypto.keyring.keyring import Keyring
    from solidarity_cli.crypto.recipients import plain_of
    from solidarity_cli.crypto.vouches import Group
    from solidarity_cli.records.canonical import compose
    from solidarity_cli.records.schemas import Schemas, files_in, schema_folder

    group, name, key = Group.new(), ledger.caller(), make()
    first = Recipients((Recipient(name, key, today.isoformat(), group.vouch(name, key)),))
    shape = Schemas(files_in(schema_folder(None))).shape("recipients")
    keyring = Keyring(ledger.root, first.current)
    try:
        with keyring.grouped(group, first.current):
            files[FILE] = compose(plain_of(first), "recipients", shape)
            yield
    except BaseException:
        with suppress(SolidarityError):
            destroy(key)
        raise
    keyring.trusted()


def _charter(name: str, prefix: str, contact: str, schemas: Schemas, *, sealing: bool) -> str:
    from solidarity_cli.records.canonical import compose

    plain = {
        "schema_version": 1,
        "name": name,
        "prefix": prefix,
        "action_prefix": f"{prefix[0]}A" if prefix != f"{prefix[0]}A" else f"{prefix[0]}X",
        "languages": ["en", "ru", "de"],
        "mode": "direct",
        "sealing": sealing,
        "quorum": 0,
        "waiting_days": {"normal": 14, "urgent": 3},
        "suppression_threshold": 5,
        "directory_check_months": 12,
    }
    if contact:
        plain["contact"] = contact
    if not schemas.fits("register", plain):
        fault = schemas.explain("register", plain)[0]
        raise UsageError(f"{fault.field}: {fault.message}", hint="solidarity init --help")
    return compose(plain, "register", schemas.shape("register"))

"""`solidarity init`: a register in a new or an existing git repository."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.core.errors import Outside, Refused, Usage
from solidarity_cli.hooks import install
from solidarity_cli.keyring.recipients import FILE
from solidarity_cli.ledger import Act, Ledger
from solidarity_cli.saving import Change, Plan, save
from solidarity_cli.session import Session

if TYPE_CHECKING:
    from solidarity_cli.schemas import Schemas

_ATTRIBUTES = "* text=auto\n*.yaml text eol=lf\n*.json text eol=lf\n"
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
    forge: Annotated[str, typer.Option(metavar="F", help="none; others come with the pull-request round.")] = "none",
) -> None:
    """Make a register in a new or an existing git repository."""
    session: Session = ctx.obj
    if forge != "none":
        raise Usage(
            "files for a forge are not made yet", hint="--forge none; a forge keeps a register without them too"
        )
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 2 <= len(prefix) <= 4):
        raise Usage("a prefix is two to four capital letters", hint="--prefix SG")
    root = (session.folder or Path.cwd()) / folder
    files = _files(name or root.resolve().name, prefix, contact, sealing=sealing)
    _free(root, files)
    _repository(root)
    ledger = Ledger(root.resolve())
    ledger.ready()
    if sealing:
        files[FILE] = _recipients(ledger.caller(), session.today)
    plan = Plan(Act("init"), tuple(Change(path, None, text) for path, text in files.items()))
    save(plan, ledger)
    others = install(ledger.root)
    session.say(str(root.resolve()) if session.quiet else f"a register in {root.resolve()}")
    if sealing:
        session.remark("private values are sealed; only the identity on this machine opens them so far")
        session.remark("  let a second person in, lest one lost laptop lose everything: solidarity keys add")
    for hook in others:
        why = "is somebody's own" if hook.is_here else "is looked for elsewhere (core.hooksPath)"
        session.remark(f"the hook {hook.name} {why}, and nothing is written there; to have it ask the leak guard, add:")
        session.remark(f"  {hook.line}")
    session.remark(f"next: cd {root} && solidarity new-case" if str(folder) != "." else "next: solidarity new-case")


def _files(name: str, prefix: str, contact: str, *, sealing: bool) -> dict[str, str]:
    """Everything that a register begins with, by path."""
    from solidarity_cli.schemas import Schemas, files_in, schema_folder

    shipped = files_in(schema_folder(None))
    return {
        "register.yaml": _charter(name, prefix, contact, Schemas(shipped), sealing=sealing),
        "README.md": _README.format(name=name),
        ".gitattributes": _ATTRIBUTES,
        "cases/.gitkeep": "",
        "actions/.gitkeep": "",
        "directory/.gitkeep": "",
        **{f"schemas/{path}": read().decode() for path, read in shipped.items()},
    }


def _recipients(caller: str, today: date) -> str:
    """`recipients.yaml` with its first recipient: the caller, by an identity made now on this machine."""
    from solidarity_cli.core.model import Recipient, Recipients
    from solidarity_cli.keyring.identities import make
    from solidarity_cli.keyring.recipients import plain_of
    from solidarity_cli.records.form import compose
    from solidarity_cli.schemas import Schemas, files_in, schema_folder

    first = Recipients((Recipient(caller, make(), today.isoformat()),))
    return compose(plain_of(first), "recipients", Schemas(files_in(schema_folder(None))).shape("recipients"))


def _charter(name: str, prefix: str, contact: str, schemas: Schemas, *, sealing: bool) -> str:
    from solidarity_cli.records.form import compose

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
        raise Usage(f"{fault.field}: {fault.message}", hint="solidarity init --help")
    return compose(plain, "register", schemas.shape("register"))


def _free(root: Path, files: dict[str, str]) -> None:
    """Refuse to overwrite anything."""
    if (root / "register.yaml").exists():
        raise Refused("this folder is a register already", hint=f"solidarity -C {root} list")
    # A repository's own README and attributes stay: a register can live beside them.
    for path in ("README.md", ".gitattributes"):
        if (root / path).exists():
            del files[path]
    taken = [path for path in files if (root / path).exists()]
    if taken:
        raise Refused(f"{taken[0]} is there already and is not overwritten", hint="choose an empty folder")


def _repository(root: Path) -> None:
    """The folder as a git repository; an existing one is left as it is."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        if not (root / ".git").exists():
            subprocess.run(
                ["git", "init", "--quiet", "--initial-branch=main", "."], cwd=root, check=True, capture_output=True
            )
    except FileNotFoundError:
        raise Outside("git is not installed", hint="install git, then try again") from None
    except (OSError, subprocess.CalledProcessError):
        raise Outside("the folder cannot be made a git repository", hint="look at its permissions: ls -ld") from None

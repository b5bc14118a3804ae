"""The door: which commands exist, each loaded when it is named; trouble is told once, here."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as click_command

from solidarity_cli import __version__
from solidarity_cli.cli import stdio as letters
from solidarity_cli.core.errors import SolidarityError, UsageError

VERBS: dict[str, str] = {
    "init": "Make a register in a new or an existing git repository.",
    "demo": "See the main job done on a register of fictional cases.",
    "new-case": "Record an appeal or a piece of information.",
    "list": "List cases.",
    "show": "Show one case: facts, what is missing, assessments, actions, dates.",
    "edit": "Change fields of a case or an action.",
    "note": "Add a note to a case.",
    "comment": "Write down what a reviewer said about a case.",
    "consent": "Record what a person allows, or no longer allows.",
    "hearing": "Add a hearing, postpone or close it.",
    "assess": "Record the Group's assessment and decision.",
    "approve": "Add your approval to the newest assessment.",
    "link-action": "Record an action for one or many cases.",
    "update-action": "Record how an action went.",
    "set-status": "Close, monitor, reopen a case, or mark a duplicate.",
    "validate": "Check records against their schema and the rules.",
    "review": "Show what a change does, for whoever reviews it.",
    "fmt": "Write record files in their canonical form.",
    "history": "Tell what happened to a case: when, who, which act, field by field.",
    "blame": "Tell for each field who set it last, when, and in which act.",
    "audit": "Verify the history; write and check checkpoints for those outside.",
    "sync": "Bring this clone and its remote together: acts, keys, erasures.",
    "submit": "Put the acts on a branch up for review: check, merge, send, open the pull request.",
    "switch": "Go to where a case waits for review, and back.",
    "resolve": "Decide, field by field, what two people set in two ways.",
    "undo": "Take back your last act by a new one.",
    "erase": "Destroy the private part of a case or an action, for good.",
    "draft": "Make a starting text: a statement, a letter, the brief of a mission.",
    "report": "Make the report of a month, a year, or any period.",
    "agenda": "List hearings, deadlines and reviews ahead.",
    "directory": "Know who gives emergency help: list, add and check organisations.",
    "import": "Create cases and update records by id, from a sheet or JSON Lines.",
    "export": "Write cases as CSV or XLSX, or whole records as JSON Lines.",
    "keys": "Say who can unseal private values: identities, recipients, recovery.",
    "doctor": "Look for what is wrong with this set-up, and for private text left behind.",
    "hook": "What a server asks before it takes a push.",
    "explain": "Explain a rule, a field, a code, a provision, an exit code.",
}
"""Every verb, in the order of a case's life, with its line in the help."""

HIDDEN = ("merge-driver",)
"""What other programs call, and the help does not name."""


class LazyGroup(TyperGroup):
    """The verbs as a group of commands; a verb's module is imported when the verb is named, never for the help."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs in the order of a case's life."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a verb, with its options."""
        return load(cmd_name) if cmd_name in VERBS or cmd_name in HIDDEN else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of verbs in the help, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


def load(verb: str) -> TyperCommand:
    """The command of a verb: the `main` of the module of the same name, or its `family` of verbs below the verb."""
    name = verb.replace("-", "_")
    module = import_module(f"solidarity_cli.cli.commands.{name}")
    if family := getattr(module, "family", None):
        group: Any = click_command(family)
        return group  # type: ignore[no-any-return]
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.command(verb, context_settings={"help_option_names": ["-h", "--help"]})(module.main)
    command: Any = click_command(app)
    return command  # type: ignore[no-any-return]


app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def solidarity(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Option("-C", metavar="DIR", help="The register.", show_default=False)] = None,
    color: Annotated[str, typer.Option(help="auto, always or never.", metavar="WHEN")] = "auto",
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; say which options are missing.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only the id or the data.")] = False,
    version: Annotated[bool, typer.Option("--version", help="The program's version.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The desk as JSON; of a verb, behind the verb.")] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="KIND",
            help="Exit code 1 when the desk has any: overdue, urgent, … (docs/reference/json.md).",
        ),
    ] = None,
) -> None:
    """A register of appeals for help. Without a verb: what needs you now."""
    from solidarity_cli.cli.session import Session

    if version:
        typer.echo(f"solidarity {__version__}")
        raise typer.Exit
    if color not in ("auto", "always", "never"):
        raise typer.BadParameter("--color is auto, always or never")
    ctx.obj = Session(folder, color, no_input, quiet)
    if ctx.invoked_subcommand is None:
        from solidarity_cli.cli.commands.desk import main as desk

        desk(ctx, as_json=as_json, fail_on=fail_on or ())
    elif as_json or fail_on:
        raise UsageError("--json and --fail-on before a verb belong to the desk", hint="put --json behind the verb")


def main() -> None:
    """Run the program; every trouble leaves as one sentence, one next step and its exit code."""
    code: object = 1
    letters.configure_output()
    # One call makes little garbage and much that stays: to look through ten thousand records for cycles, again and
    # again and once more on leaving, finds nothing and takes a tenth of the time.
    gc.disable()
    atexit.register(gc.freeze)
    # Everything is said and done by then: a late Ctrl-C would only interrupt the tidying up, and quote our code.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    try:
        letters.reject_undecodable_arguments()
        code = app(prog_name="solidarity", standalone_mode=False)
        sys.stdout.flush()
    except SolidarityError as trouble:
        code = _tell(trouble.message, trouble.hint, trouble.exit_code)
        _list_others(trouble)
    except BrokenPipeError:
        code = 0
    except KeyboardInterrupt:
        code = 130
    except typer.Abort:
        code = 130
    except typer.TyperException as wrong:
        from solidarity_cli.cli.usage_errors import next_step, without_values

        message = wrong.format_message() if hasattr(wrong, "format_message") else str(wrong)
        code = _tell(without_values(message), next_step(message, getattr(wrong, "ctx", None)), 2)
    except OSError as outside:
        code = 0 if _reader_left(outside) else _tell(f"the system refused: {outside.strerror}", "df -h; ls -l", 3)
    except SystemExit:
        raise
    except BaseException as error:  # a mistake in the program, a panic of a library: never a person's data on a screen
        if os.environ.get("SOLIDARITY_DEBUG"):
            raise
        code = _tell_unexpected(error)
    if code == 130:
        with contextlib.suppress(OSError):  # the terminal itself may be gone
            sys.stderr.write("\nstopped; nothing half-written\n")
    _leave(code if isinstance(code, int) else 0)


def _tell(message: str, hint: str, code: int) -> int:
    from solidarity_cli.render.escape import clean

    sys.stderr.write(f"error: {clean(message)}\n")
    if hint:
        sys.stderr.write(f"  {clean(hint)}\n")
    return code


def _list_others(trouble: SolidarityError) -> None:
    """The rules beside the first one that a refused change would break."""
    from solidarity_cli.render.escape import clean

    for finding in getattr(trouble, "findings", ())[1:]:
        sys.stderr.write(f"also: {clean(finding.message)} [{finding.rule}]\n")
        if finding.hint:
            sys.stderr.write(f"  {clean(finding.hint)}\n")


def _tell_unexpected(error: BaseException) -> int:
    """Say where the program failed, write a log for a bug report, and name the log. Return the exit code."""
    from solidarity_cli.cli.error_log import place_of, write_log

    verb = next((word for word in sys.argv[1:] if word in VERBS), "")
    try:
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C here would show the error with its values
    except ValueError:  # not the main thread
        handler = None
    file = write_log(error, verb)
    if handler is not None:
        signal.signal(signal.SIGINT, handler)
    details = f"; details for a bug report, without personal data: {file}" if file else ""
    message = f"internal error ({place_of(error)}); a change is saved whole or not at all"
    return _tell(message, f"see where things stand: solidarity{details}", 3)


def _reader_left(trouble: OSError) -> bool:
    import errno

    return trouble.errno == errno.EPIPE


def _leave(code: int) -> None:
    """Leave without a word when the reader of our output has left already."""
    try:
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # All is said and done: a late Ctrl-C would only fall into what libraries clean up, and quote their code.
    with contextlib.suppress(ValueError):  # not the main thread
        earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.enable()  # who called us inside a process of their own goes on
        gc.collect(0)
        signal.signal(signal.SIGINT, earlier)
    gc.enable()
    sys.exit(code)


if __name__ == "__main__":
    main()

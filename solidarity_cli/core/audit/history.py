"""What holds of the history as a whole, of its files, and of what a merge makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solidarity_cli.core.audit.rule import AuditViolation, audit_rule
from solidarity_cli.core.findings import Severity


@audit_rule("one-root")
def one_root(others: bool) -> Iterator[AuditViolation]:  # noqa: FBT001 the only thing that it asks
    """A history has one beginning.

    A second one is another history, written without the first and joined to it later.

    What to do: find out who merged it, and where it comes from.
    """
    if others:
        yield AuditViolation("a second history begins here")


@audit_rule("shape")
def shape(record: str, fault: str) -> Iterator[AuditViolation]:
    """At every commit each file fits the schemas of that commit, and can be read.

    What to do: nothing, where a later act put it right; it is told so that a gap in the history is known.
    """
    if fault:
        yield AuditViolation(f"{record}: {fault}", record)


@audit_rule("sealed")
def sealed(record: str) -> Iterator[AuditViolation]:
    """In a register that seals, no act leaves a private value that needs no key.

    It is asked of each act by the settings of that act. Whoever fetches the register has what any act said, so a later
    one that seals it does not take it back.

    What to do: tell the person whom it is about. Any act on the record seals it from then on (`solidarity note`).
    """
    yield AuditViolation(f"{record} holds a private value that needs no key", record)


@audit_rule("schemas-kept")
def schemas_kept(gone: bool) -> Iterator[AuditViolation]:  # noqa: FBT001 the only thing that it asks
    """A register that has schemas of its own keeps them.

    What a case may say is decided by the folder `schemas`, as it stood at each act. Without it the schemas that come
    with the program count, whatever the Group had decided.

    What to do: put the folder back from the commit before: `git checkout COMMIT~1 -- schemas`.
    """
    if gone:
        yield AuditViolation("the schemas of the register were taken away; those of the program count from here on")


@audit_rule("two-sides")
def two_sides(sides: int, different: int) -> Iterator[AuditViolation]:
    """A merge brings two sides together, and no side twice.

    This program and the forges merge two lines of acts at a time. What more of them have to make together nobody could
    say, and with one side named twice there is nothing to merge: git takes both, and shows little of what was changed
    on the way.

    What to do: ask the committer. Compare: `git show --format=fuller -m COMMIT`, and put back what is missing.
    """
    if sides > 2:
        yield AuditViolation(f"it brings {sides} sides together at once, which no merge of a register does")
    elif different < sides:
        yield AuditViolation("it merges one side with itself")


@audit_rule("merge")
def merge(record: str, fields: Sequence[str], *, by_hand: bool) -> Iterator[AuditViolation]:
    """A merge brings in nothing that neither side had, and leaves out nothing that either side did.

    Each merge is made again: what one side changed is taken from there, records that both changed are merged by
    fields. Where the two sides disagree and a person has chosen, either side's value is right; a third is a warning.
    What is only ever added stays, whatever was chosen (rule `append-only`).

    What to do: compare: `git show --format=fuller -m COMMIT`. What is missing is recorded again as an act of its own.
    """
    if fields:
        names = ", ".join(fields[:5]) + (" …" if len(fields) > 5 else "")
        message = f"{record}: {names} is not what the two sides make together"
        yield AuditViolation(message, record, Severity.WARNING if by_hand else None)


@audit_rule("one-file")
def one_file(record: str, files: int) -> Iterator[AuditViolation]:
    """A case or an action stands in one file.

    History and audit know a record by its id, wherever its file lies. With a copy in another folder, what happens to
    the one could pass for what happens to the other. It is asked of the newest state, for whoever takes such a copy
    away again has deleted a record.

    What to do: compare the files, and find out who made the second (`solidarity history`). Remove it by a commit of its
    own, which the rule `kept` will name, and say there why.
    """
    if files > 1:
        yield AuditViolation(f"{record} stands in {files} files", record)


@audit_rule("rewritten")
def rewritten(published: bool) -> Iterator[AuditViolation]:  # noqa: FBT001 the only thing that it asks
    """What a branch held once, it still holds.

    Git remembers on each machine where a branch stood. An act that was there and is not in the history any more was
    amended, dropped or replaced: of a branch of the remote this is an error, of the own one a warning, for an act
    that was never sent may be made anew.

    What to do: `git log COMMIT` still shows it here; ask who pushed. A checkpoint proves it to others.
    """
    where = "the remote once had it" if published else "this branch once held it here"
    yield AuditViolation(
        f"{where}, and it is no longer part of the history", "", None if published else Severity.WARNING
    )


@audit_rule("erasure-open", severity=Severity.WARNING)
def erasure_open(record: str, names: Sequence[str]) -> Iterator[AuditViolation]:
    """An erasure is complete when everybody who could read the record has confirmed it.

    What to do: ask those who are named for `solidarity sync`.
    """
    if names:
        yield AuditViolation(f"erasure of {record} incomplete: waiting for {', '.join(names)}", record)

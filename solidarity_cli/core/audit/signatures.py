"""Who did it, and when: signatures, clocks, names, keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from solidarity_cli.core.audit.act import Act, Times
from solidarity_cli.core.audit.rule import AuditViolation, audit_rule
from solidarity_cli.core.findings import Severity

DAY = 86_400
"""Seconds by which clocks of two machines may differ."""

_MESSAGES = {
    "none": "it bears no signature",
    "bad": "its signature is not one of this text: either was changed",
    "unknown": "it is signed by a key that nobody in the list of allowed signers has",
    "not-then": "it is signed by a key that was not allowed at that time",
}


@audit_rule("signed")
def signed(state: str, *, is_merge: bool = False) -> Iterator[AuditViolation]:
    """From the first list of allowed signers on, every act is signed by a key that was allowed then.

    The list is the file `allowed_signers` at the top of the register, as it stood before the act; the time is the
    committer's. A merge without a signature is a warning: that it brings in nothing of its own is seen by the rule
    `merge`. A wrong signature is an error in a register without a list too.

    What to do: ask whoever is named whether the act is theirs. Signing is set up with `solidarity init --sign`, or
    with git: `git config gpg.format ssh`, `user.signingkey`, `commit.gpgsign true`.
    """
    if message := _MESSAGES.get(state):
        yield AuditViolation(message, severity=Severity.WARNING if is_merge and state == "none" else None)


@audit_rule("signer")
def signer(state: str) -> Iterator[AuditViolation]:
    """Whoever signed an act is its committer.

    Git itself accepts one person's signature under another person's name. Here the address of the committer has to be
    one that the list of allowed signers gives to the key.

    What to do: ask both. Somebody with a second address has it added to their line in `allowed_signers`.
    """
    if state == "another":
        yield AuditViolation("it is signed by one person and committed in another's name")


@audit_rule("signers")
def signers(state: str, *, begins: bool, is_gone: bool) -> Iterator[AuditViolation]:
    """The list of allowed signers is changed only by somebody who was allowed before, and never taken away.

    A change by somebody else does not count: what follows is held against the list as it was. The act that begins the
    list should be signed by a key in it; whose keys these are, only the people themselves can say.

    What to do: compare the fingerprints (`ssh-keygen -l -f allowed_signers`) with each person, by voice.
    """
    if is_gone:
        yield AuditViolation("the list of allowed signers was taken away; the one before goes on counting")
    elif begins and state not in ("good", "another"):
        yield AuditViolation(
            "the list of allowed signers begins without the signature of anybody in it", "", Severity.WARNING
        )
    elif not begins and state not in ("good", "another"):
        yield AuditViolation("it changes the list of allowed signers, and nobody who was allowed before has signed it")


@audit_rule("one-person")
def one_person(lines: Iterable[int]) -> Iterator[AuditViolation]:
    """Each line of the list of allowed signers is one person's own key.

    Patterns (`*`, `?`), addresses taken out of them (`!`) and `cert-authority` are of ssh-keygen's format, and let in
    whoever has the key under any name. Such a line is told where it comes in, and counts for nobody.

    What to do: write a line for each person, with their own address and their own key.
    """
    for line in lines:
        yield AuditViolation(
            f"line {line} of the list of allowed signers lets in more than one person, and counts for nobody"
        )


@audit_rule("author", severity=Severity.WARNING)
def author(act: Act) -> Iterator[AuditViolation]:
    """Author and committer of an act are the same person, or both are named: one recorded it for the other.

    `--by` writes it so, and that is the recorded delegation. The signature is the committer's; the author has not
    confirmed anything by it.

    What to do: nothing, if both know of it.
    """
    if act.author.casefold() != act.committer.casefold():
        yield AuditViolation("it was recorded by one person in the name of another")


@audit_rule("clock")
def clock(times: Times, *, after: int | None, until: int, began: int) -> Iterator[AuditViolation]:
    """No act is dated more than a day before the one it follows, nor more than a day from now.

    Who knows an old key, or wants a decision to seem older, has to set the clock back; the act before it gives that
    away. A day is allowed for machines that disagree. An act that is still to come was made by a clock that was wrong,
    and is told as that; those that follow it are held against what came before it.

    The time that counts is the committer's. The author's is when it was written, and that may be long before: work
    that is carried over or rebased keeps it. It is told, as a warning, where it lies after the act itself, or before
    the register began.

    What to do: ask the committer about the clock of their machine; for a key that expired meanwhile, ask twice. Where
    all that is told is still to come, look at the clock of your own: `date`.
    """
    # `after`: the newest time of what it follows; `until`: what is later is still to come; `began`: the first act's.
    if times.committed > until:
        yield AuditViolation(f"it is dated {_days(times.committed - until + DAY)} from now")
    elif after is not None and after - times.committed > DAY:
        yield AuditViolation(f"it is dated {_days(after - times.committed)} before the act that it follows")
    if times.authored - times.committed > DAY:
        late = _days(times.authored - times.committed)
        yield AuditViolation(f"it says that it was written {late} after it was committed", "", Severity.WARNING)
    elif began - times.authored > DAY:
        early = _days(began - times.authored)
        yield AuditViolation(f"it says that it was written {early} before the register began", "", Severity.WARNING)


def _days(seconds: int) -> str:
    days = seconds // DAY
    return f"{days} day{'' if days == 1 else 's'}"


@audit_rule("retired-key")
def retired_key(gone: Collection[str], retired: Collection[str], current: Collection[str]) -> Iterator[AuditViolation]:
    """A retired key of a recipient stays retired, and never comes back.

    A key is retired when somebody leaves, loses a machine, or confirms an erasure by a new identity. With the old one
    back, what was taken from it would be handed to it again.

    `gone` are the keys that were retired before the act, `retired` and `current` those after it.

    What to do: `solidarity keys remove` the recipient, who makes a new identity.
    """
    if set(gone) - set(retired):
        yield AuditViolation("a key was taken out of the list of retired keys")
    if (set(gone) | set(retired)) & set(current):
        yield AuditViolation("a retired key can unseal again")

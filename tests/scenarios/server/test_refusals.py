"""Each thing that a server refuses, pushed for real: told in a sentence, nothing taken, and a good push passes after it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.served import Pusher, Server

NAME = "Zinaida Morozova"


class Ground:
    """Anna, on the list of signers, and a stranger's key; a server with a signed and sealed register of two cases."""

    def __init__(self, anna: Pusher, stranger: Pusher) -> None:
        self.anna, self.stranger, self.server = anna, stranger, anna.server
        anna.signs()
        (anna.clone / "allowed_signers").write_text(anna.allowed)
        anna.commit(message="the list")
        self.case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search", "--name", NAME)
        self.other = anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
        anna.does("note", self.case, "first")
        anna.does("sync")
        anna.git("branch", "-q", "kept")


@pytest.fixture(scope="module")
def ground(
    tmp_path_factory: pytest.TempPathFactory, served: Callable[[Path], Server], pusher: Callable[..., Pusher]
) -> Ground:
    server = served(tmp_path_factory.mktemp("server") / "register.git")
    return Ground(pusher("anna", server), pusher("eve", served(tmp_path_factory.mktemp("other") / "r.git")))


def as_stranger(on: Ground, *options: str) -> None:
    on.anna.git(
        "-c", f"user.signingkey={on.stranger.key}", "commit", "-q", "--no-verify", "--allow-empty", "-m", "x", *options
    )


def by_a_stranger(on: Ground) -> None:
    as_stranger(on)


def main_deleted(_: Ground) -> str:
    return ":main"


def notes_of_git(_: Ground) -> str:
    return "main:refs/notes/commits"


def replaced(_: Ground) -> str:
    return f"main~1:refs/replace/{'a' * 40}"


def keyring_deleted(_: Ground) -> str:
    return ":refs/solidarity/keyring"


def rewritten(on: Ground) -> str:
    on.anna.git("reset", "-q", "--hard", "HEAD~1")
    on.anna.commit()
    return "+main"


def unsigned_between(on: Ground) -> None:
    on.anna.commit("--no-gpg-sign")
    on.anna.commit()


def in_anothers_name(on: Ground) -> None:
    on.anna.git("config", "user.email", "boris@forum.example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(on.anna.person), "address", property(lambda _: "boris@forum.example"))
        on.anna.commit()


def list_changed_by_a_stranger(on: Ground) -> None:
    file = on.anna.clone / "allowed_signers"
    file.write_text(file.read_text() + on.stranger.allowed)
    on.anna.git("add", "--all")
    as_stranger(on)


def list_used_in_the_push_that_changes_it(on: Ground) -> None:
    file = on.anna.clone / "allowed_signers"
    file.write_text(file.read_text() + on.stranger.allowed.replace("eve@", "anna@"))
    on.anna.commit()
    as_stranger(on)


def list_taken_away(on: Ground) -> None:
    (on.anna.clone / "allowed_signers").unlink()
    on.anna.commit("--no-gpg-sign")


def deleted(on: Ground) -> None:
    on.anna.git("rm", "-q", *[str(one) for one in on.anna.clone.glob(f"cases/*/{on.case}.yaml")])
    on.anna.commit()


def id_swapped(on: Ground) -> None:
    on.anna.edit(on.other, on.other, on.case)
    on.anna.commit()


def note_taken_out(on: Ground) -> None:
    file = next(on.anna.clone.glob(f"cases/*/{on.case}.yaml"))
    text = file.read_text()
    start = text.index("notes:\n  - id: n1")
    file.write_text(text[:start] + text[text.index("private:", start) :])
    on.anna.commit()


def taken_back_again(on: Ground) -> None:
    note_taken_out(on)
    on.anna.git("checkout", "-q", "origin/main", "--", "cases")
    on.anna.commit()


def no_step(on: Ground) -> None:
    on.anna.edit(on.case, "status: received", "status: closed")
    on.anna.commit()


def back_dated(on: Ground) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", "2026-10-01T12:00:00+00:00")
        on.anna.commit()


def out_of_shape(on: Ground) -> None:
    on.anna.edit(on.case, "status: received", "status: lost")
    on.anna.commit()


def out_of_shape_under_schemas_of_its_own(on: Ground) -> None:
    for file in (on.anna.clone / "schemas").rglob("*"):
        if file.is_file():
            file.write_text(file.read_text().replace("received", "perdu"))
    on.anna.edit(on.case, "status: received", "status: perdu")
    on.anna.commit()


def no_yaml(on: Ground) -> None:
    file = next(on.anna.clone.glob(f"cases/*/{on.case}.yaml"))
    file.write_text("[" * 5_000)
    on.anna.commit()
    on.anna.git("checkout", "-q", "origin/main", "--", "cases")
    on.anna.commit()


def too_large(on: Ground) -> None:
    file = next(on.anna.clone.glob(f"cases/*/{on.case}.yaml"))
    file.write_text(file.read_text() + "# x" * 500_000)
    on.anna.commit()


def a_link(on: Ground) -> None:
    (on.anna.clone / "cases" / "2026" / "SG-2026-AAAAAA.yaml").symlink_to("/etc/hostname")
    on.anna.commit()


def plaintext(on: Ground) -> None:
    file = next(on.anna.clone.glob(f"cases/*/{on.case}.yaml"))
    text = file.read_text()
    start = text.index(": ", text.index("private:\n")) + 2
    file.write_text(f"{text[:start]}{NAME}\n{text[text.index(chr(10), start) + 1 :]}")
    on.anna.commit()


def plaintext_for_one_act(on: Ground) -> None:
    plaintext(on)
    on.anna.git("checkout", "-q", "origin/main", "--", "cases")
    on.anna.commit()


def plaintext_elsewhere(on: Ground) -> None:
    (on.anna.clone / f"{NAME}.txt").write_text(f"id: {on.case}\nprivate:\n  name: {NAME}\n")
    on.anna.commit()


def a_record_named_by_hand(on: Ground) -> None:
    file = next(on.anna.clone.glob(f"cases/*/{on.case}.yaml"))
    (file.parent / f"{NAME}.yaml").write_text(file.read_text())
    on.anna.commit()


def odd_paths(on: Ground) -> None:
    for name in (b"\x1b[31m", b"two\nlines", b"\xff\xfe", "\u202eback".encode(), b"--upload-pack=x", b"a:b"):
        with open(os.fsencode(on.anna.clone) + b"/cases/2026/" + name + b".yaml", "wb") as file:  # noqa: PTH123
            file.write(b"[" * 50_000)
    on.anna.commit()


def sealing_off(on: Ground) -> None:
    file = on.anna.clone / "register.yaml"
    file.write_text(file.read_text().replace("sealing: true", "sealing: false"))
    on.anna.commit()


def rules_that_cannot_be_read(on: Ground) -> None:
    (on.anna.clone / "schemas" / "case.schema.json").write_text("{")
    on.anna.commit()


def recipients_that_cannot_be_read(on: Ground) -> None:
    (on.anna.clone / "recipients.yaml").write_text("[]\n")
    on.anna.commit()


def an_evil_merge(on: Ground) -> None:
    on.anna.git("switch", "-q", "-c", "side", "HEAD~1")
    (on.anna.clone / "notes.md").write_text("side\n")
    on.anna.commit()
    on.anna.git("switch", "-q", "main")
    on.anna.git("merge", "-q", "--no-commit", "--no-ff", "side")
    on.anna.edit(on.other, 'received: "2026-10-31"', 'received: "2026-10-30"')
    on.anna.commit()
    on.anna.git("branch", "-q", "-D", "side")


def a_second_beginning(on: Ground) -> None:
    on.anna.git("switch", "-q", "--orphan", "elsewhere")
    on.anna.commit()
    on.anna.git("switch", "-q", "main")
    on.anna.git("merge", "-q", "--allow-unrelated-histories", "-m", "x", "elsewhere")
    on.anna.git("branch", "-q", "-D", "elsewhere")


def a_branch_of_another_register(on: Ground) -> str:
    on.anna.git("switch", "-q", "--orphan", "elsewhere")
    on.anna.commit()
    return "elsewhere:refs/heads/elsewhere"


def many_sides(on: Ground) -> None:
    tree, head = on.anna.git("rev-parse", "HEAD^{tree}"), on.anna.git("rev-parse", "HEAD")
    parents = [on.anna.git("commit-tree", "-S", "-m", str(number), "-p", head, tree) for number in range(2)]
    sides = [part for one in (head, *parents) for part in ("-p", one)]
    on.anna.git("reset", "-q", "--hard", on.anna.git("commit-tree", "-S", "-m", "x", *sides, tree))


def on_a_branch(on: Ground) -> str:
    note_taken_out(on)
    return f"HEAD:refs/heads/case/{on.case}"


def by_a_tag(on: Ground) -> str:
    note_taken_out(on)
    return "HEAD:refs/tags/august"


def a_setting_taken_back(on: Ground) -> str:
    """An act of the program's verb for views that did more, and one that says it only takes that back."""
    charter = on.anna.clone / "register.yaml"
    good = charter.read_text()
    assert "quorum: 0" in good
    charter.write_text(good.replace("quorum: 0", "quorum: 2"))
    did = on.anna.commit(message="list-save\n\nAct: list-save")
    charter.write_text(good)
    on.anna.commit(message=f"undo\n\nAct: undo\nUndoes: {did}")
    return "HEAD:refs/heads/view/soon"


def a_signer_beside_a_view_taken_back(on: Ground) -> str:
    on.anna.does("list", "--country", "RU", "--save-as", "soon")
    saved = on.anna.git("rev-parse", "HEAD")
    on.anna.git("checkout", "-q", "HEAD~1", "--", "register.yaml")
    signers = on.anna.clone / "allowed_signers"
    signers.write_text(signers.read_text() + on.stranger.allowed)
    on.anna.commit(message=f"undo\n\nAct: undo\nUndoes: {saved}")
    return "HEAD:refs/heads/view/soon"


def keyring_with_a_history(on: Ground) -> str:
    tree = on.anna.git("rev-parse", "refs/solidarity/keyring^{tree}")
    return (
        "+" + on.anna.git("commit-tree", "-m", "x", "-p", "refs/solidarity/keyring", tree) + ":refs/solidarity/keyring"
    )


def keyring_with_something_else(on: Ground) -> str:
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=on.anna.clone,
        input=NAME,
        text=True,
        check=True,
        capture_output=True,
    ).stdout.strip()
    made = subprocess.run(
        ["git", "mktree"],
        cwd=on.anna.clone,
        input=f"100644 blob {blob}\tREADME.txt\n",
        text=True,
        check=True,
        capture_output=True,
    ).stdout.strip()
    return f"+{on.anna.git('commit-tree', '-m', 'keyring', made)}:refs/solidarity/keyring"


def keyring_without_a_key(on: Ground) -> str:
    listed = on.anna.git("ls-tree", "-r", "refs/solidarity/keyring").splitlines()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", str(on.anna.person.home / "index"))
        for line in listed:
            about, _, path = line.partition("\t")
            if on.case not in path:
                on.anna.git("update-index", "--add", "--cacheinfo", f"100644,{about.split()[2]},{path}")
        tree = on.anna.git("write-tree")
    return f"+{on.anna.git('commit-tree', '-m', 'keyring', tree)}:refs/solidarity/keyring"


ATTACKS: dict[Callable[[Ground], str | None], tuple[str, ...]] = {
    rewritten: ("history is not rewritten", "solidarity sync"),
    main_deleted: ("the main branch is never deleted",),
    unsigned_between: ("it bears no signature", "solidarity init --sign", "[signed]"),
    by_a_stranger: ("nobody in the list of allowed signers has", "allowed_signers"),
    in_anothers_name: ("in another's name", "user.email"),
    list_changed_by_a_stranger: ("nobody who was allowed before has signed it",),
    list_used_in_the_push_that_changes_it: ("nobody in the list of allowed signers has", "pushes that first"),
    list_taken_away: ("was taken away",),
    deleted: ("{case} was deleted", "[kept]"),
    id_swapped: ("[",),
    taken_back_again: ("{case}: notes.n1 was altered or taken out", "[append-only]"),
    no_step: ("{case}",),
    back_dated: ("30 days before the act that it follows", "[clock]"),
    out_of_shape: ("{case}: status", "[schema]"),
    out_of_shape_under_schemas_of_its_own: ("{case}: status", "first push their change alone"),
    no_yaml: ("cannot be read", "[shape]"),
    too_large: ("{case}", "1 MB"),
    a_link: ("a link",),
    plaintext_for_one_act: ("{case}", "needs no key", "[sealed]"),
    plaintext_elsewhere: ("{case}", "needs no key"),
    a_record_named_by_hand: ("not named or made as one", "[name]"),
    odd_paths: ("characters that nobody can read",),
    sealing_off: ("turns sealing off",),
    rules_that_cannot_be_read: ("schemas that the push brings cannot be read",),
    recipients_that_cannot_be_read: ("recipients.yaml cannot be read",),
    an_evil_merge: ("not what the two sides make together", "[merge]"),
    a_second_beginning: ("a second history begins here",),
    a_branch_of_another_register: ("no act in common",),
    many_sides: ("more than two sides",),
    on_a_branch: ("{case}: notes.n1 was altered",),
    by_a_tag: ("{case}: notes.n1 was altered",),
    a_setting_taken_back: ("it changed more than records and views", "[undone]"),
    a_signer_beside_a_view_taken_back: ("it changes more than the act that it takes back", "[undone]"),
    notes_of_git: ("no other refs",),
    replaced: ("no other refs",),
    keyring_deleted: ("the keyring is never deleted",),
    keyring_with_a_history: ("the keyring has a history",),
    keyring_with_something_else: ("no wrapped key",),
    keyring_without_a_key: ("without the key of {case}",),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_it_is_refused_in_words_and_nothing_is_taken(ground: Ground, attack: Callable[[Ground], str | None]) -> None:
    anna, before = ground.anna, ground.server.state()
    try:
        answer = anna.push(attack(ground) or "main")
        said = " ".join(line.removeprefix("remote:").strip() for line in answer.err.splitlines() if "remote:" in line)
        assert answer.exit_code, answer
        assert "error: " in said, answer
        for words in ATTACKS[attack]:
            assert words.format(case=ground.case) in said, answer
        assert "Morozova" not in answer.err
        assert all(char.isprintable() or char == "\n" for char in answer.err)
        assert "the program made a mistake" not in said
        assert ground.server.state() == before
        kept = (file for file in ground.server.folder.rglob("*") if file.is_file())
        assert not any(b"Morozova" in file.read_bytes() for file in kept)
    finally:
        anna.again()


def test_after_all_that_a_good_push_passes_and_the_history_is_clean(ground: Ground) -> None:
    anna = ground.anna
    anna.does("note", ground.other, "after it")
    assert anna.push().exit_code == 0
    assert ground.server.git("rev-parse", "main") == anna.git("rev-parse", "HEAD")
    anna.does("audit")

"""Attacks on a history beside those of `test_audit.py`: acts moved, ids swapped, objects damaged, ten thousand acts."""

from __future__ import annotations

import json
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.signers import Audit, Git, Hand, commit, edited, rules

# Acts moved


@pytest.fixture
def two_branches(signed: Path, git: Git, new_case: Callable[..., str]) -> tuple[str, str]:
    """A case, and a signed act on it that stands on another branch only: (case, that act)."""
    case = new_case("--country", "RU")
    git("checkout", "-qb", "other")
    edited(signed, case, 'country: "RU"', 'country: "BY"')
    git("commit", "-qam", "edit\n\nAct: edit")
    made = git("rev-parse", "HEAD").strip()
    git("checkout", "-q", "main")
    new_case("--country", "KZ")
    return case, made


def test_an_act_teleported_with_its_signature(
    signed: Path, git: Git, two_branches: tuple[str, str], audit: Audit
) -> None:
    """The very text of a signed act put onto another parent: what was signed is its old place, too."""
    text = subprocess.run(
        ["git", "cat-file", "commit", two_branches[1]], cwd=signed, check=True, capture_output=True
    ).stdout
    parent = git("rev-parse", f"{two_branches[1]}^").strip().encode()
    moved = text.replace(b"parent " + parent, b"parent " + git("rev-parse", "HEAD").strip().encode())
    assert moved != text
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=signed, check=True, capture_output=True, input=moved
    ).stdout.decode().strip()  # fmt: skip
    git("reset", "-q", "--hard", made)
    found = audit()
    # Its tree knows nothing of what happened at the new place: that was undone by it, and is told as well.
    assert {one["rule"] for one in found if one["commit"] == made} == {"signed", "kept"}
    assert [one["message"] for one in found if one["rule"] == "signed"] == [
        "its signature is not one of this text: either was changed"
    ]


def test_an_act_teleported_by_rebase(signed: Path, git: Git, two_branches: tuple[str, str], audit: Audit) -> None:
    """Somebody else puts it there: their signature, or none, is under another's act."""
    git("-c", "user.email=boris@forum.example", "-c", "commit.gpgsign=false", "cherry-pick", two_branches[1])
    made = git("rev-parse", "HEAD").strip()
    found = [one for one in audit() if one["commit"] == made]
    assert [(one["rule"], one["severity"]) for one in found] == [("author", "warning"), ("signed", "error")]


def test_a_branch_teleported_onto_another(
    signed: Path, git: Git, two_branches: tuple[str, str], audit: Audit, run: Run
) -> None:
    """The name of the main branch put onto another one's newest act: every act is genuine, and one is missing."""
    lost = git("rev-parse", "HEAD").strip()
    git("update-ref", "refs/heads/main", two_branches[1])
    git("reset", "-q", "--hard")
    assert [(one["rule"], one["commit"]) for one in audit()] == [("rewritten", lost)]


def test_an_act_from_another_register(
    signed: Path, git: Git, new_case: Callable[..., str], run: Run, audit: Audit, tmp_path: Path
) -> None:
    """With all that it follows it is a second history; its files alone, under another id, have no past here."""
    assert (
        run("init", "another", "--no-sealing", "--name", "X", "--contact", "x@forum.example", at=tmp_path).exit_code
        == 0
    )
    git("fetch", "-q", str(tmp_path / "another"), "main")
    git("merge", "-q", "--allow-unrelated-histories", "-s", "ours", "-m", "x", "FETCH_HEAD")
    root = git("rev-parse", "FETCH_HEAD").strip()
    assert ("one-root", root) in [(one["rule"], one["commit"]) for one in audit()]


def test_an_act_dropped_between_two_checkpoints(
    register: Path, run: Run, git: Git, anna: Hand, new_case: Callable[..., str], tmp_path: Path
) -> None:
    taken = [tmp_path / "first", tmp_path / "second"]
    new_case("--country", "RU")
    assert run("audit", "checkpoint", "--key", str(anna.key), "-o", str(taken[0])).exit_code == 0
    new_case("--country", "BY")
    dropped = git("rev-parse", "HEAD").strip()
    new_case("--country", "KZ")
    assert run("audit", "checkpoint", "--key", str(anna.key), "-o", str(taken[1])).exit_code == 0
    git("rebase", "-q", "--onto", f"{dropped}~1", dropped)
    first, second = (json.loads(run("audit", "--checkpoint", str(one), "--json").out) for one in taken)
    assert first["extends"]
    assert not second["extends"]
    assert second["missing"]["commit"] == dropped


# Records moved


def test_the_ids_of_two_cases_swapped(register: Path, new_case: Callable[..., str], audit: Audit, git: Git) -> None:
    first, second = new_case("--country", "RU"), new_case("--country", "BY")
    files = {case: next(register.glob(f"cases/*/{case}.yaml")) for case in (first, second)}
    for case, other in ((first, second), (second, first)):
        edited(register, case, f'id: "{case}"', f'id: "{other}"')
    made = commit(register)
    assert [(one["rule"], one["record"]) for one in audit()] == [("same-id", one) for one in sorted((first, second))]
    # Back, and then the files instead: each has its own id again, and the other's words.
    git("revert", "--no-edit", made)
    texts = {case: file.read_text() for case, file in files.items()}
    files[first].write_text(texts[second])
    files[second].write_text(texts[first])
    swapped = commit(register)
    found = [one for one in audit() if one["commit"] == swapped]
    assert [(one["rule"], one["record"]) for one in found] == [("same-id", one) for one in sorted((first, second))]


def test_a_copy_in_another_folder_hides_nothing(
    register: Path, run: Run, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    file = next(register.glob(f"cases/*/{case}.yaml"))
    copy = register / "cases" / "2000" / file.name
    copy.parent.mkdir()
    copy.write_text(file.read_text())
    edited_file = file.read_text().replace("She called.", "Nobody called.")
    file.write_text(edited_file)
    git("add", "-A")
    made = commit(register)
    assert [(one["rule"], one["commit"], one["record"]) for one in audit()] == [("one-file", made, case)]
    copy.unlink()
    commit(register)
    # Once it is gone again, that is told: by its id a record was deleted.
    assert rules(audit()) == ["kept"]


# Objects


def damage(register: Path, git: Git, kind: str, name: str, how: str) -> None:
    """One object garbled in a pack, or loose: garbled, missing, or with the bytes of another of its kind."""
    store = register / ".git" / "objects"
    if how == "packed":
        git("-C", str(register), "repack", "-adfq", "--depth=0")
        pack = next((store / "pack").glob("*.pack"))
        pack.chmod(0o600)
        lines = git("-C", str(register), "verify-pack", "-v", str(pack.with_suffix(".idx"))).splitlines()
        length, start = next(map(int, line.split()[3:5]) for line in lines if line.startswith(f"{name} {kind}"))
        data = bytearray(pack.read_bytes())
        data[start + 4 : start + length] = bytes(byte ^ 0x55 for byte in data[start + 4 : start + length])
        pack.write_bytes(data)
        return
    loose = store / name[:2] / name[2:]
    loose.chmod(0o600)
    if how == "missing":
        loose.unlink()
    elif how == "garbled":
        loose.write_bytes(b"damaged")
    else:
        body = zlib.decompress(loose.read_bytes()).partition(b"\0")[2]
        if kind == "tree":  # the same files, and the name of one changed by a letter
            body = body.replace(b" 2026\0", b" 2027\0").replace(b" cases\0", b" casez\0")
        elif kind == "blob":
            body = body.replace(b'"RU"', b'"BY"')
        else:
            body = body.replace(b"coordinator@", b"coordinatos@")
        loose.write_bytes(zlib.compress(b"%s %d\0" % (kind.encode(), len(body)) + body))


@pytest.mark.parametrize("how", ["garbled", "missing", "another", "packed"])
def test_a_damaged_object_is_named(
    register: Path, run: Run, git: Git, new_case: Callable[..., str], how: str, tmp_path: Path
) -> None:
    case = new_case("--country", "RU", "--name", "Maria Zvontsova")
    run("note", case, "She called.")
    run("note", case, "She called again.")
    path = next(register.glob(f"cases/*/{case}.yaml")).relative_to(register)
    names = [("blob", f"HEAD~1:{path}"), ("tree", "HEAD~1:cases"), ("tree", "HEAD~1^{tree}"), ("commit", "HEAD~1")]
    for number, (kind, revision) in enumerate(names):
        name = git("rev-parse", revision).strip()
        copy = Path(shutil.copytree(register, tmp_path / f"copy{number}"))
        if number % 2:  # what was found clean before is found damaged by a full audit
            assert run("audit", at=copy).exit_code == 0
        damage(copy, git, kind, name, how)
        answer = run("audit", "--full", at=copy)
        assert answer.exit_code == 1, (kind, answer)
        told = answer.out + answer.err
        assert "Zvontsova" not in told
        if kind == "blob" and how != "packed":
            made = git("rev-parse", "HEAD~1").strip()
            assert f"error: {made[:10]} {case}: " in told
            assert "damaged" in told
        else:
            assert f"{name[:10]} " in told or (kind, how) == ("commit", "packed")
            assert "damaged" in told or "missing" in told


# Many


def test_ten_thousand_acts_with_one_that_was_no_yaml_in_2024(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            then.setenv(name, "2024-01-01T00:00:00+00:00")
        assert (
            run("init", "big", "--no-sealing", "--name", "X", "--contact", "x@forum.example", at=tmp_path).exit_code
            == 0
        )
    big = tmp_path / "big"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=big, check=True, input=stream(10_000, broken=5_000))
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=big, check=True)
    broken = subprocess.run(
        ["git", "rev-parse", "HEAD~4999"], cwd=big, check=True, capture_output=True, text=True
    ).stdout
    told = json.loads(run("audit", "--json", at=big).out)
    assert told["commits"] == 10_001
    assert [(one["rule"], one["commit"]) for one in told["findings"]] == [("shape", broken.strip())]
    assert told["findings"][0]["record"] == identity(5_000 % 100)
    # What was looked at once is not looked at again, and says the same.
    assert json.loads(run("audit", "--json", at=big).out) == told


def identity(number: int) -> str:
    return f"SG-2024-{number:06d}"


def stream(acts: int, *, broken: int) -> bytes:
    """So many acts on 100 cases, a minute between each two, as `git fast-import` reads them."""
    parts = []
    for number in range(acts):
        case = identity(number % 100)
        urgency = ("low", "normal", "high", "urgent")[number // 100 % 4]
        text = (
            f'schema_version: 1\nid: "{case}"\nkind: appeal\ntitle: "Appeal, RU"\nstatus: received\n'
            f'received: "2024-01-02"\nurgency: {urgency}\nsubject:\n  country: "RU"\n'
        )
        text = f"<<<<<<< ours\n{text}" if number == broken else text
        message = f"edit {case}\n\nCase: {case}\nAct: edit"
        parts.append(
            f"commit refs/heads/main\ncommitter C <coordinator@forum.example> {1_704_200_000 + number * 60} +0000\n"
            f"data {len(message)}\n{message}\n"
            + ("from refs/heads/main^0\n" if number == 0 else "")
            + f"M 100644 inline cases/2024/{case}.yaml\ndata {len(text)}\n{text}\n"
        )
    return "".join(parts).encode()

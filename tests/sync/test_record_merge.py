"""Two versions of a record file merged where git sees a conflict: real branches, sealed lines, comments that stay."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.edits import Append, Edit, Remove, Set
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.merge import Why, merge
from solidarity_cli.crypto.tokens import seal, unseal
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.records.canonical import canonical
from solidarity_cli.records.edit import edit
from solidarity_cli.records.read import read
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from solidarity_cli.register.register import Register
from solidarity_cli.sync.record_merge import MergedText, merge_texts
from tests.core.test_merge import CASE, threes
from tests.support.program import CHECKOUT, Run

ROOT = CHECKOUT
SCHEMAS = Schemas(files_in(schema_folder(None)))
SAMPLES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("cases/*/*.yaml"), *ROOT.glob("actions/*/*.yaml"), *ROOT.glob("directory/*.yaml")]
)


def merged(base: str | None, ours: str | None, theirs: str | None, kind: str = "case", **options: Any) -> MergedText:
    sides = (None if side is None else side.encode() for side in (base, ours, theirs))
    return merge_texts(*sides, kind=kind, shape=SCHEMAS.shape(kind), **options)


def changed(text: str, *edits: Edit, kind: str = "case") -> str:
    return edit(text, edits, SCHEMAS.shape(kind))


def sample(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


CLOSED = sample("cases/2026/SG-2026-0MGE5P.yaml")


# Git sees a conflict


@dataclass(frozen=True)
class Branches:
    """A register with two branches that began from one version of a record."""

    folder: Path
    run: Run

    def git(self, *arguments: str, good: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, check=False, capture_output=True)
        assert done.returncode in good, done
        return done.stdout.decode()

    def do(self, *arguments: str) -> str:
        answer = self.run("-q", "--no-input", *arguments, at=self.folder)
        assert answer.exit_code == 0, answer
        return answer.out.strip()

    def path(self, record: str) -> str:
        return next(self.folder.glob(f"*/*/{record}.yaml")).relative_to(self.folder).as_posix()

    def conflict(self, record: str, ours: Callable[[], object], theirs: Callable[[], object]) -> list[bytes]:
        """What git left of a merge in which it saw a conflict: the version both began from, ours, theirs."""
        self.git("checkout", "-q", "-b", "theirs")
        theirs()
        self.git("checkout", "-q", "main")
        ours()
        # As git merges on its own: in a register it asks our driver, and would not stop.
        self.git("-c", "merge.solidarity.driver=git merge-file -q %A %O %B", "merge", "-q", "theirs", good=(1,))
        return [self.git("show", f":{stage}:{self.path(record)}").encode() for stage in (1, 2, 3)]

    def settle(self, record: str, stages: list[bytes], **options: Any) -> MergedText:
        """The merge by fields of what git left; kept, and committed, where nothing clashes."""
        path = self.path(record)
        kind = record_kind(path) or ""
        result = merge_texts(*stages, kind=kind, shape=SCHEMAS.shape(kind), path=path, **options)
        if not result.clashes:
            (self.folder / path).write_text(result.text, encoding="utf-8", newline="\n")
            self.git("add", path)
            self.git("commit", "-q", "--no-verify", "--no-edit")
            assert self.run("validate", at=self.folder).exit_code == 0
            assert self.run("fmt", "--check", at=self.folder).exit_code == 0
        return result

    def reseal(self, record: str) -> Callable[[str, str, str], str | None]:
        key = Register(self.folder, date(2026, 10, 31)).keyring.key(record)
        assert key
        place: dict[str, Any] = {"key": key, "record": record, "version": 1}
        return lambda token, old, new: seal(unseal(token, field=old, **place), field=new, **place)

    def said(self, record: str) -> dict[str, Any]:
        """The record as a person with the key sees it."""
        answer = self.run("show", record, "--json", at=self.folder)
        assert answer.exit_code == 0, answer
        case: dict[str, Any] = json.loads(answer.out)["case"]
        return case


@pytest.fixture
def opened(register: Path, run: Run) -> Branches:
    return Branches(register, run)


@pytest.fixture
def sealed(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Branches:
    """A register as `init` makes it, with an identity of this test's own."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run("init", "sealed", "--name", "Sealed", "--contact", "s@forum.example", at=tmp_path).exit_code == 0
    return Branches(tmp_path / "sealed", run)


@pytest.fixture(params=["opened", "sealed"])
def branches(request: pytest.FixtureRequest) -> Branches:
    found: Branches = request.getfixturevalue(request.param)
    return found


def a_case(branches: Branches) -> str:
    return branches.do(
        "new-case", "--country", "RU", "--incident", "search", "--received", "2026-10-20", "--name", "Inna Vydumannaya",
        "--contact", "by post", "--narrative", "Once upon a time.", "--subject-kind", "individual", "--request", "advice",
    )  # fmt: skip


def test_private_fields_on_neighbouring_lines(branches: Branches) -> None:
    case = a_case(branches)
    stages = branches.conflict(
        case,
        lambda: branches.do("edit", case, "--set", "private.contact=by phone", "--set", "private.court=the old court"),
        lambda: branches.do(
            "edit", case, "--set", "private.subject_name=Inna Pridumannaya", "--set", "private.place=X"
        ),
    )
    result = branches.settle(case, stages)
    assert result.clashes == ()
    private = branches.said(case)["private"]
    assert private["contact"] == "by phone"
    assert private["subject_name"] == "Inna Pridumannaya"
    assert (private["court"], private["place"], private["narrative"]) == ("the old court", "X", "Once upon a time.")


def test_sealed_lines_stay_byte_for_byte(sealed: Branches) -> None:
    case = a_case(sealed)
    stages = sealed.conflict(
        case,
        lambda: sealed.do("edit", case, "--set", "private.contact=by phone"),
        lambda: sealed.do("edit", case, "--set", "private.subject_name=Inna Pridumannaya"),
    )
    text = sealed.settle(case, stages).text
    tokens = [set(re.findall(r"sealed:1:[\w-]+", one)) for one in (*(side.decode() for side in stages), text)]
    assert all(tokens)
    assert tokens[3] == (tokens[1] & tokens[2]) | (tokens[1] - tokens[0]) | (tokens[2] - tokens[0])


def test_both_add_a_note(branches: Branches) -> None:
    case = a_case(branches)
    stages = branches.conflict(
        case, lambda: branches.do("note", case, "here"), lambda: branches.do("note", case, "there")
    )
    reseal = branches.reseal(case) if b"sealed:1:" in stages[1] else lambda *_: None
    result = branches.settle(case, stages, reseal=reseal)
    assert result.clashes == ()
    assert result.renumbered == {"notes.n1": "notes.n2"}
    said = branches.said(case)
    assert [note["id"] for note in said["notes"]] == ["n1", "n2"]
    assert said["private"]["notes"] == {"n1": "here", "n2": "there"}


def test_without_a_key_a_second_note_waits_for_somebody_with_one(sealed: Branches) -> None:
    case = a_case(sealed)
    stages = sealed.conflict(case, lambda: sealed.do("note", case, "here"), lambda: sealed.do("note", case, "there"))
    result = sealed.settle(case, stages)
    assert {clash.why for clash in result.clashes} == {Why.LOCKED}
    assert result.text.encode() == stages[1]


def test_both_add_items_fields_and_codes_at_the_same_lines(opened: Branches) -> None:
    case = a_case(opened)
    stages = opened.conflict(
        case,
        lambda: opened.do("edit", case, "--set", "incidents.i2.type=threat", "--set", "requests=advice,letter"),
        lambda: opened.do("edit", case, "--set", "incidents.i2.type=arrest", "--set", "requests=advice,statement"),
    )
    assert opened.settle(case, stages).clashes == ()
    said = opened.said(case)
    assert [(one["id"], one["type"]) for one in said["incidents"]] == [
        ("i1", "search"),
        ("i2", "threat"),
        ("i3", "arrest"),
    ]
    assert said["requests"] == ["advice", "letter", "statement"]


def test_both_approve(opened: Branches) -> None:
    case = a_case(opened)
    opened.do(
        "assess", case, "--decision", "more-information", "--reason", "the papers are missing", "--by", "assessor"
    )
    stages = opened.conflict(
        case, lambda: opened.do("approve", case, "--by", "north"), lambda: opened.do("approve", case, "--by", "south")
    )
    assert opened.settle(case, stages).clashes == ()
    assert [one["by"] for one in opened.said(case)["assessments"][0]["approvals"]] == ["north", "south"]


def test_two_hearings_are_kept_apart_when_no_action_names_the_one_that_came_in(opened: Branches) -> None:
    case = a_case(opened)
    stages = opened.conflict(
        case,
        lambda: opened.do("hearing", case, "--at", "2026-11-05"),
        lambda: opened.do("hearing", case, "--at", "2026-11-06"),
    )
    unknown = opened.settle(case, stages)
    assert [(clash.field, clash.why) for clash in unknown.clashes] == [("hearings.h1", Why.NAMED)]
    assert unknown.text.encode() == stages[1]
    assert opened.settle(case, stages, named=frozenset()).clashes == ()
    assert [(one["id"], one["at"]) for one in opened.said(case)["hearings"]] == [
        ("h1", "2026-11-05"),
        ("h2", "2026-11-06"),
    ]


def test_one_closes_while_the_other_assesses(opened: Branches) -> None:
    case = a_case(opened)
    stages = opened.conflict(
        case,
        partial(opened.do, "assess", case, "--decision", "more-information", "--reason", "papers are missing"),
        partial(opened.do, "set-status", case, "assessing", "--reason", "begun"),
    )
    theirs = read(stages[2])
    assert theirs["status"] == "assessing"
    result = opened.settle(
        case, [stages[0], changed(stages[1].decode(), Set("status", "declined")).encode(), stages[2]]
    )
    assert [(clash.field, clash.why) for clash in result.clashes] == [("status", Why.MOVED)]
    assert read(result.text.encode())["status"] == "declined"


# Texts


@pytest.mark.parametrize("path", SAMPLES)
def test_every_sample_record_takes_edits_from_two_sides(path: str) -> None:
    """Each side changes every second field; the result is what both did, in canonical form."""
    text, kind = sample(path), record_kind(path) or ""
    plain = read(text.encode())
    wanted, sides = deepcopy(plain), [text, text]
    for number, (name, value) in enumerate(plain.items()):
        edits: list[Edit] = []
        if name in ("title", "urgency", "response", "channel", "accepts", "name"):
            edits, wanted[name] = [Set(name, "changed")], "changed"
        elif name == "private":
            for inner, said in value.items():
                if isinstance(said, str):
                    wanted[name] = {**wanted[name], inner: f"{said}\nand more"}
                    sides[len(inner) % 2] = changed(
                        sides[len(inner) % 2], Set(f"private.{inner}", f"{said}\nand more"), kind=kind
                    )
        elif isinstance(value, list) and value and isinstance(value[0], str):
            edits, wanted[name] = [Append(name, "another")], [*value, "another"]
        sides[number % 2] = changed(sides[number % 2], *edits, kind=kind)
    assert wanted != plain
    result = merged(text, *sides, kind=kind)
    assert result.clashes == ()
    assert read(result.text.encode()) == wanted
    assert canonical(result.text.encode(), kind, SCHEMAS.shape(kind)) == result.text


def test_comments_order_and_quotes_of_ours_stay() -> None:
    ours = CLOSED.replace("urgency: high", "# asked twice\nurgency: 'high'  # by post").replace(
        "    verification: verified\n", "    verification: verified  # seen\n", 1
    )
    theirs = changed(
        CLOSED, Set("incidents.i2.verification", "disputed"), Append("requests", "letter"), Set("title", "T")
    )
    result = merged(CLOSED, ours, theirs)
    lines = [line for line in result.text.splitlines() if line not in ours.splitlines()]
    assert lines == ['title: "T"', "    verification: disputed", "requests: [warn-members, advice, letter]"]
    assert "# asked twice\nurgency: 'high'  # by post" in result.text
    assert "verification: verified  # seen" in result.text


def test_comments_of_theirs_alone_change_nothing_of_ours() -> None:
    ours = changed(CLOSED, Set("urgency", "low"))
    assert merged(CLOSED, ours, "# a remark\n" + CLOSED.replace("channel: email", 'channel: "email"')).text == ours


def test_what_only_one_side_touched_is_taken_byte_for_byte() -> None:
    touched = "# a remark\n" + changed(CLOSED, Set("urgency", "low"))
    for sides in (
        (CLOSED, touched, CLOSED),
        (CLOSED, CLOSED, touched),
        (CLOSED, touched, touched),
        (None, touched, touched),
    ):
        assert merged(*sides) == MergedText(touched)


def test_a_code_with_a_dot_in_a_list_that_lost_one() -> None:
    base = changed(CLOSED, Set("assessments.a1.basis", ["un-hrd-12.2", "un-hrd-6", "odihr-hrd-i"]))
    ours = changed(base, Set("assessments.a1.basis", ["un-hrd-12.2", "un-hrd-6"]))
    theirs = changed(base, Set("assessments.a1.basis", ["un-hrd-6", "odihr-hrd-i", "un-hrd-9.3"]))
    result = merged(base, ours, theirs)
    assert read(result.text.encode())["assessments"][0]["basis"] == ["un-hrd-6", "un-hrd-9.3"]
    assert result.clashes == ()


def test_in_a_clash_the_text_says_what_ours_says_and_the_rest_is_merged() -> None:
    ours, theirs = changed(CLOSED, Set("urgency", "low")), changed(CLOSED, Set("urgency", "normal"), Set("title", "T"))
    result = merged(CLOSED, ours, theirs)
    assert [(clash.field, clash.ours, clash.theirs) for clash in result.clashes] == [("urgency", "low", "normal")]
    assert result.text == changed(ours, Set("title", "T"))


def test_a_record_deleted_on_one_side() -> None:
    edited = changed(CLOSED, Set("urgency", "low"))
    assert merged(CLOSED, None, CLOSED) == merged(CLOSED, CLOSED, None) == MergedText("")
    assert merged(CLOSED, None, "# a remark\n" + CLOSED) == MergedText("")
    assert merged(None, CLOSED, None) == merged(None, None, CLOSED) == MergedText(CLOSED)
    for sides, text in (((CLOSED, edited, None), edited), ((CLOSED, None, edited), "")):
        result = merged(*sides)
        assert [(clash.field, clash.why) for clash in result.clashes] == [("", Why.DELETED)]
        assert result.text == text


def test_both_sides_made_the_record() -> None:
    theirs = changed(
        CLOSED, Remove("retention"), Set("language", "en"), Append("incidents", {"id": "i3", "type": "threat"})
    )
    result = merged(None, CLOSED, theirs)
    assert [clash.field for clash in result.clashes] == ["language"]
    assert read(result.text.encode()) == {**read(CLOSED.encode()), "incidents": read(theirs.encode())["incidents"]}


def test_an_erasure_takes_the_private_part_out_of_the_text_of_whoever_wrote_meanwhile() -> None:
    tombstone = {"date": "2026-10-31", "ground": "asked by the person", "by": "one"}
    erased = changed(CLOSED, Remove("private"), Set("erasure", tombstone))
    edited = changed(CLOSED, Set("private.contact", "another place"), Set("urgency", "low"))
    for sides in ((erased, edited), (edited, erased)):
        result = merged(CLOSED, *sides)
        assert result.clashes == ()
        assert read(result.text.encode()) == {**read(erased.encode()), "urgency": "low"}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("<<<<<<< HEAD\nurgency: low\n=======\nurgency: high\n>>>>>>> theirs\n", "line 1: two versions stand there"),
        (CLOSED.replace('"AT"', '"AT', 1), "cannot be read as YAML|written"),
        (CLOSED.replace("\n", "\r\n"), "Windows line endings"),
        (CLOSED + "urgency: low\n", "written twice"),
        ("", "empty"),
    ],
)
@pytest.mark.parametrize("side", range(3))
def test_a_version_that_cannot_be_read_is_refused_with_its_side(broken: str, message: str, side: int) -> None:
    sides = [CLOSED, changed(CLOSED, Set("urgency", "low")), changed(CLOSED, Set("urgency", "normal"))]
    sides[side] = broken
    with pytest.raises(Refused, match=message) as refusal:
        merged(*sides, path="cases/2026/SG-2026-0MGE5P.yaml")
    said = refusal.value.message
    where = ("that both sides began from", "as it is here", "as it came in")[side]
    assert "cases/2026/SG-2026-0MGE5P.yaml" in said
    assert where in said
    assert refusal.value.hint
    assert "Quendler" not in said + refusal.value.hint


def test_broken_yaml_that_both_sides_have_left_behind_does_not_stop_them() -> None:
    good = changed(CLOSED, Set("urgency", "low"))
    assert merged("<<<<<<< HEAD\n", good, good) == MergedText(good)


def resealed(token: str, old: str, new: str) -> str:
    return token.replace(old, new)


@settings(max_examples=150, deadline=None)
@given(threes(), st.booleans())
def test_the_text_says_what_the_merge_says_in_canonical_form(three: tuple[Any, Any, Any], made_twice: bool) -> None:
    from solidarity_cli.records.canonical import compose

    assert three[0]["id"] == CASE["id"]
    base, ours, theirs = (compose(one, "case", SCHEMAS.shape("case")) for one in three)
    result = merged(None if made_twice else base, ours, theirs, reseal=resealed, named=frozenset())
    plain = merge(None if made_twice else three[0], *three[1:], "case", reseal=resealed, named=frozenset())
    assert read(result.text.encode()) == plain.value
    assert result.clashes == plain.clashes
    assert canonical(result.text.encode(), "case", SCHEMAS.shape("case")) == result.text

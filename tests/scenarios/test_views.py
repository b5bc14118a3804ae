"""Views: lists kept under a name in register.yaml, asked for by it, narrowed and changed by options."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.cli.commands import list as listing
from solidarity_cli.core.merge import Merged, merge
from solidarity_cli.records.read import read
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from tests.support.program import Run

NewCase = Callable[..., str]


def test_a_view_is_kept_asked_for_changed_and_told(
    run: Run, register: Path, new_case: NewCase, git: Callable[..., str]
) -> None:
    charter = register / "register.yaml"
    charter.write_text(charter.read_text(encoding="utf-8") + "# the board decided these numbers\n", encoding="utf-8")
    git("commit", "-qam", "a comment")
    soon, later = new_case("--country", "RU", "--incident", "search"), new_case("--country", "RU", "--urgency", "low")
    new_case("--country", "BY", "--incident", "arrest")
    assert run("hearing", soon, "--at", "2026-11-05", "--kind", "merits").exit_code == 0
    assert run("hearing", later, "--at", "2026-12-24", "--kind", "appeal").exit_code == 0
    before = charter.read_text(encoding="utf-8")

    shown = run("list", "--country", "ru", "--ahead", "14", "--save-as", "hearings", "-n")
    assert (shown.exit_code, charter.read_text(encoding="utf-8")) == (0, before)
    assert "+  hearings:" in shown.out
    kept = run("list", "--country", "ru", "--ahead", "14", "--save-as", "@hearings", "--by", "member@forum.example")
    assert kept.exit_code == 0, kept
    assert "@hearings is now: --country RU --ahead 14" in kept.out
    assert read(charter.read_bytes())["views"] == {"hearings": {"country": "RU", "ahead": 14}}
    assert "# the board decided these numbers" in charter.read_text(encoding="utf-8")
    assert git("log", "-1", "--format=%ae %s").split() == ["member@forum.example", "list-save"]
    assert git("status", "--porcelain") == ""
    assert run("validate").exit_code == run("audit").exit_code == run("fmt", "--check").exit_code == 0

    assert run("list", "@hearings", "--ids").out.split() == [soon]
    assert run("list", "@hearings", "--incident", "search", "--ids").out.split() == [soon]
    assert run("list", "@hearings", "--country", "BY", "--ids").out.split() == []
    assert set(run("list", "@hearings", "--ahead", "60", "--ids").out.split()) == {soon, later}
    assert run("list", "@hearings", "--ahead", "0", "--ids").out == ""

    again = run("list", "@hearings", "--sort", "next_date", "--save-as", "h1")
    assert (again.exit_code, run("list", "@h1", "--ids").out.split()) == (0, [soon])
    assert "nothing to change" in run("list", "@h1", "--save-as", "h1").err
    assert run("list", "@").out.splitlines() == [
        "@hearings\t--country RU --ahead 14",
        "@h1\t--country RU --ahead 14 --sort next_date",
    ]
    assert json.loads(run("list", "@", "--json").out)["hearings"] == {"country": "RU", "ahead": 14}
    assert run("-q", "list", "@").out.split() == ["@hearings", "@h1"]
    unknown = run("list", "@hearigns")
    assert (unknown.exit_code, unknown.out) == (1, "")
    assert "did you mean: solidarity list @hearings? views here: @hearings, @h1" in unknown.err
    bare = run("list", "Zvontsova")
    assert (bare.exit_code, "@hearings" in bare.err, "Zvontsova" in bare.err) == (2, True, False)
    assert "Zvontsova" not in run("list", "@Zvontsova").err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--save-as", "empty"], "needs a filter"),
        (["--status", "actve", "--save-as", "x"], "--status has no such code"),
        (["--country", "RUS", "--save-as", "x"], "a country is two capital letters"),
        (["--since", "2026-13", "--save-as", "x"], "--since is no day"),
        (["--sort", "name", "--save-as", "x"], "--sort has no such key"),
        (["--status", "active", "--save-as", "Two words"], "small letters"),
        (["--status", "active", "--search", "Zvontsova", "--save-as", "x"], "keeps no --search"),
        (["--status", "active", "--as-of", "2026", "--save-as", "x"], "no --as-of"),
        (["--status", "active", "--save-as", "zvontsova"], "somebody's private part"),
    ],
)
def test_what_cannot_be_a_view_is_refused_and_changes_nothing(
    run: Run, register: Path, new_case: NewCase, typed: list[str], said: str
) -> None:
    if "zvontsova" in typed:
        new_case("--name", "Olga Zvontsova")
    before = (register / "register.yaml").read_bytes()
    answer = run("list", *typed)
    assert (answer.exit_code in (1, 2), answer.out) == (True, "")
    assert said in answer.err
    assert "zvontsova" not in answer.err.casefold()
    assert (register / "register.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["null", "true", "on", "y", "views", "e1", "a-2"])
def test_any_name_of_the_right_form_can_be_kept(run: Run, register: Path, name: str) -> None:
    run("list", "--ahead", "7", "--save-as", "first")
    answer = run("list", "--status", "active", "--save-as", name)
    assert answer.exit_code == 0, answer
    assert read((register / "register.yaml").read_bytes())["views"][name] == {"status": "active"}
    assert run("list", f"@{name}").exit_code == 0


def test_a_view_that_is_wrong_by_hand_is_told_with_its_place(run: Run, register: Path) -> None:
    charter = register / "register.yaml"
    charter.write_text(charter.read_text(encoding="utf-8") + 'views:\n  mine: {search: "x"}\n', encoding="utf-8")
    answer = run("list", "@mine")
    assert answer.exit_code == 1
    assert "register.yaml: views.mine: there is no such field here" in answer.err


def test_a_register_whose_schemas_are_older_says_so(run: Run, register: Path) -> None:
    schema = register / "schemas" / "register.schema.json"
    older = json.loads(schema.read_text(encoding="utf-8"))
    del older["properties"]["views"]
    schema.write_text(json.dumps(older), encoding="utf-8")
    answer = run("list", "--status", "active", "--save-as", "x")
    assert (answer.exit_code, "older than views" in answer.err) == (1, True)


def test_names_are_completed(run: Run, register: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run("list", "--ahead", "7", "--save-as", "soon")
    monkeypatch.chdir(register)
    assert listing.views("") == listing.views("@so") == ["@soon"]
    assert listing.views("@x") == []
    monkeypatch.chdir(tmp_path)
    assert listing.views("@") == []


def test_views_of_two_people_stand_together_and_one_view_is_never_made_of_two() -> None:
    mine, ours = {"views": {"soon": {"ahead": 7}}}, {"views": {"russia": {"country": "RU"}}}
    assert merge({}, mine, ours, "register") == Merged({"views": {**mine["views"], **ours["views"]}})
    other = {"views": {"soon": {"status": "active"}}}
    (clash,) = merge({}, mine, other, "register").clashes
    assert (clash.field, clash.ours, clash.theirs) == ("views.soon", {"ahead": 7}, {"status": "active"})


def test_a_view_holds_what_list_can_be_asked_for() -> None:
    shape = Schemas(files_in(schema_folder(None))).shape("register")["properties"]["views"]
    (view,) = shape["patternProperties"].values()
    assert view["properties"]["sort"]["pattern"] == f"^(?:{'|'.join(listing._SORTABLE)})$(?!\\n)"
    options = set(listing.main.__annotations__)
    aside = {"ctx", "named", "search", "as_of", "as_json", "ids", "save_as", "dry_run", "by", "return"}
    assert set(view["properties"]) == options - aside

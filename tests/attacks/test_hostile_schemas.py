"""Schemas that somebody pushes: they call no address, they never hang, and what cannot be used is told in words."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.program import Answer, Run
from tests.support.served import Server

VERBS = (
    (),
    ("list",),
    ("show", "{case}"),
    ("validate",),
    ("history", "{case}"),
    ("blame", "{case}"),
    ("audit", "--full"),
    ("note", "{case}", "second"),
    ("edit", "{case}", "--set", "subject.country=GE"),
    ("fmt",),
    ("explain", "fields"),
    ("report", "--month", "2026-10"),
    ("export", "-o", "x.csv"),
    ("doctor",),
)


class Ear:
    """A port of this machine, and how many have called it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/case.json"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}")
            caller.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    one = Ear()
    yield one
    one.close()


@pytest.fixture
def case(new_case: Callable[..., str]) -> str:
    return new_case("--country", "RU", "--incident", "search")


def committed(register: Path, git: Callable[..., str], schema: str) -> str:
    """A commit by hand of a schema for cases, and of a case that was changed, so that it is looked at."""
    (register / "schemas" / "case.schema.json").write_text(schema)
    file = next(register.glob("cases/2026/*.yaml"))
    file.write_text(file.read_text().replace('country: "RU"', 'country: "BY"'))
    git("add", "--all")
    git("commit", "-q", "--no-verify", "-m", "x")
    return git("rev-parse", "HEAD").strip()


def in_words(answer: Answer) -> bool:
    return answer.exit_code in (0, 1, 2, 3) and "mistake" not in answer.err and "Traceback" not in answer.err


def calling(address: str) -> list[dict[str, object]]:
    return [
        {"$ref": address},
        {"properties": {"title": {"$ref": address}}},
        {"$dynamicRef": address},
        {"$id": address, "$ref": "other.json"},
        {"$schema": address, "type": "object"},
        {"allOf": [{"$id": address, "$ref": "#/$defs/x"}], "$defs": {"x": {"$ref": address}}},
    ]


def test_the_ear_hears(ear: Ear) -> None:
    subprocess.run(["git", "ls-remote", ear.address], check=False, capture_output=True)
    assert ear.calls > 0


@pytest.mark.parametrize("number", range(6))
def test_no_verb_calls_an_address_that_a_schema_names(
    run: Run, register: Path, git: Callable[..., str], case: str, ear: Ear, number: int
) -> None:
    commit = committed(register, git, json.dumps(calling(ear.address)[number]))
    for verb in VERBS:
        answer = run("--no-input", *[part.format(case=case) for part in verb])
        assert in_words(answer), (verb, answer)
    told = run("show", case)
    assert told.exit_code == 3
    assert told.err.startswith("error: schemas/case.schema.json cannot be used: it ")
    assert "git checkout COMMIT -- schemas" in told.err
    found = run("audit", "--json")
    assert found.exit_code == 1
    assert "the schemas of this commit cannot be read" in found.out
    git("checkout", "-q", f"{commit}~1", "--", "schemas")
    git("commit", "-q", "--no-verify", "-m", "back")
    assert run("validate").exit_code == 0
    for verb in (("list", "--as-of", commit), ("report", "--month", "2026-10", "--as-of", commit)):
        answer = run(*verb)
        assert (answer.exit_code, in_words(answer)) == (3, True), answer
        assert "schemas/case.schema.json cannot be used" in answer.err
        assert "git log --oneline -- schemas" in answer.err
    assert run("audit").exit_code == 1
    assert ear.calls == 0


def test_no_address_is_called_by_the_server_or_by_who_fetches(
    run: Run, register: Path, git: Callable[..., str], case: str, ear: Ear, served: Callable[[Path], Server]
) -> None:
    """A push to a server that looks; then one to a plain folder, and a sync that brings it to somebody else."""
    server = served(register.parent / "looks.git")
    git("push", "-q", str(server.folder), "main")
    plain = register.parent / "plain.git"
    git("init", "-q", "--bare", str(plain))
    git("remote", "add", "origin", str(plain))
    assert run("sync").exit_code == 0
    other = register.parent / "other"
    git("clone", "-q", str(plain), str(other))
    run("-q", "note", case, "at the same time", at=other)

    committed(register, git, json.dumps({"$ref": ear.address}))
    asked = ["git", "push", str(server.folder), "main"]
    done = subprocess.run(asked, cwd=register, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "the schemas that the push brings cannot be read" in done.stderr
    subprocess.run(["git", "push", "-q", "origin", "main"], cwd=register, check=True)
    told = run("--no-input", "sync", at=other)
    assert in_words(told), told
    assert ear.calls == 0


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ('{"type": "foo"}', "it is no valid JSON Schema at type"),
        ('{"properties": {"title": {"pattern": "("}}}', "it is no valid JSON Schema at properties.title.pattern"),
        ('{"properties": {"title": {"pattern": "(a{1000}){1000}"}}}', "it is no valid JSON Schema at properties"),
        ("{", "it is no JSON"),
        ("", "it is empty, a link, or larger than 1 MB"),
        (json.dumps({"description": "x" * 1_100_000}), "it is empty, a link, or larger than 1 MB"),
        ('{"minimum": NaN}', "it is no JSON"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"not": ' * 500 + "{}" + "}" * 500, "it is nested too deeply"),
        ("[1]", "it is no JSON Schema"),
        ('{"$ref": "#"}', "it refers to what is not among its own $defs"),
        ('{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}', "it refers to itself without end"),
        (
            json.dumps(
                {
                    "$ref": "#/$defs/a12",
                    "$defs": {"a0": {}}
                    | {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n - 1}"}] * 2} for n in range(1, 13)},
                }
            ),
            "it is too large",
        ),
        (json.dumps({"properties": {"$dynamicRef": {"$dynamicRef": "#x"}}}), "it uses $dynamicRef"),
    ],
)
def test_a_schema_that_cannot_be_used_is_told_with_its_file(
    run: Run, register: Path, git: Callable[..., str], case: str, schema: str, why: str
) -> None:
    committed(register, git, schema)
    for verb in VERBS:
        answer = run("--no-input", *[part.format(case=case) for part in verb])
        assert in_words(answer), (verb, answer)
    told = run("show", case)
    assert told.exit_code == 3
    assert f"schemas/case.schema.json cannot be used: {why}" in told.err


@pytest.mark.parametrize("text", ["[]", "codes: 5", "codes:\n  received: 1", "{"])
def test_lists_of_codes_that_cannot_be_used_are_told(
    run: Run, register: Path, git: Callable[..., str], case: str, text: str
) -> None:
    (register / "schemas" / "vocabulary" / "status.yaml").write_text(text)
    for verb in VERBS:
        answer = run("--no-input", *[part.format(case=case) for part in verb])
        assert in_words(answer), (verb, answer)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(?:(?=a)a+)+$", "^(a|aa)+\\1$(?!\\n)"])
def test_a_pattern_that_would_try_for_ever_is_given_up(
    program: str, register: Path, git: Callable[..., str], case: str, pattern: str
) -> None:
    file = register / "schemas" / "case.schema.json"
    schema = json.loads(file.read_text())
    schema["properties"]["title"] = {"type": "string", "pattern": pattern}
    record = next(register.glob("cases/2026/*.yaml"))
    lines = [f'title: "{"a" * 60}!"' if line.startswith("title:") else line for line in record.read_text().split("\n")]
    record.write_text("\n".join(lines))
    committed(register, git, json.dumps(schema))

    # Python's own patterns would need longer than anybody lives: the limit is a safety net for that.
    def answer(verb: str) -> tuple[int, str]:
        done = subprocess.run([program, verb], cwd=register, check=False, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout

    assert "title" in answer("validate")[1]
    assert "title does not fit the schema" in answer("audit")[1]
    assert answer("list")[0] == 0


@pytest.mark.parametrize(
    "text", ["foo: 1\n", 'id: "{case}"\nsubject: 5\nstatus: [1]\nreceived: 7\n', 'id: "{case}"\nreceived: "soon"\n']
)
def test_a_schema_that_lets_anything_pass_stops_nobody(
    run: Run, register: Path, new_case: Callable[..., str], git: Callable[..., str], case: str, text: str
) -> None:
    """What the program cannot do without is a finding for one record, and the others are read."""
    other = new_case("--country", "GE")
    for kind in ("case", "action", "directory", "register"):
        (register / "schemas" / f"{kind}.schema.json").write_text("{}")
    (register / "cases" / "2026" / f"{case}.yaml").write_text(text.replace("{case}", case))
    git("add", "--all")
    git("commit", "-q", "--no-verify", "-m", "x")
    for verb in VERBS:
        answer = run("--no-input", *[part.format(case=case) for part in verb])
        assert in_words(answer), (verb, answer)
    assert "received" in run("validate").out
    listed = run("list")
    assert other in listed.out
    assert case not in listed.out


def test_codes_and_fields_of_a_registers_own_pass(
    run: Run, register: Path, new_case: Callable[..., str], git: Callable[..., str]
) -> None:
    file = register / "schemas" / "case.schema.json"
    schema = json.loads(file.read_text())
    schema["properties"]["colour"] = {"type": "string"}
    schema["properties"]["urgency"]["enum"].append("calm")
    file.write_text(json.dumps(schema))
    case = new_case("--country", "RU")
    record = register / "cases" / "2026" / f"{case}.yaml"
    record.write_text(record.read_text() + 'colour: "green"\nurgency: "calm"\n')
    assert run("validate").exit_code == 0
    assert case in run("list").out

"""Fill the lists of codes in the JSON Schemas from the vocabulary and the standards, so that no list is kept twice.

A schema asks for its list by a keyword of its own:

- ``x-vocabulary: incident``  the codes of ``vocabulary/incident.yaml``, less those in ``x-without``
- ``x-standards: provisions``  the ids of the provisions in ``standards.yaml``
- ``x-suggests: recipient``  the codes as examples only; other words are allowed
- ``x-noun: an incident``  a sentence that lists the fields of this object

Run without options to write the schemas, with ``--check`` to learn whether they are current.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import ryaml

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
Node = dict[str, Any]


@cache
def read(name: str) -> Node:
    """One YAML file below ``schemas``."""
    with (SCHEMAS / name).open(encoding="utf-8") as file:
        content: Node = ryaml.load(file)
    return content


def codes(vocabulary: str) -> Node:
    """The codes of one vocabulary with their entries, in the order of the file."""
    entries: Node = read(f"vocabulary/{vocabulary}.yaml")["codes"]
    return entries


def provision(entry: Node) -> str:
    """One provision as an editor shows it. A number from memory says so, lest it be copied into a public text."""
    number = "" if entry["number"] is None else f" {entry['number']}"
    doubt = "" if entry["verified"] else " (number or wording to be checked against the original)"
    return f"**{entry['instrument']}{number}**: {entry['title']['en']}{doubt}"


def fill_codes(node: Node, field: str) -> Node:
    """`node` with its list of codes and the sentence that goes with it."""
    match node:
        case {"x-vocabulary": str(name)}:
            entries_by_code = {
                code: entry for code, entry in codes(name).items() if code not in node.get("x-without", [])
            }
            labels = [f"**{entry['en']}**: {entry['about']}" for entry in entries_by_code.values()]
            sentence = f"{field} is one of: {', '.join(entries_by_code)}"
            return node | {"enum": list(entries_by_code), "markdownEnumDescriptions": labels, "errorMessage": sentence}
        case {"x-standards": str(name)}:
            entries = read("standards.yaml")[name]
            ids = [entry["id"] for entry in entries]
            return node | {"enum": ids, "markdownEnumDescriptions": [provision(entry) for entry in entries]}
        case {"x-suggests": str(name)}:
            return node | {"examples": list(codes(name))}
        case {"x-noun": str(noun), "properties": dict(properties)}:
            needed = node.get("required", [])
            tail = f"; needed: {', '.join(needed)}" if needed else ""
            return node | {"errorMessage": f"{noun} has these fields and no others: {', '.join(properties)}{tail}"}
    return node


def walk(node: Any, field: str = "") -> Any:
    """A schema with every list filled; `field` is the name by which a person knows the place."""
    if isinstance(node, list):
        return [walk(child, field) for child in node]
    if not isinstance(node, dict):
        return node
    inside = {}
    for key, child in node.items():
        if key == "properties" and isinstance(child, dict):
            inside[key] = {name: walk(value, name) for name, value in child.items()}
        else:
            inside[key] = walk(child, f"each of {field}" if key == "items" else field)
    return fill_codes(inside, field)


def generate(path: Path) -> str:
    """The text that the schema at `path` should have."""
    schema = walk(json.loads(path.read_text(encoding="utf-8")))
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schemas, or with ``--check`` name those that are not current; 1 when there are any."""
    if arguments not in ([], ["--check"]):
        print("usage: generate_schemas.py [--check]", file=sys.stderr)
        return 2
    paths = sorted(SCHEMAS.glob("*.schema.json"))
    stale = [path for path in paths if path.read_text(encoding="utf-8") != generate(path)]
    for path in stale:
        if arguments:
            print(f"schemas/{path.name} is not current: run python scripts/generate_schemas.py")
        else:
            path.write_text(generate(path), encoding="utf-8", newline="\n")
            print(f"schemas/{path.name} written")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

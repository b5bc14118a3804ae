"""Make `docs/reference/merge.md` from the table that the merge itself uses."""

from __future__ import annotations

from solidarity_cli.core.merge import PAGE, TABLE, Way, Why

TITLES = {
    "case": "A case",
    "action": "An action",
    "directory": "An organisation in the directory",
    "register": "register.yaml",
    "recipients": "recipients.yaml",
}

INTRO = """\
# When two people change the same record

Made from `solidarity_cli/core/merge/` by `make docs`.

Two people work in two clones. One adds a note, the other corrects a date. Git compares lines, and reports a conflict if
both changed neighbouring lines. Solidarity compares fields, with the version from which both began:

- What only one side changed is taken from that side.
- What both changed in the same way is taken once.
- What both changed differently is merged as the table below says, or left for a person. Nothing is dropped silently.

Your own file keeps its comments, its order and its quotes. A comment that the other side wrote beside a field it did
not change is not taken over. Encrypted values stay byte for byte as they are, and merging them needs no key.

In these cases git alone would stop at a conflict, and this merge does not. Both sides

- changed different private fields on neighbouring lines, encrypted or not;
- added a note;
- added an incident, or a code to the same list;
- approved the same assessment;
- announced a hearing, as long as no action names the one that is new here.
"""

LIMITS = """\
## Two new items with the same id

Each clone numbers new items by itself, so two notes can both become `n2`. The one on the server keeps its id, because
others already know it. Yours gets the next free id, and its text in the private part moves with it. An encrypted text
is bound to its place and has to be encrypted again, which needs the key of the record. Without the key the note is left
for somebody who has it.

An action, which is a record of its own, can name a hearing or a consent. If an action that is new here names yours, or
if the actions cannot be read, both items are left for a person.

## What the merge does not check

- **The rules.** Two changes can each be correct and contradict each other: one closes a case on a day on which the
  other assesses it. The merged record is checked like every change; what the combination breaks is left for a person.
- **The content of an encrypted value.** The same words encrypted on two machines are two values. In an encrypted record
  a list such as `other_names` is one value: if two people both add a name to it, they have set it to two values.
- **The order of a list.** The order in your file stays; new items are added below.
"""


def merge_page() -> str:
    """Return the page: an introduction, each kind of field with its sentence, and the kind of every field."""
    parts = [INTRO, "## Kinds of fields", "", "| kind of field | what happens if both sides changed it |", "|---|---|"]
    parts += [f"| {way} | {PAGE[way]} |" for way in Way]
    parts += ["", "## Every field", "", "`*` is the id of an item, or any field of a group.", ""]
    for kind, rows in TABLE.items():
        parts += [f"### {TITLES[kind]}", "", "| kind of field | fields |", "|---|---|"]
        for way in dict.fromkeys(rows.values()):
            parts.append(
                f"| {way} | {', '.join(f'`{field}`' for field, field_way in rows.items() if field_way is way)} |"
            )
        parts.append("")
    parts += [
        "## What is left for a person",
        "",
        "In the following cases the file keeps what you wrote until somebody decides.",
        "",
    ]
    parts += [f"- {why.value[0].upper()}{why.value[1:]}." for why in Why]
    return "\n".join([*parts, "", LIMITS])

"""`docs/reference/merge.md`, made from the table that the merge itself goes by."""

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

Two people work in two clones; one adds a note, the other puts a date right. Git compares lines, and sees a conflict
where both touched neighbouring ones. Solidarity compares fields, with the version that both began from:

- What only one side changed is taken from that side.
- What both changed alike is taken once.
- What both changed differently is merged as the table below says, or left for a person. Nothing is dropped silently.

Your own file keeps its comments, its order and its quotes; a remark that the other side wrote beside a field it did
not change is not taken over. Sealed values stay the tokens they are, byte for byte, and need no key.

Git alone stops at a conflict, and this merge does not, when both sides

- changed different private fields that stand on neighbouring lines, sealed or not;
- added a note;
- added an incident, or a code to the same list;
- approved the same assessment;
- announced a hearing, as long as no action names the one that is new here.
"""

LIMITS = """\
## Two new items of one id

Each clone counts on alone, so two notes can both become `n2`. The one at the remote keeps its id, for others know it by
that; yours gets the next free one, and its text in the private part goes along. A sealed text is bound to its place and
has to be sealed anew: that takes the key of the record. Without it the note is left for somebody who has one.

A hearing and a consent can be named by an action, which is a record of its own. Where an action that is new here names
yours, or where the actions cannot be seen, the two are left for a person.

## What the merge does not see

- **The rules.** Two changes can be right each and wrong together: one closes a case on a day on which the other
  assesses it. The merged record is checked like every change; what the combination breaks is left for a person.
- **What a sealed value says.** Twice the same words, sealed on two machines, are two values. In a sealed record a list
  such as `other_names` is one sealed value: two people who both add a name to it have set it to two values.
- **Order in a list.** That of your file stays; what is new in it stands below.
"""


def merge_page() -> str:
    """The page: what happens in words, each way with its sentence, and the way of every field."""
    parts = [INTRO, "## The ways", "", "| way | when both sides changed it |", "|---|---|"]
    parts += [f"| {way} | {PAGE[way]} |" for way in Way]
    parts += ["", "## The table", "", "`*` is the id of an item, or any field of a group.", ""]
    for kind, rows in TABLE.items():
        parts += [f"### {TITLES[kind]}", "", "| way | fields |", "|---|---|"]
        for way in dict.fromkeys(rows.values()):
            parts.append(f"| {way} | {', '.join(f'`{field}`' for field, one in rows.items() if one is way)} |")
        parts.append("")
    parts += [
        "## What is left for a person",
        "",
        "In these fields the file keeps what you wrote, until somebody decides.",
        "",
    ]
    parts += [f"- {why.value[0].upper()}{why.value[1:]}." for why in Why]
    return "\n".join([*parts, "", LIMITS])

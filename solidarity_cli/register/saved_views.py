"""Lists that a group asks for by a name: kept in `register.yaml`, where everybody who has the register has them too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.git.committer import Act
from solidarity_cli.register.commit import Change, Plan

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader


def view(now: Reader, typed: str) -> Mapping[str, Any]:
    """The filters of the view typed as `@name`.

    Raises Refused or UsageError with the nearest name, not what was typed.
    """
    known, name = now.charter.views, typed.removeprefix("@")
    if typed.startswith("@") and name in known:
        return known[name]
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), known, n=1)
    guess = f"did you mean: solidarity list @{near[0]}? " if near else ""
    names = (
        f"views here: {', '.join(f'@{view_name}' for view_name in known)}"
        if known
        else "none is kept here yet: --save-as NAME"
    )
    if not typed.startswith("@"):
        raise UsageError("a view is named with an @ before it", hint=guess + names)
    raise Refused("there is no such view in this register", hint=guess + names)


def plan_view(now: Reader, name: str, filters: Mapping[str, Any], *, by: str) -> Plan:
    """`register.yaml` with a view that holds `filters`; one of that name is replaced.

    Raises Refused where the name or a filter has not the shape that the register's schema asks for, and where the
    name, which stands open, says something private.
    """
    from solidarity_cli.core.edits import Set
    from solidarity_cli.records.edit import edit
    from solidarity_cli.records.read import read

    path, shape = "register.yaml", now.schemas.shape("register")
    before = (now.snapshot.text(path) or b"").decode()
    if "views" not in shape["properties"]:
        raise Refused(
            "the schemas in this register are older than views",
            hint="put this program's register.schema.json into schemas/, in the place of the old one",
        )
    form = shape["properties"]["views"]
    if not any(re.search(pattern, name) for pattern in form["patternProperties"]):
        raise UsageError(form["errorMessage"], hint="solidarity list --ahead 14 --save-as soon")
    plain = read(before.encode())
    views = plain.get("views", {})
    # What is made on the way to `views.h1` would be a list: a part like h1 names an item elsewhere.
    view_edit = Set(f"views.{name}", dict(filters)) if views else Set("views", {name: dict(filters)})
    charter = {**plain, "views": {**views, name: dict(filters)}}
    if not now.schemas.fits("register", charter):
        fault = now.schemas.explain("register", charter)[0]
        raise Refused(fault.message, hint="solidarity explain views")
    _require_not_private(now, name)
    after = before if views.get(name) == filters else edit(before, [view_edit], shape)
    changes = () if after == before else (Change(path, before, after),)
    return Plan(Act("list-save"), changes, by)


def _require_not_private(now: Reader, name: str) -> None:
    from solidarity_cli.core.rules.leak_index import LeakIndex
    from solidarity_cli.register.matching.fold import fold

    leak_index = LeakIndex(now.privates(), words=now.schemas.words, fold=fold)
    if any(leak_index.matches({"register.yaml": {"views": name.replace("-", " ")}})):
        raise Refused(
            "the name of a view stands open in register.yaml, and this one is in somebody's private part",
            hint="choose a name that says what the view is for",
        )


def as_typed(filters: Mapping[str, Any]) -> str:
    """The filters of a view as options."""
    return " ".join(f"--{name} {value}" for name, value in filters.items())

"""Findings for people and for the checks of forges: text, JSON, GitHub commands, GitLab code quality, SARIF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Protocol

from solidarity_cli.core.findings import Finding
from solidarity_cli.render.escape import clean
from solidarity_cli.render.json import to_json


class Placed(Protocol):
    """A finding with its place."""

    @property
    def path(self) -> str:
        """The file, as the register names it."""

    @property
    def line(self) -> int:
        """From 1; 0 when unknown."""

    @property
    def column(self) -> int:
        """From 1; 0 when unknown."""

    @property
    def finding(self) -> Finding:
        """What was found."""


def render(found: Sequence[Placed], checked: int, form: str) -> str:
    """The findings in one of the forms that `validate --format` names."""
    match form:
        case "json":
            return to_json({"checked": checked, "findings": [_plain(one) for one in found]})
        case "github":
            return "\n".join(_github(one) for one in sorted(found, key=lambda one: not one.finding.refuses))
        case "gitlab":
            return json.dumps([_gitlab(one) for one in found], ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(_sarif(found), ensure_ascii=False, indent=2)
        case _:
            return "\n".join(_text(one) for one in found)


def _plain(one: Placed) -> dict[str, Any]:
    finding = one.finding
    return {
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "record": finding.record,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "field": finding.field,
        "message": finding.message,
        "hint": finding.hint,
    }


def _text(one: Placed) -> str:
    finding = one.finding
    field = f"{finding.field}: " if finding.field and not finding.message.startswith(finding.field) else ""
    told = f"{one.path}:{one.line}:{one.column}: {finding.severity}: {field}{finding.message} [{finding.rule}]"
    return clean(told) + (f"\n  {clean(finding.hint)}" if finding.hint else "")


def _github(one: Placed) -> str:
    """A workflow command; its own escapes for what would end a property or the line."""
    finding = one.finding
    message = f"{finding.message} {finding.hint}".strip()
    title = f"{finding.rule} {finding.record}"
    place = f"file={_property(one.path)},line={max(one.line, 1)},col={max(one.column, 1)},title={_property(title)}"
    return f"::{finding.severity} {place}::{_data(message)}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _gitlab(one: Placed) -> dict[str, Any]:
    finding = one.finding
    told = f"{finding.message} [{finding.rule}]"
    return {
        "description": clean(told),
        "check_name": finding.rule,
        "fingerprint": sha256(f"{one.path}|{finding.rule}|{finding.field}|{told}".encode()).hexdigest(),
        "severity": "major" if finding.refuses else "minor",
        "location": {"path": one.path, "lines": {"begin": max(one.line, 1)}},
    }


def _sarif(found: Sequence[Placed]) -> dict[str, Any]:
    results = [
        {
            "ruleId": one.finding.rule,
            "level": one.finding.severity.value,
            "message": {"text": clean(f"{one.finding.message} {one.finding.hint}".strip())},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": one.path},
                        "region": {"startLine": max(one.line, 1), "startColumn": max(one.column, 1)},
                    }
                }
            ],
        }
        for one in found
    ]
    names = sorted({one.finding.rule for one in found})
    driver = {"name": "solidarity", "rules": [{"id": name} for name in names]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}

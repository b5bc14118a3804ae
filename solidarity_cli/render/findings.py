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


def render(findings: Sequence[Placed], checked: int, form: str) -> str:
    """The findings in one of the forms that `validate --format` names."""
    match form:
        case "json":
            return to_json({"checked": checked, "findings": [_plain(placed) for placed in findings]})
        case "github":
            return "\n".join(
                _github(placed) for placed in sorted(findings, key=lambda placed: not placed.finding.refuses)
            )
        case "gitlab":
            return json.dumps([_gitlab(placed) for placed in findings], ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(_sarif(findings), ensure_ascii=False, indent=2)
        case _:
            return "\n".join(_text(placed) for placed in findings)


def _plain(placed: Placed) -> dict[str, Any]:
    finding = placed.finding
    return {
        "path": placed.path,
        "line": placed.line,
        "column": placed.column,
        "record": finding.record,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "field": finding.field,
        "message": finding.message,
        "hint": finding.hint,
    }


def _text(placed: Placed) -> str:
    finding = placed.finding
    field = f"{finding.field}: " if finding.field and not finding.message.startswith(finding.field) else ""
    line = f"{placed.path}:{placed.line}:{placed.column}: {finding.severity}: {field}{finding.message} [{finding.rule}]"
    return clean(line) + (f"\n  {clean(finding.hint)}" if finding.hint else "")


def _github(placed: Placed) -> str:
    """A workflow command; its own escapes for what would end a property or the line."""
    finding = placed.finding
    message = f"{finding.message} {finding.hint}".strip()
    title = f"{finding.rule} {finding.record}"
    place = (
        f"file={_property(placed.path)},line={max(placed.line, 1)},col={max(placed.column, 1)},title={_property(title)}"
    )
    return f"::{finding.severity} {place}::{_data(message)}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _gitlab(placed: Placed) -> dict[str, Any]:
    finding = placed.finding
    description = f"{finding.message} [{finding.rule}]"
    return {
        "description": clean(description),
        "check_name": finding.rule,
        "fingerprint": sha256(f"{placed.path}|{finding.rule}|{finding.field}|{description}".encode()).hexdigest(),
        "severity": "major" if finding.refuses else "minor",
        "location": {"path": placed.path, "lines": {"begin": max(placed.line, 1)}},
    }


def _sarif(findings: Sequence[Placed]) -> dict[str, Any]:
    results = [
        {
            "ruleId": placed.finding.rule,
            "level": placed.finding.severity.value,
            "message": {"text": clean(f"{placed.finding.message} {placed.finding.hint}".strip())},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": placed.path},
                        "region": {"startLine": max(placed.line, 1), "startColumn": max(placed.column, 1)},
                    }
                }
            ],
        }
        for placed in findings
    ]
    names = sorted({placed.finding.rule for placed in findings})
    driver = {"name": "solidarity", "rules": [{"id": name} for name in names]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}

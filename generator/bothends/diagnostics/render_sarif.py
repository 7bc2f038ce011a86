"""For code scanning: SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bothends.diagnostics.codes import explain_code
from bothends.diagnostics.finding import Finding, Severity, SourceLocation

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(findings: Sequence[Finding]) -> str:
    """One run with one result per finding, and one rule per code; columns count characters."""
    codes = sorted({finding.code for finding in findings})
    texts = map(explain_code, codes)
    # Code scanning shows beside each result what its code means.
    meanings = [{"fullDescription": {"text": text}} if text else {} for text in texts]
    rules = [{"id": code, **meaning} for code, meaning in zip(codes, meanings, strict=True)]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "bothends", "rules": rules}},
        # SARIF 2.1.0: without it, columns count UTF-16 units and the caret drifts after an emoji.
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    text = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
    }
    if finding.location:
        result["locations"] = [_location(finding.location)]

    return result


def _location(location: SourceLocation) -> dict[str, Any]:
    result: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(location.path, errors="replace")},
            "region": {"startLine": location.line, "startColumn": location.column},
        }
    }
    if location.pointer:
        # GitHub shows the region; the pointer survives when lines move.
        result["logicalLocations"] = [{"fullyQualifiedName": location.pointer}]

    return result

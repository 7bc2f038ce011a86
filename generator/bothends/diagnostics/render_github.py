"""For GitHub Actions: workflow commands that become annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from bothends.diagnostics.finding import Finding, Severity
from bothends.diagnostics.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(findings: Sequence[Finding]) -> str:
    """One `::error file=…,line=…,col=…,title=…::message` per finding."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    properties: dict[str, str] = {}
    if finding.location:
        properties |= {
            "file": finding.location.path,
            "line": str(finding.location.line),
            "col": str(finding.location.column),
        }

    properties["title"] = finding.code
    text = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())

    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    # The runner undoes exactly these three in the message, and two more in properties.
    return visible(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""A finding: one thing wrong with a contract or a flag, with the place of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from typing_extensions import override


class Severity(StrEnum):
    """How much a finding matters; only errors stop the run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class SourceLocation:
    """Where in a file: `line` and `column` count from 1, in characters.

    `pointer` is the JSON Pointer of the node.
    """

    path: str
    line: int
    column: int
    pointer: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a stable `code`, a sentence and, if known, the location and a hint."""

    code: str
    severity: Severity
    message: str
    location: SourceLocation | None = None
    hint: str = ""


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def as_warnings(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, of which none is more than a warning: for where they stop nothing."""
    return [
        replace(entry, severity=Severity.WARNING) if entry.severity is Severity.ERROR else entry
        for entry in findings
    ]


class ContractError(Exception):
    """The contract (or a file beside it) is so wrong that the stage cannot go on.

    Never a fault of the program.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("; ".join(_one_line(finding) for finding in self.findings))


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by location, code and message, without repeats.

    Findings without a location come first.
    """
    return sorted(dict.fromkeys(findings), key=_order)


def each_once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what says the same of the same place of a file.

    What is written once stands in several parts of a contract: by an alias of YAML, or where a body
    has several media types.
    """
    seen: dict[object, Finding] = {}
    for finding in findings:
        location = finding.location and replace(finding.location, pointer="")
        seen.setdefault(replace(finding, location=location), finding)
    return list(seen.values())


def _order(finding: Finding) -> tuple[bool, SourceLocation, str, str]:
    location = finding.location or SourceLocation("", 0, 0)
    return (finding.location is not None, location, finding.code, finding.message)


def _one_line(finding: Finding) -> str:
    where = f"{finding.location}: " if finding.location else ""
    return f"{where}{finding.severity}[{finding.code}] {finding.message}"

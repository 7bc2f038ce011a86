"""From findings to an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from bothends.cli.exits import FAULT, FINDINGS, FINE
from bothends.diagnostics import Finding, Severity
from bothends.openapi.problem import INTERNAL_ERROR


def without_faults(findings: Iterable[Finding]) -> list[Finding]:
    """Collect the findings about the contract.

    A fault of ours in one place does not stop the rest (law 8): an operation that is left out
    because of one is a warning, and an error only where it was generated before.
    """
    return [
        finding
        for finding in findings
        if not finding.code.endswith(INTERNAL_ERROR)
        or (finding.code != INTERNAL_ERROR and finding.severity is Severity.ERROR)
    ]


def fatal_only(findings: Iterable[Finding], *, strict: bool) -> list[Finding]:
    """The findings that make a command fail."""
    return [finding for finding in findings if exit_code([finding], strict=strict) != FINE]


def exit_code(findings: Iterable[Finding], *, strict: bool) -> int:
    """70 when a finding is about a fault of bothends.

    1 when one is an error, or a warning under `strict`; else 0.
    """
    findings = list(findings)
    if any(finding.code.endswith(INTERNAL_ERROR) for finding in findings):
        return FAULT

    fatal = {Severity.ERROR}
    if strict:
        fatal.add(Severity.WARNING)
    if any(finding.severity in fatal for finding in findings):
        return FINDINGS
    return FINE

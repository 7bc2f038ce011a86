"""From findings to an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from bothends.cli.exits import FINDINGS, FINE
from bothends.diagnostics import Finding, Severity


def exit_code(findings: Iterable[Finding], *, strict: bool) -> int:
    """1 when a finding is an error, or a warning under `strict`; else 0."""
    fatal = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return FINDINGS if any(finding.severity in fatal for finding in findings) else FINE

"""Findings that a project decided to live with, each with a reason.

    [[tool.bothends.ignore]]
    code = "unauthorized-undocumented"      which findings
    path = "specs/harbour/*"                in which files; all, without it
    pointer = "/paths/~1tides"              at this place and below it; everywhere, without it
    reason = "The gateway answers 401."     why that is no fault here

An entry that fits no finding is one itself: `ignore-stale`. `[[tool.bothends.severity]]` has the
same fields and `severity`: the findings stay, and matter more or less here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import repeat
from typing import ClassVar

from bothends.diagnostics.finding import Finding, Severity, SourceLocation
from bothends.nearest import nearest


@dataclass(frozen=True, slots=True)
class Ignore:
    """One decision; `location` is that of the decision itself."""

    code: str
    reason: str
    path: str = "*"
    pointer: str = ""
    location: SourceLocation | None = None

    setting: ClassVar[str] = "ignore"

    def fits(self, finding: Finding) -> bool:
        """Whether the decision is about this finding."""
        if finding.code != self.code or self.code.endswith("internal-error"):
            return False

        location = finding.location or SourceLocation("", 0, 0)
        is_inside = f"{location.pointer}/".startswith(f"{self.pointer}/") or not self.pointer
        return is_inside and fnmatchcase(location.path, self.path)


@dataclass(frozen=True, slots=True)
class Level(Ignore):
    """A decision that findings matter more or less than they usually do."""

    severity: str = "warning"

    setting: ClassVar[str] = "severity"


def with_levels(findings: Iterable[Finding], levels: Sequence[Level]) -> list[Finding]:
    """Give findings the severity that the first fitting decision says.

    An error stays one: without its place, nothing can be generated.
    """
    judged: list[Finding] = []
    for finding in findings:
        level = next((level for level in levels if level.fits(finding)), None)
        if level is not None and finding.severity is not Severity.ERROR:
            finding = replace(finding, severity=Severity(level.severity))  # noqa: PLW2901
        judged.append(finding)

    return judged


def without_ignored(
    findings: Iterable[Finding], ignores: Sequence[Ignore], *, keep_errors: bool = False
) -> list[Finding]:
    """Return the findings that no decision is about.

    With `keep_errors`, also the errors that one is about: nothing can be written with them.
    """
    return [
        finding
        for finding in findings
        if (keep_errors and finding.severity is Severity.ERROR)
        or not any(map(Ignore.fits, ignores, repeat(finding)))
    ]


def stale_ignores(
    findings: Iterable[Finding], ignores: Sequence[Ignore], codes: Collection[str]
) -> list[Finding]:
    """Return a warning for each decision that is about none of the findings.

    `codes` are all that findings can have: one that is not among them is misspelt.
    """
    every = list(findings)
    found: list[Finding] = []
    for ignore in ignores:
        if any(map(ignore.fits, every)):
            continue

        near = "" if ignore.code in codes else nearest(ignore.code, sorted(codes), 0.85)
        hint = "Remove the entry, or correct its code, path or pointer."
        message = f"`{ignore.setting}` of {ignore.code} fits no finding any more."
        found.append(
            Finding(
                "ignore-stale",
                Severity.WARNING,
                message,
                ignore.location,
                f"Did you mean {near}?" if near else hint,
            )
        )

    return found

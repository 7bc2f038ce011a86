"""Many findings of one cause as a few of them and a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bothends.diagnostics.finding import Finding, sort_findings

MOST: Final = 10
"""So many findings of one code in one file are printed in full."""

_EXAMPLES: Final = 3


def fold(findings: Iterable[Finding]) -> tuple[list[Finding], list[str]]:
    """Keep the first findings of each cause, and say how many more there are.

    A cause is a code in one file. Of more than `MOST` the first three are kept.
    """
    ordered = sort_findings(findings)
    totals = Counter(map(_cause, ordered))
    seen = Counter[tuple[str, str]]()
    printed: list[Finding] = []

    for finding in ordered:
        cause = _cause(finding)
        seen[cause] += 1
        if totals[cause] <= MOST or seen[cause] <= _EXAMPLES:
            printed.append(finding)

    lines = [
        f"{code}: {total - _EXAMPLES} more like these in {path or 'the project'}"
        for (code, path), total in totals.items()
        if total > MOST
    ]
    return printed, lines


def _cause(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.location.path if finding.location else ""

"""What was not tried, folded: what is said of several operations on several servers is one line.

For example, four lines `listTides, by the fuzzer: only 2 of 20 examples were sent` of four
operations become one line that names the four operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bothends.prove.evidence.record import Evidence

_FEW = 6


@dataclass(frozen=True, slots=True)
class Untried:
    """One reason why something was not tried, with the operations, if any, and the servers."""

    package: str
    subjects: tuple[str, ...]
    operations: tuple[str, ...]
    reason: str

    @property
    def text(self) -> str:
        """The operations, then the reason."""
        if not self.operations:
            return self.reason

        names = ", ".join(self.operations[:_FEW])
        more = len(self.operations) - _FEW
        return f"{names}{f' and {more} more' if more > 0 else ''}: {self.reason}"


def untried(evidence: Evidence) -> list[Untried]:
    """What was not tried, one entry for each reason, that of the most operations first."""
    return _folded(evidence, evidence.untried)


def inapplicable(evidence: Evidence) -> list[Untried]:
    """What has no meaning for the servers of the proof, one entry for each reason: no gap."""
    return _folded(evidence, evidence.inapplicable)


def _folded(evidence: Evidence, entries: Iterable[tuple[str, str, str]]) -> list[Untried]:
    subjects: dict[tuple[str, str], set[str]] = {}
    for package, subject, text in entries:
        subjects.setdefault((package, text), set()).add(subject)

    operations: dict[tuple[str, tuple[str, ...], str], set[str]] = {}
    for (package, text), names in subjects.items():
        operation, reason = _split(text, evidence.promises.get(package, []))
        existing = operations.setdefault((package, tuple(sorted(names)), reason), set())
        if operation:
            existing.add(operation)

    found = [
        Untried(package, where, tuple(sorted(names)), reason)
        for (package, where, reason), names in operations.items()
    ]
    return sorted(found, key=lambda one: (one.package, -len(one.operations), one.text))


def _split(text: str, promises: list[str]) -> tuple[str, str]:
    """The operation that a text begins with, if it does, and the rest."""
    # An operationId is any text, so one may hold commas, colons, or another one.
    for separator in re.finditer(r"[,:] ", text):
        operation = text[: separator.start()]
        if any(promise.endswith(f" ({operation})") for promise in promises):
            return operation, text[separator.end() :]
    return "", text

"""A fault at a pointer, before it is known which line that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bothends.diagnostics import Finding, Severity
from bothends.openapi.document import ContractDocument


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at `pointer`; with `key`, it is the key there that is wrong, not its value."""

    pointer: str
    message: str
    hint: str = ""
    key: bool = False


def as_findings(
    problems: Iterable[Problem],
    document: ContractDocument,
    code: str,
    severity: Severity = Severity.ERROR,
) -> Iterator[Finding]:
    """The problems of one kind as findings in the document."""
    for problem in problems:
        location = document.location_of(problem.pointer, key=problem.key)
        yield Finding(code, severity, problem.message, location, problem.hint)

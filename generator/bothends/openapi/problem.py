"""A fault at a pointer, before it is known which line that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bothends.diagnostics import Finding, Severity
from bothends.openapi.document import ContractDocument

INTERNAL_ERROR: Final = "internal-error"
"""The code of a finding that is about bothends, not about the contract."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at `pointer`; with `key`, it is the key there that is wrong, not its value.

    `severity` is for one that matters less than the others of its check.
    """

    pointer: str
    message: str
    hint: str = ""
    key: bool = False
    severity: Severity | None = None


def as_findings(
    problems: Iterable[Problem],
    document: ContractDocument,
    code: str,
    severity: Severity = Severity.ERROR,
) -> Iterator[Finding]:
    """Give the problems of one kind as findings in the document.

    A fault of the check is one of them (law 8).
    """
    try:
        for problem in problems:
            location = document.location_of(problem.pointer, key=problem.key)
            yield Finding(
                code, problem.severity or severity, problem.message, location, problem.hint
            )
    except ModuleNotFoundError:  # an extra that is not installed, which the command names
        raise
    except Exception as error:  # noqa: BLE001 (a fault of ours costs this check, law 8)
        yield internal_error(error, f"the check {code}", document)


def internal_error(
    error: Exception, activity: str, document: ContractDocument, pointer: str = ""
) -> Finding:
    """Say an exception of our own as a finding, so that the rest goes on."""
    return Finding(
        INTERNAL_ERROR,
        Severity.ERROR,
        f"This is a fault of bothends, in {activity}: {type(error).__name__}: {error}",
        document.location_of(pointer, key=True),
        "The rest goes on without it. Please report it, with this part of the contract.",
    )

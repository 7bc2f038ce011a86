"""How a part of the contract is refused: by raising, up to the operation that it belongs to."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from bothends import ir
from bothends.diagnostics import Finding, Severity
from bothends.load import Document


@dataclass
class Refused(Exception):
    """This operation cannot be generated: `code` names the reason, `at` is the place, `reason` tells it."""

    code: str
    at: str
    reason: str


def refusal_findings(api: ir.Api, document: Document, lost: Container[str] = ()) -> list[Finding]:
    """Each refusal of an API at its place: a warning, or an error where the place is one of the `lost`.

    Whoever uses an operation that was generated before must not lose it because of a slip.
    """
    return [_finding(refusal, document, is_lost=refusal.at in lost) for refusal in api.refusals]


def _finding(refusal: ir.Refusal, document: Document, *, is_lost: bool) -> Finding:
    return Finding(
        f"refused-{refusal.code}",
        Severity.ERROR if is_lost else Severity.WARNING,
        f"{refusal.operation}: {refusal.reason}",
        document.place(refusal.at, key=True),
        "it was generated before: repair the contract, or delete the operation from it (or from names.lock)"
        if is_lost
        else "the rest of the contract is generated; coverage.json lists what is not",
    )

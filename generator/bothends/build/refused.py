"""How a part of the contract is refused: by raising, up to the operation that it belongs to."""

from __future__ import annotations

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


def refusal_findings(api: ir.Api, document: Document) -> list[Finding]:
    """Each refusal of an API as a warning at its place."""
    hint = "the rest of the contract is generated; coverage.json lists what is not"
    return [
        Finding(
            f"refused-{r.code}", Severity.WARNING, f"{r.operation}: {r.reason}", document.place(r.at, key=True), hint
        )
        for r in api.refusals
    ]

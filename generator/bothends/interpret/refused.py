"""How a part of the contract is refused: by raising, up to the operation that it belongs to."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from bothends import ir
from bothends.diagnostics import Finding, Severity
from bothends.load import Document

_WAYS_OUT: Final = {
    "encoding-headers": "Make the header optional, or the part a file (contentMediaType).",
    "encoding-style": "Leave style, explode and allowReserved out: the part is then text, or JSON for objects and arrays.",
    "header-content": "Give the header a `schema` instead of `content`.",
    "media-type": "Describe the body as JSON, a form, text (`type: string`) or bytes (no schema at all).",
    "no-replies": "Document at least one response.",
    "parameter-content": "Give the parameter a `schema`, or one media type of JSON.",
    "parameter-overlap": "Rename one of the two, or say in its schema which names it takes.",
    "security-scheme": "Offer another scheme as an alternative: basic, bearer, apiKey, oauth2, openIdConnect or mutualTLS.",
}
"""What a person can do, by the reason for which a legal contract is refused."""

_REST: Final = "The rest of the contract is generated; coverage.json lists what is not."


@dataclass
class Refused(Exception):
    """This operation cannot be generated: `code` names the reason, `at` is the place, `reason` tells it."""

    code: str
    pointer: str
    reason: str


def refusal_findings(api: ir.Api, document: Document, lost: Container[str] = ()) -> list[Finding]:
    """Each refusal of an API at its place: a warning, or an error where what is refused is one of the `lost`.

    Whoever uses an operation that was generated before must not lose it because of a slip.
    """
    return [_finding(refusal, document, is_lost=refusal.of in lost) for refusal in api.refusals]


def _finding(refusal: ir.Refusal, document: Document, *, is_lost: bool) -> Finding:
    way_out = refusal.way_out or _WAYS_OUT.get(refusal.code, "")
    rest = (
        "It was generated before: repair the contract, or delete the operation from it (or from names.lock)."
        if is_lost
        else _REST
    )
    return Finding(
        f"refused-{refusal.code}",
        Severity.ERROR if is_lost else Severity.WARNING,
        f"{refusal.operation}: {refusal.reason}",
        document.location_of(refusal.pointer, key=True),
        "\n".join(filter(None, (way_out, rest))),
    )

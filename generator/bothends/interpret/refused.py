"""How a part of the contract is refused: by raising, up to the operation that it belongs to."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from shlex import quote
from typing import Final

from bothends import ir
from bothends.counted import counted
from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise import selector_of
from bothends.openapi.problem import INTERNAL_ERROR

# What a person can do, by the reason for which a legal contract is refused.
_HINTS: Final = {
    INTERNAL_ERROR: "Please report it, with this part of the contract.",
    "no-replies": "Document at least one response.",
    "parameter-content": "Give the parameter a `schema`, or one media type of JSON.",
    "security-scheme": "Offer another scheme as an alternative: basic, bearer, apiKey, oauth2, openIdConnect or mutualTLS.",
}

# What a person can do, by the reason for which an operation loses a part.
_LOSS_HINTS: Final = {
    "header-content": "Give the header a `schema` instead of `content`.",
    "media-type-left-out": "The operation has its other media types. To have this one, describe it as JSON, YAML, XML, a form,"
    " text (`type: string`) or bytes (no schema at all).",
    "media-type-unread": "To have it read and checked, describe it as JSON, YAML, XML, a form, text (`type: string`) or"
    " bytes (no schema at all).",
    "model-loss": "The contract layer checks it all the same. To have it typed, describe it by"
    " `type`, `properties` or alternatives.",
    "parameter-content": "Describe it as JSON, or as text: `schema: {type: string}`.",
    "parameter-unsendable": "Give it `content` with application/json, another style, or a schema of"
    " texts.",
    "parameter-overlap": "Rename one of the two, say in its schema which names it takes (`additionalProperties: false`),"
    " or write it in style deepObject.",
    "reply-interim": "Another protocol, such as WebSocket, needs a client of its own; the final"
    " statuses are generated.",
}

_REST: Final = "The rest of the contract is generated; coverage.json lists what is not."


@dataclass
class Refused(Exception):
    """A part cannot be generated: `code` names the kind of `reason`, `pointer` its place."""

    code: str
    pointer: str
    reason: str


@dataclass
class MediaTypeUnread(Exception):
    """A media type cannot be read into values; it costs no operation. `pointer` is its place."""

    pointer: str
    reason: str


def refusal_findings(api: ir.Api, document: Document, lost: Container[str] = ()) -> list[Finding]:
    """Return a finding for each refusal: a warning, or an error if it is one of the `lost`.

    Whoever uses an operation that was generated before must not lose it because of a slip.
    """
    found: list[Finding] = []
    for refusal in api.refusals:
        found.append(_finding(refusal, document, is_lost=refusal.subject in lost))
    return found


def loss_findings(api: ir.Api, document: Document) -> list[Finding]:
    """Return a warning for each loss: one for all operations with the same, at its first place.

    A contract that offers XML beside JSON does so in each of its operations, often in each of their
    replies.
    """
    groups: dict[tuple[str, str], list[ir.Loss]] = {}
    for loss in api.losses:
        groups.setdefault((loss.code, loss.reason), []).append(loss)

    findings: list[Finding] = []
    for (code, reason), losses in groups.items():
        first, *others = losses
        more = f" ({counted(len(others), 'other operation')} too)" if others else ""
        location = document.location_of(first.pointer, key=True)
        message = ": ".join(filter(None, (first.operation, f"{reason}{more}")))
        findings.append(
            Finding(code, Severity.WARNING, message, location, _LOSS_HINTS.get(code, ""))
        )

    return findings


def _finding(refusal: ir.Refusal, document: Document, *, is_lost: bool) -> Finding:
    hint = refusal.hint or _HINTS.get(refusal.code, "")
    remainder = _REST
    if is_lost and refusal.code == INTERNAL_ERROR:
        remainder = (
            "It was generated before, so nothing is written. Until bothends is mended, "
            "leave it out: "
            f"`--skip {quote(selector_of(refusal.subject))}`"
        )
    elif is_lost:
        remainder = (
            "It was generated before: repair the contract, or delete the operation from it"
            " (or from names.lock)."
        )

    return Finding(
        f"refused-{refusal.code}",
        Severity.ERROR if is_lost else Severity.WARNING,
        f"{refusal.operation}: {refusal.reason}",
        document.location_of(refusal.pointer, key=True),
        "\n".join(filter(None, (hint, remainder))),
    )

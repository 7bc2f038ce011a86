"""The table of claims: statement, source, kept by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bothends.check.claims.constraints import constraints_of
from bothends.check.claims.file import Claim, ClaimsFile, Kept
from bothends.check.claims.kept import claim_uses
from bothends.check.stand_in import StandIn
from bothends.diagnostics import SourceLocation
from bothends.load import Document
from bothends.openapi.contract import Contract, Node
from bothends.openapi.pointer import below, split

_MOST_KEYWORDS = 3


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with its source in words, and what keeps it.

    `kept_by` is empty when nothing does.
    """

    id: str
    statement: str
    source: str
    kept_by: tuple[str, ...]


def claims_table(
    claims: ClaimsFile, document: Document, stand_in: StandIn | None = None
) -> list[ClaimRow]:
    """One row per claim, in the order of the file."""
    contract = Contract(document)
    uses = claim_uses(contract)
    rows: list[ClaimRow] = []
    for claim in claims.claims.values():
        kept_by = dict.fromkeys(_kept_by(claim, document, uses.get(claim.id, []), stand_in))
        source = claims.documents[claim.document].title
        if claim.section:
            source += f": {claim.section}"
        rows.append(ClaimRow(claim.id, claim.statement, source, tuple(kept_by)))
    return rows


def _kept_by(
    claim: Claim, document: Document, nodes: list[Node], stand_in: StandIn | None
) -> Iterator[str]:
    for node in nodes:
        yield from _in_contract(document, node)

    for mark in stand_in.marks if stand_in else ():
        if mark.claim == claim.id:
            yield _with_place(mark.location, mark.name)

    if claim.kept is Kept.INFORMATIONAL and claim.reason:
        yield f"informational: {claim.reason}"


def _in_contract(document: Document, node: Node) -> Iterator[str]:
    """The constraints of the object that names the claim.

    Where it has none or many, the object itself.
    """
    keywords = constraints_of(node.kind, node.value)
    if 0 < len(keywords) <= _MOST_KEYWORDS:
        # `required` alone does not tell which parameter it is.
        subject = f"{_name(node, [])}: " if node.kind == "parameter" else ""
        for keyword in keywords:
            location = document.location_of(below(node.pointer, keyword), key=True)
            yield _with_place(location, f"{subject}{keyword}")
    else:
        steps = split(node.pointer)
        yield _with_place(document.location_of(node.pointer, key=True), _name(node, steps))


def _name(node: Node, steps: list[str]) -> str:
    """The kind of an object and its key; the number of a list's member says nothing."""
    if node.kind == "parameter" and isinstance(name := node.value.get("name"), str):
        return f"{node.value.get('in')} parameter {name}"

    key = steps[-1] if steps else ""
    says_enough = key == node.kind or (key.isdecimal() and node.kind != "response")
    return node.kind if says_enough else f"{node.kind} {key}".rstrip()


def _with_place(location: SourceLocation, name: str) -> str:
    return f"{location.path.rpartition('/')[2]}:{location.line} {name}"

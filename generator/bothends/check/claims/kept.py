"""Are the claims kept, and does everything that names a claim name one that exists?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bothends.check.claims.constraints import unsourced_constraints
from bothends.check.claims.file import Claim, ClaimsFile, Kept
from bothends.check.stand_in import StandIn
from bothends.diagnostics import Finding, Severity
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below, join
from bothends.openapi.problem import Problem, as_findings


def check_claims(
    contract: Contract, claims: ClaimsFile, stand_in: StandIn | None
) -> Iterator[Finding]:
    """Findings in the contract, in the claims file and in the stand-in."""
    document = contract.document
    yield from as_findings(_unknown(contract, claims), document, "claim-unknown")
    yield from as_findings(unsourced_constraints(contract), document, "constraint-unsourced")
    yield from as_findings(_not_kept(contract, claims, stand_in), claims.document, "claim-not-kept")

    if stand_in:
        yield from stand_in.findings
        for mark in stand_in.marks:
            if mark.claim not in claims.claims:
                message, hint = _no_such_claim(mark.claim, claims)
                yield Finding("claim-unknown", Severity.ERROR, message, mark.location, hint)


def claim_uses(contract: Contract) -> dict[str, list[Node]]:
    """For each claim id that the contract names, the objects that name it, in the order of the contract."""
    uses: dict[str, dict[str, Node]] = {}
    for node in (*contract.all_nodes(), *contract.nodes("reference")):
        for claim in as_array(node.value.get("x-claims")):
            # A schema beside a reference is two nodes at one place.
            uses.setdefault(str(claim), {}).setdefault(node.pointer, node)

    return {claim: list(nodes.values()) for claim, nodes in uses.items()}


def _unknown(contract: Contract, claims: ClaimsFile) -> Iterator[Problem]:
    for claim, nodes in claim_uses(contract).items():
        if claim in claims.claims:
            continue
        for node in nodes:
            pointer = below(
                node.pointer, "x-claims", [str(one) for one in node.value["x-claims"]].index(claim)
            )
            yield Problem(pointer, *_no_such_claim(claim, claims))


def _no_such_claim(claim: str, claims: ClaimsFile) -> tuple[str, str]:
    close = difflib.get_close_matches(claim, claims.claims, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"Add it to {claims.document.path}."
    return f"There is no claim {claim}.", hint


def _not_kept(
    contract: Contract, claims: ClaimsFile, stand_in: StandIn | None
) -> Iterator[Problem]:
    in_contract = set(claim_uses(contract))
    in_stand_in = {mark.claim for mark in stand_in.marks} if stand_in else set[str]()
    for claim in claims.claims.values():
        if fault := _fault(claim, in_contract, in_stand_in):
            yield Problem(join("claims", claim.id), *fault, key=True)


def _fault(claim: Claim, in_contract: set[str], in_stand_in: set[str]) -> tuple[str, str] | None:
    elsewhere = (
        "contract" if claim.id in in_contract else "stand-in" if claim.id in in_stand_in else ""
    )
    moved = f"It is named in the {elsewhere}: say `kept: {elsewhere}`." if elsewhere else ""

    match claim.kept:
        case Kept.CONTRACT if claim.id not in in_contract:
            hint = f"Name it where the contract keeps it: x-claims: [{claim.id}]."
            return f"Nothing in the contract keeps claim {claim.id}.", moved or hint
        case Kept.STAND_IN if claim.id not in in_stand_in:
            hint = f'Mark what keeps it in stand_in.py: @keeps("{claim.id}").'
            return f"Nothing in the stand-in keeps claim {claim.id}.", moved or hint
        case Kept.INFORMATIONAL if not claim.reason:
            return (
                f"Claim {claim.id} is informational without a reason.",
                "Say in `reason` why nothing can keep it.",
            )
        case _:
            return None

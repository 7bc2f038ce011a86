"""Are the claims kept, and does everything that names a claim name one that exists?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from bothends.check.claims.constraints import count_constraints, unsourced_constraints
from bothends.check.claims.file import Claim, ClaimsFile, Kept
from bothends.check.stand_in import StandIn
from bothends.diagnostics import Finding, Severity
from bothends.nearest import nearest
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below, join
from bothends.openapi.problem import Problem, as_findings


def check_claims(
    contract: Contract, claims: ClaimsFile, stand_in: StandIn | None, *, is_complete: bool = False
) -> Iterator[Finding]:
    """Findings in the contract, in the claims file and in the stand-in.

    Args:
        contract: The contract.
        claims: The claims file beside it.
        stand_in: The stand-in beside it, if there is one.
        is_complete: Whether the project demands a source of each constraint, and that each claim is
            kept (`claims = "complete"`). By default both are warnings, and one counts all
            constraints without a source, because claims are written one by one.
    """
    document = contract.document
    yield from as_findings(_unknown(contract, claims), document, "claim-unknown")
    unsourced = unsourced_constraints(contract)
    # Claims are written one by one: a warning for each constraint would bury the others.
    if not is_complete:
        unsourced = _folded(unsourced, contract)
    severity = Severity.ERROR if is_complete else Severity.WARNING
    yield from as_findings(unsourced, document, "constraint-unsourced", severity)
    not_kept = _not_kept(contract, claims, stand_in)
    yield from as_findings(not_kept, claims.document, "claim-not-kept", severity)
    if stand_in is None:
        missing = _without_stand_in(claims)
        yield from as_findings(missing, claims.document, "stand-in-missing", Severity.WARNING)

    if stand_in:
        yield from stand_in.findings
        for mark in stand_in.marks:
            if mark.claim not in claims.claims:
                message, hint = _no_such_claim(mark.claim, claims)
                yield Finding("claim-unknown", Severity.ERROR, message, mark.location, hint)


def claim_uses(contract: Contract) -> dict[str, list[Node]]:
    """Group by claim id the objects that name the claim, in the contract's order."""
    uses: dict[str, dict[str, Node]] = {}
    for node in (*contract.all_nodes(), *contract.nodes("reference")):
        for claim in as_array(node.value.get("x-claims")):
            # A schema beside a reference is two nodes at one place.
            uses.setdefault(str(claim), {}).setdefault(node.pointer, node)

    return {claim: list(nodes.values()) for claim, nodes in uses.items()}


def _folded(unsourced: list[Problem], contract: Contract) -> list[Problem]:
    """One problem for all constraints without a source, at the first of them."""
    if not unsourced:
        return []

    total = count_constraints(contract)
    sourced = total - len(unsourced)
    message = f"{sourced} of {total} constraints have a source; this is the first without."
    name = _name(contract.document.location_of("").path)
    hint = (
        f"`bothends claims {name} --unsourced` lists them: add x-claims, "
        "or x-assumption where the documentation is silent (`--assume` does)."
    )
    return [replace(unsourced[0], message=message, hint=hint)]


def _without_stand_in(claims: ClaimsFile) -> list[Problem]:
    """One problem for all claims that wait for a stand-in, at the first of them."""
    waiting = [claim.id for claim in claims.claims.values() if claim.kept is Kept.STAND_IN]
    if not waiting:
        return []

    message = f"There is no stand_in.py to keep {', '.join(waiting)}."
    name = _name(claims.document.path)
    hint = f"`bothends init {name} --stand-in` writes one with every handler method."
    return [Problem(join("claims", waiting[0], "kept"), message, hint)]


def _name(path: str) -> str:
    """The name that commands take for a contract: that of its folder."""
    return PurePosixPath(path).parent.name or "NAME"


def _unknown(contract: Contract, claims: ClaimsFile) -> Iterator[Problem]:
    positions: dict[int, dict[str, int]] = {}
    for claim, nodes in claim_uses(contract).items():
        if claim in claims.claims:
            continue
        for node in nodes:
            listed = as_array(node.value["x-claims"])
            if id(listed) not in positions:
                # Backwards, so that of a claim that is there twice the first place stays.
                last = len(listed) - 1
                entries = enumerate(reversed(listed))
                positions[id(listed)] = {str(item): last - index for index, item in entries}
            pointer = below(node.pointer, "x-claims", positions[id(listed)][claim])
            yield Problem(pointer, *_no_such_claim(claim, claims))


def _no_such_claim(claim: str, claims: ClaimsFile) -> tuple[str, str]:
    near = nearest(claim, claims.claims)
    hint = f"Did you mean {near}?" if near else f"Add it to {claims.document.path}."
    return f"There is no claim {claim}.", hint


def _not_kept(
    contract: Contract, claims: ClaimsFile, stand_in: StandIn | None
) -> Iterator[Problem]:
    in_contract = set(claim_uses(contract))
    in_stand_in = {mark.claim for mark in stand_in.marks} if stand_in else set[str]()
    for claim in claims.claims.values():
        if claim.kept is Kept.STAND_IN and stand_in is None:
            continue
        if fault := _fault(claim, in_contract, in_stand_in):
            yield Problem(join("claims", claim.id), *fault, key=True)


def _fault(claim: Claim, in_contract: set[str], in_stand_in: set[str]) -> tuple[str, str] | None:
    elsewhere = ""
    if claim.id in in_contract:
        elsewhere = "contract"
    elif claim.id in in_stand_in:
        elsewhere = "stand-in"

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

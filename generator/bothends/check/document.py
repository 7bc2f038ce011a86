"""All checks of one contract, in the order in which one makes sense of the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bothends.check.claims import ClaimsFile, check_claims, load_claims
from bothends.check.discriminated import check_discriminated
from bothends.check.examples import ValueJudge, check_defaults, check_empty_bodies, check_examples
from bothends.check.extensions import check_on_invalid
from bothends.check.pagination import check_pagination
from bothends.check.reach import SPOILS_ITS_USERS
from bothends.check.references import external_references
from bothends.check.rules import list_rules, run_rules
from bothends.check.stand_in import StandIn, read_stand_in
from bothends.check.structure import structure_problems
from bothends.check.version import check_version
from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.openapi.bounds import Bounds
from bothends.openapi.contract import Contract
from bothends.openapi.problem import as_findings


def load_beside(
    claims: Path | None, stand_in: Path | None, show: Callable[[Path], str]
) -> tuple[ClaimsFile | None, StandIn | None]:
    """Read the claims file and the stand-in that lie beside a contract.

    `show` gives a path as it is printed.
    """
    return (
        # Most contracts have neither, and must pass without (law 9 concerns those who claim).
        load_claims(claims, show(claims)) if claims else None,
        read_stand_in(stand_in, show(stand_in)) if stand_in else None,
    )


def check_legality(document: Document) -> list[Finding]:
    """Find faults of legality: version, structure, references, and what no schema says."""
    found = check_structure(document)
    # The checks beyond the schema fail on a document that is not built as OpenAPI.
    if not found:
        # Imported late: openapi-spec-validator takes a third of a second, and to compare two
        # contracts does without it.
        from bothends.check.legality import check_meaning

        found += as_findings(check_meaning(Contract(document)), document, "illegal-openapi")

    return found


def check_structure(document: Document) -> list[Finding]:
    """Find faults of version, structure and references."""
    if unread := list(as_findings(check_version(document), document, "openapi-version")):
        return unread

    contract = Contract(document)
    external = external_references(contract)
    return [
        *as_findings(structure_problems(contract), document, "illegal-openapi"),
        *as_findings(external, document, "external-reference", Severity.WARNING),
    ]


def check_practice(
    document: Document,
    claims: ClaimsFile | None,
    stand_in: StandIn | None,
    *,
    requires_sources: bool = False,
    bounds: Bounds | None = None,
) -> list[Finding]:
    """Find what the rules, our extensions and the claims hold against a contract, legal or not."""
    if any(check_version(document)):
        return []

    contract = Contract(document, bounds)
    found = [
        *run_rules(contract),
        *as_findings(check_pagination(contract), document, "pagination-impossible"),
        *as_findings(check_on_invalid(contract), document, "on-invalid-unknown"),
    ]
    if claims is not None:
        found += check_claims(contract, claims, stand_in, is_complete=requires_sources)

    return found


def check_faults(document: Document, bounds: Bounds | None = None) -> list[Finding]:
    """Find what the rules call an error, and what leaves parts out."""
    if any(check_version(document)):
        return []
    ids = {rule.id for rule in list_rules() if rule.severity is Severity.ERROR}
    return list(run_rules(Contract(document, bounds), ids | SPOILS_ITS_USERS))


def check_values(document: Document) -> list[Finding]:
    """Find examples, defaults and empty bodies that their schemas reject, and what a union does.

    The contract must be normalised.
    """
    contract = Contract(document)
    judge = ValueJudge(contract)
    return [
        *as_findings(check_examples(contract, judge), document, "example-invalid"),
        *as_findings(check_defaults(contract, judge), document, "default-invalid"),
        *as_findings(check_empty_bodies(contract, judge), document, "empty-body-invalid"),
        *as_findings(judge.unjudged(), document, "example-invalid"),
        *as_findings(judge.loose(), document, "example-format", Severity.WARNING),
        *as_findings(
            check_discriminated(contract), document, "discriminator-overlap", Severity.WARNING
        ),
    ]

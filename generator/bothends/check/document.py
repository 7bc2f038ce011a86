"""All checks of one contract, in the order in which one makes sense of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bothends.check.claims import ClaimsFile, check_claims
from bothends.check.examples import (
    check_default_types,
    check_defaults,
    check_empty_bodies,
    check_examples,
)
from bothends.check.extensions import check_extensions, check_on_invalid
from bothends.check.legality import check_meaning, check_structure
from bothends.check.pagination import check_pagination
from bothends.check.problem import as_findings
from bothends.check.references import dangling_references, external_references
from bothends.check.rules import run_rules
from bothends.check.stand_in import StandIn
from bothends.check.version import check_version
from bothends.diagnostics import Finding, Severity, sort_findings
from bothends.load import Document
from bothends.openapi.contract import Contract


def check_document(
    document: Document,
    claims: ClaimsFile | None = None,
    normalise: Callable[[Document], Document] | None = None,
    *,
    stand_in: StandIn | None = None,
) -> list[Finding]:
    """Everything that can be said against a contract, sorted by place.

    `normalise` gives the contract in the one dialect in which examples and defaults are judged; it is called only for
    a legal contract. Without it, those of a contract in OpenAPI 3.0 are not judged.
    """
    if unread := list(as_findings(check_version(document), document, "openapi-version")):
        return unread

    contract = Contract(document)
    found = list(_legality(contract))
    if not found:
        found += _examples(Contract(normalise(document) if normalise else document))

    found += run_rules(contract)
    found += as_findings(check_extensions(contract), document, "extension-shape")
    found += as_findings(check_pagination(contract), document, "pagination-impossible")
    found += as_findings(check_on_invalid(contract), document, "on-invalid-unknown")
    if claims is not None:
        found += check_claims(contract, claims, stand_in)

    return sort_findings(found)


def _legality(contract: Contract) -> Iterator[Finding]:
    document = contract.document
    structure = list(as_findings(check_structure(contract), document, "illegal-openapi"))
    external = list(
        as_findings(external_references(contract), document, "external-reference", Severity.WARNING)
    )
    dangling = list(as_findings(dangling_references(contract), document, "dangling-reference"))
    yield from (*structure, *external, *dangling)

    if not (structure or external or dangling):
        yield from as_findings(check_meaning(contract), document, "illegal-openapi")
        yield from as_findings(check_default_types(contract), document, "default-invalid")


def _examples(contract: Contract) -> Iterator[Finding]:
    if contract.is_v3_0:
        return
    document = contract.document
    yield from as_findings(check_examples(contract), document, "example-invalid")
    yield from as_findings(check_defaults(contract), document, "default-invalid")
    yield from as_findings(check_empty_bodies(contract), document, "empty-body-invalid")

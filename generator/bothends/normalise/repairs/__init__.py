"""Named repairs: illegal parts with one plain meaning are read in it, and reported (law 4).

    openapi: 3.1.0
    …
    responses: {'4xx': {description: Refused.}}

is read as `4XX`, with the warning `repaired-status` at the key. The contract is repaired before its
legality is judged, so that what remains is what nobody can read. What has no plain meaning, in a
schema, is left out there: any value is allowed, and the warning `left-out-…` says so. Each repair
may show another, so they run in rounds until nothing is left to repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from bothends.diagnostics import Finding
from bothends.load import Document
from bothends.normalise import dialects, identifiers, v2_0
from bothends.normalise.repairs.components import repair_component_keys
from bothends.normalise.repairs.definitions import repair_definitions
from bothends.normalise.repairs.discriminator import repair_discriminators
from bothends.normalise.repairs.edit import Edit, apply_edits, finding_of
from bothends.normalise.repairs.extensions import repair_extensions
from bothends.normalise.repairs.faults import (
    drop_annotations,
    drop_keywords,
    repair_faults,
    unreadable_schemas,
)
from bothends.normalise.repairs.leftovers import repair_leftovers
from bothends.normalise.repairs.merge_keys import repair_merge_keys
from bothends.normalise.repairs.misplaced import repair_misplaced
from bothends.normalise.repairs.parameters import repair_parameters, repair_paths
from bothends.normalise.repairs.path_items import repair_path_items
from bothends.normalise.repairs.references import repair_references
from bothends.normalise.repairs.responses import repair_responses
from bothends.normalise.repairs.schema import repair_schemas
from bothends.normalise.repairs.security import repair_security
from bothends.normalise.repairs.unread import leave_out_unread
from bothends.normalise.repairs.version import repair_version
from bothends.openapi.contract import Contract
from bothends.openapi.problem import internal_error
from bothends.openapi.version import Version, version_of


class Repair(Protocol):
    """Finds what it repairs in a contract."""

    __name__: str

    def __call__(self, contract: Contract, /) -> Iterator[Edit]:
        """Find the edits."""
        ...


# In the order in which they run; each sees what those before it have made.
_REPAIRS: Final[tuple[Repair, ...]] = (
    repair_extensions,
    repair_component_keys,
    repair_misplaced,
    repair_definitions,
    repair_leftovers,
    repair_schemas,
    repair_paths,
    repair_path_items,
    repair_faults,
    repair_responses,
    repair_parameters,
    repair_security,
    repair_references,
    repair_discriminators,
    unreadable_schemas,
)

# Only when those find nothing more: a server whose URL is added has other faults to repair.
_DROPS: Final[tuple[Repair, ...]] = (drop_keywords, drop_annotations)

_ROUNDS = 6


class Repaired(NamedTuple):
    """The contract as it is read, and a finding for each edit."""

    document: Document
    findings: tuple[Finding, ...]


def repair(document: Document) -> Repaired:
    """Repair a loaded contract; one whose version is not read stays as it is.

    A contract of Swagger 2.0 is written as OpenAPI 3.0 first, so the same repairs are for both.
    """
    findings: list[Finding] = []
    if edit := repair_version(document.data):
        findings.append(finding_of(edit, document))
        document = apply_edits(document, [edit])

    if edits := list(repair_merge_keys(document.data)):
        findings += [finding_of(edit, document) for edit in edits if edit.message]
        document = apply_edits(document, edits)

    version = version_of(document.data)
    if version is None:
        return Repaired(document, tuple(findings))
    if version is Version.V2_0:
        document, illegal = v2_0.convert(document)
        document, unread = leave_out_unread(document)
        document, repaired = _repair(document)
        return Repaired(document, (*findings, *unread, *_unsaid(illegal, repaired), *repaired))

    document, unread = leave_out_unread(document)
    document, repaired = _repair(document)
    return Repaired(document, (*findings, *unread, *repaired))


def _unsaid(illegal: Iterable[Finding], repaired: Iterable[Finding]) -> Iterator[Finding]:
    """What no repair says of the same line."""
    lines = {(found.location.path, found.location.line) for found in repaired if found.location}
    for found in illegal:
        if found.location and (found.location.path, found.location.line) not in lines:
            yield found


def _repair(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Make all repairs, in rounds."""
    document, unknown = dialects.convert(document)
    document = identifiers.resolve(document)
    findings = list(unknown)
    contract = Contract(document)
    repairs = _REPAIRS
    for left in reversed(range(_ROUNDS + 1)):
        before = document
        # The last round drops, however much was repaired before it.
        for find in repairs if left else _DROPS:
            try:
                edits = list(find(contract))
                if edits:
                    text = [finding_of(edit, document) for edit in edits if edit.message]
                    document = apply_edits(document, edits)
                    contract = Contract(document)
                    findings += text
            except ModuleNotFoundError:  # an extra that is not installed, which the command names
                raise
            except Exception as error:  # noqa: BLE001 (a fault of ours costs this repair, law 8)
                findings.append(internal_error(error, f"the repair {find.__name__}", document))

        if document is not before:
            repairs = _REPAIRS
        elif repairs is _DROPS:
            break
        else:
            repairs = _DROPS

    return document, tuple(dict.fromkeys(findings))

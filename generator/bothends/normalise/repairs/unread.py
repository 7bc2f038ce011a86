"""What the reader of a text left out: in a schema it costs the keyword, elsewhere the part around it.

    properties:
      height: {type: integer}
      height: {type: string}       the property allows any value: no reading of it is the plain one

A repeated member of a parameter or an operation remains an error, which refuses the operation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise.repairs.edit import CORRECT, Edit, apply_edits
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below, parent, split

_MAPS_OF_SCHEMAS: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")


def leave_out_unread(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Read each schema with such a fault as if the keyword, or the schema, said nothing.

    Returns:
        The document, whose `notes` are without these faults, and a finding for each.
    """
    contract = Contract(document)
    notes: list[Finding] = []
    edits: list[Edit] = []
    findings: list[Finding] = []
    for note in document.notes:
        if note.severity is not Severity.ERROR or note.location is None:
            notes.append(note)
            continue

        pointer = document.pointer_from_text(note.location.pointer)
        if edit := _edit(contract, pointer):
            edits.append(edit)
            code = f"left-out-{note.code}"
            findings.append(
                replace(note, code=code, severity=Severity.WARNING, hint=f"{note.hint} {CORRECT}")
            )
        else:
            notes.append(replace(note, location=replace(note.location, pointer=pointer)))

    if edits:
        document = apply_edits(document, edits)
    return replace(document, notes=tuple(notes)), tuple(findings)


def _edit(contract: Contract, pointer: str) -> Edit | None:
    """How the schema around a place is read without it; None where there is no schema around."""
    schema, inside = pointer, list[str]()
    while contract.kinds.get(schema) != "schema":
        if not schema:
            return None
        inside = [split(schema)[-1], *inside]
        schema = parent(schema)

    if not inside:
        return Edit("unread", schema, "", {})
    if inside[0] in _MAPS_OF_SCHEMAS and len(inside) > 1:
        return Edit("unread", below(schema, *inside[:2]), "", {})
    return Edit("unread", below(schema, inside[0]), "")

"""How far an error of a contract reaches: a narrow one spoils an operation or an example, not the rest."""

from __future__ import annotations

from typing import Final

from bothends.diagnostics import Finding
from bothends.load.pointer import split

_SPOIL_NOTHING: Final = {"example-invalid", "default-invalid", "operation-id-repeated"}
"""Wrong, and the contract should be repaired; what is generated does not depend on it."""

_SPOIL_AN_OPERATION: Final = {
    "dangling-reference",
    "external-reference",
    "illegal-openapi",
    "path-parameter",
    "pattern-invalid",
}
"""Inside an operation, only this operation cannot be generated."""


def is_narrow(error: Finding) -> bool:
    """Whether everything but the operation where the error lies can be generated all the same."""
    return error.code in _SPOIL_NOTHING or spoils_an_operation(error)


def spoils_an_operation(error: Finding) -> bool:
    """Whether the error lies inside an operation, which then cannot be generated."""
    parts = split(error.place.pointer) if error.place else []
    return error.code in _SPOIL_AN_OPERATION and len(parts) > 2 and parts[0] == "paths"

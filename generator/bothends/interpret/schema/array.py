"""Array schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.openapi.json_value import is_array
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import join_or_open

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas


def list_type(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type:
    """Return a list of the types of all positions (JSON Schema 2020-12 §10.3.1)."""
    prefix = schema.get("prefixItems")
    members = [
        schemas.type_of(item, below(pointer, "prefixItems", index))
        for index, item in enumerate(prefix if is_array(prefix) else ())
    ]
    remainder = schema.get("items", True)
    if remainder is not False:
        members.append(schemas.type_of(remainder, below(pointer, "items")))

    return ir.Array(join_or_open(members))

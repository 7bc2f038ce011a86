"""`nullable` is a word of OpenAPI 3.0 only.

Why: the schemas of OpenAPI 3.1 are JSON Schema, where null is a type like the others (§4.8.24); `nullable` is ignored there, so
the server refuses a null that was meant to be allowed, or the client meets one that its types do not know.

Bad:

    height: {type: number, nullable: true}

Better:

    height: {type: [number, "null"]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.check.problem import Problem
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import is_array
from bothends.openapi.pointer import below

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Schemas of OpenAPI 3.1 that are said to be nullable."""
    if contract.is_v3_0:
        return

    for node in contract.nodes("schema"):
        if node.value.get("nullable") is True:
            pointer = below(node.pointer, "nullable")
            yield Problem(
                pointer, "nullable means nothing in OpenAPI 3.1.", _hint(node.value), key=True
            )


def _hint(schema: dict[str, Any]) -> str:
    types = stated if is_array(stated := schema.get("type")) else [stated]
    if "null" in types:
        return "Leave it out: its type has null already."

    if all(isinstance(one, str) for one in types):
        listed = ", ".join([*map(str, types), '"null"'])
        more = ", and add null to its enum" if "enum" in schema else ""
        return f"Write type: [{listed}]{more}."

    if "$ref" in schema:
        return f"Write anyOf: [{{$ref: '{schema['$ref']}'}}, {{type: \"null\"}}]."

    return 'Write it as anyOf with {type: "null"} as one of the members.'

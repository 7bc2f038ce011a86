"""An `encoding` must be that of a property of the form.

Why: one that names none says nothing (OpenAPI 3.1 §4.8.14), and the part that was meant is sent as
the specification has it.

Bad:

    schema: {type: object, properties: {file: {type: string, format: binary}}}
    encoding: {fiel: {contentType: image/png}}

Better:

    schema: {type: object, properties: {file: {type: string, format: binary}}}
    encoding: {file: {contentType: image/png}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.nearest import listed, nearest
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
# What may have more properties than its own `properties`.
_OPEN = frozenset({"allOf", "anyOf", "oneOf", "patternProperties", "$ref", "$dynamicRef"})


def check(contract: Contract) -> Iterator[Problem]:
    """Encodings of no property."""
    for node in contract.nodes("media type"):
        encodings = as_object(node.value.get("encoding"))
        if not encodings:
            continue

        schema, _ = contract.resolve(node.value.get("schema"), below(node.pointer, "schema"))
        declared = [str(name) for name in as_object(schema.get("properties"))]
        if not declared or _OPEN & schema.keys():
            continue
        for name in encodings:
            if name in declared:
                continue
            near = nearest(name, declared)
            hint = f'Did you mean "{near}"?' if near else f"It has: {listed(declared)}."
            message = f'The form has no property "{name}", so this encoding says nothing.'
            yield Problem(below(node.pointer, "encoding", name), message, hint, key=True)

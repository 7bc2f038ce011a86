"""A keyword that speaks of values of another type than the schema's has no effect.

Why: `minimum` beside `type: string` limits nothing (JSON Schema 2020-12 Validation §6): the author
meant another type or another keyword, and the contract accepts more than it seems to.

Bad:

    type: string
    minimum: 3

Better:

    type: string
    minLength: 3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.explain import FORMAT_EXAMPLES
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING

_NUMBERS: Final = ("integer", "number")
_KEYWORDS: Final = {
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _NUMBERS
    ),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), ("string",)),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "items", "prefixItems"), ("array",)),
    **dict.fromkeys(
        ("minProperties", "maxProperties", "properties", "required", "additionalProperties"),
        ("object",),
    ),
}
_INSTEAD: Final = {
    ("string", "minimum"): "minLength",
    ("string", "maximum"): "maxLength",
    ("array", "minLength"): "minItems",
    ("array", "maxLength"): "maxItems",
    ("array", "minimum"): "minItems",
    ("array", "maximum"): "maxItems",
}


def check(contract: Contract) -> Iterator[Problem]:
    """Keywords without effect."""
    for node in contract.nodes("schema"):
        declared = node.value.get("type")
        types = [declared] if isinstance(declared, str) else as_array(declared)
        if not types:
            continue

        name = node.value.get("format")
        if isinstance(name, str) and name in FORMAT_EXAMPLES and "string" not in types:
            yield Problem(
                below(node.pointer, "format"),
                f"`format: {name}` speaks of texts; beside `type: {types[0]}` it has no effect.",
                "Did you mean `type: string`?",
                key=True,
            )

        for keyword in node.value:
            speaks_of = _KEYWORDS.get(keyword)
            if speaks_of is None or set(speaks_of) & set(map(str, types)):
                continue

            instead = _INSTEAD.get((str(types[0]), keyword))
            yield Problem(
                below(node.pointer, keyword),
                f"`{keyword}` speaks of {' and '.join(speaks_of)} values; "
                f"beside `type: {types[0]}` it has no effect.",
                f"Did you mean `{instead}`?" if instead else "Leave it out, or name its type.",
                key=True,
            )

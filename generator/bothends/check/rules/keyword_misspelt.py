"""A keyword that is almost one of JSON Schema's is probably a slip.

Why: a schema may hold any keyword, and an unknown one is ignored, so a slip in its name silently
drops the constraint (JSON Schema 2020-12 §6.5).

Bad:

    type: array
    maxItms: 15

Better:

    type: array
    maxItems: 15
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING

_KEYWORDS = frozenset(
    # JSON Schema 2020-12 core, applicators, validation, annotations; then what OpenAPI 3.0 and 3.1
    # add
    [
        "$schema",
        "$id",
        "$ref",
        "$anchor",
        "$dynamicRef",
        "$dynamicAnchor",
        "$vocabulary",
        "$comment",
        "$defs",
        "prefixItems",
        "items",
        "contains",
        "additionalProperties",
        "properties",
        "patternProperties",
        "dependentSchemas",
        "propertyNames",
        "if",
        "then",
        "else",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "unevaluatedItems",
        "unevaluatedProperties",
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "format",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "discriminator",
        "xml",
        "externalDocs",
        "example",
        "nullable",
        "definitions",
        "dependencies",
        "additionalItems",
    ]
)


def check(contract: Contract) -> Iterator[Problem]:
    """Keywords of schemas with a name close to a known one."""
    for node in contract.nodes("schema"):
        for key in node.value:
            if near := _near(key):
                yield Problem(
                    below(node.pointer, key),
                    f"{key} is no keyword of a schema.",
                    f"Did you mean {near}?",
                    key=True,
                )
            elif _is_property(node.value, key):
                yield Problem(
                    below(node.pointer, key),
                    f"{key} is no keyword of a schema.",
                    "Is it a property? Write it below `properties:`.",
                    key=True,
                )


def _is_property(schema: dict[str, Any], key: str) -> bool:
    """Whether a key beside `type: object` has the schema of a property: a level was forgotten."""
    value = schema[key]
    if schema.get("type") != "object" or key in _KEYWORDS or key.lower().startswith("x-"):
        return False
    return is_object(value) and bool(value.keys() & {"type", "$ref", "allOf", "oneOf", "anyOf"})


@cache
def _near(key: str) -> str:
    if key in _KEYWORDS or key.lower().startswith("x-"):
        return ""
    close = difflib.get_close_matches(key, _KEYWORDS, n=1, cutoff=0.8)
    alike = [
        existing
        for existing in _KEYWORDS
        if existing.lower() == key.lower().replace("-", "").replace("_", "")
    ]
    return next(iter(alike or close), "")

"""A pattern must be a regular expression.

Why: JSON Schema takes ECMA-262 expressions (JSON Schema 2020-12 §6.3.3); one that cannot be compiled makes its schema
useless. Nothing is generated for operations that use such a schema.

Bad:

    pattern: '[a-z'

Better:

    pattern: '[a-z]'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import jsonschema_rs

from bothends.check.problem import Problem
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below

SEVERITY = Severity.WARNING
_HINT = "Repair it, or write it in plainer terms: groups, classes and counts."


def check(contract: Contract) -> Iterator[Problem]:
    """Patterns that no engine takes."""
    message = "This is not a regular expression of JSON Schema (ECMA-262)."
    for node in contract.nodes("schema"):
        if isinstance(pattern := node.value.get("pattern"), str) and not _compiles(pattern):
            yield Problem(below(node.pointer, "pattern"), message, _HINT)
        for pattern in as_object(node.value.get("patternProperties")):
            if not _compiles(pattern):
                yield Problem(
                    below(node.pointer, "patternProperties", pattern), message, _HINT, key=True
                )


@cache
def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return False
    return True

"""A value that a schema lists must be one that the schema's own type allows.

Why: `enum` and `const` hold together with `type`, so such a value can never be used; most often the
type or the quotes are wrong.

Bad:

    type: string
    enum: [low, 2]

Better:

    type: string
    enum: [low, '2']
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Listed values of another type."""
    for node in contract.nodes("schema"):
        types = _types(node, is_v3_0=contract.is_v3_0)
        if types:
            for pointer, value in _listed(node):
                if not jsonschema_rs.is_valid({"type": types}, value, offline=True):
                    yield Problem(
                        pointer,
                        f"{shorten(value)} is not of the type {' or '.join(types)}, "
                        "so it can never be.",
                        _hint(value, types),
                    )


def _hint(value: Any, types: list[str]) -> str:
    if isinstance(value, bool | int | float) and "string" in types:
        return f"Quote it: '{shorten(value)}'."
    if isinstance(value, str) and {"integer", "number", "boolean"} & set(types):
        return "Write it without quotes, or correct the type."
    return "Correct the value, or the type."


def _types(node: Node, *, is_v3_0: bool) -> list[str]:
    declared = node.value.get("type")
    types = [declared] if isinstance(declared, str) else as_array(declared)
    existing = [
        name
        for name in types
        if name in ("string", "number", "integer", "boolean", "object", "array", "null")
    ]
    nullable = existing and is_v3_0 and node.value.get("nullable") is True
    return list(dict.fromkeys([*existing, "null"] if nullable else existing))


def _listed(node: Node) -> Iterator[tuple[str, Any]]:
    for index, value in enumerate(as_array(node.value.get("enum"))):
        yield below(node.pointer, "enum", index), value
    if "const" in node.value:
        yield below(node.pointer, "const"), node.value["const"]

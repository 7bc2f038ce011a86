"""Every value of one alternative of a `oneOf` fits another one too, so `oneOf` refuses it.

Why: exactly one alternative must fit (JSON Schema 2020-12 §10.2.1.3). An integer is a number as
well, so `oneOf: [{type: integer}, {type: number}]` forbids every integer. Generators of contracts
write it.

Bad:

    oneOf: [{type: integer}, {type: number}, {type: string}]

Better:

    anyOf: [{type: integer}, {type: number}, {type: string}]
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import jsonschema_rs as rs

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object, is_object, types_of
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.reference import schema_key

SEVERITY = Severity.WARNING
_MOST = 12
_SCALAR = {"boolean", "integer", "null", "number", "string"}


def check(contract: Contract) -> Iterator[Problem]:
    """Alternatives that lie inside another alternative of the same `oneOf`."""
    components = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    for node in contract.nodes("schema"):
        members = [_followed(member, components) for member in as_array(node.value.get("oneOf"))]
        if not 2 <= len(members) <= _MOST or not all(map(_is_plain, members)):
            continue

        swallowed = set[int]()
        for inner, outer in permutations(range(len(members)), 2):
            if inner in swallowed or not _contains(members[outer], members[inner]):
                continue

            swallowed.add(inner)
            yield Problem(
                below(node.pointer, "oneOf", inner),
                f"Every value of this alternative fits alternative {outer + 1} too, "
                "so `oneOf` refuses it.",
                "Write `anyOf`, or make the alternatives differ.",
            )


def _followed(member: Any, components: dict[str, Any]) -> Any:
    key = schema_key(member)
    return components.get(key) if key is not None else member


def _is_plain(member: Any) -> bool:
    """Whether an alternative describes scalars, which the algebra decides at once."""
    return is_object(member) and (types_of(member) or {"object"}) <= _SCALAR


def _contains(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
    """Whether one alternative contains another, formats taken as a server takes them: asserted."""
    try:
        larger, smaller = (
            rs.canonicalize(schema, validate_formats=True, offline=True)
            for schema in (outer, inner)
        )
    except (rs.ValidationError, rs.ReferencingError, rs.canonical.CanonicalizationError):
        return False
    return larger.covers(smaller) == rs.canonical.Containment.YES

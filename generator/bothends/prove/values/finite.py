"""Whether a schema allows only so many values that a fuzzer soon has had them all."""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.value import is_object
from bothends.runtime.schema.composition import branches, reference
from bothends.runtime.schema.contract import Contract


def is_finite(
    contract: Contract, pointer: str, most: int, seen: frozenset[str] = frozenset()
) -> bool:
    """Whether a schema leaves a few values, seen through $ref and compositions.

    These are: enum, const, booleans, null, a range of at most `most` integers, and lists of such
    without repetition.
    """
    schema = contract.find(pointer)
    if not is_object(schema) or pointer in seen:
        return False
    if "enum" in schema or "const" in schema:
        return True

    seen |= {pointer}
    if "$ref" in schema and is_finite(contract, reference(schema), most, seen):
        return True

    for part in branches(pointer, schema, "allOf"):
        if is_finite(contract, part, most, seen):
            return True

    for keyword in ("anyOf", "oneOf"):
        alternatives = branches(pointer, schema, keyword)
        if alternatives and all(is_finite(contract, each, most, seen) for each in alternatives):
            return True

    types = schema.get("type", [])
    found: list[str] = [types] if isinstance(types, str) else types
    return bool(found) and all(
        _is_finite_type(contract, pointer, schema, item, most, seen) for item in found
    )


def _is_finite_type(
    contract: Contract,
    pointer: str,
    schema: dict[str, Any],
    type_: str,
    most: int,
    seen: frozenset[str],
) -> bool:
    if type_ in ("boolean", "null"):
        return True

    if type_ == "integer":
        least = schema.get("minimum", schema.get("exclusiveMinimum"))
        greatest = schema.get("maximum", schema.get("exclusiveMaximum"))
        return least is not None and greatest is not None and greatest - least < most

    is_set = type_ == "array" and schema.get("uniqueItems") is True
    return is_set and is_finite(contract, f"{pointer}/items", most, seen)

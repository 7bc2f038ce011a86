"""`x-equals`: values of a reply that are those of the request."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.composition import COMPOSING, branches, reference
from bothends.runtime.schema.contract import Contract


def obey_equals(contract: Contract, pointer: str, value: Any, requested: Asked) -> Any:
    """The value with the request's values where the schema at `pointer` says so.

    As it was where that is not allowed.
    """
    if not _has_equals(contract, pointer):
        return value

    message = copy.deepcopy(value)
    _fill(contract, pointer, message, requested)
    # An `x-equals` may copy a header of another type; the example is valid, the copy is not.
    return message if contract.accepts(pointer, message) else value


@cache
def _has_equals(contract: Contract, pointer: str) -> bool:
    """Whether a schema, or one that it leads to, ties a property to the request."""
    seen, waiting = set[str](), [pointer]
    while waiting:
        current = waiting.pop()
        schema = contract.find(current)
        if current in seen or not is_object(schema):
            continue

        seen.add(current)
        if "x-equals" in schema:
            return True
        if "$ref" in schema:
            waiting.append(reference(schema))
        waiting += branches(current, schema, *COMPOSING)
        waiting += [current + join("properties", name) for name in schema.get("properties", {})]
        if "items" in schema:
            waiting.append(f"{current}/items")
    return False


def _fill(contract: Contract, pointer: str, value: Any, requested: Asked) -> None:
    for current, schema in _applying(contract, pointer, value):
        if is_object(value):
            declared: dict[str, Any] = schema.get("properties", {})
            for name in [name for name in declared if name in value]:
                _fill_property(contract, current + join("properties", name), value, name, requested)
        elif is_array(value) and "items" in schema:
            for item in value:
                _fill(contract, current + "/items", item, requested)


def _fill_property(
    contract: Contract, pointer: str, value: dict[str, Any], name: str, requested: Asked
) -> None:
    for _, schema in _applying(contract, pointer, value[name]):
        if "x-equals" in schema:
            expected = requested.value(schema["x-equals"])
            if expected is not MISSING:
                value[name] = expected
            return

    _fill(contract, pointer, value[name], requested)


def _applying(contract: Contract, pointer: str, value: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the schemas of a value: behind $ref and allOf, and alternatives that accept it."""
    found: dict[str, dict[str, Any]] = {}
    waiting = [pointer]
    while waiting:
        current = waiting.pop(0)
        schema = contract.find(current)
        if current in found or not is_object(schema):
            continue

        found[current] = schema
        if "$ref" in schema:
            waiting.append(reference(schema))
        waiting += branches(current, schema, "allOf")
        alternatives = branches(current, schema, "anyOf", "oneOf")
        waiting += [branch for branch in alternatives if contract.accepts(branch, value)]

    return list(found.items())

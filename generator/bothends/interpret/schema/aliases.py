"""Which components without a class have a name in Python.

Level: {enum: [low, high]}                     keeps its name: a person named an enumeration
Metres: {type: number, minimum: 0}             is written out: `float` says as much
Tree: {type: array, items: {$ref: Tree}}       has a name, because it contains itself
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from bothends.openapi.circles import circles
from bothends.openapi.json_value import as_array, is_array, is_object

# Keywords whose value is data: a `$ref` in it is not a reference.
_DATA = {"example", "examples", "default", "const", "enum"}


def named_aliases(
    components: Mapping[str, Any],
    classes: Container[str],
    key_of: Callable[[Any], str | None],
) -> set[str]:
    """Return the keys of the components that are type aliases with a name.

    Args:
        components: The component schemas by key.
        classes: The keys of those that are classes.
        key_of: Gives the component that a schema refers to.
    """
    inlined: dict[str, list[str]] = {}
    named = set[str]()
    for key, schema in components.items():
        if key in classes:
            continue
        inlined[key] = [inner for inner in _references(schema, key_of) if inner not in classes]
        if _is_worth_a_name(schema):
            named.add(key)

    return named.union(circles(inlined))


def _is_worth_a_name(schema: Any) -> bool:
    """Whether a person gave a name to an enumeration or a union."""
    if not is_object(schema):
        return False
    if is_array(schema.get("enum")):
        return len(schema["enum"]) > 1
    alternatives = [*as_array(schema.get("oneOf")), *as_array(schema.get("anyOf"))]
    return len(alternatives) > 1


def _references(schema: Any, key_of: Callable[[Any], str | None]) -> list[str]:
    """The components that a schema refers to, at any depth."""
    found, stack = list[str](), [schema]
    while stack:
        node = stack.pop()
        if is_array(node):
            stack.extend(node)
        elif is_object(node):
            if (inner := key_of(node)) is not None:
                found.append(inner)
            stack.extend(value for name, value in node.items() if name not in _DATA)

    return found

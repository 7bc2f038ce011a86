"""What an inline member of a union is called: what tells it from the others, not its position.

oneOf:
- {properties: {kind: {const: cat}, lives: …}}      cat       a constant that only it has
- {properties: {bark: …}, required: [bark]}         bark      a property that only it requires
- {properties: {name: …}}                           name      a property that only it has
- {properties: {}}                                  option 3  its position, if nothing else tells
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bothends.openapi.json_value import as_array, as_object


def member_label(members: Sequence[Any], index: int) -> str:
    """Return the word that tells a member of a union from the others; empty if there is none."""
    own = as_object(members[index])
    others = [as_object(member) for position, member in enumerate(members) if position != index]

    for name, value in _constants(own):
        if all(dict(_constants(another)).get(name) != value for another in others):
            return value

    declared = {name for another in others for name in as_object(another.get("properties"))}
    declared |= {str(name) for another in others for name in as_array(another.get("required"))}
    required = [str(name) for name in as_array(own.get("required"))]
    # Sorted: the order of the properties is no one's promise.
    candidates = [*required, *sorted(as_object(own.get("properties")))]
    return next((name for name in candidates if name not in declared), "")


def _constants(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    properties = as_object(schema.get("properties"))
    for name in sorted(properties):
        described = as_object(properties[name])
        # OpenAPI 3.0 has no `const`: its contracts write an `enum` of one.
        values = [described["const"]] if "const" in described else as_array(described.get("enum"))
        if len(values) == 1 and isinstance(values[0], str) and values[0]:
            yield name, values[0]

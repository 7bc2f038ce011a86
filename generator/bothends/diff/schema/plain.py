"""Plain schemas: those of both contracts as one document may hold them.

Worked example, of a schema of the old contract:

    {"$ref": "#/components/schemas/Tide", "description": "Now."} → {"$ref": "#/$defs/old:Tide"}

The side is in front of each name, so that one schema may hold parts of both contracts, and what
describes no set of values is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from bothends.openapi.annotations import ANNOTATIONS
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.reference import schema_key

OLD: Final = "old"
NEW: Final = "new"

_DATA: Final = frozenset({"const", "dependentRequired", "enum"})
_COMPOSITION: Final = ("allOf", "anyOf", "oneOf")


def component_key(side: str, name: str) -> str:
    """Build the key of a component in the common document, in characters a URI may hold."""
    # OpenAPI allows names such as `Tide.V2` and repairs keep stranger ones; a `/` or `%` would
    # change the pointer.
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", name)
    return f"{side}:{safe}"


def plain(schema: Any, side: str) -> Any:
    """The schema without annotations, its references with the side in front."""
    if not is_object(schema):
        return schema

    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS or keyword.startswith("x-"):
            continue
        if keyword == "$ref":
            result[keyword] = f"#/$defs/{component_key(side, str(schema_key(schema)))}"
        elif keyword in _DATA:
            result[keyword] = value
        elif keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            result[keyword] = {name: plain(item, side) for name, item in as_object(value).items()}
        elif is_array(value):
            result[keyword] = [plain(item, side) for item in value]
        else:
            result[keyword] = plain(value, side)

    return result


def component_of(schema: Any) -> str | None:
    """The component that a plain schema itself refers to."""
    reference = schema.get("$ref") if is_object(schema) else None
    return reference.removeprefix("#/$defs/") if isinstance(reference, str) else None


def components_in(schema: Any) -> Iterator[str]:
    """The components that a plain schema refers to, itself or inside."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if is_array(node):
            stack.extend(node)
        elif is_object(node):
            name = component_of(node)
            if name is not None:
                yield name
            stack.extend(value for keyword, value in node.items() if keyword not in _DATA)


def only_part(schema: Any) -> str | None:
    """The keyword of a plain schema that is one part or alternative, and says nothing more."""
    if not is_object(schema) or len(schema) != 1:
        return None
    keyword = next(iter(schema))
    return keyword if keyword in _COMPOSITION and len(as_array(schema[keyword])) == 1 else None


def is_equal(first: Any, second: Any) -> bool:
    """Whether two values of JSON are equal: `1` and `true` are equal in Python."""
    if first != second:
        return False
    texts = [json.dumps(value, sort_keys=True) for value in (first, second)]
    return texts[0] == texts[1]


def without_sides(schema: Any) -> Any:
    """A plain schema in a form that compares equal where both sides say the same."""
    if is_array(schema):
        return [without_sides(item) for item in schema]
    if not is_object(schema):
        return schema if not isinstance(schema, bool) else ("bool", schema)
    if (step := only_part(schema)) is not None:
        return without_sides(schema[step][0])

    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "$ref" and isinstance(value, str):
            result[keyword] = value.partition(":")[2]
        elif keyword in ("required", "type") and is_array(value):
            result[keyword] = sorted(map(str, value))
        else:
            result[keyword] = without_sides(value)

    return result


def trimmed(larger: Any, smaller: Any) -> tuple[Any, Any]:
    """Two schemas without what both say of a property or an item in the same words.

    Where the shorter larger one contains the shorter smaller one, so it is with the two: what is
    left out bounds both alike. The reverse does not hold, since a property may allow no value.
    """
    if not (is_object(larger) and is_object(smaller)):
        return larger, smaller

    container, contained = dict(larger), dict(smaller)
    # A format bounds texts alone: of two types, it bounds the two schemas differently.
    is_one_type = is_equal(larger.get("type"), smaller.get("type"))
    if is_one_type and "format" in container and container["format"] == contained.get("format"):
        del container["format"], contained["format"]
    # Items are what follows those of `prefixItems`.
    places = [len(as_array(schema.get("prefixItems"))) for schema in (larger, smaller)]
    if "items" in larger and "items" in smaller and places[0] == places[1]:
        if is_equal(larger["items"], smaller["items"]):
            container["items"] = contained["items"] = True

    first, second = as_object(container.get("properties")), as_object(contained.get("properties"))
    same = [name for name in first if name in second and is_equal(first[name], second[name])]
    if same:
        container["properties"] = {**first, **dict.fromkeys(same, True)}
        contained["properties"] = {**second, **dict.fromkeys(same, True)}
    return container, contained

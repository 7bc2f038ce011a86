"""Keywords of schemas that have one plain reading: misspelt types, and words of other dialects.

    openapi: 3.1.0
    schema: {type: String, nullable: true, minimum: 0, exclusiveMinimum: true}

is read as `{type: [string, "null"], exclusiveMinimum: 0}`. A keyword that only JSON Schema 2020-12
has is moved to `x-json-schema` in a contract of OpenAPI 3.0, where it is not legal; `v3_0` moves it
back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from bothends.normalise.repairs.edit import Edit, Left
from bothends.normalise.repairs.enum import repair_enum
from bothends.normalise.repairs.pattern import repair_pattern, repair_pattern_properties
from bothends.normalise.repairs.types import repair_type
from bothends.normalise.v2_0.schema import NULL
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.reference import reference_of

Find: TypeAlias = Callable[[Node, bool], Iterator[Edit]]

NEWER: Final = "x-json-schema"
"""Holds what a schema of OpenAPI 3.0 says in keywords of JSON Schema 2020-12."""

_NEWER_KEYWORDS: Final = (
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)


def repair_schemas(contract: Contract) -> Iterator[Edit]:
    """Find the edits of every schema, keyword by keyword."""
    for node in contract.nodes("schema"):
        for keyword in node.value:
            if find := _BY_KEYWORD.get(keyword):
                yield from find(node, contract.is_v3_0)

    if contract.is_v3_0:
        for node in contract.nodes("schema"):
            yield from _newer_keywords(node)
    else:
        yield from _recursive_references(contract)


def _exclusive_bound(flag: str, bound: str, tighter: Callable[[float, float], float]) -> Find:
    """`exclusiveMinimum` is a boolean beside `minimum` in OpenAPI 3.0, and a number since 3.1."""

    def find(node: Node, is_v3_0: bool) -> Iterator[Edit]:
        value, limit = node.value[flag], node.value.get(bound)
        pointer = below(node.pointer, flag)
        if isinstance(value, bool) and not is_v3_0:
            if value and isinstance(limit, int | float):
                message = f"{flag}: true is read as {flag}: {limit}."
                yield Edit("exclusive-bound", pointer, message, limit)
                yield Edit("exclusive-bound", below(node.pointer, bound), "")
            else:
                message = (
                    f"{flag} is a number since OpenAPI 3.1; a boolean without {bound} says nothing."
                )
                yield Edit("exclusive-bound", pointer, message)

        elif is_v3_0 and isinstance(value, int | float) and not isinstance(value, bool):
            message = f"{flag}: {value} is read as {bound}: {value} with {flag}: true."
            yield Edit("exclusive-bound", pointer, message, value=True)
            if not isinstance(limit, int | float) or tighter(limit, value) == value:
                yield Edit("exclusive-bound", below(node.pointer, bound), "", value, source=pointer)

    return find


def _nullable(node: Node, is_v3_0: bool) -> Iterator[Edit]:
    """`nullable` is a word of OpenAPI 3.0; who writes it in 3.1 means that null is allowed."""
    schema, pointer = node.value, below(node.pointer, "nullable")
    if is_v3_0:
        yield from _nullable_composition(node)
        return
    if not isinstance(schema["nullable"], bool):
        return

    message = "nullable is a word of OpenAPI 3.0; null is read as one of the types."
    yield Edit("nullable", pointer, message if schema["nullable"] else "")
    if schema["nullable"] is False:
        return

    types = schema.get("type")
    listed = types if is_array(types) else [types]
    if types is not None and "null" not in listed:
        type_pointer = below(node.pointer, "type")
        yield Edit("nullable", type_pointer, "", [*listed, "null"], source=type_pointer)
    if is_array(schema.get("enum")) and None not in schema["enum"]:
        enum = below(node.pointer, "enum")
        yield Edit("nullable", enum, "", [*schema["enum"], None], source=enum)

    if is_array(schema.get("allOf")) and not {"anyOf", "oneOf"} & schema.keys():
        together = below(node.pointer, "allOf")
        either: list[Any] = [{"allOf": schema["allOf"]}, {"type": "null"}]
        yield Edit("nullable", below(node.pointer, "anyOf"), "", either, source=together)
        yield Edit("nullable", together, "")

    reference = reference_of(schema)
    for word in ("anyOf", "oneOf"):
        members = schema.get(word)
        if types is None and is_array(members) and {"type": "null"} not in members:
            location = below(node.pointer, word, len(members))
            yield Edit("nullable", location, "", {"type": "null"}, source=pointer)
    if types is None and reference is not None and "anyOf" not in schema:
        member = below(node.pointer, "$ref")
        yield Edit("nullable", member, "")
        either = [{"$ref": reference}, {"type": "null"}]
        yield Edit("nullable", below(node.pointer, "anyOf"), "", either, source=member)


def _nullable_composition(node: Node) -> Iterator[Edit]:
    """`nullable` beside a composition says nothing (3.0.3 §4.7.24.1), and is how 3.0 is written.

    Frameworks write `{nullable: true, allOf: [{$ref: Gate}]}` for a gate or null, some with `type:
    object` beside it, and answer null.
    """
    schema, pointer = node.value, below(node.pointer, "nullable")
    composed = [word for word in ("allOf", "anyOf", "oneOf") if is_array(schema.get(word))]
    if schema["nullable"] is not True or len(composed) != 1:
        return

    (word,) = composed
    is_typed = "type" in schema
    if is_typed and (word != "allOf" or "enum" in schema or not isinstance(schema["type"], str)):
        return

    subject = "of the parts of allOf" if is_typed else f"beside {word} without type"
    message = f"nullable says nothing {subject} (OpenAPI 3.0.3); null is allowed."
    yield Edit("nullable", pointer, message)
    if word == "allOf":
        moved = {key: schema[key] for key in ("type", "allOf") if key in schema}
        together = below(node.pointer, word)
        either: list[Any] = [moved, NULL]
        yield Edit("nullable", below(node.pointer, "anyOf"), "", either, source=together)
        for key in moved:
            yield Edit("nullable", below(node.pointer, key), "")
    elif not any(as_object(member).get("nullable") is True for member in schema[word]):
        location = below(node.pointer, word, len(schema[word]))
        yield Edit("nullable", location, "", NULL, source=pointer)


def _required(node: Node, is_v3_0: bool) -> Iterator[Edit]:
    """`required` lists names; as a boolean in a property it belongs to the object around it."""
    value, pointer = node.value["required"], below(node.pointer, "required")
    in_properties = node.parent == "schema" and split(node.pointer)[-2:-1] == ["properties"]

    if value is None or value == []:
        if value is None or is_v3_0:
            yield Edit("required", pointer, "This names no property, and is read as absent.")
    elif isinstance(value, bool | str) and not in_properties:
        if isinstance(value, str) and value in as_object(node.value.get("properties")):
            yield Edit("required", pointer, f"{shorten(value)} is read as a list.", [value])
        else:
            message = "required lists names of properties in a schema; this is read as absent."
            yield Edit("required", pointer, message)
    elif is_object(value) and value and all(isinstance(each, bool) for each in value.values()):
        # Of a schema whose property is named `required`, `properties` around it was forgotten.
        names = [name for name, is_required in value.items() if is_required]
        message = f"{shorten(value)} is read as {shorten(names)}."
        yield Edit("required", pointer, message, names or Left.OUT)
    elif is_array(value) and len(set(map(str, value))) < len(value):
        message = "A name that is repeated here is read once."
        yield Edit("required", pointer, message, list(dict.fromkeys(map(str, value))))


def _properties(node: Node, _: bool) -> Iterator[Edit]:
    """`required: true` in a property (draft 3) is `required: [name]` in the object."""
    found = list[str]()
    for name, schema in as_object(node.value["properties"]).items():
        declared = as_object(schema).get("required")
        if not isinstance(declared, bool | str):
            continue

        pointer = below(node.pointer, "properties", name, "required")
        is_required = declared is True or str(declared).lower() in ("true", "required")
        reading = f'the object requires "{name}"' if is_required else "absent"
        yield Edit("required", pointer, f"{shorten(declared)} is read as: {reading}.")
        found += [name] if is_required else []

    if found:
        listed = as_array(node.value.get("required"))
        pointer = below(node.pointer, "required")
        yield Edit("required", pointer, "", list(dict.fromkeys([*listed, *found])), source=pointer)


def _one_of(node: Node, _: bool) -> Iterator[Edit]:
    """`oneOf` refuses what fits two of its members: to refer to one twice allows nothing."""
    message = "This alternative is listed before, and `oneOf` refuses what fits two: read once."
    seen = set[str]()
    for index, member in enumerate(as_array(node.value["oneOf"])):
        reference = reference_of(member)
        if reference is None or len(member) > 1:
            continue
        if reference in seen:
            yield Edit("alternative", below(node.pointer, "oneOf", index), message)
        seen.add(reference)


def _items(node: Node, is_v3_0: bool) -> Iterator[Edit]:
    """A list of schemas in `items` describes the members one by one.

    Since 2020-12 that is `prefixItems`.
    """
    value, pointer = node.value["items"], below(node.pointer, "items")
    if not is_array(value):
        return

    remainder = node.value.get("additionalItems")
    location = below(node.pointer, "prefixItems")
    yield Edit("items", location, "", value, source=pointer)

    message = "A list in items describes the first members one by one: it is read as prefixItems."
    if isinstance(remainder, dict | bool) and not (is_v3_0 and remainder is True):
        yield Edit(
            "items", pointer, message, remainder, source=below(node.pointer, "additionalItems")
        )
        yield Edit("items", below(node.pointer, "additionalItems"), "")
    else:
        yield Edit("items", pointer, message)


def _discriminator(node: Node, _: bool) -> Iterator[Edit]:
    value, pointer = node.value["discriminator"], below(node.pointer, "discriminator")
    if isinstance(value, str):
        message = (
            f"{shorten(value)} is read as the name of the property that tells the schemas apart."
        )
        yield Edit("discriminator", pointer, message, {"propertyName": value})


def _recursive_references(contract: Contract) -> Iterator[Edit]:
    """`$recursiveRef: "#"` of 2019-09 leads to the schema around it that has `$recursiveAnchor`."""
    anchors = set[str]()
    for node in contract.nodes("schema"):
        if isinstance(node.value.get("$recursiveAnchor"), bool):
            pointer = below(node.pointer, "$recursiveAnchor")
            anchors.add(node.pointer)
            yield Edit(
                "recursive-anchor",
                pointer,
                "$recursiveAnchor is a word of JSON Schema 2019-09: this schema refers to itself.",
            )

    for node in contract.nodes("schema"):
        if node.value.get("$recursiveRef") == "#":
            pointer = below(node.pointer, "$recursiveRef")
            target = _outer(node.pointer, anchors)
            message = f"$recursiveRef is read as a reference to #{target}."
            location = below(node.pointer, "$ref")
            yield Edit("recursive-reference", location, message, f"#{target}", source=pointer)
            yield Edit("recursive-reference", pointer, "")


def _outer(pointer: str, anchors: set[str]) -> str:
    """The nearest schema around a place that is an anchor; else the component."""
    outer = pointer
    while outer:
        if outer in anchors:
            return outer
        outer = parent(outer)
    return below("", *split(pointer)[:3])


def _newer_keywords(node: Node) -> Iterator[Edit]:
    newer: dict[str, Any] = {key: node.value[key] for key in _NEWER_KEYWORDS if key in node.value}
    if not newer:
        return

    words = ", ".join(newer)
    message = f"OpenAPI 3.0 does not have {words}; it is read as in JSON Schema 2020-12."
    location = below(node.pointer, NEWER)
    merged = {**as_object(node.value.get(NEWER)), **newer}
    yield Edit(
        "newer-keyword", location, message, merged, source=below(node.pointer, next(iter(newer)))
    )
    for key in newer:
        yield Edit("newer-keyword", below(node.pointer, key), "")


_BY_KEYWORD: Final[dict[str, Find]] = {
    "type": repair_type,
    "nullable": _nullable,
    "required": _required,
    "properties": _properties,
    "enum": repair_enum,
    "oneOf": _one_of,
    "items": _items,
    "discriminator": _discriminator,
    "pattern": lambda node, _: repair_pattern(node),
    "patternProperties": lambda node, _: repair_pattern_properties(node),
    "exclusiveMinimum": _exclusive_bound("exclusiveMinimum", "minimum", max),
    "exclusiveMaximum": _exclusive_bound("exclusiveMaximum", "maximum", min),
}

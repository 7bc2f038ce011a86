"""The properties of the objects that a schema describes, whatever it is composed of.

    M: {properties: {name: {type: string}}, oneOf: [{$ref: Sail}, {$ref: Motor}]}
    Sail: {required: [kind], properties: {kind: {const: sail}, sails: {type: integer}}}
    Motor: {required: [kind], properties: {kind: {const: motor}, power: {type: integer}}}

Each object has the properties of `M` and of one alternative. What holds together is intersected,
alternatives are joined: `kind` is `Literal["sail", "motor"]` and required in both; `sails` is an
integer in one alternative and not described in the other, so it is `int | Any`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import ANY, join_or_open

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas


@dataclass(frozen=True, slots=True)
class Shape:
    """The types of properties by wire name, of all others (None: none), and the required names."""

    properties: dict[str, ir.Type]
    others: ir.Type | None
    required: frozenset[str]

    def type_of(self, name: str) -> ir.Type | None:
        """The type of a property; None where no object has it."""
        return self.properties.get(name, self.others)


_ANYTHING = Shape({}, ANY, frozenset())


def shape_of(
    schemas: Schemas, schema: Any, pointer: str, seen: frozenset[str] = frozenset()
) -> Shape | None:
    """The shape of the objects that a schema allows; None where it allows none.

    `seen` are the components on the way here: one that contains itself says nothing new the second
    time.
    """
    if not is_object(schema):
        return None if schema is False else _ANYTHING
    if "object" not in schemas.kinds_of(schema):
        return None

    parts: list[Shape | None] = []
    key = schemas.key_of(schema)
    if key is not None and key not in seen:
        parts.append(
            shape_of(
                schemas, schemas.components[key], below("/components/schemas", key), seen | {key}
            )
        )

    parts.append(_own(schemas, schema, pointer))
    for index, member in enumerate(as_array(schema.get("allOf"))):
        parts.append(shape_of(schemas, member, below(pointer, "allOf", index), seen))

    for word in ("oneOf", "anyOf"):
        if members := as_array(schema.get(word)):
            alternatives = [
                shape_of(schemas, member, below(pointer, word, index), seen)
                for index, member in enumerate(members)
            ]
            parts.append(
                _joined([alternative for alternative in alternatives if alternative is not None])
            )

    return _intersected(schemas, parts)


def _own(schemas: Schemas, schema: dict[str, Any], pointer: str) -> Shape:
    """What the schema's own keywords say."""
    properties = {
        name: schemas.type_of(described, below(pointer, "properties", name))
        for name, described in as_object(schema.get("properties")).items()
        if described is not False
    }
    required = schema.get("required")
    names = (name for name in required if isinstance(name, str)) if is_array(required) else ()
    return Shape(properties, _others(schemas, schema, pointer), frozenset(names))


def _others(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type | None:
    """Return the type of undeclared properties: `patternProperties`, `additionalProperties`."""
    types = [
        schemas.type_of(described, below(pointer, "patternProperties", pattern))
        for pattern, described in as_object(schema.get("patternProperties")).items()
        if described is not False
    ]
    if (remainder := schema.get("additionalProperties", True)) is not False:
        types.append(schemas.type_of(remainder, below(pointer, "additionalProperties")))

    return join_or_open(types) if types else None


def _joined(shapes: list[Shape]) -> Shape | None:
    if not shapes:
        return None

    names = dict.fromkeys(name for shape in shapes for name in shape.properties)
    properties: dict[str, ir.Type] = {}
    for name in names:
        types = [type_ for shape in shapes if (type_ := shape.type_of(name)) is not None]
        properties[name] = join_or_open(types)

    others = [shape.others for shape in shapes if shape.others is not None]
    required = [shape.required for shape in shapes]
    return Shape(
        properties,
        join_or_open(others) if others else None,
        required[0].intersection(*required[1:]),
    )


def _intersected(schemas: Schemas, parts: list[Shape | None]) -> Shape | None:
    shapes = [part for part in parts if part is not None]
    if len(shapes) < len(parts):
        return None

    properties: dict[str, ir.Type] = {}
    for name in dict.fromkeys(name for shape in shapes for name in shape.properties):
        types = [type_ for shape in shapes if (type_ := shape.type_of(name)) is not None]
        if len(types) == len(shapes):
            properties[name] = schemas.intersection.of_all(types)

    others = [shape.others for shape in shapes if shape.others is not None]
    return Shape(
        properties,
        schemas.intersection.of_all(others) if len(others) == len(shapes) else None,
        frozenset[str]().union(*(shape.required for shape in shapes)),
    )

"""The properties of the objects that a schema describes, whatever it is composed of.

    M: {properties: {name: {type: string}}, oneOf: [{$ref: Sail}, {$ref: Motor}]}
    Sail: {required: [kind], properties: {kind: {const: sail}, sails: {type: integer}}}
    Motor: {required: [kind], properties: {kind: {const: motor}, power: {type: integer}}}

Each object has the properties of `M` and of one alternative. What holds together is intersected,
alternatives are joined: `kind` is `Literal["sail", "motor"]` and required in both; `sails` is an
integer in one alternative and not described in the other, so it is `int | Any`. The branches of a
condition (`then` and `else`) are alternatives too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bothends import ir
from bothends.openapi.json_value import as_array, as_object, is_object
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


_EVALUATING: Final = {
    *("additionalProperties", "patternProperties", "$dynamicRef"),
    *("if", "then", "else", "dependentSchemas"),
}
"""Keywords that evaluate properties beside those that are declared (JSON Schema 2020-12 §11.3)."""
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
        component, component_pointer = schemas.components[key], below("/components/schemas", key)
        parts.append(shape_of(schemas, component, component_pointer, seen | {key}))

    parts.append(_own(schemas, schema, pointer))
    for index, member in enumerate(as_array(schema.get("allOf"))):
        parts.append(shape_of(schemas, member, below(pointer, "allOf", index), seen))

    for word in ("oneOf", "anyOf"):
        if members := as_array(schema.get(word)):
            alternatives: list[Shape] = []
            for index, member in enumerate(members):
                shape = shape_of(schemas, member, below(pointer, word, index), seen)
                if shape is not None:
                    alternatives.append(shape)
            parts.append(_joined(alternatives))

    for branches in branches_of(schema):
        shapes = [
            shape_of(schemas, branch, below(pointer, *path), seen) for path, branch in branches
        ]
        parts.append(_joined([shape for shape in shapes if shape is not None]))

    shape = _intersected(schemas, parts)
    return None if shape is None else _with_unevaluated(schemas, schema, pointer, shape)


def _with_unevaluated(
    schemas: Schemas, schema: dict[str, Any], pointer: str, shape: Shape
) -> Shape:
    """The shape whose other properties are as `unevaluatedProperties` says."""
    remainder = schema.get("unevaluatedProperties", True)
    # What it forbids, the contract layer refuses: a caller may send a property to see that.
    if isinstance(remainder, bool) or shape.others is None:
        return shape

    # It describes every name that no part of the schema declares.
    used = set[str]().union(*(as_object(part).keys() for part in schemas.parts_of(schema)))
    if _EVALUATING & used:
        return shape
    described = schemas.type_of(remainder, below(pointer, "unevaluatedProperties"))
    return replace(shape, others=schemas.intersection.of_two(shape.others, described))


def branches_of(schema: dict[str, Any]) -> Iterator[list[tuple[tuple[str, ...], Any]]]:
    """Yield the branches of each condition, by their paths: an object is of one of them.

    Without a `then`, say, an object that meets the condition is of any form (JSON Schema 2020-12
    §10.2.2).
    """
    if "if" in schema and {"then", "else"} & schema.keys():
        yield [((word,), schema.get(word, True)) for word in ("then", "else")]
    for name, branch in as_object(schema.get("dependentSchemas")).items():
        yield [(("dependentSchemas", name), branch), (("dependentSchemas",), True)]


def _own(schemas: Schemas, schema: dict[str, Any], pointer: str) -> Shape:
    """What the schema's own keywords say."""
    properties: dict[str, ir.Type] = {}
    for name, described in as_object(schema.get("properties")).items():
        # `false` says that the property is never there.
        if described is not False:
            properties[name] = schemas.type_of(described, below(pointer, "properties", name))

    names = [name for name in as_array(schema.get("required")) if isinstance(name, str)]
    return Shape(properties, _others(schemas, schema, pointer), frozenset(names))


def _others(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type | None:
    """Return the type of undeclared properties: `patternProperties`, `additionalProperties`."""
    types: list[ir.Type] = []
    for pattern, described in as_object(schema.get("patternProperties")).items():
        if described is not False:
            types.append(schemas.type_of(described, below(pointer, "patternProperties", pattern)))

    if (remainder := schema.get("additionalProperties", True)) is not False:
        types.append(schemas.type_of(remainder, below(pointer, "additionalProperties")))

    return join_or_open(types) if types else None


def _joined(shapes: list[Shape]) -> Shape | None:
    """What an object of one of these shapes has."""
    if not shapes:
        return None

    properties: dict[str, ir.Type] = {}
    for name, types in _types_by_name(shapes).items():
        properties[name] = join_or_open(types)

    others = [shape.others for shape in shapes if shape.others is not None]
    required = [shape.required for shape in shapes]
    return Shape(
        properties,
        join_or_open(others) if others else None,
        required[0].intersection(*required[1:]),
    )


def _intersected(schemas: Schemas, parts: list[Shape | None]) -> Shape | None:
    """What an object of all these shapes has; None if one of them allows none."""
    shapes = [part for part in parts if part is not None]
    if len(shapes) < len(parts):
        return None

    properties: dict[str, ir.Type] = {}
    for name, types in _types_by_name(shapes).items():
        # A shape that has no such property, and allows no others, forbids it.
        if len(types) == len(shapes):
            properties[name] = schemas.intersection.of_all(types)

    others = [shape.others for shape in shapes if shape.others is not None]
    return Shape(
        properties,
        schemas.intersection.of_all(others) if len(others) == len(shapes) else None,
        frozenset[str]().union(*(shape.required for shape in shapes)),
    )


def _types_by_name(shapes: list[Shape]) -> dict[str, list[ir.Type]]:
    """The types that each property has in the shapes that allow it."""
    names: dict[str, None] = {}
    for shape in shapes:
        names |= dict.fromkeys(shape.properties)

    found: dict[str, list[ir.Type]] = {}
    for name in names:
        types = [shape.type_of(name) for shape in shapes]
        found[name] = [type_ for type_ in types if type_ is not None]
    return found

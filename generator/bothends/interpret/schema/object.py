"""Object schemas: classes where properties are declared, dictionaries otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.interpret.rules import rules_of
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import join_types

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas


def of(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type:
    """A dictionary of whatever its values may be; inline objects with properties were made components before."""
    values = [
        schemas.type_of(value, below(pointer, keyword, *name))
        for keyword, name, value in _value_schemas(schema)
        if value is not False
    ]
    if not values or schema.get("properties"):
        return ir.Map(ir.Scalar(ir.Kind.ANY))

    if "patternProperties" in schema and schema.get("additionalProperties") is not False:
        values.append(
            schemas.type_of(
                schema.get("additionalProperties", True), below(pointer, "additionalProperties")
            )
        )

    return ir.Map(join_types(tuple(values)))


def _value_schemas(schema: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    if "additionalProperties" in schema:
        yield "additionalProperties", (), schema["additionalProperties"]
    for pattern, value in as_object(schema.get("patternProperties")).items():
        yield "patternProperties", (pattern,), value


def is_class(schemas: Schemas, schema: Any) -> bool:
    """Whether a component becomes a class: it describes objects and declares properties, itself or through `allOf`."""
    if not is_object(schema) or "enum" in schema or "const" in schema:
        return False

    stated = schema.get("type", "object")
    if "object" not in (stated if is_array(stated) else [stated]):
        return False
    if schema.get("properties"):
        return True

    describing = [member for member in as_array(schema.get("allOf")) if _describes(member)]
    if not describing or (
        "type" not in schema and len(describing) == 1 and "$ref" in describing[0]
    ):
        return False

    return any(True for _ in properties(schemas, schema, "", set()))


def _describes(member: Any) -> bool:
    return is_object(member) and bool({"$ref", "properties", "allOf"} & member.keys())


def is_nullable(schemas: Schemas, schema: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Whether null is a value of an object schema as well: it says so, or all that it is made of with `allOf` do."""
    key = schemas.key_of(schema)
    if key is not None:
        return key not in seen and is_nullable(schemas, schemas.components[key], seen | {key})

    stated = schema.get("type") if is_object(schema) else None
    if stated is not None:
        return is_array(stated) and "null" in stated

    members = as_array(as_object(schema).get("allOf"))
    return bool(members) and all(is_nullable(schemas, member, seen) for member in members)


def build_model(schemas: Schemas, key: str, schema: dict[str, Any]) -> ir.Model:
    """The class of a component: its own properties and those of everything that it is made of with `allOf`."""
    pointer = below("/components/schemas", key)
    required = _required(schemas, schema, set())
    found: dict[str, tuple[Any, str]] = {}

    for name, described, location in properties(schemas, schema, pointer, set()):
        found.setdefault(name, (described, location))
        if _is_constant(described):
            found[name] = (described, location)

    return ir.Model(
        name=ir.UNNAMED,
        wire_name=key,
        pointer=pointer,
        properties=tuple(
            _property(schemas, name, described, location, name in required)
            for name, (described, location) in found.items()
        ),
        description=str(schema.get("description", "")),
        rules=tuple(rule for rule in rules_of(schema) if "propert" in rule),
    )


def _property(
    schemas: Schemas, name: str, schema: Any, pointer: str, required: bool
) -> ir.Property:
    described, of = as_object(schema), schemas.type_of(schema, pointer)
    return ir.Property(
        name=ir.UNNAMED,
        wire_name=name,
        pointer=pointer,
        type=of,
        required=required,
        description=schemas.description_of(schema),
        rules=schemas.rules_of(schema, is_bytes=of == ir.Scalar(ir.Kind.FILE)),
        has_default="default" in described,
        default=described.get("default"),
    )


def _is_constant(schema: Any) -> bool:
    return is_object(schema) and "const" in schema


def properties(
    schemas: Schemas, schema: Any, pointer: str, seen: set[str]
) -> Iterator[tuple[str, Any, str]]:
    """Each (name, schema, pointer) that describes a property of the object; alternatives count as optional parts.

    `seen` are the components that were looked at already, this walk's own included: each is looked at once.
    """
    key = schemas.key_of(schema)
    if key is not None:
        if key not in seen:
            seen.add(key)
            yield from properties(
                schemas, schemas.components[key], below("/components/schemas", key), seen
            )
        schema = {name: value for name, value in schema.items() if name != "$ref"}

    if not is_object(schema):
        return

    for name, described in as_object(schema.get("properties")).items():
        yield name, described, below(pointer, "properties", name)

    for keyword in ("allOf", "oneOf", "anyOf"):
        for index, member in enumerate(schema.get(keyword) or ()):
            yield from properties(schemas, member, below(pointer, keyword, index), seen)


def _required(schemas: Schemas, schema: Any, seen: set[str]) -> set[str]:
    key = schemas.key_of(schema)
    inherited = set[str]()

    if key is not None and key not in seen:
        seen.add(key)
        inherited = _required(schemas, schemas.components[key], seen)

    if not is_object(schema):
        return inherited

    members = (_required(schemas, member, seen) for member in as_array(schema.get("allOf")))
    return inherited.union(as_array(schema.get("required")), *members)

"""Object schemas: classes where properties are declared, dictionaries otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.interpret.rules import companions, rules_of
from bothends.interpret.schema.shape import Shape, branches_of, shape_of
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import join_or_open

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas


def dictionary_type(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type:
    """Return a dictionary of the type of its values.

    An object with declared properties is a component by now (`normalise/hoist.py`), so a class.
    """
    values: list[ir.Type] = []
    for keyword, name, value in _value_schemas(schema):
        if value is not False:
            values.append(schemas.type_of(value, below(pointer, keyword, *name)))

    if not values or schema.get("properties"):
        return ir.Map(ir.Scalar(ir.Kind.ANY))

    if "patternProperties" in schema and schema.get("additionalProperties") is not False:
        values.append(
            schemas.type_of(
                schema.get("additionalProperties", True), below(pointer, "additionalProperties")
            )
        )

    return ir.Map(join_or_open(values))


def _value_schemas(schema: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    if "additionalProperties" in schema:
        yield "additionalProperties", (), schema["additionalProperties"]
    for pattern, value in as_object(schema.get("patternProperties")).items():
        yield "patternProperties", (pattern,), value


def is_class(schemas: Schemas, schema: Any, *, is_base: bool, is_heir: bool) -> bool:
    """Whether a component is a class: an object with properties, its own or through `allOf`.

    A base with a discriminator is one also where it declares no property, and an heir of it where
    it adds nothing.
    """
    if not is_object(schema) or "enum" in schema or "const" in schema:
        return False

    declared = schema.get("type", "object")
    if "object" not in (declared if is_array(declared) else [declared]):
        return False
    if schema.get("properties") or is_base:
        return True

    describing = [member for member in as_array(schema.get("allOf")) if describes(member)]
    unions = [{word: schema.get(word)} for word in ("oneOf", "anyOf")]
    describing += [union for union in unions if describes(union)]
    if not describing or "object" not in schemas.kinds_of(schema):
        return False
    is_more = is_heir or "type" in schema
    if len(describing) == 1 and _is_another_type(describing[0], is_more=is_more):
        return False

    return any(True for _ in properties(schemas, schema, "", set()))


def describes(member: Any) -> bool:
    """Whether a part of a schema says what properties objects have, as far as its keywords tell."""
    if not is_object(member):
        return False
    alternatives = [item for word in ("oneOf", "anyOf") for item in as_array(member.get(word))]
    # A map beside a class says what its other properties are.
    if as_object(member.get("additionalProperties")):
        return True
    return bool({"$ref", "properties", "allOf"} & member.keys()) or any(
        map(describes, alternatives)
    )


def _is_another_type(part: dict[str, Any], *, is_more: bool) -> bool:
    """Whether a schema with one part has the type of that part, a component or a union."""
    if "$ref" in part:
        return not is_more
    return not {"properties", "allOf"} & part.keys()


def build_model(schemas: Schemas, key: str, schema: dict[str, Any]) -> ir.Model:
    """Return the class of a component: its own properties and those of its composition."""
    pointer = below("/components/schemas", key)
    shape = shape_of(schemas, schema, pointer, frozenset((key,)))
    found: dict[str, list[tuple[Any, str]]] = {}
    for name, described, location in properties(schemas, schema, pointer, {key}):
        found.setdefault(name, []).append((described, location))

    declared = [_property(schemas, name, parts, shape) for name, parts in found.items()]
    for item in declared:
        # One that is required makes the whole schema impossible, which a rule says.
        is_forbidden = shape is not None and shape.type_of(item.wire_name) is None
        if is_forbidden and not item.required:
            schemas.forbidden[item.pointer] = f"{key}.{item.wire_name}"
    crowd = schemas.heirs.crowded.get(key, ())
    heirs = tuple(below("/components/schemas", heir) for heir in crowd)

    return ir.Model(
        name=ir.UNNAMED,
        wire_name=key,
        pointer=pointer,
        properties=tuple(declared),
        description=str(schema.get("description", "")),
        rules=(*(rule for rule in rules_of(schema) if "propert" in rule), *companions(schema)),
        others=shape.others if shape is not None else ir.Scalar(ir.Kind.ANY),
        variant_of=schemas.reply_pointer(key),
        unnamed_heirs=heirs,
    )


def _property(
    schemas: Schemas, name: str, described: list[tuple[Any, str]], shape: Shape | None
) -> ir.Property:
    """Return one property by its schemas; the one that says most gives text and pointer."""
    constants = (item for item in described if is_object(item[0]) and "const" in item[0])
    schema, pointer = next(constants, described[0])
    type_ = shape.type_of(name) if shape is not None else None
    if type_ is None:  # no object has it, which the contract layer says
        type_ = schemas.type_of(schema, pointer)

    texts = (schemas.description_of(item) for item, _ in ((schema, pointer), *described))
    defaults = [item["default"] for item, _ in described if is_object(item) and "default" in item]
    return ir.Property(
        name=ir.UNNAMED,
        wire_name=name,
        pointer=pointer,
        type=type_,
        required=shape is not None and name in shape.required,
        description=next(filter(None, texts), ""),
        rules=schemas.rules_of(schema, is_bytes=type_ == ir.Scalar(ir.Kind.FILE)),
        has_default=bool(defaults),
        default=next(iter(defaults), None),
    )


def properties(
    schemas: Schemas, schema: Any, pointer: str, seen: set[str]
) -> Iterator[tuple[str, Any, str]]:
    """Each (name, schema, pointer) that describes a property of the object.

    Alternatives and the branches of a condition count as optional parts.

    `seen` are the components that were looked at already, this walk's own included: each is looked
    at once.
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
        if described is not False:
            yield name, described, below(pointer, "properties", name)

    for keyword in ("allOf", "oneOf", "anyOf"):
        for index, member in enumerate(as_array(schema.get(keyword))):
            yield from properties(schemas, member, below(pointer, keyword, index), seen)

    for branches in branches_of(schema):
        for path, branch in branches:
            yield from properties(schemas, branch, below(pointer, *path), seen)

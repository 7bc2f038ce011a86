"""The component schemas of a contract, and the type of any schema in it.

Worked example: `components` are `Tide: {type: object, properties: …}`, `Level: {enum: [low, high]}`
and `Metres: {type: number, minimum: 0}`.

    {$ref: Tide}      ->  ir.Named      a class
    {$ref: Level}     ->  ir.Named      an alias: a person named an enumeration
    {$ref: Metres}    ->  ir.Scalar     written out, because Python has no more to say than `float`

What holds together (`allOf`, siblings of a `$ref`) is intersected: `schema/intersection.py`.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property
from typing import Any

from bothends import ir
from bothends.interpret.rules import of_each_item, rules_of
from bothends.interpret.schema import array, enum, scalar, union
from bothends.interpret.schema import object as objects
from bothends.interpret.schema.aliases import named_aliases
from bothends.interpret.schema.heirs import Heirs
from bothends.interpret.schema.intersection import Intersection
from bothends.interpret.schema.kinds import ALL, allowed_kinds
from bothends.load import Document
from bothends.openapi.discriminator import families
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import VARIANTS, schema_key, schema_reference
from bothends.openapi.type_algebra import NULL, join_types, open_type
from bothends.runtime.media.xml.mapping import XmlMappings
from bothends.runtime.schema.contract import Contract

ANY = ir.Scalar(ir.Kind.ANY)


class Schemas:
    """Knows which components are named in Python, and answers what any schema looks like."""

    def __init__(self, document: Document, without: Container[str] = ()) -> None:
        self.document = document
        self._data = document.data
        declared: dict[str, Any] = document.data["components"]["schemas"]
        self.variants: dict[str, str] = document.data["components"].get(VARIANTS, {})
        """The components for requests, each with the one that it is a variant of."""
        keys = [key for key in declared if pointer_of(key) not in without]
        self.components = {key: declared[key] for key in keys}
        self._types: dict[tuple[str, int], ir.Type] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        self._expanding = set[str]()
        self.intersection = Intersection(self._shape_of_alias, self._is_heir)
        self.files = set[str]()
        """Pointers of schemas whose values are files, found while forms are built."""
        self.forbidden: dict[str, str] = {}
        """The declared properties that no object may have, by pointer, found while classes are
        built."""
        self.losses: list[ir.Loss] = []
        """The parts that the operation being built has to do without."""
        bases = families(self.components)
        heirs = {heir for found in bases.values() for heir in found}
        self._objects = {
            key
            for key in keys
            if objects.is_class(
                self, declared[key], is_base=bool(bases.get(key)), is_heir=key in heirs
            )
        }
        self.heirs = Heirs(self.components, self._objects, self.key_of)

        self._named = self._objects | named_aliases(self.components, self._objects, self.key_of)

    @cached_property
    def contract(self) -> Contract:
        """The contract as the runtime judges values by it."""
        return Contract(self._data)

    @cached_property
    def xml(self) -> XmlMappings:
        """How the values of the contract's schemas are written in XML."""
        return XmlMappings(self.contract)

    def models(self) -> tuple[ir.Model, ...]:
        """The components that become classes, in the order of the contract."""
        keys = [key for key in self.components if key in self._objects]
        return tuple(objects.build_model(self, key, self.components[key]) for key in keys)

    def aliases(self) -> tuple[ir.Alias, ...]:
        """The components that become type aliases, in the order of the contract."""
        keys = [key for key in self.components if key in self._named - self._objects]
        shapes: dict[str, ir.Type] = {}
        for key in keys:
            pointer = pointer_of(key)
            shapes[pointer] = self._shape(self.components[key], pointer)

        loops = union.loops(shapes)
        aliases: list[ir.Alias] = []
        for key, pointer in zip(keys, shapes, strict=True):
            type_ = union.without_loops(pointer, shapes, loops.get(pointer, frozenset()))
            description = self.description_of(self.components[key])
            variant_of = self.reply_pointer(key)
            aliases.append(ir.Alias(ir.UNNAMED, key, pointer, type_, description, variant_of))
        return tuple(aliases)

    def type_of(self, schema: Any, pointer: str) -> ir.Type:
        """The type of the values of the schema at a pointer."""
        key = self.key_of(schema)
        if key is None:
            return self._shape(schema, pointer)

        if key in self._objects:
            type_ = self._class(key)
        elif key in self._named:
            type_ = ir.Named(pointer_of(key))
        else:
            type_ = self._inlined(key)

        beside = {word: value for word, value in schema.items() if word != "$ref"}
        # Siblings that only bound or describe, as `description`, leave the class as it is.
        if not _SPEAKING & beside.keys():
            return type_
        return self.intersection.of_all([type_, self._shape(beside, pointer)])

    def kinds_of(self, schema: Any) -> frozenset[str]:
        """The JSON types that a schema allows."""
        key = self.key_of(schema)
        if key is None or len(schema) > 1:
            return allowed_kinds(self, schema)
        if key not in self._kinds:
            self._kinds[key] = allowed_kinds(self, self.components[key], frozenset((key,)))
        return self._kinds[key]

    def _class(self, key: str) -> ir.Type:
        """Return the type of a class: it, its heirs by a discriminator, and other JSON types."""
        classes = [ir.Named(pointer_of(name)) for name in (*self.heirs.of_base.get(key, ()), key)]
        others = self.kinds_of({"$ref": schema_reference(key)}) - {"object"}
        # Without `type: object` a schema of properties allows null and text as well (JSON Schema
        # 2020-12 Validation §6.1.1), so the type is open. Null made a model crash before.
        if others | {"object"} == ALL:
            return open_type(*classes)
        beside = [self._beside_class(key, kind) for kind in sorted(others)]
        return join_types((*classes, *beside))

    def _beside_class(self, key: str, kind: str) -> ir.Type:
        """The values of one other JSON type that a class allows, by the keywords for that type."""
        schema = self.components[key]
        types = schema.get("type")
        if kind in ("array", "string") and is_array(types) and kind in types:
            return self._single(kind, schema, pointer_of(key))
        return _OTHERS[kind]

    def class_of(self, schema: Any) -> str:
        """Return the pointer of the class that a schema refers to, or nothing."""
        key = self.key_of(schema)
        return pointer_of(key) if key is not None and key in self._objects else ""

    def are_related(self, pointer: str, another_pointer: str) -> bool:
        """Whether one of two classes, by their pointers, extends the other."""
        first, second = ir.Named(pointer), ir.Named(another_pointer)
        return self._is_heir(first, second) or self._is_heir(second, first)

    def _shape_of_alias(self, alias: ir.Named) -> ir.Type | None:
        key = _key_at(alias.target)
        if key in self._objects:
            return None
        if key in self._expanding:  # inside of itself it says nothing new
            return ANY

        self._expanding.add(key)
        try:
            return self._shape(self.components[key], alias.target)
        finally:
            self._expanding.remove(key)

    def _is_heir(self, heir: ir.Named, base: ir.Named) -> bool:
        return _key_at(base.target) in self.heirs.ancestors(_key_at(heir.target))

    def _inlined(self, key: str) -> ir.Type:
        """Return the type of a component that is written out wherever it is used.

        It is made once: written out each time, components inside components take exponential time.
        """
        existing = (key, len(self.files))
        if existing not in self._types:
            self._types[existing] = self.type_of(self.components[key], pointer_of(key))
        return self._types[existing]

    def key_of(self, schema: Any) -> str | None:
        """The component that a schema refers to; None when it describes the value itself."""
        key = schema_key(schema)
        return key if key in self.components else None

    def reply_pointer(self, key: str) -> str:
        """The pointer of the component that a component is the variant of; empty if it is none."""
        return pointer_of(self.variants[key]) if key in self.variants else ""

    def in_replies(self, type_: ir.Type) -> ir.Type:
        """The type of the same values in replies: with no class that is for requests only."""
        match type_:
            case ir.Named(target=target):
                return ir.Named(self.reply_pointer(_key_at(target)) or target)
            case ir.Array(item=item):
                return ir.Array(self.in_replies(item))
            case ir.Map(value=value):
                return ir.Map(self.in_replies(value))
            case ir.Union(members=members):
                return join_types(tuple(map(self.in_replies, members)))
            case _:
                return type_

    def target(self, schema: Any) -> Any:
        """The schema that describes the value: what a chain of references ends at."""
        seen = set[str]()
        while (key := self.key_of(schema)) is not None and key not in seen:
            seen.add(key)
            schema = self.components[key]
        return schema

    def followed(self, schema: Any, pointer: str) -> tuple[Any, str]:
        """The schema that a chain of references ends at, and its place."""
        seen = set[str]()
        while (key := self.key_of(schema)) is not None and key not in seen:
            seen.add(key)
            schema, pointer = self.components[key], pointer_of(key)
        return schema, pointer

    def properties_of(self, schema: Any, pointer: str) -> list[tuple[str, Any, str]]:
        """Each (name, schema, pointer) that describes a property of the values of a schema."""
        return list(objects.properties(self, schema, pointer, set()))

    def parts_of(self, schema: Any) -> list[Any]:
        """Yield the schemas of a value, through `$ref`, `allOf`, `anyOf` and `oneOf`."""
        found, waiting, seen = list[Any](), [schema], set[str]()
        while waiting:
            part = waiting.pop(0)
            found.append(part)

            if (key := self.key_of(part)) is not None and key not in seen:
                seen.add(key)
                waiting.append(self.components[key])

            for word in ("allOf", "anyOf", "oneOf"):
                waiting.extend(as_array(as_object(part).get(word)))

        return found

    def may_be_object(self, type_: ir.Type, seen: frozenset[str] = frozenset()) -> bool:
        """Whether an object is among the values of a type."""
        if isinstance(type_, ir.Union):
            return any(self.may_be_object(member, seen) for member in type_.members)
        if not isinstance(type_, ir.Named):
            return isinstance(type_, ir.Map)

        key = split(type_.target)[-1]
        if key in self._objects:
            return True
        if key in seen:
            return False

        return self.may_be_object(self._shape(self.components[key], type_.target), seen | {key})

    def is_binary(self, schema: Any) -> bool:
        """Whether a schema says that its strings are bytes (OpenAPI 3.1, "Working with Binary Data")."""
        target = self.target(schema)
        if not is_object(target):
            return False
        kinds = target.get("type", "string")
        if kinds != "string" and set(as_array(kinds)) != {"string", "null"}:
            return False
        # What is written as base64, say, is text on the wire.
        if "contentEncoding" in target:
            return False
        return target.get("format") == "binary" or "contentMediaType" in target

    def description_of(self, schema: Any) -> str:
        """Return the description of a component's values.

        A component that has no name in Python is described where it is used.
        """
        if not is_object(schema):
            return ""

        own = schema.get("description")
        key = self.key_of(schema)
        if own or key is None or key in self._objects:
            return str(own or "")
        return self.description_of(self.components[key])

    def rules_of(self, schema: Any, *, is_bytes: bool = False) -> tuple[str, ...]:
        """The constraints of a schema in words, those of a component without a name included."""
        target = self.target(schema)
        if not is_object(target):
            return ()

        # Of items that are classes, the class itself says what holds.
        items = self.target(target.get("items"))
        is_plain = is_object(items) and "object" not in self.kinds_of(items)
        of_items = of_each_item(rules_of(items)) if is_plain else ()
        return (*rules_of(target, is_bytes=is_bytes), *of_items)

    def allows_null(self, type_: ir.Type, seen: frozenset[str] = frozenset()) -> bool:
        """Whether None is a value of a type, which may be named."""
        match type_:
            case ir.Scalar(kind=kind):
                return kind in (ir.Kind.ANY, ir.Kind.NULL)
            case ir.Constant(values=values):
                return None in values
            case ir.Union(members=members):
                return any(self.allows_null(member, seen) for member in members)
            case ir.Named(target=target) if target not in seen:
                key = next(key for key in self.components if pointer_of(key) == target)
                is_alias = key not in self._objects
                return is_alias and self.allows_null(
                    self._shape(self.components[key], target), seen | {target}
                )
            case _:
                return False

    def _shape(self, schema: Any, pointer: str) -> ir.Type:
        if pointer in self.files:
            return ir.Scalar(ir.Kind.FILE)
        if not is_object(schema):
            return ANY

        of_kinds = tuple(self._single(kind, schema, pointer) for kind in kinds_of(schema))
        types = [join_types(of_kinds)]
        if types == [ANY] and not schema.get("type"):
            # A part of an `allOf` says the format alone; the type stands in another part.
            types = [scalar.scalar_type("string", schema)] if scalar.has_type(schema) else types
        if not schema.get("type"):
            types = [open_type(*types)]
        if "const" in schema or "enum" in schema:
            types.append(enum.literal_type(schema))

        for index, member in enumerate(as_array(schema.get("allOf"))):
            types.append(self.type_of(member, below(pointer, "allOf", index)))
        for word in ("oneOf", "anyOf"):
            if as_array(schema.get(word)):
                types.append(union.of_alternatives(self, schema, word, pointer))

        return self.intersection.of_all(types)

    def _single(self, kind: str, schema: dict[str, Any], pointer: str) -> ir.Type:
        if kind == "array":
            return array.list_type(self, schema, pointer)
        if kind == "object":
            return objects.dictionary_type(self, schema, pointer)
        return scalar.scalar_type(kind, schema)


# Keywords that say what values look like in Python; the others only bound or explain them.
_SPEAKING = {
    *("type", "enum", "const", "oneOf", "anyOf", "allOf"),
    *("properties", "additionalProperties", "patternProperties", "items", "prefixItems"),
}

# What a value is that a class allows beside objects.
_OTHERS: dict[str, ir.Type] = {
    "null": NULL,
    "boolean": ir.Scalar(ir.Kind.BOOLEAN),
    "number": ir.Scalar(ir.Kind.NUMBER),
    "string": ir.Scalar(ir.Kind.STRING),
    "array": ir.Array(ANY),
}


def pointer_of(key: str) -> str:
    """The pointer of a component schema."""
    return below("/components/schemas", key)


def _key_at(pointer: str) -> str:
    return split(pointer)[-1]


def kinds_of(schema: dict[str, Any]) -> list[str]:
    """The JSON types that the schema names, or those that its keywords speak of."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return [declared]
    if is_array(declared) and declared:
        return [str(kind) for kind in declared]
    if "properties" in schema or "additionalProperties" in schema:
        return ["object"]
    if "items" in schema or "prefixItems" in schema:
        return ["array"]

    return ["any"]

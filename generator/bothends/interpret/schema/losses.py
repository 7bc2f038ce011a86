"""Where a type says less than the contract does.

    Tide: {properties: {extra: {if: {type: string}, then: {maxLength: 5}, else: {type: integer}}}}

`extra` is a text or an integer, and is typed `Any`: no type depends on a condition. The contract
layer judges it all the same; coverage.json lists it, so that nobody takes it for a free value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bothends import ir
from bothends.load import Document
from bothends.openapi.annotations import ANNOTATIONS
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import ANY
from bothends.runtime.article import with_article

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas

CODE: Final = "model-loss"
_CONDITIONS: Final = ("then", "else", "dependentSchemas", "$dynamicRef")
"""Keywords that describe values under a condition, which no type can say."""

_TYPED: Final = {"type", "enum", "const", "properties", "items", "prefixItems"}


class _Value(NamedTuple):
    """A typed value of the contract: how a person calls it, and where its schema is."""

    subject: str
    type: ir.Type
    pointer: str


def find_losses(
    schemas: Schemas,
    document: Document,
    operations: Sequence[ir.Operation],
    components: Sequence[ir.Model | ir.Alias],
) -> Iterator[ir.Loss]:
    """Find each value whose type is wider than the contract, with the reason."""
    for value in [*_values_of_components(components), *_values_of_operations(operations)]:
        try:
            schema = document.value_at(value.pointer)
        except KeyError:
            continue
        yield from _untyped(schemas, value, schema)

    for component in components:
        if isinstance(component, ir.Model):
            yield from _of_two_classes(schemas, component)

    for pointer, subject in schemas.forbidden.items():
        reason = f"{subject} has a type, and no object may have it: a part allows no such property"
        yield ir.Loss(CODE, pointer, reason)

    for key, heirs in schemas.heirs.crowded.items():
        such_a_class = with_article(key)
        count = f"{len(heirs)} schemas extend it, which are too many to name"
        reason = f"{key}: {count}: each is {such_a_class}"
        yield ir.Loss(CODE, below("/components/schemas", key), reason)


def _values_of_components(components: Sequence[ir.Model | ir.Alias]) -> Iterator[_Value]:
    for component in components:
        if isinstance(component, ir.Alias):
            yield _Value(component.wire_name, component.type, component.pointer)
            continue
        for declared in component.properties:
            subject = f"{component.wire_name}.{declared.wire_name}"
            yield _Value(subject, declared.type, declared.pointer)


def _values_of_operations(operations: Sequence[ir.Operation]) -> Iterator[_Value]:
    for operation in operations:
        subject = f"{operation.method} {operation.path}"
        for parameter in operation.parameters:
            pointer = below(parameter.pointer, "schema")
            yield _Value(f"{subject}, {parameter.wire_name}", parameter.type, pointer)

        messages = [operation.body, *operation.replies]
        for message in messages:
            contents = () if isinstance(message, ir.NoBody) else message.contents
            for content in () if isinstance(contents, ir.NoBody) else contents:
                if not content.note:
                    yield _Value(subject, content.type, below(content.pointer, "schema"))

        for reply in operation.replies:
            for header in reply.headers:
                pointer = below(header.pointer, "schema")
                yield _Value(f"{subject}, {header.wire_name}", header.type, pointer)


def _untyped(schemas: Schemas, value: _Value, schema: Any) -> Iterator[ir.Loss]:
    """The loss of a value that is typed `Any`, or whose items are, though its schema says more."""
    if isinstance(value.type, ir.Named):
        return  # a component has its own losses

    schema, pointer = schemas.followed(schema, value.pointer)
    if value.type == ANY:
        if reason := _reason(schemas, schema):
            yield ir.Loss(CODE, pointer, f"{value.subject} is typed Any: {reason}")
    elif isinstance(value.type, ir.Array | ir.Stream):
        inner = _Value(f"an item of {value.subject}", value.type.item, below(pointer, "items"))
        yield from _untyped(schemas, inner, as_object(schema).get("items", True))
    elif isinstance(value.type, ir.Map):
        location = below(pointer, "additionalProperties")
        inner = _Value(f"a value of {value.subject}", value.type.value, location)
        yield from _untyped(schemas, inner, as_object(schema).get("additionalProperties", True))


def _reason(schemas: Schemas, schema: Any) -> str:
    """Why a schema has no type; empty where it describes any value."""
    if _is_free_union(schema):
        return ""

    used = set[str]()
    for part in schemas.parts_of(schema):
        used |= as_object(part).keys()

    for word in _CONDITIONS:
        if word in used:
            return f"no type can say what `{word}` says"
    return "no type can say what its parts say together" if _TYPED & used else ""


def _is_free_union(schema: Any) -> bool:
    """Whether one of its alternatives is any value, as in `anyOf: [{}, {type: "null"}]`."""
    union = as_object(schema)
    return union.keys() <= {"anyOf", *ANNOTATIONS} and any(
        part is True or (is_object(part) and part.keys() <= ANNOTATIONS)
        for part in as_array(union.get("anyOf"))
    )


def _of_two_classes(schemas: Schemas, model: ir.Model) -> Iterator[ir.Loss]:
    """The properties that several parts of a schema describe by classes that share no heir."""
    described: dict[str, dict[str, str]] = {}
    for name, schema, pointer in schemas.properties_of(
        schemas.components[model.wire_name], model.pointer
    ):
        target = schemas.class_of(schema)
        if target:
            described.setdefault(name, {}).setdefault(target, pointer)

    for declared in model.properties:
        if not isinstance(declared.type, ir.Named):
            continue
        for left, right in combinations(described.get(declared.wire_name, {}), 2):
            if declared.type.target in (left, right) and not schemas.are_related(left, right):
                first, second = (target.rpartition("/")[2] for target in (left, right))
                subject = f"{model.wire_name}.{declared.wire_name}"
                both = f"{with_article(first)} and {with_article(second)}"
                reason = f"{subject} is {both} at once, which no class is"
                yield ir.Loss(CODE, described[declared.wire_name][right], reason)

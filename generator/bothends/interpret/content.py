"""The media types of a message."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from bothends import ir
from bothends.interpret.multipart import build_files
from bothends.interpret.refused import Refused
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below

_LINES = {
    "application/jsonl",
    "application/x-ndjson",
    "application/ndjson",
    "application/x-jsonlines",
    "application/json-seq",
}
_FORM = "application/x-www-form-urlencoded"
_XML = re.compile(r"(application|text)/xml|[^/]+/[^/]+\+xml")
_ANY, _STRING = ir.Scalar(ir.Kind.ANY), ir.Scalar(ir.Kind.STRING)


class Message(Enum):
    """What a media type is of."""

    REQUEST = "a request"
    SUCCESS = "a success"
    ERROR = "an error"


def is_json(media_type: str) -> bool:
    """Whether the media type is JSON or built on it (RFC 6839 §3.1)."""
    pattern = r"application/json|[a-z0-9.!#$&^_-]+/[a-z0-9.!#$&^_-]+\+json"
    return re.fullmatch(pattern, _essence(media_type)) is not None


def build_contents(
    schemas: Schemas, content: Any, pointer: str, message: Message
) -> tuple[ir.Content, ...]:
    """Build each media type of a Content map. Raises `Refused` for one whose values have no form in it."""
    return tuple(
        _content(schemas, media_type, as_object(described), below(pointer, media_type), message)
        for media_type, described in as_object(content).items()
    )


def is_chosen(contents: tuple[ir.Content, ...]) -> bool:
    """Whether the type of a value does not tell which of these media types it is for."""
    shapes = [shape for content in contents for shape in _shapes(content.type)]
    is_open = any(
        content.is_range and content.kind is not ir.MediaKind.JSON for content in contents
    )
    return is_open or (len(contents) > 1 and ("any" in shapes or len(set(shapes)) < len(shapes)))


def _content(
    schemas: Schemas, media_type: str, described: dict[str, Any], pointer: str, message: Message
) -> ir.Content:
    schema, schema_at = described.get("schema", True), below(pointer, "schema")
    kind = _kind(schemas, media_type, schema, schema_at)
    if kind in (ir.MediaKind.JSON_LINES, ir.MediaKind.EVENTS):
        if message is not Message.SUCCESS:
            raise Refused(
                "media-type",
                pointer,
                f"{message.value} of type {media_type} is a stream; only a success can be one",
            )
        return ir.Content(
            media_type, pointer, kind, ir.Stream(_item(schemas, schema, schema_at)), ()
        )

    files = build_files(schemas, described, pointer) if kind is ir.MediaKind.MULTIPART else ()
    of = schemas.type_of(schema, schema_at)
    if kind in (ir.MediaKind.FORM, ir.MediaKind.MULTIPART) and not _is_object(of):
        raise Refused(
            "media-type",
            pointer,
            f"a body of type {media_type} is an object, and its schema describes another value",
        )

    if kind is ir.MediaKind.TEXT:
        of = _STRING if of == _ANY else of

    return ir.Content(
        media_type,
        pointer,
        kind,
        ir.Scalar(ir.Kind.BINARY) if kind is ir.MediaKind.BINARY else of,
        files,
    )


def _kind(schemas: Schemas, media_type: str, schema: Any, pointer: str) -> ir.MediaKind:
    essence = _essence(media_type)
    if is_json(media_type):
        return ir.MediaKind.JSON
    if essence in _LINES:
        return ir.MediaKind.JSON_LINES
    if essence == "text/event-stream":
        return ir.MediaKind.EVENTS
    if essence == _FORM:
        return ir.MediaKind.FORM
    if essence == "multipart/form-data":
        return ir.MediaKind.MULTIPART

    return _opaque(schemas, media_type, schema, pointer)


def _opaque(schemas: Schemas, media_type: str, schema: Any, pointer: str) -> ir.MediaKind:
    """Text or bytes: a media type that we do not look into. Raises `Refused` where the schema wants us to."""
    essence, of = _essence(media_type), schemas.type_of(schema, pointer)
    is_text = essence.startswith("text/") or _XML.fullmatch(essence) is not None
    if is_text and schemas.is_binary(schema):
        return ir.MediaKind.BINARY
    if is_text and _is_scalar(of):
        return ir.MediaKind.TEXT
    if (
        not is_text
        and (of in (_ANY, _STRING) or schemas.is_binary(schema))
        and not essence.startswith("multipart/")
    ):
        return ir.MediaKind.BINARY
    if essence in ("*/*", "application/*"):
        return ir.MediaKind.JSON

    raise Refused(
        "media-type",
        pointer.removesuffix("/schema"),
        f"values in bodies of type {media_type} are not supported",
    )


def _item(schemas: Schemas, schema: Any, pointer: str) -> ir.Type:
    """The type of one item of a stream: that of an array's items, where the schema is of an array."""
    target, seen = schema, set[str]()
    while (key := schemas.key_of(target)) is not None and key not in seen:
        seen.add(key)
        target, pointer = schemas.components[key], below("/components/schemas", key)

    if is_object(target) and target.get("type") == "array" and "items" in target:
        return schemas.type_of(target["items"], below(pointer, "items"))
    return schemas.type_of(schema, pointer)


def _is_scalar(of: ir.Type) -> bool:
    if isinstance(of, ir.Union):
        return all(map(_is_scalar, of.members))
    return isinstance(of, ir.Scalar | ir.Constant)


def _is_object(of: ir.Type) -> bool:
    return isinstance(of, ir.Named | ir.Map)


def _shapes(of: ir.Type) -> set[str]:
    """The shapes of Python value that a type has, as far as one can be told from another."""
    match of:
        case ir.Union(members=members):
            return {shape for member in members for shape in _shapes(member)}
        case ir.Array() | ir.Stream():
            return {"list"}
        case ir.Named() | ir.Map():
            return {"object"}
        case ir.Scalar(kind=ir.Kind.BINARY):
            return {"bytes"}
        case ir.Scalar(kind=ir.Kind.ANY):
            return {"any"}
        case _:
            return {"scalar"}


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()

"""The media types of a message.

Worked example: a reply whose `content` is

    application/json: {schema: {$ref: '#/components/schemas/Tide'}}      # read: Json(Tide)
    text/csv:         {schema: {$ref: '#/components/schemas/Tide'}}      # an object, unread in CSV

Each is built by itself. `text/csv` is refused, and because JSON stands beside it, it is left out:
both ends behave as if the contract did not have it, and it is listed as a loss. Were it alone, its
content would be carried as it is: text, because CSV is text, with the description of `Tide` in the
docstring. The operation is there in both cases.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, Final

from bothends import ir
from bothends.interpret.multipart import build_files
from bothends.interpret.part_list import BY_POSITION, build_part_list, is_list
from bothends.interpret.refused import MediaTypeUnread
from bothends.interpret.schema import Schemas
from bothends.interpret.schema.object import describes
from bothends.interpret.xml import xml_root
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import NULL, closed_type, join_types
from bothends.runtime.media_type import essence_of, is_json, is_xml, is_yaml

# Lines of JSON have many names and no RFC; `json-seq` has one (RFC 7464).
_LINES: Final = {
    "application/jsonl",
    "application/x-ndjson",
    "application/ndjson",
    "application/x-jsonlines",
    "application/x-json-stream",
    "application/json-seq",
}
FORM: Final = "application/x-www-form-urlencoded"
_TEXTUAL: Final = re.compile(r"text/.*|application/(.*\+)?(x-|vnd\.)?(xml|yaml|csv)")
_VENDOR: Final = re.compile(r"application/(vnd\.|prs\.|x-|json).*")
# Words of media types that are no JSON, whatever the schema beside them describes.
_NO_JSON: Final = re.compile(
    r"xml|yaml|csv|protobuf|msgpack|cbor|bson|avro|thrift|zip|tar|octet|binary|pdf|excel|spreadsheet"
    r"|ms-|msword|officedocument|opendocument|sqlite|parquet|postscript|javascript|shockwave|font"
)
# The same values as in JSON, in another text.
_OTHER_TEXTS: Final = (ir.MediaKind.YAML, ir.MediaKind.XML)
_ANY, _STRING = ir.Scalar(ir.Kind.ANY), ir.Scalar(ir.Kind.STRING)
_MOST_NAMES: Final = 12


class Message(Enum):
    """What a media type is of."""

    REQUEST = "a request"
    SUCCESS = "a success"
    ERROR = "an error"


def build_contents(
    schemas: Schemas, content: Any, pointer: str, message: Message
) -> tuple[ir.Content, ...]:
    """Build each media type of a Content map (OpenAPI 3.1 §4.8.14).

    One that cannot be read is left out where another one can, else its content is carried as it is;
    both are `losses`.
    """
    read: list[ir.Content] = []
    unread: dict[str, MediaTypeUnread] = {}
    described = {name: as_object(value) for name, value in as_object(content).items()}

    for media_type, node in described.items():
        try:
            read.append(_content(schemas, media_type, node, below(pointer, media_type), message))
        except MediaTypeUnread as refused:
            # One beside JSON cost a chat service its webhooks, and a code host its files.
            unread[media_type] = refused

    code, outcome = "media-type-unread", "carried as it is"
    if read:
        code, outcome = "media-type-left-out", "left out"

    for media_type, refusal in unread.items():
        reason = f"{media_type} of {message.value} is {outcome}: {refusal.reason}"
        schemas.losses.append(ir.Loss(code, refusal.pointer, reason))

    if read:
        # A caller who does not choose, and a server whom nobody asks, write the first that fits.
        return tuple(sorted(read, key=lambda content: content.kind in _OTHER_TEXTS))
    return tuple(_carried(schemas, name, described[name], below(pointer, name)) for name in unread)


def is_chosen(contents: tuple[ir.Content, ...]) -> bool:
    """Whether the type of a value does not say which of these media types it is for."""
    if any(content.is_open and content.kind is not ir.MediaKind.JSON for content in contents):
        return True

    # YAML or XML beside JSON is the same value in another text, and JSON is what is sent.
    if any(content.kind is ir.MediaKind.JSON for content in contents):
        contents = tuple(each for each in contents if each.kind not in _OTHER_TEXTS)

    shapes = [shape for content in contents for shape in _shapes(content.type)]
    return len(contents) > 1 and ("any" in shapes or len(set(shapes)) < len(shapes))


def form_type(type_: ir.Type) -> ir.Type:
    """Return the type of an object in fields: no field is without a name."""
    closed = closed_type(type_)
    return ir.Map(_ANY) if closed == _ANY else closed


def _content(
    schemas: Schemas, media_type: str, described: dict[str, Any], pointer: str, message: Message
) -> ir.Content:
    """One media type. Raises `MediaTypeUnread` when its values have no form in it."""
    schema, schema_at = described.get("schema", True), below(pointer, "schema")
    kind = _kind(schemas, media_type, described, schema_at)

    if kind in (ir.MediaKind.JSON_LINES, ir.MediaKind.EVENTS):
        item = _item(schemas, schema, schema_at)
        is_streamed = message is Message.SUCCESS
        type_: ir.Type = ir.Stream(item) if is_streamed else ir.Array(item)
        return ir.Content(media_type, pointer, kind, type_, ())

    if kind is ir.MediaKind.BINARY:
        return ir.Content(media_type, pointer, kind, ir.Scalar(ir.Kind.BINARY), ())

    if kind is ir.MediaKind.MULTIPART_LIST:
        type_, files = build_part_list(schemas, media_type, described, pointer)
        return ir.Content(media_type, pointer, kind, type_, files)

    type_ = schemas.type_of(schema, schema_at)
    is_form = kind in (ir.MediaKind.FORM, ir.MediaKind.MULTIPART)
    # A field of a form needs a name, which only the properties of an object have.
    if is_form and type_ != _ANY and not schemas.may_be_object(type_):
        reason = "its body is an object by its media type, and another value by its schema"
        raise MediaTypeUnread(pointer, reason)

    files = ()
    if kind is ir.MediaKind.MULTIPART:
        files = build_files(schemas, described, pointer)
        type_ = schemas.type_of(schema, schema_at)
    if is_form:
        type_ = form_type(type_)
    elif kind is ir.MediaKind.TEXT and type_ == _ANY:
        type_ = _STRING

    root = xml_root(schemas, schema, schema_at) if kind is ir.MediaKind.XML else ""
    return ir.Content(media_type, pointer, kind, type_, files, root=root)


def _carried(
    schemas: Schemas, media_type: str, described: dict[str, Any], pointer: str
) -> ir.Content:
    """A media type whose content is neither read nor checked: text where it is text, else bytes."""
    kind, type_ = ir.MediaKind.BINARY, ir.Scalar(ir.Kind.BINARY)
    if _TEXTUAL.fullmatch(essence_of(media_type)):
        kind, type_ = ir.MediaKind.TEXT, _STRING

    schema, schema_at = described.get("schema", True), below(pointer, "schema")
    names = [f"`{name}`" for name, _, _ in schemas.properties_of(schema, schema_at)]
    names = list(dict.fromkeys(names))
    shape = str(as_object(schemas.target(schema)).get("type", "value"))
    if names:
        more = ", …" if len(names) > _MOST_NAMES else ""
        shape = f"object with {', '.join(names[:_MOST_NAMES])}{more}"

    note = (
        f"The content of {media_type} is neither read nor checked; the contract describes: {shape}"
    )
    return ir.Content(media_type, pointer, kind, type_, (), note)


def _kind(
    schemas: Schemas, media_type: str, described: dict[str, Any], pointer: str
) -> ir.MediaKind:
    essence, schema = essence_of(media_type), described.get("schema", True)
    if is_json(essence):
        return ir.MediaKind.JSON
    if essence in _LINES or essence.endswith("+json-seq"):
        return ir.MediaKind.JSON_LINES
    if essence == "text/event-stream":
        return ir.MediaKind.EVENTS
    # A form that is one text or one file for the contract is written by the caller.
    is_whole = schemas.is_binary(schema) or schemas.type_of(schema, pointer) == _STRING
    if essence == FORM and not is_whole:
        return ir.MediaKind.FORM
    is_form = essence == "multipart/form-data"
    is_by_position = any(word in described for word in BY_POSITION)
    if essence.startswith("multipart/") and is_list(schemas, schema, pointer):
        # A form is an object, unless it says how each position is sent.
        if is_by_position or not is_form:
            return ir.MediaKind.MULTIPART_LIST
    if is_form and not is_whole:
        return ir.MediaKind.MULTIPART

    return _opaque(schemas, media_type, schema, pointer)


def _opaque(schemas: Schemas, media_type: str, schema: Any, pointer: str) -> ir.MediaKind:
    """Text or bytes: a media type that we do not look into.

    Raises `MediaTypeUnread` where the schema wants us to.
    """
    essence, type_ = essence_of(media_type), schemas.type_of(schema, pointer)
    # No content is null: a picture that may be null is a picture.
    if isinstance(type_, ir.Union):
        type_ = join_types(tuple(member for member in type_.members if member != NULL))

    is_text = _TEXTUAL.fullmatch(essence) is not None
    is_bytes = schemas.is_binary(schema)
    # `text/csv` with `format: binary` is a download, in whatever encoding.
    if is_text and is_bytes:
        return ir.MediaKind.BINARY
    # Properties without a type: any value fits them, and an object is meant.
    means_object = type_ == _ANY and describes(schemas.target(schema))
    is_scalar = _is_scalar(type_) or "enum" in as_object(schemas.target(schema))
    is_scalar = is_scalar and not means_object
    if is_text and is_scalar:
        return ir.MediaKind.TEXT

    is_plain = type_ == _STRING or (type_ == _ANY and not means_object) or is_bytes
    if not is_text and is_plain:
        return ir.MediaKind.BINARY

    if is_yaml(essence):
        return ir.MediaKind.YAML

    if is_xml(essence):
        return ir.MediaKind.XML

    # `application/vnd.x.object` with the schema of an object: what a vendor means by it is JSON.
    is_vendors_json = _VENDOR.fullmatch(essence) and not _NO_JSON.search(essence)
    # Frameworks write `*/*` where nobody named a type, and send JSON.
    if essence in ("*/*", "application/*") or (is_vendors_json and not is_scalar):
        return ir.MediaKind.JSON

    media_pointer = pointer.removesuffix("/schema")
    reason = "only text or bytes can be read in it, and its schema says more"
    if essence.startswith("multipart/"):
        reason = "its parts are told apart by their position, and its schema is not that of a list"
    raise MediaTypeUnread(media_pointer, reason)


def _item(schemas: Schemas, schema: Any, pointer: str) -> ir.Type:
    """Return the type of one item of a stream; of an array's items if the schema is an array."""
    target, location = schemas.followed(schema, pointer)
    if is_object(target) and target.get("type") == "array" and "items" in target:
        return schemas.type_of(target["items"], below(location, "items"))
    return schemas.type_of(schema, pointer)


def _is_scalar(type_: ir.Type) -> bool:
    if isinstance(type_, ir.Union):
        return all(map(_is_scalar, type_.members))
    return isinstance(type_, ir.Scalar | ir.Constant)


def _shapes(type_: ir.Type) -> set[str]:
    """The shapes of Python value that a type has, as far as one differs from another."""
    match type_:
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

"""How the fields of a form and the parts of a multipart body are written (OpenAPI 3.1 §4.8.15).

Worked example. `encoding: {chart: {contentType: image/png}}` takes a PNG for the part `chart`. With
`image/*` it takes more, with `image/jpeg` another: who sends a PNG is refused. No schema shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bothends.diff.change import Change, Direction, Effect
from bothends.diff.operation.matching import match_media_types
from bothends.diff.operation.parameters import style_of
from bothends.diff.schema.properties import property_pointers
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.part import is_file
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow
from bothends.runtime.media_type import essence_of, is_json

if TYPE_CHECKING:
    from bothends.diff.operation.operation_pair import OperationPair

FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_STYLING: Final = ("style", "explode", "allowReserved")
_ANY: Final = "*/*"
_DELIMITERS: Final = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
"""What is between the items of a list that is one part."""
_Written = Callable[[dict[str, Any], dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A media type of a body in both contracts, with its pointers below the operation.

    Args:
        part: The body or reply, in words.
        direction: Who sends it, as if the user of the API called the operation.
        media_type: The media type.
        described: What both contracts say of it.
        pointers: Where.
    """

    part: str
    direction: Direction
    media_type: str
    described: tuple[dict[str, Any], dict[str, Any]]
    pointers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of both contracts: its schemas and encodings, and where what is said of it is."""

    name: str
    schemas: tuple[dict[str, Any], dict[str, Any]]
    encodings: tuple[dict[str, Any], dict[str, Any]]
    pointers: tuple[str, str]
    is_item: bool = False
    """Whether it is an item of a list in parts, and so one part whatever it is."""


def compare_encodings(operation: OperationPair, encoded: Encoded) -> Iterator[Change]:
    """Compare how each field is written that both contracts declare."""
    media_type = encoded.media_type.lower()
    is_form = media_type.startswith(FORM)
    if not is_form and not media_type.startswith("multipart/"):
        return

    for field in _fields(operation, encoded):
        if is_form:
            yield from _style(operation, encoded, field, _written)
        else:
            yield from _style(operation, encoded, field, _written_in_parts)
            yield from _part_types(operation, encoded, field)
            yield from _part_headers(operation, encoded, field)

    if not is_form:
        for item in _items(operation, encoded):
            yield from _part_types(operation, encoded, item)
            yield from _part_headers(operation, encoded, item)


def _fields(operation: OperationPair, encoded: Encoded) -> Iterator[_Field]:
    documents = operation.schemas.old, operation.schemas.new
    bases = operation.pair.old + encoded.pointers[0], operation.pair.new + encoded.pointers[1]
    old, new = (
        _properties(document, below(base, "schema"))
        for document, base in zip(documents, bases, strict=True)
    )
    encodings = [as_object(each.get("encoding")) for each in encoded.described]

    for name in old:
        if name not in new:
            continue
        places = [
            pointer + (below("", "encoding", name) if name in said else "")
            for pointer, said in zip(encoded.pointers, encodings, strict=True)
        ]
        yield _Field(
            name,
            (old[name], new[name]),
            (as_object(encodings[0].get(name)), as_object(encodings[1].get(name))),
            (places[0], places[1]),
        )


def _items(operation: OperationPair, encoded: Encoded) -> Iterator[_Field]:
    """The positions of lists in parts, and after them all that follow (OpenAPI 3.2 §4.14.3.2)."""
    documents = operation.schemas.old, operation.schemas.new
    bases = operation.pair.old + encoded.pointers[0], operation.pair.new + encoded.pointers[1]
    lists: list[dict[str, Any]] = []
    for document, base in zip(documents, bases, strict=True):
        pointer = below(base, "schema")
        schema, _ = follow(document.value_at, document.value_at(pointer), pointer)
        lists.append(as_object(schema))
    if any(_kind(schema) != "array" for schema in lists):
        return

    counts = [len(as_array(schema.get("prefixItems"))) for schema in lists]
    counts += [len(as_array(described.get("prefixEncoding"))) for described in encoded.described]
    for index in range(max(counts) + 1):
        schemas: list[Any] = []
        for document, schema in zip(documents, lists, strict=True):
            prefix = as_array(schema.get("prefixItems"))
            item = prefix[index] if index < len(prefix) else schema.get("items", True)
            schemas.append(follow(document.value_at, item, "")[0])

        # Where one of them has no such item, the comparison of the schemas says so.
        if any(schema is False for schema in schemas):
            continue
        places = [
            _encoding(described, pointer, index)
            for described, pointer in zip(encoded.described, encoded.pointers, strict=True)
        ]
        name = f"item {index}"
        if index == max(counts):
            name = "each item that follows" if index else "each item"
        yield _Field(
            name,
            (as_object(schemas[0]), as_object(schemas[1])),
            (places[0][0], places[1][0]),
            (places[0][1], places[1][1]),
            is_item=True,
        )


def _encoding(described: dict[str, Any], pointer: str, index: int) -> tuple[dict[str, Any], str]:
    """The encoding of a position, and its place; that of the media type where it has none."""
    prefix = as_array(described.get("prefixEncoding"))
    if index < len(prefix):
        return as_object(prefix[index]), below(pointer, "prefixEncoding", index)
    found = as_object(described.get("itemEncoding"))
    return found, below(pointer, "itemEncoding") if found else pointer


def _properties(document: Document, pointer: str) -> dict[str, dict[str, Any]]:
    """The properties of a schema and of the parts of its `allOf`, without their references."""
    found: dict[str, dict[str, Any]] = {}
    for name, field_pointer in property_pointers(document, pointer).items():
        schema, _ = follow(document.value_at, document.value_at(field_pointer), field_pointer)
        found[name] = _with_items(document, schema)
    return found


def _with_items(document: Document, schema: Any) -> dict[str, Any]:
    """A schema of a list with the schema of its items in place of a reference to it."""
    described: dict[str, Any] = as_object(schema)
    if "items" not in described:
        return described
    return {**described, "items": follow(document.value_at, described["items"], "")[0]}


def _style(
    operation: OperationPair, encoded: Encoded, field: _Field, written: _Written
) -> Iterator[Change]:
    pairs = list(zip(field.schemas, field.encodings, strict=True))
    styles = [written(schema, encoding) for schema, encoding in pairs]
    # Where the types differ, the comparison of the schemas says so.
    if styles[0] == styles[1] or _kind(field.schemas[0]) != _kind(field.schemas[1]):
        return

    name = f"{encoded.part}: field `{field.name}`"
    yield operation.change(
        f"{operation.pair.direction(encoded.direction)}-field-style",
        f"{name} is written otherwise: {styles[0]} became {styles[1]}",
        encoded.direction,
        Effect.BOTH,
        field.pointers,
        witness=f"with the field `{field.name}` as {styles[0]}",
    )


def _written(schema: dict[str, Any], encoding: dict[str, Any]) -> str:
    """How a field of a form is written: in a style where one is named, else by its media type."""
    kind = _kind(schema)
    if any(word in encoding for word in _STYLING):
        return style_of({"in": "query", "schema": {"type": kind}, **encoding})

    # OpenAPI 3.1 §4.8.15.1: a list has the media type of its items. Whether it is one text in JSON
    # or a text for each item differs by version; both are read.
    inner = _kind(as_object(schema.get("items"))) if kind == "array" else kind
    declared = str(encoding.get("contentType", _JSON if inner == "object" else "text/plain"))
    essences = [essence_of(entry) for entry in declared.split(",")]
    if all(map(is_json, essences)):
        return _JSON
    if kind == "array":
        return style_of({"in": "query", "schema": {"type": kind}})
    return declared


def _written_in_parts(schema: dict[str, Any], encoding: dict[str, Any]) -> str:
    """How a list is written in parts: one with delimiters, or one for each item."""
    if _kind(schema) in ("array", "object") and encoding.get("style") == "deepObject":
        return "deepObject"
    if delimiter := _delimiter(schema, encoding):
        return f"one part with `{delimiter}` between the items"
    return "parts"


def _delimiter(schema: dict[str, Any], encoding: dict[str, Any]) -> str:
    items, declared = as_object(schema.get("items")), str(encoding.get("contentType", ""))
    if _kind(schema) != "array" or is_file(items, declared) or _kind(items) == "object":
        return ""
    if found := encoding.get("x-list-delimiter"):
        return str(found)

    style = str(encoding.get("style", "form"))
    is_exploded = encoding.get("explode", style == "form")
    return "" if is_exploded else _DELIMITERS.get(style, "")


def _part_types(operation: OperationPair, encoded: Encoded, field: _Field) -> Iterator[Change]:
    pairs = zip(field.schemas, field.encodings, strict=True)
    old, new = (_types(schema, encoding, is_item=field.is_item) for schema, encoding in pairs)
    if not any("contentType" in encoding for encoding in field.encodings):
        return

    lost, gained = _beyond(old, new), _beyond(new, old)
    if not lost and not gained:
        return

    effect = Effect.NARROWS if lost else Effect.WIDENS
    effect = Effect.BOTH if lost and gained else effect
    turned = operation.pair.direction(encoded.direction)
    shown = (gained or lost) if turned is Direction.REPLY else (lost or gained)
    yield operation.change(
        f"{turned}-part-type",
        f"{encoded.part}: part `{field.name}` was {' or '.join(old)}, is {' or '.join(new)}",
        encoded.direction,
        effect,
        field.pointers,
        witness=f"with the part `{field.name}` as {shown[0]}",
    )


def _types(schema: dict[str, Any], encoding: dict[str, Any], *, is_item: bool) -> list[str]:
    """The media types that a part may have (OpenAPI 3.1 §4.8.15.1)."""
    # OpenAPI 3.1 §4.8.15: `contentType` is ignored beside a style.
    if not is_item and _delimiter(schema, encoding):
        return ["text/plain"]

    declared = [entry.strip().lower() for entry in str(encoding.get("contentType", "")).split(",")]
    if any(declared):
        return [entry for entry in declared if entry]

    is_list = _kind(schema) == "array"
    if is_item and is_list:
        return ["application/json"]
    part = as_object(schema.get("items")) if is_list else schema
    if is_file(part, "") or "type" not in part:
        return [_ANY]
    return ["application/json" if _kind(part) == "object" else "text/plain"]


def _beyond(types: list[str], others: list[str]) -> list[str]:
    """The media types that no other one holds."""
    return [match.old for match in match_media_types(types, others) if match.old and not match.new]


def _part_headers(operation: OperationPair, encoded: Encoded, field: _Field) -> Iterator[Change]:
    old, new = (_headers(encoding) for encoding in field.encodings)
    for key in dict.fromkeys([*old, *new]):
        name, was = old.get(key, ("", {}))
        new_name, now = new.get(key, (name, {}))
        part = f"{encoded.part}, header `{new_name}` of part `{field.name}`"
        before, after = was.get("required") is True, now.get("required") is True
        if before != after:
            yield operation.change(
                f"{operation.pair.direction(encoded.direction)}-part-header",
                f"{part} became {'required' if after else 'optional'}",
                encoded.direction,
                Effect.NARROWS if after else Effect.WIDENS,
                field.pointers,
                witness=f"without the header `{new_name}` of the part `{field.name}`",
            )

        if was and now:
            pointers = (
                field.pointers[0] + below("", "headers", name),
                field.pointers[1] + below("", "headers", new_name),
            )
            yield from operation.written_otherwise(
                f"{operation.pair.direction(encoded.direction)}-part-header",
                part,
                (was, now),
                encoded.direction,
                pointers,
                f"with the header `{new_name}` of the part `{field.name}`",
            )
            usage = operation.usage(part, encoded.direction)
            yield from operation.described(was, now, pointers, usage)


def _headers(encoding: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """The headers of a part by name in lower case, each with its name as it is written."""
    headers = as_object(encoding.get("headers"))
    found = {name.lower(): (name, as_object(header)) for name, header in headers.items()}
    # OpenAPI 3.1 §4.8.15.1: it is ignored here.
    found.pop("content-type", None)
    return found


def _kind(schema: dict[str, Any]) -> str:
    """The type of a schema that has one; of one that may be null too, the other."""
    kinds = [kind for kind in as_array(schema.get("type")) if kind != "null"]
    kind = kinds[0] if kinds else schema.get("type")
    if kind is None:
        return "object" if "properties" in schema else "string"
    return str(kind)

"""A list in parts: the type of the list, and which items are files (OpenAPI 3.2 §4.14.3.2).

Worked example: the content of `multipart/mixed` is described by

    schema: {type: array, prefixItems: [{$ref: Cover}], items: {}}
    prefixEncoding: [{}]
    itemEncoding: {contentType: image/png}

Item 0 is JSON, as objects are without an encoding, and each item after it is a file: the type is
`list[Cover | File]`, and the files are `("*",)`. Without `prefixEncoding` item 0 would be a picture
too: `itemEncoding` is for every position that has no encoding of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bothends import ir
from bothends.interpret.multipart import merged_schema
from bothends.interpret.refused import MediaTypeUnread
from bothends.interpret.schema import Schemas
from bothends.interpret.schema.array import list_type
from bothends.openapi.json_value import as_array, as_object, is_object, types_of
from bothends.openapi.part import is_file
from bothends.openapi.pointer import below
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.schema.schema_view import SchemaView

BY_POSITION: Final = ("prefixEncoding", "itemEncoding")
_ENCODINGS: Final = ("encoding", *BY_POSITION)
_STYLING: Final = ("style", "explode", "allowReserved")
_DISPOSITION: Final = re.compile(r'form-data; *name="[^"\\%\r\n]*"')
_ALTERNATIVES: Final = ("allOf", "anyOf", "oneOf", "$dynamicRef", "if")
_NESTED_BODY: Final = "a part of it is a multipart body of its own, which is not read"
_NESTED: Final = (ir.Array, ir.Map, ir.Named)


@dataclass(frozen=True, slots=True)
class _Item:
    """The items at one position, or from there on (`*`): what they are, and how they are sent."""

    position: str
    schema: Any
    schema_at: str
    encoding: dict[str, Any]
    encoding_at: str

    @property
    def content_types(self) -> list[str]:
        listed = str(self.encoding.get("contentType", "")).split(",")
        return [entry.strip().lower() for entry in listed if entry.strip()]


def is_list(schemas: Schemas, schema: Any, pointer: str) -> bool:
    """Whether the values of a schema are arrays, or null, and it says so in one place."""
    target, _ = schemas.followed(schema, pointer)
    if not is_object(target) or any(word in target for word in _ALTERNATIVES):
        return False
    if "type" not in target:
        return bool({"items", "prefixItems"} & target.keys())
    return {"array"} <= types_of(target) <= {"array", "null"}


def build_part_list(
    schemas: Schemas, media_type: str, described: dict[str, Any], pointer: str
) -> tuple[ir.Type, tuple[str, ...]]:
    """The type of a list in parts, and the positions that are files, whose schemas are marked.

    `*` among them are the items that no position describes. Raises `MediaTypeUnread` where a part
    has no form; nothing is marked then.
    """
    if ";" in media_type and "boundary=" in media_type.lower():
        raise MediaTypeUnread(pointer, "its boundary is written in the contract")

    schema, schema_at = schemas.followed(described.get("schema", True), below(pointer, "schema"))
    is_form = essence_of(media_type) == "multipart/form-data"
    files: dict[str, str] = {}
    others: set[str] = set()
    for item in _items(schemas, schema, schema_at, described, pointer):
        if is_form:
            _check_name(schemas, item)
        whole = merged_schema(schemas, item.schema, item.schema_at)
        if is_file(whole, ",".join(item.content_types)):
            if any(word in item.encoding for word in _ENCODINGS):
                raise MediaTypeUnread(item.encoding_at, _NESTED_BODY)
            files[item.position] = item.schema_at
        else:
            _check_value(schemas, item)
            others.add(item.schema_at)

    if others & set(files.values()):
        reason = "items of one schema are files in one position and text in another"
        raise MediaTypeUnread(pointer, reason)

    schemas.files |= set(files.values())
    type_ = schemas.type_of(described.get("schema", True), below(pointer, "schema"))
    if schema.get("type") != "array":
        type_ = list_type(schemas, schema, schema_at)
    return type_, tuple(files)


def _items(
    schemas: Schemas,
    schema: dict[str, Any],
    schema_at: str,
    described: dict[str, Any],
    pointer: str,
) -> Iterator[_Item]:
    prefix = as_array(schema.get("prefixItems"))
    encodings = as_array(described.get("prefixEncoding"))
    count = max(len(prefix), len(encodings))
    for index in range(count + 1):
        inner, inner_at = schema.get("items", True), below(schema_at, "items")
        if index < len(prefix):
            inner, inner_at = prefix[index], below(schema_at, "prefixItems", index)
        encoding, encoding_at = described.get("itemEncoding"), below(pointer, "itemEncoding")
        if index < len(encodings):
            encoding, encoding_at = encodings[index], below(pointer, "prefixEncoding", index)

        if inner is not False:
            inner, inner_at = schemas.followed(inner, inner_at)
            position = str(index) if index < count else "*"
            # Without an encoding the media type itself is the place that a person can look at.
            place = encoding_at if is_object(encoding) else pointer
            yield _Item(position, inner, inner_at, as_object(encoding), place)


def _check_name(schemas: Schemas, item: _Item) -> None:
    """A part of a form has its name from `headers` (§4.14.3.3), where it must be one text."""
    if any(word in item.encoding for word in _STYLING):
        reason = "a style is that of a field with a name, and its parts are told apart by position"
        raise MediaTypeUnread(item.encoding_at, reason)

    for name, header in as_object(item.encoding.get("headers")).items():
        described = as_object(header)
        constant = as_object(schemas.target(described.get("schema"))).get("const")
        is_named = isinstance(constant, str) and _DISPOSITION.fullmatch(constant)
        if name.lower() == "content-disposition" and described.get("required") is True and is_named:
            return

    # Otherwise a caller would have to know what a part is called.
    header = "a required header Content-Disposition of one text"
    reason = f'nothing names a part of it: {header}, `const: form-data; name="…"`'
    raise MediaTypeUnread(item.encoding_at, reason)


def _check_value(schemas: Schemas, item: _Item) -> None:
    """What is no file is written as text or as JSON, and its headers have one text."""
    is_multipart = any(entry.startswith("multipart/") for entry in item.content_types)
    if is_multipart or any(word in item.encoding for word in _ENCODINGS):
        raise MediaTypeUnread(item.encoding_at, _NESTED_BODY)

    for name, header in as_object(item.encoding.get("headers")).items():
        described = as_object(header)
        constant = as_object(schemas.target(described.get("schema"))).get("const")
        is_required = described.get("required") is True and name.lower() != "content-type"
        if is_required and not isinstance(constant, str):
            reason = f"a part of it that is no file has the required header {name}"
            raise MediaTypeUnread(item.encoding_at, reason)

    types = [essence_of(entry) for entry in item.content_types]
    if not types or any(map(is_json, types)):
        return
    # It loads pydantic, and few contracts have such parts.
    from bothends.runtime.media.multipart.part_text import part_text

    view = SchemaView(schemas.contract, (item.schema_at,))
    if part_text(schemas.contract, view, item.content_types, "") is not None:
        return
    type_ = schemas.type_of(item.schema, item.schema_at)
    members = type_.members if isinstance(type_, ir.Union) else (type_,)
    is_nested = any(isinstance(member, _NESTED) for member in members)
    if is_nested or not all(entry.startswith("text/") for entry in types):
        reason = f"a part of it is {' or '.join(types)}, in which its values have no exact form"
        raise MediaTypeUnread(item.encoding_at, reason)

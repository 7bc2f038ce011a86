"""Parameters whose `content` is not JSON are read by their schema, in their default style.

    {name: note, in: query, content: {text/plain: {schema: {type: string}}}}
    {name: note, in: query, schema: {type: string}}

are the same on the wire (OpenAPI 3.1 §4.8.12.4). What is neither JSON nor text is carried as text,
which `unread_content` tells: the origin of its new schema is the media type, not a schema there.
"""

from __future__ import annotations

from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import follow
from bothends.openapi.walk import operations
from bothends.runtime.media_type import essence_of, is_json

_FORM = "application/x-www-form-urlencoded"
_SCALAR = {"string", "integer", "number", "boolean"}


def write_schemas(document: Document) -> Document:
    """Write the schema of each such parameter.

    The parameters of operations are listed in them already.
    """
    origins: dict[str, str] = {}
    paths = dict(as_object(document.data.get("paths")))

    for pointer, path, method, operation in operations(document.data):
        parameters: list[Any] = []
        for index, parameter in enumerate(as_array(operation.get("parameters"))):
            parameter_pointer = below(pointer, "parameters", index)
            is_form = _is_form(document, parameter, parameter_pointer)
            parameters.append(
                parameter if is_form else _read(parameter, parameter_pointer, origins)
            )

        if parameters != operation.get("parameters", []):
            paths[path] = {**paths[path], method: {**operation, "parameters": parameters}}

    if not origins:
        return document
    return document.with_data({**document.data, "paths": paths}, origins)


def _is_form(document: Document, parameter: Any, pointer: str) -> bool:
    """Whether a parameter is the whole query string as a form (OpenAPI 3.2 §4.12.1)."""
    content = as_object(as_object(parameter).get("content"))
    if as_object(parameter).get("in") != "querystring" or list(map(essence_of, content)) != [_FORM]:
        return False

    ((media_type, described),) = content.items()
    schema = as_object(described).get("schema", True)
    target, _ = follow(document.value_at, schema, below(pointer, "content", media_type, "schema"))
    # Fields have names, which an object alone has.
    declared = as_object(target).get("type", "object")
    return "object" in as_array(declared) or declared == "object"


def _read(parameter: Any, pointer: str, origins: dict[str, str]) -> Any:
    content = as_object(as_object(parameter).get("content"))
    # A parameter's `content` has exactly one entry (OpenAPI 3.1 §4.8.12).
    if len(content) != 1:
        return parameter

    ((media_type, described),) = content.items()
    if is_json(essence_of(media_type)):
        return parameter

    schema = as_object(described).get("schema", True)
    source = below(pointer, "content", media_type)
    is_read = schema is True or _is_text(schema)
    read = schema if _is_text(schema) else {"type": "string"}
    if parameter.get("in") == "querystring":
        # The whole query has no name, so there is no style that is the same on the wire.
        origins[below(source, "schema")] = below(source, "schema") if is_read else source
        return {**parameter, "content": {media_type: {**as_object(described), "schema": read}}}

    written = {key: value for key, value in parameter.items() if key != "content"}
    written["schema"] = read
    origins[below(pointer, "schema")] = below(source, "schema") if is_read else source
    return written


def unread_content(document: Document, pointer: str) -> str:
    """The media type of a parameter whose schema is not read, or nothing.

    Args:
        document: The normalised contract.
        pointer: Where the parameter is in it.
    """
    try:
        content = as_object(as_object(document.value_at(pointer)).get("content"))
    except KeyError:
        content = {}
    inside = ("content", next(iter(content)), "schema") if content else ("schema",)
    *_, field, last = ["", *split(document.original(below(pointer, *inside)))]
    return last if field == "content" else ""


def _is_text(schema: Any) -> bool:
    """Whether the schema describes one text; another value has no form that a standard states."""
    declared = schema.get("type") if is_object(schema) else None
    types = declared if is_array(declared) else [declared]
    return all(isinstance(name, str) and name in _SCALAR for name in types)

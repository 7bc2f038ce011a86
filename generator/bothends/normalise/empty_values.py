"""A query parameter with `allowEmptyValue` may be there without a value, whatever its schema says.

    {name: open, in: query, allowEmptyValue: true, schema: {type: boolean}}

takes `?open=` and `?open` beside `?open=true` (OpenAPI 3.1 §4.8.12.2): its schema allows an empty
text as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import schema_key
from bothends.openapi.walk import operations

_RESTRICTING = {"enum", "const", "pattern", "minLength", "format"}
_OF_THE_PARAMETER = ("default", "description", "deprecated")


def write_schemas(document: Document) -> Document:
    """Write the empty text into the schema of each such parameter of an operation."""
    origins: dict[str, str] = {}
    paths = dict(as_object(document.data.get("paths")))
    components = as_object(as_object(document.data.get("components")).get("schemas"))

    for pointer, path, method, operation in operations(document.data):
        parameters: list[Any] = []
        for index, parameter in enumerate(as_array(operation.get("parameters"))):
            if not _may_be_empty(parameter):
                parameters.append(parameter)
                continue

            schema = with_empty(parameter["schema"], components)
            parameters.append({**parameter, "schema": schema})
            if schema is not parameter["schema"]:
                location = below(pointer, "parameters", index, "schema")
                origins[below(location, "anyOf", 0)] = location

        if parameters != operation.get("parameters", []):
            paths[path] = {**paths[path], method: {**operation, "parameters": parameters}}

    if not origins:
        return document
    return document.with_data({**document.data, "paths": paths}, origins)


def with_empty(schema: dict[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that allows the empty text as well; itself if it does."""
    if _takes_empty(schema, components):
        return schema
    about = {word: schema[word] for word in _OF_THE_PARAMETER if word in schema}
    return {"anyOf": [schema, {"type": "string", "enum": [""]}], **about}


def _may_be_empty(parameter: Any) -> bool:
    described = as_object(parameter)
    # Where a style has no form for it, the field is ignored: an object in brackets has no value.
    is_form = described.get("style", "form") == "form"
    is_allowed = described.get("in") == "query" and described.get("allowEmptyValue") is True
    return is_allowed and is_form and is_object(described.get("schema"))


def _takes_empty(schema: dict[str, Any], components: Mapping[str, Any]) -> bool:
    """Whether an empty value is one already: a text, or a list of nothing; an object has none."""
    key = schema_key(schema)
    found = as_object(components.get(key)) if key is not None else schema
    if found.get("type") == "string":
        return not _RESTRICTING & found.keys()
    return found.get("type") in ("array", "object")

"""The schema of OpenAPI itself, and the metaschema of its schemas, run in Rust.

The schema is that of openapi-spec-validator, so that it is the judge; run here, its alternatives
can be looked into.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from bothends.openapi.contract import Contract
from bothends.openapi.grammar import NEWER_WEBHOOKS
from bothends.openapi.json_value import JsonValue

_EXTENSIONS = "#/$defs/specification-extensions"
_METASCHEMA = "https://json-schema.org/draft/2020-12/schema"


def structure_errors(
    contract: Contract,
) -> Iterator[tuple[str, list[jsonschema_rs.ValidationError]]]:
    """Find what is no legal structure: the errors of the object at each pointer."""
    version = "3.0" if contract.is_v3_0 else "3.1"
    structure = _structure("3.2" if contract.is_v3_2 else version)
    if errors := list(structure.iter_errors(contract.document.data)):
        yield "", errors

    # The schema of 3.0 knows its own Schema Object; that of 3.1 leaves schemas to their dialect.
    if contract.is_v3_0:
        return

    metaschema = _metaschema()
    for node in contract.nodes("schema"):
        if node.parent != "schema" and (errors := list(metaschema.iter_errors(node.value))):
            yield node.pointer, errors


def swagger_errors(data: JsonValue) -> Iterator[jsonschema_rs.ValidationError]:
    """Find what is no legal structure of Swagger 2.0."""
    return _structure("2.0").iter_errors(data)


@cache
def _structure(version: str) -> jsonschema_rs.Validator:
    # No build depends on what a network answers today.
    schema = openapi_schema(version)
    # `example` beside `examples` costs nothing: the rule examples-twice says it with its place.
    schema.setdefault("definitions", {})["ExampleXORExamples"] = {}
    # A callback may have extensions (OpenAPI 3.1 §4.8.18), which the schema takes for path items.
    for definition in schema.get("$defs", {}).values():
        if definition.get("$ref") == _EXTENSIONS and "additionalProperties" in definition:
            definition.setdefault("patternProperties", {})["^x-"] = True
    if version == "3.0":
        items = {"type": "object", "additionalProperties": {"$ref": "#/definitions/PathItem"}}
        schema["properties"][NEWER_WEBHOOKS] = items
    return jsonschema_rs.validator_for(schema, offline=True)


def openapi_schema(version: str) -> dict[str, Any]:
    """Return the schema of OpenAPI that openapi-spec-validator judges by, such as that of `3.1`.

    Its file is read: to import the library takes longer than to judge a contract.
    """
    name = "openapi_spec_validator"
    library = find_spec(name)
    if library is None or library.origin is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    file = Path(library.origin).parent / "resources" / "schemas" / f"v{version}" / "schema.json"
    schema: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return schema


@cache
def _metaschema() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator({"$ref": _METASCHEMA}, offline=True)

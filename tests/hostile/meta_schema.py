"""Every place of a contract where a text may be, found by walking OpenAPI's own schema.

`full_contract("3.1", 0)` is an object with each field that the schema knows, three levels deep below
each kind of object; `text_positions` lists where its texts are, keys of maps included.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from openapi_spec_validator.schemas.utils import get_schema_content

from bothends.load import parse_document
from bothends.openapi.pointer import split
from bothends.pipeline import check_and_normalise

VERSIONS = ("2.0", "3.0", "3.1", "3.2")
_DECLARED = {"2.0": ("swagger", "2.0"), "3.0": ("openapi", "3.0.3")}
_KEYS = ("x-made", "/made/{id}", "200", "made", "get")
# A schema of OpenAPI 3.1 is judged by another schema, that of JSON Schema.
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "text",
    "description": "text",
    "required": ["text"],
    "properties": {"text": {"type": "string", "enum": ["text"], "default": "text"}},
    "examples": ["text"],
    "$comment": "text",
}
_DEEPEST = 7
_ALIKE = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query", "made"}

Path = tuple[str | int, ...]


class _Builder:
    """Builds an object that has each field which the schema of a version knows."""

    def __init__(self, version: str, choice: int) -> None:
        self._schema: Any = dict(get_schema_content(version))
        self._choice = choice
        self._open: list[str] = []

    def build(self, schema: Any) -> Any:
        if not isinstance(schema, dict):
            return "text"
        if "$dynamicRef" in schema or schema.get("$ref", "").startswith("http"):
            return copy.deepcopy(_SCHEMA)
        reference = schema.get("$ref")
        if reference and "properties" in schema:  # what every object has: extensions
            return self.build({**self._at(reference), **_without(schema, "$ref")})
        if reference:
            if reference in self._open or len(self._open) > _DEEPEST:
                return None
            self._open.append(reference)
            try:
                return self.build({**self._at(reference), **_without(schema, "$ref")})
            finally:
                self._open.pop()
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][self._choice % len(schema["enum"])]
        for word in ("oneOf", "anyOf"):
            if word in schema and "properties" not in schema:
                options = schema[word]
                return self.build(options[self._choice % len(options)])

        # `parameter-or-reference` of 3.1: a reference if there is a $ref, else the object itself.
        if "else" in schema and "properties" not in schema:
            return self.build(schema["else"])

        return self._of_type(schema)

    def _of_type(self, schema: dict[str, Any]) -> Any:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            item = self.build(schema.get("items", {"type": "string"}))
            return [] if item is None else [item]
        return {"boolean": True, "integer": 1, "number": 1, "null": None}.get(kind, "text")

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, inner in schema.get("properties", {}).items():
            value = self.build(inner)
            if value is not None and name != "$ref":
                result[name] = value

        for pattern, inner in schema.get("patternProperties", {}).items():
            keys = [key for key in _KEYS if re.search(pattern, key) and key not in result]
            value = self.build(inner)
            if keys and value is not None:
                result[keys[0]] = value

        # Two that exclude each other: `not: {required: [schema, content]}`.
        for rule in [schema, *schema.get("allOf", ())]:
            excluded = rule.get("not", {}).get("required", [])
            if len(excluded) > 1 and set(excluded) <= set(result):
                del result[excluded[self._choice % len(excluded)]]

        others = schema.get("additionalProperties")
        if isinstance(others, dict) and (value := self.build(others)) is not None:
            result["made"] = value
        return result

    def _at(self, reference: str) -> dict[str, Any]:
        node: Any = self._schema
        for part in reference.removeprefix("#/").split("/") if reference != "#" else ():
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return dict(node)

    @property
    def root(self) -> dict[str, Any]:
        return self._object(self._schema)


def _without(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != name}


@cache
def full_contract(version: str, choice: int) -> dict[str, Any]:
    """A contract with all that the schema knows; `choice` takes one of each set of alternatives."""
    contract = _Builder(version, choice).root
    name, value = _DECLARED.get(version, ("openapi", f"{version}.0"))
    operation: dict[str, Any] = {
        "operationId": "readMade",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {"200": {"description": "text"}},
    }
    if version == "2.0":
        operation["parameters"][0] = {
            "name": "id",
            "in": "path",
            "required": True,
            "type": "string",
        }

    paths = contract.get("paths") or {}
    result = {**contract, name: value, "paths": {**paths, "/read/{id}": {"get": operation}}}
    return _legal(result)


def _legal(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract without the parts that are not legal together: one key or one of two forms."""
    for _ in range(100):
        document = parse_document(json.dumps(contract).encode(), "openapi.json")
        wrong = [
            finding.location.pointer
            for finding in check_and_normalise(document).findings
            if finding.code == "illegal-openapi" and finding.location
        ]
        if not wrong:
            return contract
        for pointer in sorted(wrong, key=len, reverse=True):
            # Of what reaches everywhere, all but the paths may go.
            assert pointer != "/paths", pointer
            _remove(contract, split(pointer))

    raise AssertionError("the contract is never legal")


def _remove(contract: Any, parts: list[str]) -> None:
    holder: Any = contract
    for part in parts[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder.get(part, {})
    if isinstance(holder, dict):
        holder.pop(parts[-1], None)
    elif isinstance(holder, list) and int(parts[-1]) < len(holder):
        del holder[int(parts[-1])]


def text_positions(node: Any, path: Path = ()) -> Iterator[tuple[Path, bool]]:
    """The path of each text below a node, and whether it is a key."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key), True
            yield from text_positions(value, (*path, key))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from text_positions(item, (*path, index))
    elif isinstance(node, str):
        yield path, False


def kind_of(path: Path) -> Path:
    """The place of a text but for what has the same form: items, and methods of a path."""
    return tuple("*" if part in _ALIKE or isinstance(part, int) else part for part in path)


def planted(contract: dict[str, Any], path: Path, is_key: bool, text: str) -> dict[str, Any]:
    """The contract with another text at one place."""
    result = copy.deepcopy(contract)
    holder: Any = result
    for part in path[:-1]:
        holder = holder[part]
    last: Any = path[-1]
    if is_key:
        holder[text] = holder.pop(last)
    else:
        holder[last] = text
    return result

"""A value made from a schema: the same one each time, and valid, or none."""

from __future__ import annotations

import math
from typing import Any

from .contract import Contract
from .json_value import is_object
from .operation import MISSING

_DEPTH = 12
_FORMATS = {
    "date": "2000-01-01",
    "date-time": "2000-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "iri": "https://example.com/",
    "uri-reference": "/",
    "iri-reference": "/",
    "uri-template": "/",
    "json-pointer": "",
    "relative-json-pointer": "0",
    "regex": "",
    "byte": "",
}


def sample(contract: Contract, pointer: str) -> Any:
    """A JSON value that the schema at `pointer` allows, made from its examples and keywords; MISSING if none is found."""
    value = _make(contract, pointer, _DEPTH)
    return value if value is not MISSING and contract.accepts(pointer, value) else MISSING


def _make(contract: Contract, pointer: str, depth: int) -> Any:
    schema = contract.find(pointer)
    if schema is False or depth == 0:
        return MISSING
    if not is_object(schema):
        return {}
    for stated in _stated(schema):
        if contract.accepts(pointer, stated):
            return stated
    if "$ref" in schema:
        return _make(contract, schema["$ref"].removeprefix("#"), depth - 1)
    made = _composed(contract, pointer, schema, depth)
    return made if made is not MISSING else _plain(contract, pointer, schema, depth)


def _stated(schema: dict[str, Any]) -> list[Any]:
    stated = [schema[word] for word in ("const", "example", "default") if word in schema]
    return [*schema.get("examples", [])[:1], *stated, *schema.get("enum", [])]


def _composed(contract: Contract, pointer: str, schema: dict[str, Any], depth: int) -> Any:
    for word in ("oneOf", "anyOf"):
        for index in range(len(schema.get(word, ()))):
            value = _make(contract, f"{pointer}/{word}/{index}", depth - 1)
            if value is not MISSING and contract.accepts(pointer, value):
                return value
    parts = [_make(contract, f"{pointer}/allOf/{index}", depth - 1) for index in range(len(schema.get("allOf", ())))]
    objects = [part for part in parts if is_object(part)]
    if parts and len(objects) == len(parts):
        own = _object(contract, pointer, schema, depth) or {}
        return {name: item for part in [*objects, own] for name, item in part.items()}
    return parts[0] if parts else MISSING


def _plain(contract: Contract, pointer: str, schema: dict[str, Any], depth: int) -> Any:
    stated = schema.get("type", "object" if "properties" in schema else "string")
    type_ = stated if isinstance(stated, str) else next((name for name in stated if name != "null"), "null")
    if type_ == "object":
        made = _object(contract, pointer, schema, depth)
        return MISSING if made is None else made
    if type_ == "array":
        items = [_make(contract, f"{pointer}/items", depth - 1)] * int(schema.get("minItems", 0))
        return MISSING if MISSING in items else items
    if type_ == "string":
        return str(_FORMATS.get(schema.get("format", ""), "")).ljust(int(schema.get("minLength", 0)), "x")
    if type_ in ("integer", "number"):
        return _number(schema)
    return False if type_ == "boolean" else None


def _object(contract: Contract, pointer: str, schema: dict[str, Any], depth: int) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        value = _make(contract, f"{pointer}/properties/{_escaped(name)}", depth - 1) if name in properties else ""
        if value is MISSING:
            return None
        made[name] = value
    return made


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _number(schema: dict[str, Any]) -> float:
    """The multiple nearest to zero within the bounds."""
    step = schema.get("multipleOf", 1)
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum", -math.inf), schema.get("exclusiveMaximum", math.inf)
    if max(low, above) >= 0:
        steps = math.ceil(max(low, above) / step)
        return _short((steps + (steps * step <= above)) * step)
    if min(high, below) <= 0:
        steps = math.floor(min(high, below) / step)
        return _short((steps - (steps * step >= below)) * step)
    return 0


def _short(number: float) -> float:
    """The number as an integer where it is one: nicer to read in an answer."""
    return int(number) if number == int(number) else number

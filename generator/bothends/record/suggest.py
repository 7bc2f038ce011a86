"""The change to the contract that would allow what was seen.

Example: `GET /tides/7` was answered with 409 and `{"reason": "closed"}`, and the contract has no
409. The change is at `/paths/~1tides~1{id}/get/responses`, and is

    '409':
      description: Seen, and not documented.
      content: {application/json: {schema: {type: object, properties: {reason: {type: string}}}}}

Types are all that is inferred: one answer does not show what is required, or which limits hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bothends.record.exchange import Exchange, header_value
from bothends.record.judge import Judgement
from bothends.runtime.json.budget import MAX_ANSWER, reading
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.operation import Operation, documented
from bothends.runtime.schema.contract import Contract, load_contract

_DEEPEST = 6
_SCALARS = {"bool": "boolean", "int": "integer", "float": "number", "str": "string"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One change: why, the pointer into the normalised contract, and the value to add there."""

    message: str
    pointer: str
    value: Any

    @property
    def addition(self) -> str:
        """The value in one line: JSON, which is YAML as well."""
        return json.dumps(self.value, ensure_ascii=False)


def suggestions(judgements: Iterable[Judgement]) -> list[Suggestion]:
    """What is missing in the contract, each once, in the order in which it was seen.

    An addition allows all values that were seen in its place.
    """
    found: dict[tuple[str, str], Suggestion] = {}
    for judgement in judgements:
        if judgement.operation is None:
            continue
        for suggestion in _missing(judgement.operation, judgement.exchange):
            key = (suggestion.pointer, suggestion.message)
            if key in found:
                _join(found[key].value, suggestion.value)
            else:
                found[key] = suggestion
    return list(found.values())


def _join(schema: Any, another: Any) -> None:
    """Change an addition so that it also allows what another one to its place allows."""
    if not (is_object(schema) and is_object(another)):
        return

    for name, value in another.items():
        if name not in schema:
            schema[name] = value
        elif name == "type" and not is_object(schema[name]):
            schema[name] = _types(schema[name], value)
        else:
            _join(schema[name], value)


def _types(types: Any, more_types: Any) -> Any:
    names = {
        *(types if is_array(types) else [types]),
        *(more_types if is_array(more_types) else [more_types]),
    }
    if "number" in names:
        names.discard("integer")  # an integer is a number as well
    return min(names) if len(names) == 1 else sorted(names)


def _missing(operation: Operation[Any], exchange: Exchange) -> Iterator[Suggestion]:
    responses = operation.pointer + join("responses")
    key = documented(exchange.status, operation.replies)
    essence = essence_of(header_value(exchange.answer_headers, "content-type"))
    has_json = is_json(essence) and not exchange.is_cut
    value: Any = None
    if has_json:
        body = exchange.answer_body
        # A body that is no JSON in spite of its type has been judged already.
        with suppress(JsonTextError), reading(body, len(body), MAX_ANSWER):
            value = read_json(body)
    media_type = {"schema": schema_of(value)} if has_json else {}

    if key is None:
        reply: dict[str, Any] = {"description": "Seen, and not documented."}
        if exchange.answer_body and essence:
            reply["content"] = {essence: media_type}
        yield Suggestion(
            f"{operation.id} was answered with {exchange.status}",
            responses,
            {str(exchange.status): reply},
        )
        return

    contract = load_contract(operation.api).answers
    content = contract.find_object(responses + join(key)).get("content", {})
    declared = {essence_of(name): name for name in content}
    ranges = {essence, essence.partition("/")[0] + "/*", "*/*"}
    if exchange.answer_body and essence and not ranges & set(declared):
        yield Suggestion(
            f"{operation.id}, {key}: a body of {essence}",
            responses + join(key, "content"),
            {essence: media_type},
        )
    elif has_json and essence in declared:
        schema = responses + join(key, "content", declared[essence], "schema")
        yield from _undeclared(contract, schema, value, f"{operation.id}, {key}", "")


def _undeclared(
    contract: Contract, pointer: str, value: Any, where: str, path: str
) -> Iterator[Suggestion]:
    """Properties that came and that no schema names; found along plain schemas, not into unions."""
    schema, pointer = _resolved(contract, pointer)
    if is_array(value) and "items" in schema:
        for item in value:
            yield from _undeclared(contract, pointer + "/items", item, where, path + "/*")
    if not is_object(value) or "properties" not in schema:
        return
    if {"allOf", "anyOf", "oneOf", "patternProperties", "additionalProperties"} & set(schema):
        return

    for name, item in value.items():
        if name in schema["properties"]:
            inner = pointer + join("properties", name)
            yield from _undeclared(contract, inner, item, where, f"{path}/{name}")
        else:
            yield Suggestion(
                f"{where}: the property {path}/{name} is not documented",
                pointer + "/properties",
                {name: schema_of(item)},
            )


def _resolved(contract: Contract, pointer: str) -> tuple[dict[str, Any], str]:
    schema: Any = contract.find(pointer)
    seen: set[str] = set()
    while is_object(schema) and set(schema) == {"$ref"} and pointer not in seen:
        seen.add(pointer)
        pointer = str(schema["$ref"]).removeprefix("#")
        schema = contract.find(pointer)
    return (schema if is_object(schema) else {}), pointer


def schema_of(value: Any, depth: int = 0) -> dict[str, Any]:
    """The types of a JSON value, as a schema."""
    if is_object(value):
        if depth >= _DEEPEST:
            return {"type": "object"}
        properties = {name: schema_of(item, depth + 1) for name, item in value.items()}
        return {"type": "object", "properties": properties}
    if is_array(value):
        if not value or depth >= _DEEPEST:
            return {"type": "array"}
        items, *others = (schema_of(item, depth + 1) for item in value)
        for another in others:
            _join(items, another)
        return {"type": "array", "items": items}

    return {"type": _SCALARS.get(type(value).__name__, "null")}

"""Recorded exchanges as an overlay that adds them to a contract as named examples.

Worked example: `GET /tides/7` was answered with 200 and `{"height": 1}`. The actions are

    - target: $["paths"]["/tides/{id}"]["get"]["parameters"][0]
      update: {examples: {getTide-1: {value: 7}}}
    - target: $["paths"]["/tides/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
      update: {examples: {getTide-1: {value: {height: 1}}}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from bothends.load import Document
from bothends.normalise import json_path
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.json_value import as_object, is_array
from bothends.openapi.pointer import below, split
from bothends.runtime.media_type import essence_of

if TYPE_CHECKING:
    from bothends.record import RecordedExample

_GIVEN_NAME: Final = "given"
"""The name of an example that a contract gives without one."""


def overlay_from_examples(
    document: Document, examples: Iterable[RecordedExample], title: str
) -> dict[str, Any] | None:
    """Return the overlay that adds examples to a contract; None where none has a place in it."""
    contract = Contract(document)
    operations = {(each.method.upper(), each.path): each for each in contract.operations}
    added: dict[str, dict[str, Any]] = {}
    for example in examples:
        operation = operations.get((example.method, example.path))
        if operation is not None:
            for pointer, value in _example_places(contract, operation, example):
                added.setdefault(pointer, {})[example.name] = {"value": value}

    actions: list[dict[str, Any]] = []
    for pointer, recorded in added.items():
        way = _way_to(document, pointer)
        holder = as_object(document.value_at(pointer))
        existing: dict[str, Any] = {}
        if "example" in holder:
            # A part has one example or named ones (OpenAPI 3.1 §4.8.14).
            existing = {_GIVEN_NAME: {"value": holder["example"]}}
            actions.append({"target": json_path((*way, "example")), "remove": True})
        actions.append({"target": json_path(way), "update": {"examples": existing | recorded}})

    if not actions:
        return None
    info = {"title": f"Recorded examples of {title}", "version": "1"}
    return {"overlay": "1.0.0", "info": info, "actions": actions}


def _example_places(
    contract: Contract, operation: Operation, example: RecordedExample
) -> Iterator[tuple[str, Any]]:
    """The pointers of the parts of an operation that get an example, each with its value."""
    reply, at = contract.resolve(
        as_object(operation.value.get("responses")).get(example.status),
        below(operation.pointer, "responses", example.status),
    )
    media = _media_pointer(reply, at, example.reply_type)
    if media is None:
        return
    yield media, example.reply

    for parameter, pointer in contract.parameters(operation):
        key = (str(parameter.get("in")), str(parameter.get("name")))
        # Where a parameter has `content`, the example would be a text of that media type.
        if key in example.parameters and "content" not in parameter:
            yield pointer, example.parameters[key]

    body, at = contract.resolve(
        operation.value.get("requestBody"), below(operation.pointer, "requestBody")
    )
    media = _media_pointer(body, at, example.request_type)
    if media is not None and example.has_body:
        yield media, example.body


def _media_pointer(holder: dict[str, Any], pointer: str, media_type: str) -> str | None:
    """The pointer of a documented media type, which the contract may write with parameters."""
    for name in as_object(holder.get("content")):
        if essence_of(name) == media_type:
            return below(pointer, "content", name)
    return None


def _way_to(document: Document, pointer: str) -> tuple[str | int, ...]:
    """The keys and indexes of a pointer."""
    way: list[str | int] = []
    holder = ""
    for step in split(pointer):
        way.append(int(step) if is_array(document.value_at(holder)) else step)
        holder = below(holder, step)
    return tuple(way)

"""The true verdict of a changed contract, decided by drawn values and two validators.

A change breaks callers if some documented request of the old contract is refused by the new one, and
readers if some documented reply of the new contract is none of the old. A value counts only where
jsonschema-rs, as the servers use it, and jsonschema say the same.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import jsonschema

from bothends.diff import Direction
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, parent
from bothends.openapi.walk import operations, subschemas
from bothends.runtime.schema.contract import Contract

from .sampling import NOTHING, Sampler, is_documented, pool_of

_MOST_READINGS = 3**8
"""A field of a form is read in up to three ways, whatever the others are read as."""

_TEXTS = ("application/x-www-form-urlencoded", "multipart/", "text/", "application/xml")

# OpenAPI 3.1 §4.8.12: parameters of these names are ignored.
_IGNORED = ("accept", "authorization", "content-type")


@dataclass(frozen=True)
class Use:
    """A schema of a message.

    Args:
        pointer: Where the schema is.
        direction: Who sends the value.
        is_text: Whether scalars travel as text, so that 1 and "1" are the same.
    """

    pointer: str
    direction: Direction
    is_text: bool


def uses_of(document: Document) -> Iterator[Use]:
    """The outermost schemas of all messages of a normalised contract."""
    from_vendor = as_array(document.data.get("x-sent-by-vendor"))
    for pointer, path, _, operation in operations(document.data):
        directions = [Direction.REQUEST, Direction.REPLY]
        asked, answered = directions[::-1] if path in from_vendor else directions
        for index, parameter in enumerate(as_array(operation.get("parameters"))):
            at = below(pointer, "parameters", index)
            if parameter["in"] == "header" and parameter["name"].lower() in _IGNORED:
                continue
            yield from _described(parameter, at, asked, is_text=True)

        yield from _described(operation.get("requestBody"), below(pointer, "requestBody"), asked)
        for status, response in as_object(operation.get("responses")).items():
            at = below(pointer, "responses", status)
            yield from _described(response, at, answered)
            for name, header in as_object(as_object(response).get("headers")).items():
                # OpenAPI 3.1 §4.8.17: such a header is ignored.
                if name.lower() == "content-type":
                    continue
                yield from _described(header, below(at, "headers", name), answered, is_text=True)


def _described(
    described: Any, pointer: str, direction: Direction, *, is_text: bool = False
) -> Iterator[Use]:
    if "schema" in as_object(described):
        yield Use(below(pointer, "schema"), direction, is_text)
    for media_type, content in as_object(as_object(described).get("content")).items():
        if "schema" in as_object(content):
            at = below(pointer, "content", media_type, "schema")
            is_text = media_type.startswith(_TEXTS) or media_type.endswith("+xml")
            yield Use(at, direction, is_text)


def reached(document: Document, use: Use) -> set[str]:
    """The pointers of all schemas that a use leads to."""
    found: set[str] = set()
    waiting = [use.pointer]
    while waiting:
        pointer = waiting.pop()
        if pointer in found:
            continue
        found.add(pointer)
        schema = document.value_at(pointer)
        waiting += [slot.pointer for slot in subschemas(schema, pointer)]
        if is_object(schema) and isinstance(schema.get("$ref"), str):
            waiting.append(schema["$ref"].removeprefix("#"))

    return found


class Side:
    """One contract as its validators and drawn values see it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.contract = Contract(document.data)
        self._second: dict[str, Any] = {}

    def allows(self, use: Use, value: Any) -> bool:
        """Whether both validators allow a value that is sent, and it has a form on the wire."""
        if use.is_text and "null" in json.dumps(value):
            return False
        # An empty part of a path matches no path.
        holder = as_object(self.document.value_at(parent(use.pointer)))
        if holder.get("in") == "path" and value in ("", [], {}):
            return False
        pointer = use.pointer
        return self.contract.accepts(pointer, value) and self._opinion(pointer).is_valid(value)

    def refuses(self, use: Use, value: Any, *, is_of_format: bool) -> bool:
        """Whether both validators refuse a value that arrives."""
        first = self.contract if use.direction is Direction.REQUEST else self.contract.answers
        read = list(readings(value)) if use.is_text else [value]
        if isinstance(value, str) and self._is_list_of_one(use):
            read.append([value])
        for reading in read:
            if first.accepts(use.pointer, reading):
                return False
            # jsonschema asserts no formats here: of these the first decides.
            if not is_of_format and self._opinion(use.pointer).is_valid(reading):
                return False
        return True

    def _is_list_of_one(self, use: Use) -> bool:
        """Whether each item of a list has a name of its own, so that one text is a list of one."""
        holder = as_object(self.document.value_at(parent(use.pointer)))
        if holder.get("in") not in ("query", "cookie") or holder.get("style", "form") != "form":
            return False
        return holder.get("explode", True) is True

    def _opinion(self, pointer: str) -> Any:
        if pointer not in self._second:
            schema = self.document.value_at(pointer)
            components = as_object(self.document.data.get("components"))
            whole = {**schema, "components": components} if is_object(schema) else schema
            self._second[pointer] = jsonschema.Draft202012Validator(whole)
        return self._second[pointer]


def readings(value: Any) -> Iterator[Any]:
    """What a value may be after it travelled as text."""
    read = [value, _with_scalars(value, _as_text), _with_scalars(value, _as_parsed)]
    yield from read
    if is_object(value) or is_array(value):
        # Each field of a form, or part of a list of parts, is read by itself.
        keys = list(value) if is_object(value) else range(len(value))
        texts = [dict.fromkeys(json.dumps(one[key]) for one in read) for key in keys]
        for chosen in islice(product(*texts), _MOST_READINGS):
            members = list(map(json.loads, chosen))
            yield dict(zip(keys, members, strict=True)) if is_object(value) else members
    if isinstance(value, bool | int | float):
        # A scalar is written like a list of one.
        yield from ([item] for item in read)


def _with_scalars(value: Any, change: Any) -> Any:
    if is_array(value):
        return [_with_scalars(item, change) for item in value]
    if is_object(value):
        return {name: _with_scalars(item, change) for name, item in value.items()}
    return change(value)


def _as_text(value: Any) -> Any:
    return value if isinstance(value, str) else json.dumps(value)


def _as_parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


@dataclass
class Pair:
    """Two contracts that differ in one schema, in one order.

    Args:
        old: The contract that is used now.
        new: The one that shall take its place.
        pointer: The schema that differs.
        is_of_format: Whether a text format is what differs.
    """

    old: Side
    new: Side
    pointer: str
    is_of_format: bool

    def broken_by(self, use: Use, tries: int, seed: int) -> Any:
        """A value that shows that the change breaks this use; NOTHING where none was drawn."""
        is_request = use.direction is Direction.REQUEST
        sender, receiver = (self.old, self.new) if is_request else (self.new, self.old)
        draw = random.Random(seed)
        plain = [
            (Sampler(side.document.data, draw), side.document.value_at(self.pointer))
            for side in (self.old, self.new)
        ]
        pool = pool_of(plain)
        focus = sender.document.value_at(self.pointer)
        sampler = Sampler(sender.document.data, draw, focus, pool)
        schema = sender.document.value_at(use.pointer)
        for _ in range(tries):
            value = sampler.value(schema)
            if value is not NOTHING and self.shows(use, value, sender, receiver):
                return value
        return NOTHING

    def shows(self, use: Use, value: Any, sender: Side, receiver: Side) -> bool:
        """Whether a value may be sent by one side and is refused by the other."""
        schema = sender.document.value_at(use.pointer)
        return (
            receiver.refuses(use, value, is_of_format=self.is_of_format)
            and sender.allows(use, value)
            and is_documented(Sampler(sender.document.data, random.Random(0)), schema, value)
        )

"""Which documented reply a stand-in gives to a request.

The one that `Prefer` asks for; else the one with the example named like the request's own; else the
first success.

Worked example: the contract of `POST /messages` has, in its body and in its 422, an example named
`empty`: `{text: ""}` and `{error: "text is empty"}`. A request with the body `{"text": ""}` equals
the first, so its reply is the second. All other requests get the 201.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import same
from bothends.runtime.operation import MISSING, Operation, documented, status_of
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.server.handling import NotAnswered

from .prefer import Preference


class NothingToAnswer(NotAnswered):
    """No value of a reply can be made from the contract; an example in it would help."""


class ChosenReply(NamedTuple):
    """A reply of the contract: its key in `responses`, a status of it, the name of its example."""

    key: str
    status: int
    example: str | None


def preferred_reply(operation: Operation[Any], preference: Preference) -> ChosenReply | None:
    """Return the reply that the caller asks for, if it is documented."""
    code, example = preference.code, preference.example
    if code is None:
        return None if example is None else _reply_with(operation, example)

    key = documented(code, operation.replies)
    if key is None:
        return None
    if example is not None and not _has_example(operation, key, example):
        return None
    return ChosenReply(key, code, example)


def matching_reply(requested: Asked) -> ChosenReply | None:
    """Return the reply with the example named like the one that the request is equal to."""
    for name in _equal_examples(requested):
        found = _reply_with(requested.operation, name)
        if found is not None:
            return found
    return None


def first_success(operation: Operation[Any]) -> ChosenReply:
    """Return the default reply: the first success, else the first of all."""
    # Some contracts document errors only: then the first reply of all is the answer.
    keys = [key for key in operation.replies if key.startswith("2")]
    keys += [key for key in ("default", "3XX") if key in operation.replies]
    keys += [key for key in operation.replies if key.startswith("3")]
    key = next(iter([*keys, *operation.replies]))
    return ChosenReply(key, reply_status(operation, key), None)


def reply_status(operation: Operation[Any], key: str) -> int:
    """Return a status of a reply.

    Raises:
        NothingToAnswer: Each of its statuses is documented apart from it.
    """
    status = status_of(key, operation.replies)
    if status is None:
        raise NothingToAnswer(f"each status of {key} is documented apart from it")
    return status


def named_examples(contract: Contract, pointer: str) -> dict[str, Any]:
    """Return the values of `examples` at a parameter, header or media type, by name."""
    declared = contract.find_object(pointer + "/examples")
    # `externalValue` is an address, and nothing is fetched.
    return {name: item["value"] for name, item in declared.items() if "value" in item}


def _equal_examples(requested: Asked) -> Iterator[str]:
    """Yield the example names for which each part of the request equals its example."""
    parts = [(value, examples) for value, examples in _parts(requested) if examples]
    names: dict[str, None] = {}
    for _, examples in parts:
        names |= dict.fromkeys(examples)

    for name in names:
        # A part that has no example of this name may be anything.
        pairs = [(value, examples[name]) for value, examples in parts if name in examples]
        if all(value is not MISSING and same(value, example) for value, example in pairs):
            yield name


def _parts(requested: Asked) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the body and each parameter of a request, with its examples in the contract."""
    operation = requested.operation
    contract = load_contract(operation.api)
    if operation.body is not None:
        for media in operation.body.media:
            pointer = operation.pointer + join("requestBody", "content", media.media_type)
            yield requested.body(), named_examples(contract, pointer)

    provided = requested.parameters()
    declared = contract.find_array(operation.pointer + "/parameters")

    for parameter in operation.parameters:
        for index, item in enumerate(declared):
            if (item["name"], item["in"]) == (parameter.wire_name, parameter.location):
                pointer = f"{operation.pointer}/parameters/{index}"
                yield provided.get(parameter.name, MISSING), named_examples(contract, pointer)


def _reply_with(operation: Operation[Any], example: str) -> ChosenReply | None:
    """Return the reply with an example of that name: a success, if one has it."""
    keys = sorted(operation.replies, key=lambda key: not key.startswith("2"))
    for key in keys:
        if _has_example(operation, key, example):
            return ChosenReply(key, reply_status(operation, key), example)
    return None


def _has_example(operation: Operation[Any], key: str, example: str) -> bool:
    contract = load_contract(operation.api)
    pointer = operation.pointer + join("responses", key, "content")
    pointers = [pointer + join(media.media_type) for media in operation.replies[key].media]
    return any(example in named_examples(contract, each) for each in pointers)

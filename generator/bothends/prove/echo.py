"""A handler that answers every request that reaches it with a success: what is left to judge is the server itself."""

from __future__ import annotations

import json
import zlib
from typing import Any

from bothends.runtime.answer import Response
from bothends.runtime.codec import codec_for, encode
from bothends.runtime.contract import load_contract
from bothends.runtime.operation import MISSING, Operation, Reply
from bothends.runtime.pointer import join
from bothends.runtime.sample import sample

from .refusal import is_refusal


class SuccessHandler:
    """Answers with the examples of the contract's successes, else with values made from their schemas.

    Which of several is chosen follows from the arguments, so that the same request gets the same answer.
    """

    def __init__(self, operations: tuple[Operation[Any], ...]) -> None:
        for operation in operations:
            setattr(self, operation.name, _method(operation))


def _method(operation: Operation[Any]) -> Any:
    choices: list[Response[Any]] = []

    async def answer(**arguments: Any) -> Response[Any]:
        if not choices:
            choices.extend(successes(operation))
        return choices[zlib.crc32(_text(arguments)) % len(choices)]

    return answer


def _text(arguments: dict[str, Any]) -> bytes:
    try:
        return json.dumps({name: encode(value) for name, value in arguments.items()}, sort_keys=True).encode()
    except ValueError:
        return repr(sorted(arguments)).encode()


def successes(operation: Operation[Any]) -> list[Response[Any]]:
    """The answers that the contract documents for success, at least one."""
    keys = [key for key in operation.replies if key.startswith("2")] or list(operation.replies)[:1]
    answers = [answer for key in keys for answer in documented_answers(operation, key)]
    found = [answer for answer in answers if not is_refusal(operation, answer.status, encode(answer.body))]
    return found or [Response(None, 204)]


def documented_answers(operation: Operation[Any], key: str) -> list[Response[Any]]:
    """Answers of one documented status: a body per example, else one made from the schema."""
    reply = operation.replies[key]
    otherwise = 500 if any(other.startswith("2") for other in operation.replies) else 200
    status = int(key) if key.isdigit() else otherwise if key == "default" else int(key[0]) * 100
    headers = _headers(operation, key, reply)
    if not reply.media:
        return [Response(None, status, headers)]
    media = reply.media[0]
    decode = codec_for(operation.api).decode
    return [Response(decode(media.type, body), status, headers) for body in bodies(operation, key, media.media_type)]


def bodies(operation: Operation[Any], key: str, media_type: str) -> list[Any]:
    """The JSON values of a documented reply: its examples, else one made from its schema."""
    contract = load_contract(operation.api)
    pointer = operation.pointer + join("responses", key, "content", media_type)
    found = [value for _, value in stated_examples(contract.find_object(pointer))]
    made = [] if found else [sample(contract, pointer + "/schema")]
    return [value for value in [*found, *made] if value is not MISSING and contract.accepts(pointer + "/schema", value)]


def stated_examples(node: dict[str, Any]) -> list[tuple[str, Any]]:
    """The examples of a media type or parameter object, by name."""
    named: dict[str, Any] = node.get("examples", {})
    found = [(name, one["value"]) for name, one in named.items() if "value" in one]
    return [*([("example", node["example"])] if "example" in node else []), *found]


def _headers(operation: Operation[Any], key: str, reply: Reply) -> dict[str, object]:
    contract = load_contract(operation.api)
    made = {
        header.wire_name: sample(
            contract, operation.pointer + join("responses", key, "headers", header.wire_name, "schema")
        )
        for header in reply.headers
        if header.required
    }
    return {name: value for name, value in made.items() if value is not MISSING}

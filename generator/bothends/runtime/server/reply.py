"""From a handler's answer to a reply, held to the contract: status, headers, body."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from bothends.runtime.answer import is_whole
from bothends.runtime.codec import EncodeError, encode
from bothends.runtime.contract import load_contract
from bothends.runtime.exchange import header_text
from bothends.runtime.json_text import write_json
from bothends.runtime.json_value import same
from bothends.runtime.operation import MISSING, Operation, Reply, documented
from bothends.runtime.parameter import ParameterError, Wire, header_codec
from bothends.runtime.pointer import join

from .asgi import HttpReply

_OURS = frozenset({"content-type", "content-length", "transfer-encoding", "connection"})


class BrokenReply(Exception):
    """A handler's answer breaks the contract: a fault of the server, told in its log only."""


def write_reply(operation: Operation[Any], answer: object, *, check: bool) -> HttpReply:
    """The reply of a handler's answer. BrokenReply when it breaks the contract; with `check` off, only if it cannot be sent."""
    if is_whole(answer):
        key = documented(answer.status, operation.replies)
        if key is None:
            raise BrokenReply(f"status {answer.status} is not documented")
        return write_documented(operation, key, answer.status, _encoded(answer.body), answer.headers, check=check)
    value = _encoded(answer)
    key, status = _success(operation, value)
    return write_documented(operation, key, status, value, {}, check=check)


def write_documented(
    operation: Operation[Any], key: str, status: int, value: Any, headers: Mapping[str, object], *, check: bool
) -> HttpReply:
    """The reply that the contract documents under `key`, with a JSON value as its body."""
    reply = operation.replies[key]
    lines = _headers(operation, key, reply, headers, check=check)
    if not reply.media:
        if value is not None:
            raise BrokenReply(f"status {key} has no body, the answer has one")
        return HttpReply(status, lines)
    if reply.empty is not MISSING and same(value, reply.empty):
        return HttpReply(status, lines)
    media = reply.media[0]
    fault = (
        load_contract(operation.api).fault(_body_pointer(operation, key, media.media_type), value) if check else None
    )
    if fault is not None:
        raise BrokenReply(f"the body of status {key}: {fault}")
    content = write_json(value)
    # A handler who says that the content is coded gets it coded: the header alone would be a lie.
    coded = any(name.lower() == "content-encoding" and text.lower() == "gzip" for name, text in lines)
    return HttpReply(
        status, [("content-type", media.media_type), *lines], gzip.compress(content, mtime=0) if coded else content
    )


def _encoded(body: object) -> Any:
    try:
        return encode(body)
    except EncodeError as error:
        raise BrokenReply(str(error)) from None


def _body_pointer(operation: Operation[Any], key: str, media_type: str) -> str:
    return operation.pointer + join("responses", key, "content", media_type, "schema")


def _success(operation: Operation[Any], value: Any) -> tuple[str, int]:
    """The success that a plain value stands for: of several, the first whose schema accepts it."""
    keys = [key for key in operation.replies if key.startswith("2")]
    if not keys and "default" in operation.replies:
        keys = ["default"]
    contract = load_contract(operation.api)
    for key in keys:
        reply = operation.replies[key]
        fits = (
            value is None
            if not reply.media
            else len(keys) == 1 or contract.accepts(_body_pointer(operation, key, reply.media[0].media_type), value)
        )
        if fits or len(keys) == 1:
            return key, int(key) if key.isdigit() else 200
    raise BrokenReply("the answer is none of the documented successes")


def _headers(
    operation: Operation[Any], key: str, reply: Reply, headers: Mapping[str, object], *, check: bool
) -> list[tuple[str, str]]:
    lines = {name.lower(): (name, _line(name, value)) for name, value in headers.items() if value is not None}
    if _OURS & lines.keys():
        raise BrokenReply(f"header {', '.join(sorted(_OURS & lines.keys()))} is written by the server")
    if check:
        for header in reply.headers:
            codec = header_codec(operation.api, operation.pointer + join("responses", key), header)
            line = lines.get(header.wire_name.lower())
            try:
                value = codec.read(Wire(headers={header.wire_name.lower(): [line[1]]} if line else {}))
            except ParameterError as error:
                raise BrokenReply(f"header {header.wire_name}: {error}") from None
            if value is MISSING and header.required:
                raise BrokenReply(f"header {header.wire_name} is required")
    return list(lines.values())


def _line(name: str, value: object) -> str:
    text = header_text(value)
    if any(ord(char) < 32 or ord(char) == 127 for char in text if char != "\t") or text != text.strip():
        raise BrokenReply(f"header {name} holds what a header cannot carry")
    return text

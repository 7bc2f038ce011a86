"""The documented answers of an operation."""

from __future__ import annotations

import re
from typing import Any

from bothends import ir
from bothends.interpret.content import Message, build_contents
from bothends.interpret.refused import Refused
from bothends.interpret.schema import Schemas
from bothends.openapi.header_names import IGNORED_RESPONSE_HEADERS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.runtime.media_type import essence_of, is_json


def build_replies(schemas: Schemas, responses: Any, pointer: str) -> tuple[ir.Reply, ...]:
    """Build each Response Object (OpenAPI 3.1 §4.8.16), in the order of the contract.

    A status of 1xx is never the answer: a final one follows, or another protocol (RFC 9110 §15.2).
    It is left out where the operation documents another.
    """
    replies: list[ir.Reply] = []
    described = as_object(responses)
    has_final = any(not status.startswith("1") for status in described)
    for status, response in described.items():
        current = below(pointer, status)
        if not re.fullmatch(r"[1-5][0-9][0-9]|[1-5]XX|default", status):
            raise Refused(
                "status", current, f"{status!r} is not a status: write 200, 4XX or default"
            )
        if has_final and status.startswith("1"):
            reason = f"status {status} is left out: an HTTP answer has a final status after it"
            schemas.losses.append(ir.Loss("reply-interim", current, reason))
            continue
        replies.append(_reply(schemas, status, response, current))

    # A Responses Object has at least one response (OpenAPI 3.1 §4.8.16).
    if not replies:
        raise Refused("no-replies", pointer, "the operation documents no response")

    return tuple(replies)


def _reply(schemas: Schemas, status: str, response: Any, pointer: str) -> ir.Reply:
    response = as_object(response)
    message = Message.SUCCESS if status.startswith("2") else Message.ERROR
    contents = build_contents(schemas, response.get("content"), below(pointer, "content"), message)
    headers: list[ir.Header] = []
    for name, header in as_object(response.get("headers")).items():
        if name.lower() in IGNORED_RESPONSE_HEADERS:
            continue

        built = _header(schemas, name, header, below(pointer, "headers", name))
        if built is not None:
            headers.append(built)

    return ir.Reply(
        name=ir.UNNAMED,
        pointer=pointer,
        status=status,
        contents=contents or ir.NoBody(),
        headers=tuple(headers),
        description=str(response.get("description", "")),
        has_empty_body="x-empty-body" in response,
        empty_body=response.get("x-empty-body"),
    )


def _header(schemas: Schemas, name: str, header: Any, pointer: str) -> ir.Header | None:
    """A response header (OpenAPI 3.1 §4.8.21).

    None for one that cannot be read, which is a loss.
    """
    header = as_object(header)
    schema, schema_at = header.get("schema", True), below(pointer, "schema")
    content = as_object(header.get("content"))

    for media_type in content:
        schema = as_object(content[media_type]).get("schema", True)
        schema_at = below(pointer, "content", media_type, "schema")

    if content and (len(content) > 1 or not is_json(essence_of(next(iter(content))))):
        reason = (
            f"the header {name} is left out: with `content`, only one media type of JSON is read"
        )
        schemas.losses.append(ir.Loss("header-content", below(pointer, "content"), reason))
        return None

    return ir.Header(
        name=ir.UNNAMED,
        wire_name=name,
        pointer=pointer,
        type=schemas.type_of(schema, schema_at),
        required=header.get("required") is True,
        explode=header.get("explode") is True,
        description=str(header.get("description") or schemas.description_of(schema)),
    )

"""Responses: misspelt statuses, content where HTTP has none, operations without a response.

The keys of responses are those of OpenAPI 3.1 §4.8.16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import STATUS
from bothends.openapi.header_names import is_header_name
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below

_LEGAL = re.compile(r"[1-5](\d\d|XX)|default|x-.*")
_RANGE = re.compile(r"([1-5])(xx|\*\*|\*|--|nn)", re.IGNORECASE)
_WITH_WORDS = re.compile(r"([1-5]\d\d)(\W[^\d]*)?")  # `200 OK`, `404 - not found`
_NO_CONTENT = re.compile(r"1(\d\d|XX)|204|205|304")  # RFC 9110 §6.4.1 and §15.3.6
_WORDS = {"ok": "200", "success": "2XX", "error": "default", "any": "default"}


def repair_responses(contract: Contract) -> Iterator[Edit]:
    """Find misspelt statuses, content that no server sends, and operations without a response."""
    for node in contract.nodes("responses"):
        for status in node.value:
            if not _LEGAL.fullmatch(status):
                yield from _status(node.pointer, status, node.value)
            elif _NO_CONTENT.fullmatch(status):
                message = (
                    f"A response with status {status} has no body in HTTP; its content is ignored."
                )
                yield from _without_content(contract, below(node.pointer, status), message)

        if not any(_LEGAL.fullmatch(status) for status in node.value if status[:2] != "x-"):
            if not any(map(_intended, node.value)):
                yield _undocumented(node.pointer, {**node.value, **_ANY_SUCCESS})

    for node in contract.nodes("operation"):
        if not is_object(node.value.get("responses")):
            yield _undocumented(below(node.pointer, "responses"), dict(_ANY_SUCCESS))
        elif node.pointer.endswith("/head"):
            # What a GET would say: no fault of the contract, but no client receives it (RFC 9110
            # §9.3.2).
            for status in node.value["responses"]:
                yield from _without_content(contract, below(node.pointer, "responses", status), "")

    for node in contract.nodes("response"):
        yield from _headers(node)


_ANY_SUCCESS = {"2XX": {"description": "No response is documented."}}


def _undocumented(pointer: str, value: dict[str, Any]) -> Edit:
    message = "No response is documented; any success is read as one without a body."
    return Edit("no-responses", pointer, message, value, hint="Document at least one response.")


def _headers(node: Node) -> Iterator[Edit]:
    """Headers whose names no message can carry (RFC 9110 §5.1)."""
    for name in as_object(node.value.get("headers")):
        pointer, intended = below(node.pointer, "headers", name), name.strip(" \t:")
        if is_header_name(name):
            continue
        if is_header_name(intended) and intended not in node.value["headers"]:
            message = f'The header "{name}" is read as "{intended}".'
            yield Edit("header-name", pointer, message, new_key=intended)
        else:
            message = f'"{name}" is no name of a header; it is left out.'
            yield Edit("header-name", pointer, message, is_loss=True)


def _without_content(contract: Contract, pointer: str, message: str) -> Iterator[Edit]:
    """Take the content out of a response that has none in HTTP.

    A component keeps its content: other statuses may refer to it.
    """
    written = contract.document.value_at(pointer)
    response, location = contract.resolve(written, pointer)
    if not as_object(response.get("content")):
        return

    hint = "Remove the content, or document the status that is sent with it."
    if location == pointer:
        yield Edit("content-of-status", below(pointer, "content"), message, hint=hint)
    else:
        rest = {key: value for key, value in response.items() if key != "content"}
        yield Edit("content-of-status", pointer, message, rest, hint=hint)


def _status(pointer: str, status: str, responses: dict[str, Any]) -> Iterator[Edit]:
    location, intended = below(pointer, status), _intended(status)
    if intended and intended not in responses:
        yield Edit("status", location, f'"{status}" is read as "{intended}".', new_key=intended)
    elif intended or not as_object(responses[status]).get("content"):
        yield Edit("status", location, f'"{status}" is no status; it is ignored.')
    else:
        message = f'"{status}" is no status; it is left out.'
        yield Edit("status", location, message, is_loss=True, hint=STATUS)


def _intended(status: str) -> str:
    if match := _RANGE.fullmatch(status):
        return f"{match[1]}XX"
    plain = status.strip().lower()
    if plain == "default":
        return plain
    if re.fullmatch(r"[1-5]\w\w", plain) and not plain.isdecimal():  # `20O`: a letter for a digit
        return f"{plain[0]}XX"
    if match := _WITH_WORDS.fullmatch(plain):
        return match[1]
    return _WORDS.get(plain, "")

"""Responses whose status is misspelt, and operations without a response (OpenAPI 3.1 §4.8.16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below

_LEGAL = re.compile(r"[1-5](\d\d|XX)|default|x-.*")
_RANGE = re.compile(r"([1-5])(xx|\*\*|\*|--|nn)", re.IGNORECASE)
_WORDS = {"ok": "200", "success": "2XX", "error": "default", "any": "default"}


def repair_responses(contract: Contract) -> Iterator[Edit]:
    """Find misspelt statuses, and operations that document no response."""
    for node in contract.nodes("responses"):
        for status in node.value:
            if not _LEGAL.fullmatch(status):
                yield from _status(node.pointer, status, node.value)

        if not any(_LEGAL.fullmatch(status) for status in node.value if status[:2] != "x-"):
            if not any(map(_intended, node.value)):
                yield _undocumented(node.pointer, {**node.value, **_ANY_SUCCESS})

    for node in contract.nodes("operation"):
        if not is_object(node.value.get("responses")):
            yield _undocumented(below(node.pointer, "responses"), dict(_ANY_SUCCESS))


_ANY_SUCCESS = {"2XX": {"description": "No response is documented."}}


def _undocumented(pointer: str, value: dict[str, Any]) -> Edit:
    message = "No response is documented; any success is read as one without a body."
    return Edit("no-responses", pointer, message, value, hint="Document at least one response.")


def _status(pointer: str, status: str, responses: dict[str, Any]) -> Iterator[Edit]:
    location, intended = below(pointer, status), _intended(status)
    if intended and intended not in responses:
        yield Edit("status", location, f'"{status}" is read as "{intended}".', new_key=intended)
    elif intended or not as_object(responses[status]).get("content"):
        yield Edit("status", location, f'"{status}" is no status; it is ignored.')


def _intended(status: str) -> str:
    if match := _RANGE.fullmatch(status):
        return f"{match[1]}XX"
    plain = status.strip().lower()
    if plain == "default" or re.fullmatch(r"[1-5]\d\d", plain):
        return plain
    return _WORDS.get(plain, "")

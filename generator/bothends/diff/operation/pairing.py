"""Which operation of one contract is which of the other.

An operation is its method and its path, whatever the parameters in it are called. A callback is
that of an operation by its name, or by the expression that says where it is sent:

    paths: {/alarms: {post: {callbacks: {rings: {'{$request.body#/url}': {post: …}}}}}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bothends.load import Document
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import split
from bothends.openapi.walk import operations

_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An operation of one contract.

    Args:
        subject: `GET /tides`.
        pointer: Where it is.
        is_sent_by_vendor: Whether it is a webhook or a callback.
        expression: Where a callback is sent; empty for any other.
    """

    subject: str
    pointer: str
    is_sent_by_vendor: bool = False
    expression: str = ""


def pair_operations(old: Document, new: Document) -> list[tuple[Found | None, Found | None]]:
    """Pair the operations of two normalised contracts, those of the old one first."""
    was, now = _by_key(old), _by_key(new)
    moved = _callbacks_elsewhere(was, now)
    taken = set(moved.values())
    pairs: list[tuple[Found | None, Found | None]] = [
        (found, now.get(moved.get(key, key))) for key, found in was.items()
    ]
    return pairs + [
        (None, found) for key, found in now.items() if key not in was and key not in taken
    ]


def _by_key(document: Document) -> dict[_Key, Found]:
    sent = set(as_array(document.data.get("x-sent-by-vendor")))
    found: dict[_Key, Found] = {}
    for pointer, path, method, _ in operations(document.data):
        key: _Key = (method, without_names(path))
        expression = ""
        if path in sent:
            key, expression = _key_of_sent(document, pointer, key)
        subject = f"{method.upper()} {path}"
        found[key] = Found(subject, pointer, path in sent, expression)

    return found


def _key_of_sent(document: Document, pointer: str, key: _Key) -> tuple[_Key, str]:
    """The key of a webhook or callback, and the expression of a callback.

    The path that stands for it is made of an operationId, which is not on the wire.
    """
    match split(document.original(pointer)):
        case ["paths", path, method, "callbacks", name, expression, own]:
            return (own, "callback", method, without_names(path), name), expression
        case ["components", "callbacks", _, expression, _]:
            return key, expression
        case _:
            return key, ""


def _callbacks_elsewhere(was: Mapping[_Key, Found], now: Mapping[_Key, Found]) -> dict[_Key, _Key]:
    """Callbacks that have another name, and are sent to where they were."""
    places = {
        (key[:-1], found.expression): key
        for key, found in now.items()
        if found.expression and key not in was
    }
    moved: dict[_Key, _Key] = {}
    for key, found in was.items():
        receiver = (key[:-1], found.expression)
        if found.expression and key not in now and receiver in places:
            moved[key] = places.pop(receiver)
    return moved


def without_names(path: str) -> str:
    """A path, or a part of one, without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path)

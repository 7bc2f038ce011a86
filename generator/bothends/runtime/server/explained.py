"""Puts a sentence into the body of an error: where the contract's schema has a text for one.

    {code: 'code-1', message: 'message'}, "No tide has this id."
    →   {code: 'code-1', message: 'No tide has this id.'}

What a contract gives as an example stays as it is; only texts that were made up give way.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.words import text_for
from bothends.runtime.schema.schema_view import SchemaView

Place = tuple[Any, ...]
"""The steps to a text in a JSON value."""

_SAYING: Final = (
    *("detail", "message", "description", "reason", "error_description", "errorMessage", "msg"),
    *("title", "error"),
)
_DEEPEST: Final = 4
"""So many objects inside of each other are looked into."""


@cache
def status_phrase(status: int) -> str:
    """Return what HTTP calls a status, `Not Found`."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"


def explained(
    contract: Contract, pointer: str, body: Any, places: list[Place], text: str, phrase: str
) -> Any:
    """Return the body with the text in the first property that is meant for one and can hold it.

    Other such properties say the name of the status where they would say nothing.
    """
    for location in places:
        message = _with_text(body, location, text)
        if contract.accepts(pointer, message):
            body = message
            break

    for location in places:
        if is_made_up(_value_at(body, location), location):
            message = _with_text(body, location, phrase)
            body = message if contract.accepts(pointer, message) else body

    return body


def saying_places(contract: Contract, pointer: str, body: Any) -> list[Place]:
    """Return where an explanation may stand: the outermost first, which clients print."""
    found = [path for path in _strings(body, ()) if path[-1] in _SAYING]
    found += _unsaid(SchemaView(contract, (pointer,)), body, ())
    return sorted(found, key=lambda path: (len(path), _SAYING.index(path[-1])))


def made_up_places(contract: Contract, pointer: str, body: Any) -> list[Place]:
    """Return those of these places that no example of the contract fills."""
    places = saying_places(contract, pointer, body)
    return [place for place in places if is_made_up(_value_at(body, place), place)]


def is_made_up(value: Any, location: Place) -> bool:
    """Whether a text says no more than the name of its property, as made-up ones do."""
    if not isinstance(value, str):
        return False
    # It may be filled up to a length that the schema asks for.
    name = str(location[-1])
    return value.rstrip("x") in ("", name.rstrip("x"), text_for(name).rstrip("x"))


def _with_text(body: Any, location: Place, text: str) -> Any:
    message = copy.deepcopy(body)
    _value_at(message, location[:-1])[location[-1]] = text
    return message


def _value_at(body: Any, location: Place) -> Any:
    for step in location:
        body = body.get(step) if is_object(body) else body[step]
    return body


def _unsaid(view: SchemaView, value: Any, path: Place) -> Iterator[Place]:
    """Yield where an optional text may be added, to the body or to an object in it."""
    # A payment service describes `{error: {type, message}}`, and requires `type` alone.
    if not is_object(value) or len(path) >= _DEEPEST:
        return

    for name in view.property_names():
        if name not in value and name in _SAYING:
            yield (*path, name)
    for name, item in value.items():
        yield from _unsaid(view.property(name), item, (*path, name))


def _strings(value: Any, path: Place) -> Iterator[Place]:
    if isinstance(value, str) and path:
        yield path
    elif is_object(value) and len(path) < _DEEPEST:
        for name, item in value.items():
            yield from _strings(item, (*path, name))
    elif is_array(value) and value:
        yield from _strings(value[0], (*path, 0))

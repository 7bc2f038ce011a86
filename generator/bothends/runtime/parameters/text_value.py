"""Scalars as text: what a text on the wire may stand for, and how a scalar is written.

Text has no types. So the types that the schema may allow are tried in a fixed order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bothends.runtime.json.text import holds
from bothends.runtime.schema.schema_view import SchemaView

from .style import PlusText

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class NestedError(ValueError):
    """An array or an object where only one text can stand."""


def text_of(value: Any) -> str:
    """The text of a scalar.

    Raises:
        NestedError: For anything else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise NestedError("nests too deeply")
    return json.dumps(value)


def of_types(text: str, types: Iterable[str]) -> Any:
    """The first value of these types that a text stands for; the text itself if it is of none."""
    return next((value for type_ in types for value in _READ[type_](text)), text)


def likeliest(view: SchemaView, text: str) -> Any:
    """The first value that the text may stand for and the schema accepts.

    If there is none, the first at all.
    """
    candidates = list(scalars(view, text, last_resort=True))
    return next((value for value in candidates if view.accepts(value)), candidates[0])


def scalars(view: SchemaView, text: str, *, last_resort: bool) -> Iterator[Any]:
    """The scalars that a text may stand for: without types in the schema it is text first.

    Of a raw plus the reading as a space comes first.
    """
    if isinstance(text, PlusText):
        yield from scalars(view, str(text), last_resort=last_resort)
        yield from scalars(view, text.literal, last_resort=False)
        return

    order: tuple[str, ...] = ("boolean", "integer", "number", "string", "null")
    if not view.typed:
        # Without `type` a schema is usually meant as text, and its author wrote nothing else.
        order = ("string", "boolean", "integer", "number")
    found = False

    for type_ in order:
        if type_ in view.types:
            for value in _READ[type_](text):
                found = True
                yield value

    if not found and last_resort:
        yield text


def _integers(text: str) -> Iterator[int]:
    # `01` and `+1` are no JSON numbers, so they stay text. Python refuses integers of more than
    # 4300 digits (`sys.set_int_max_str_digits`).
    if _INTEGER.fullmatch(text) and len(text) < 4300:
        yield int(text)


def _numbers(text: str) -> Iterator[float]:
    if not _NUMBER.fullmatch(text):
        return
    number = float(text)
    # `1e999` and numbers with more digits than a double holds would arrive as others.
    if abs(number) < float("inf") and holds(text, number):
        yield number


_READ: dict[str, Callable[[str], Iterator[Any]]] = {
    "boolean": lambda text: iter([text == "true"] if text in ("true", "false") else []),
    "integer": _integers,
    "number": _numbers,
    "string": lambda text: iter([text]),
    "null": lambda text: iter([None] if text == "null" else []),
}

"""The keyword `enum`: no list, or a list of values that the type beside it never allows.

    {type: array, items: {type: string}, enum: [low, high]}    each item is one of the two
    {type: string, enum: [1, 2]}                               "1" or "2"
    {type: integer, enum: ['1', '2']}                          1 or 2

As they are written, no value satisfies these schemas; each has one plain meaning. A list of which
some values are of the type is left as it is, and the rule `value-impossible` tells of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_array, is_array, is_object
from bothends.openapi.pointer import below

# RFC 8259 §6, short enough to be exact in every reader.
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_NUMBER: Final = re.compile(_INTEGER.pattern + r"(?:\.[0-9]{1,6})?")
_BOOLEANS: Final = {"true": True, "false": False}


def repair_enum(node: Node, _: bool) -> Iterator[Edit]:
    """Find the edits that make `enum` a list, and one that a value can satisfy."""
    value, pointer = node.value["enum"], below(node.pointer, "enum")
    if value is None or value == []:
        yield Edit("enum", pointer, "This lists no value, and is read as absent.")
    elif isinstance(value, str | int | float | bool):
        yield Edit("enum", pointer, f"{shorten(value)} is read as a list.", [value])
    elif is_array(value):
        yield from _of_items(node, value)
        yield from _in_type(node, value)


def _of_items(node: Node, listed: list[Any]) -> Iterator[Edit]:
    """An array is none of these values: they are those of its items."""
    items = node.value.get("items", {})
    if _type_of(node) != "array" or not is_object(items) or {"enum", "$ref"} & items.keys():
        return
    if any(is_array(value) or is_object(value) for value in listed):
        return

    message = "No array is one of these values; they are read as those of its items."
    location = below(node.pointer, "items")
    values = [value for value in listed if value is not None]
    hint = "Write `enum` inside of `items`."
    yield Edit("enum", below(node.pointer, "enum"), message, hint=hint)
    yield Edit("enum", location, "", {**items, "enum": values}, source=location)


def _in_type(node: Node, listed: list[Any]) -> Iterator[Edit]:
    """The same values, each written in the type of the schema."""
    convert = _CONVERTED.get(_type_of(node))
    given = [value for value in listed if value is not None]
    converted = [convert(value) for value in given] if convert else []
    if not converted or None in converted:
        return

    read = iter(converted)
    values = [None if value is None else next(read) for value in listed]
    message = f"{shorten(given[0])} is read as {shorten(converted[0])}, as the type says"
    message += ", and so are the others." if len(given) > 1 else "."
    pointer = below(node.pointer, "enum")
    yield Edit("enum", pointer, message, values, source=pointer)


def _type_of(node: Node) -> str:
    """The one type beside null, if there is one."""
    declared = node.value.get("type")
    types = [name for name in (as_array(declared) or [declared]) if name != "null"]
    return types[0] if len(types) == 1 and isinstance(types[0], str) else ""


def _text(value: Any) -> str | None:
    """A boolean or an integer as text; the text of another number may be lost by its reader."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else None


def _integer(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def _number(value: Any) -> int | float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return None


def _boolean(value: Any) -> bool | None:
    return _BOOLEANS.get(value) if isinstance(value, str) else None


_CONVERTED: Final[dict[str, Callable[[Any], Any]]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}

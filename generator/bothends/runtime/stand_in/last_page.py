"""The default stand-in has two pages of what comes in pages: the first, and one that says that it is the last."""

from __future__ import annotations

import copy
from typing import Any

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import split
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.pages import first_page
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample_words import words_of

_NUMBERS = {
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "offset",
    "skip",
    "startindex",
    "startat",
}
_CURSORS = {
    *(
        "cursor",
        "after",
        "startingafter",
        "pagetoken",
        "nexttoken",
        "nextpagetoken",
        "marker",
        "pagecursor",
    ),
    *("continuationtoken", "continue", "nextcursor", "bookmark"),
}
"""Query parameters that ask for a page by a number, and by what the page before says; their words without signs."""


def is_last_page(asked: Asked) -> bool:
    """Whether a request asks for another page than the first."""
    pages = asked.operation.pages
    if pages is None or pages.by == "link":
        return False
    given = asked.arguments.get(pages.parameter)
    return given not in (None, MISSING) and (
        pages.by == "cursor" or given != first_page(asked.operation)
    )


def end_pages(contract: Contract, pointer: str, value: Any, asked: Asked) -> Any:
    """The value as that of the last page: without a cursor, or without items. As it was where that is not allowed."""
    pages = asked.operation.pages
    if pages is None and asks_beyond_first(contract, asked):
        return _ended(contract, pointer, value)
    if pages is None or not is_last_page(asked):
        return value

    if pages.by == "cursor":
        parts = split(pages.cursor.partition("#")[2])
        made = (
            [_without(value, parts), _with(value, parts, None), _with(value, parts, "")]
            if parts
            else []
        )
    else:
        made = [_with(value, split(pages.items), list[Any]())]

    return next((one for one in made if contract.accepts(pointer, one)), value)


def asks_beyond_first(contract: Contract, asked: Asked) -> bool:
    """Whether a request asks for another page than the first, by the usual names of what asks for pages.

    Most contracts do not say how their pages follow each other, and a caller who reads them all would never come to an end.
    """
    stated = contract.find_array(asked.operation.pointer + "/parameters")
    schemas = {(one.get("name"), one.get("in")): one.get("schema") for one in stated}

    for parameter in asked.operation.parameters if asked.operation.method == "GET" else ():
        given = asked.arguments.get(parameter.name)
        name = "".join(words_of(parameter.wire_name))
        schema = schemas.get((parameter.wire_name, parameter.location))
        schema = schema if is_object(schema) else {}
        if parameter.location != "query" or given in (None, MISSING):
            continue

        if name in _CURSORS and isinstance(given, str) and "date" not in str(schema.get("format")):
            return given != ""
        if name in _NUMBERS and isinstance(given, int) and not isinstance(given, bool):
            usual = 1 if "page" in name and schema.get("minimum") != 0 else 0
            first = schema.get("default", usual)
            if isinstance(first, int) and given > max(first, usual):
                return True

    return False


def _ended(contract: Contract, pointer: str, value: Any) -> Any:
    """A page without items that has none after it, so far as the contract allows that."""
    if is_array(value):
        return [] if contract.accepts(pointer, []) else value
    if not is_object(value):
        return value

    ended = dict(value)
    for name, item in value.items():
        words = words_of(name)
        if is_array(item):
            changed = [{**ended, name: []}]
        elif item is True and "more" in words:
            changed = [{**ended, name: False}]
        elif isinstance(item, str) and "next" in words:
            without = {key: one for key, one in ended.items() if key != name}
            changed = [{**ended, name: None}, without, {**ended, name: ""}]
        else:
            continue
        ended = next((one for one in changed if contract.accepts(pointer, one)), ended)

    return ended


def _with(value: Any, parts: list[str], ending: Any) -> Any:
    if not parts:
        return ending
    told, holder = _holder(value, parts)
    if holder is not None:
        holder[parts[-1]] = ending
    return told


def _without(value: Any, parts: list[str]) -> Any:
    told, holder = _holder(value, parts)
    if holder is not None:
        holder.pop(parts[-1], None)
    return told


def _holder(value: Any, parts: list[str]) -> tuple[Any, dict[str, Any] | None]:
    """A copy of the value, and the object in it that holds the last part."""
    told = copy.deepcopy(value)
    holder: Any = told
    for part in parts[:-1]:
        holder = holder.get(part) if is_object(holder) else None
    return told, holder if is_object(holder) else None

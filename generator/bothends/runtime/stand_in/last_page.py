"""The default stand-in has two pages: the first, and one that says that it is the last."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import split
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING, Pages
from bothends.runtime.pages import first_page
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.words import LINK, words_of

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
_LINKS_BELOW = 3
# Query parameters that ask for a page by a number, and by what the page before says; their words
# without signs.
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


def is_page_number(wire_name: str) -> bool:
    """Whether a query parameter chooses a page, by its name."""
    name = "".join(words_of(wire_name))
    return name in _NUMBERS or name in _CURSORS


def is_last_page(requested: Asked) -> bool:
    """Whether a request asks for another page than the first."""
    pages = requested.operation.pages
    if pages is None or pages.by == "link":
        return False
    provided = requested.arguments.get(pages.parameter)
    return provided not in (None, MISSING) and (
        pages.by == "cursor" or provided != first_page(requested.operation)
    )


def end_pages(contract: Contract, pointer: str, value: Any, requested: Asked) -> Any:
    """The value as that of the last page: without a cursor, or without items.

    As it was where that is not allowed.
    """
    value = _without_invented_link(contract, pointer, value)
    pages = requested.operation.pages
    # An SDK that read all pages sent 5,461 requests: no page was the last.
    if pages is None and asks_beyond_first(contract, requested):
        return _ended(contract, pointer, value)
    if pages is None or not is_last_page(requested):
        return value

    if pages.by == "cursor":
        return without_cursor(contract, pointer, value, pages)
    ended = _with(value, split(pages.items), list[Any]())
    return ended if contract.accepts(pointer, ended) else value


def _without_invented_link(contract: Contract, pointer: str, value: Any) -> Any:
    """The value without a made-up link to a next page, which leads away from the stand-in."""
    for parts in _invented_links(value, [], _LINKS_BELOW):
        ended = [_with(value, parts, None), _without(value, parts)]
        value = next((entry for entry in ended if contract.accepts(pointer, entry)), value)
    return value


def _invented_links(value: Any, above: list[str], levels: int) -> Iterator[list[str]]:
    for name, item in value.items() if is_object(value) and levels else ():
        is_next = "next" in words_of(name)
        if is_next and LINK in (item.values() if is_object(item) else (item,)):
            yield [*above, name]
        else:
            yield from _invented_links(item, [*above, name], levels - 1)


def without_cursor(contract: Contract, pointer: str, value: Any, pages: Pages) -> Any:
    """A page without the cursor of a next one; as it was where that is not allowed."""
    parts = split(pages.cursor.partition("#")[2])
    if not parts:
        return value

    # Vendors leave the cursor of the last page out, or set it to null, or to nothing.
    ended = [_without(value, parts), _with(value, parts, None), _with(value, parts, "")]
    return next((entry for entry in ended if contract.accepts(pointer, entry)), value)


def with_cursor(value: Any, pages: Pages, cursor: str) -> Any:
    """A page with the cursor of the next one in it."""
    return _with(value, split(pages.cursor.partition("#")[2]), cursor)


def asks_beyond_first(contract: Contract, requested: Asked) -> bool:
    """Whether a request asks for a later page, by the usual names of parameters.

    Most contracts do not say how their pages follow each other, and a caller who reads them all
    would never come to an end.
    """
    declared = contract.find_array(requested.operation.pointer + "/parameters")
    schemas = {(entry.get("name"), entry.get("in")): entry.get("schema") for entry in declared}

    for parameter in requested.operation.parameters if requested.operation.method == "GET" else ():
        provided = requested.arguments.get(parameter.name)
        name = "".join(words_of(parameter.wire_name))
        schema = schemas.get((parameter.wire_name, parameter.location))
        schema = schema if is_object(schema) else {}
        if parameter.location != "query" or provided in (None, MISSING):
            continue

        if (
            name in _CURSORS
            and isinstance(provided, str)
            and "date" not in str(schema.get("format"))
        ):
            return provided != ""
        if name in _NUMBERS and isinstance(provided, int) and not isinstance(provided, bool):
            usual = 1 if "page" in name and schema.get("minimum") != 0 else 0
            first = schema.get("default", usual)
            if isinstance(first, int) and provided > max(first, usual):
                return True

    return False


def _ended(contract: Contract, pointer: str, value: Any) -> Any:
    """A page without items that has none after it, so far as the contract allows that."""
    if is_array(value):
        return [] if contract.accepts(pointer, []) else value
    if not is_object(value):
        return value

    ended: dict[str, Any] = dict(value)
    changed: list[dict[str, Any]]
    for name, item in value.items():
        words = words_of(name)
        if is_array(item):
            changed = [{**ended, name: []}]
        elif item is True and "more" in words:
            changed = [{**ended, name: False}]
        elif isinstance(item, str) and "next" in words:
            without = {key: entry for key, entry in ended.items() if key != name}
            changed = [{**ended, name: None}, without, {**ended, name: ""}]
        else:
            continue
        ended = next((entry for entry in changed if contract.accepts(pointer, entry)), ended)

    return ended


def _with(value: Any, parts: list[str], ending: Any) -> Any:
    if not parts:
        return ending
    message, holder = _holder(value, parts)
    if holder is not None:
        holder[parts[-1]] = ending
    return message


def _without(value: Any, parts: list[str]) -> Any:
    message, holder = _holder(value, parts)
    if holder is not None:
        holder.pop(parts[-1], None)
    return message


def _holder(value: Any, parts: list[str]) -> tuple[Any, dict[str, Any] | None]:
    """A copy of the value, and the object in it that holds the last part."""
    message = copy.deepcopy(value)
    holder: Any = message
    for part in parts[:-1]:
        holder = holder.get(part) if is_object(holder) else None
    return message, holder if is_object(holder) else None

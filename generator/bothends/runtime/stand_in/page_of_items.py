"""Which of the remembered items a page has, and the cursor that leads to the next one.

    GET /messages?limit=2            ->  {data: [1, 2], next: "3"}
    GET /messages?limit=2&after=3    ->  {data: [3], next: null}

The cursor is the id of the first item that is left, so that a caller who deletes what was listed
finds all the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import split
from bothends.runtime.json.value import is_array
from bothends.runtime.operation import MISSING, Pages
from bothends.runtime.pages import first_page
from bothends.runtime.schema.contract import Contract

from .last_page import asks_beyond_first, is_page_number

Item = dict[str, Any]

_SIZES = ("limit", "per_page", "perPage", "page_size", "pageSize", "size", "first", "max_results")


class PageOfItems(NamedTuple):
    """The items of a page, and the cursor of the next one; None on the last page."""

    items: list[Item]
    cursor: str | None = None


def filtered(requested: Asked, items: list[Item]) -> list[Item]:
    """The items whose properties equal the query parameters of the same names."""
    arguments = requested.parameters()
    for parameter in requested.operation.parameters:
        value = arguments.get(parameter.name, MISSING)
        if parameter.location != "query" or value in (MISSING, None):
            continue
        if all(parameter.wire_name in item for item in items):
            allowed = value if is_array(value) else [value]
            items = [item for item in items if item[parameter.wire_name] in allowed]
    return items


def possible_pages(
    contract: Contract, requested: Asked, items: list[Item], id_property: str
) -> Iterator[PageOfItems]:
    """The page that is asked for, and the one to give where the contract does not allow it."""
    pages = requested.operation.pages
    if pages is None or pages.by != "cursor":
        yield PageOfItems(_numbered(contract, requested, items))
        return

    start = _start(requested, items, id_property, pages)
    size = _size(requested)
    end = start + size if size else len(items)
    # A cursor that is a property of the last item is not ours to choose.
    cursor_parts = split(pages.cursor.partition("#")[2])
    item_parts = split(pages.items)
    is_ours = bool(cursor_parts) and cursor_parts[: len(item_parts)] != item_parts
    if end < len(items) and is_ours:
        cursor = str(items[end][id_property])
        if contract.accepts(_schema_of(contract, requested, pages), cursor):
            yield PageOfItems(items[start:end], cursor)
    yield PageOfItems(items[start:])


def _start(requested: Asked, items: list[Item], id_property: str, pages: Pages) -> int:
    """The index of the first item of a page; behind all of them for a cursor that is not known."""
    cursor = requested.parameters().get(pages.parameter, MISSING)
    if cursor in (MISSING, None):
        return 0
    ids = [str(item[id_property]) for item in items]
    return ids.index(str(cursor)) if str(cursor) in ids else len(items)


def _schema_of(contract: Contract, requested: Asked, pages: Pages) -> str:
    """The pointer of the schema of the parameter that takes the cursor."""
    operation = requested.operation
    names = {entry.name: entry.wire_name for entry in operation.parameters}
    wanted = (names.get(pages.parameter), "query")
    declared = contract.find_array(f"{operation.pointer}/parameters")
    places = [(entry.get("name"), entry.get("in")) for entry in declared]
    index = places.index(wanted) if wanted in places else 0
    return f"{operation.pointer}/parameters/{index}/schema"


def _size(requested: Asked) -> int | None:
    """How many items a page shall have, by the usual names of parameters."""
    arguments = requested.parameters()
    names = {entry.wire_name: entry.name for entry in requested.operation.parameters}
    sizes = [arguments.get(names[size]) for size in _SIZES if size in names]
    return next((value for value in sizes if isinstance(value, int) and value > 0), None)


def _numbered(contract: Contract, requested: Asked, items: list[Item]) -> list[Item]:
    """The page that is asked for by its number or place; the first page has all that fit in it."""
    pages = requested.operation.pages
    if pages is None and asks_beyond_first(contract, requested):
        return []

    size, start = _size(requested), 0
    if pages is not None and pages.by in ("offset", "page"):
        first = first_page(requested.operation)
        number = requested.parameters().get(pages.parameter, first)
        step = 1 if pages.by == "offset" else size or max(len(items), 1)
        start = (number - first) * step if isinstance(number, int) else 0
    elif pages is not None or any(
        is_page_number(entry.wire_name) for entry in requested.operation.parameters
    ):
        # Nothing leads from one page to the next: then all items are on the first.
        size = None

    return items[start : start + size] if size else items[start:]

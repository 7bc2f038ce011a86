"""The default stand-in has two pages of what comes in pages: the first, and one that says that it is the last."""

from __future__ import annotations

import copy
from typing import Any

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import split
from bothends.runtime.json.value import is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.pages import first_page
from bothends.runtime.schema.contract import Contract


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

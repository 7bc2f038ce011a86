"""Iterating over what people give, whichever way it is iterated over."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from anyio import to_thread

_END = object()


async def each(items: Any) -> AsyncGenerator[Any]:
    """The items of an iterable, async or not; a plain iterator is asked in a worker thread."""
    if hasattr(items, "__aiter__"):
        async for item in items:
            yield item
        return
    iterator = iter(items)
    try:
        while (item := await to_thread.run_sync(next, iterator, _END)) is not _END:
            yield item
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()

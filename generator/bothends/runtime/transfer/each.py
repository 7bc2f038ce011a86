"""Iterating over what people give, whichever way it is iterated over."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

from anyio import CancelScope, to_thread

_END = object()


async def each(items: Any) -> AsyncGenerator[Any]:
    """The items of an iterable, async or not; a plain iterator is asked in a worker thread.

    Its iterator is closed in the end, also when this is cancelled, and may await while it ends.
    """
    if not hasattr(items, "__aiter__"):
        async with aclosing(_each_plain(iter(items))) as plain:
            async for item in plain:
                yield item
        return

    iterator = aiter(items)
    try:
        async for item in iterator:
            yield item
    finally:
        if hasattr(iterator, "aclose"):
            with CancelScope(shield=True):
                await iterator.aclose()


async def _each_plain(iterator: Iterator[Any]) -> AsyncGenerator[Any]:
    # Nothing stops a thread, and an iterator that runs cannot be closed.
    running = threading.Lock()

    def ask() -> Any:
        with running:
            return next(iterator, _END)

    def close() -> None:
        end = getattr(iterator, "close", None)
        if end is not None:
            with running:
                end()

    try:
        while (item := await to_thread.run_sync(ask)) is not _END:
            yield item
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(close)

"""Answers that come item by item, typed: what a caller iterates over."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, closing
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from typing_extensions import override

from bothends.runtime.json.budget import MAX_ANSWER, within
from bothends.runtime.media.stream import ItemReader

from .opened import Opened

ItemT = TypeVar("ItemT")

Take = Callable[[Any], Any]
"""From an item as it was read to the one that the caller gets."""


class Stream(Iterator[ItemT]):
    """The items of an answer as they come.

    It holds a connection: read it to its end, close it, or use it in a `with`.
    """

    def __init__(self, opened: Opened, reader: ItemReader, take: Take) -> None:
        self._opened = opened
        self._items = _items(opened, reader, take)

    @override
    def __next__(self) -> ItemT:
        item: ItemT = next(self._items)
        return item

    def close(self) -> None:
        """Leave the rest of the stream unread."""
        self._items.close()
        self._opened.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self.close()


class AsyncStream(AsyncIterator[ItemT], Generic[ItemT]):
    """The same for async clients, in an `async with`."""

    def __init__(self, opened: Opened, reader: ItemReader, take: Take) -> None:
        self._opened = opened
        self._items = _async_items(opened, reader, take)

    @override
    async def __anext__(self) -> ItemT:
        item: ItemT = await anext(self._items)
        return item

    async def close(self) -> None:
        """Leave the rest of the stream unread."""
        await self._items.aclose()
        await self._opened.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        await self.close()


def _items(opened: Opened, reader: ItemReader, take: Take) -> Generator[Any]:
    with opened.reporting(), closing(opened.pieces()) as pieces:
        size = 0
        for piece in pieces:
            size += len(piece)
            for item in within(opened.most, MAX_ANSWER, reader.feed, piece):
                size = 0
                yield within(opened.most, MAX_ANSWER, take, item)
            opened.check_item(size)

        for item in _last(opened, reader):
            yield within(opened.most, MAX_ANSWER, take, item)


async def _async_items(opened: Opened, reader: ItemReader, take: Take) -> AsyncGenerator[Any]:
    with opened.reporting():
        async with aclosing(opened.pieces_async()) as pieces:
            size = 0
            async for piece in pieces:
                size += len(piece)
                for item in within(opened.most, MAX_ANSWER, reader.feed, piece):
                    size = 0
                    yield within(opened.most, MAX_ANSWER, take, item)
                opened.check_item(size)

        for item in _last(opened, reader):
            yield within(opened.most, MAX_ANSWER, take, item)


def _last(opened: Opened, reader: ItemReader) -> list[Any]:
    """The items that the end of the body completes."""
    return within(opened.most, MAX_ANSWER, lambda _: reader.end(), b"")

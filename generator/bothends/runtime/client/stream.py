"""Answers that come item by item, typed: what a caller iterates over."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import httpx2
from typing_extensions import override

from bothends.runtime.errors import UnexpectedAnswer
from bothends.runtime.media import MediaError
from bothends.runtime.media.stream import ItemReader

from .received import no_answer

ItemT = TypeVar("ItemT")

GARBLED = "its body is not in the content coding that it names"

Take = Callable[[Any], Any]
"""From an item as it was read to the one that the caller gets."""


class Stream(Iterator[ItemT]):
    """The items of an answer as they come. It holds a connection: read it to its end, close it, or use it in a `with`."""

    def __init__(self, response: httpx2.Response, reader: ItemReader, take: Take) -> None:
        self._response = response
        self._items = _items(response, reader, take)

    @override
    def __next__(self) -> ItemT:
        item: ItemT = next(self._items)
        return item

    def close(self) -> None:
        """Leave the rest of the stream unread."""
        self._items.close()
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()


class AsyncStream(AsyncIterator[ItemT], Generic[ItemT]):
    """The same for async clients, in an `async with`."""

    def __init__(self, response: httpx2.Response, reader: ItemReader, take: Take) -> None:
        self._response = response
        self._items = _async_items(response, reader, take)

    @override
    async def __anext__(self) -> ItemT:
        item: ItemT = await anext(self._items)
        return item

    async def close(self) -> None:
        """Leave the rest of the stream unread."""
        await self._items.aclose()
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        await self.close()


def _items(response: httpx2.Response, reader: ItemReader, take: Take) -> Generator[Any]:
    try:
        for chunk in response.iter_bytes():
            yield from map(take, reader.feed(chunk))
        yield from map(take, reader.end())
    except MediaError as error:
        raise UnexpectedAnswer(response.status_code, f"body: {error}") from None
    except httpx2.DecodingError:
        raise UnexpectedAnswer(response.status_code, GARBLED) from None
    except httpx2.TransportError as error:
        raise no_answer(error) from None
    finally:
        response.close()


async def _async_items(response: httpx2.Response, reader: ItemReader, take: Take) -> AsyncGenerator[Any]:
    try:
        async for chunk in response.aiter_bytes():
            for item in reader.feed(chunk):
                yield take(item)
        for item in reader.end():
            yield take(item)
    except MediaError as error:
        raise UnexpectedAnswer(response.status_code, f"body: {error}") from None
    except httpx2.DecodingError:
        raise UnexpectedAnswer(response.status_code, GARBLED) from None
    except httpx2.TransportError as error:
        raise no_answer(error) from None
    finally:
        await response.aclose()

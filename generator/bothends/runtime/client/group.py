"""Groups of a client: the operations of one tag, `client.repos`, in the layout by tags.

A group sends nothing itself. It calls its client, and copies of it are groups of the client's
copies, so that `client.repos.with_raw_response` records what the client's views record.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from bothends.runtime.operation import Operation

    from .raw_response import Exchange

ResultT = TypeVar("ResultT")


class _AnyGroup:
    """What the two kinds of groups have in common: their client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def _downloading(self) -> Self:
        return type(self)(self._client._downloading())

    def _recording(self, exchanges: list[Exchange]) -> Self:
        return type(self)(self._client._recording(exchanges))


class OperationGroup(_AnyGroup):
    """A group of a sync client."""

    def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        value: ResultT = self._client._call(operation, **arguments)
        return value

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> Iterator[Any]:
        """The items of all pages of an operation; each page is fetched when it is needed."""
        items: Iterator[Any] = self._client._iterate(operation, **arguments)
        return items


class AsyncOperationGroup(_AnyGroup):
    """A group of an async client."""

    async def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        value: ResultT = await self._client._call(operation, **arguments)
        return value

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> AsyncIterator[Any]:
        """The items of all pages of an operation; each page is fetched when it is needed."""
        items: AsyncIterator[Any] = self._client._iterate(operation, **arguments)
        return items

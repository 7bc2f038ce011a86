"""A binary body that a handler reads while it arrives, instead of getting it whole."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import from_thread
from typing_extensions import override

from bothends.runtime.transfer.source import Sizes

from .asgi import Disconnected
from .refused import Cause, Refused

if TYPE_CHECKING:
    from .asgi import HttpRequest

AnswerT = TypeVar("AnswerT")
_MARK = "_bothends_streamed"


def streamed(method: Callable[..., AnswerT]) -> Callable[..., AnswerT]:
    """A handler's method that takes a binary body as a `BodyStream` instead of `bytes`.

        class Store(HarbourHandler):
            @streamed
            async def put_chart(self, harbour_id: str, body: BodyStream) -> None:
                async for piece in body: ...

    Only the size of such a body is held to the contract, as it arrives, and `max_body` is no limit
    for it: the contract's `maxLength` is. What is judged by more than its size, or comes
    compressed, arrives whole and within `max_body` first.
    """
    setattr(method, _MARK, True)
    return method


def is_streamed(method: object) -> bool:
    """Whether a handler's method takes its body as a stream."""
    return getattr(method, _MARK, False) is True


class BodyStream(AsyncIterable[bytes], Iterable[bytes]):
    """The bytes of a request's body as they arrive, to be iterated over once, async or not.

    A body that breaks the contract ends the method with an exception, and the caller gets the
    documented refusal. What a method leaves unread is read, and judged, before its success is sent;
    so a success cannot be made of it lazily.
    """

    def __init__(self, request: HttpRequest, sizes: Sizes, first: bytes | None = None) -> None:
        self._request, self._sizes, self._first = request, sizes, first
        self._received = 0
        self._has_more = first is None
        self.refused: Refused | None = None
        """Why the body breaks the contract, whatever the handler made of it."""

    def check_length(self, declared: str) -> None:
        """Refused for a Content-Length that the contract does not allow."""
        if declared.isascii() and declared.isdigit() and len(declared) < 20:
            self._check(int(declared), is_complete=True)

    async def next_piece(self) -> bytes | None:
        """The next piece, or None at the end. Refused, Disconnected."""
        if self._first is not None:
            piece, self._first = self._first, None
            return piece

        while self._has_more:
            message = await self._request.receive()
            if message["type"] != "http.request":
                raise Disconnected

            received: bytes = message.get("body", b"")
            self._has_more = message.get("more_body", False)
            self._received += len(received)
            self._check(self._received, is_complete=not self._has_more)
            if received:
                return received

        return None

    async def drain(self) -> None:
        """Read what the handler did not, so that all of the body is judged.

        Refused, Disconnected.
        """
        while self.refused is None and await self.next_piece() is not None:
            pass
        if self.refused is not None:
            raise self.refused

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self.next_piece()) is not None:
            yield piece

    @override
    def __iter__(self) -> Iterator[bytes]:
        while (piece := from_thread.run(self.next_piece)) is not None:
            yield piece

    def _check(self, received: int, *, is_complete: bool) -> None:
        fault = self._sizes.fault(received)
        if fault is not None and (is_complete or fault[1] == "maxLength"):
            self._has_more, self.refused = False, Refused(Cause.BODY, "body", *fault)
            raise self.refused


def stream_in(arguments: dict[str, Any]) -> BodyStream | None:
    """The stream among a handler's arguments."""
    for value in arguments.values():
        if type(value) is BodyStream:
            return value
    return None

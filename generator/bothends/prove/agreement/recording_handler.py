"""A handler that records the arguments it receives, and gives the drawn reply."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any

from bothends.prove.values.arguments import Arguments
from bothends.prove.values.replies import DrawnReply, plain_reply
from bothends.runtime.answer import Response
from bothends.runtime.operation import Operation


class RecordingHandler:
    """Where the handler's method of one operation lies, with a function or a coroutine function."""

    def __init__(self, operation: Operation[Any]) -> None:
        self.received: Arguments | None = None
        self._operation = operation
        self._reply = plain_reply(operation)

    def begin(self, reply: DrawnReply) -> None:
        """Forget the call before; answer this."""
        self._reply, self.received = reply, None

    def sync_handler(self) -> object:
        """A handler with a plain function."""

        def handle(**arguments: Any) -> Any:
            self.received = arguments
            return _answer(self._operation, self._reply, iter)

        return _handler(self._operation, handle)

    def async_handler(self) -> object:
        """A handler with a coroutine function."""

        async def handle(**arguments: Any) -> Any:
            self.received = arguments
            return _answer(self._operation, self._reply, _one_by_one)

        return _handler(self._operation, handle)


def _answer(
    operation: Operation[Any], reply: DrawnReply, stream: Callable[[list[Any]], Any]
) -> Any:
    """What a handler returns for a drawn reply; raises where it is to be raised."""
    body = (
        stream(reply.body) if reply.content is not None and reply.content.is_stream else reply.body
    )
    if reply.form == "value":
        return body
    if reply.form == "raised":
        raise operation.errors[reply.key](body, headers=reply.headers, status=reply.status)

    media_type = reply.content.media_type if reply.content is not None else None
    return Response(body, reply.status, reply.headers, content_type=media_type)


async def _one_by_one(items: list[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item


def _handler(operation: Operation[Any], method: Callable[..., Any]) -> object:
    return type("Handler", (), {operation.name: staticmethod(method)})()

"""A handler that records the arguments it receives, and gives the drawn reply."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any

from bothends.prove.values.arguments import Arguments
from bothends.prove.values.replies import DrawnReply, plain_reply
from bothends.runtime.answer import Response
from bothends.runtime.operation import Operation


class RecordingHandler:
    """Where the handler's method of one operation lies, with a function or a coroutine function.

    `by_another`: an operation of the same path and method, one of `rivals`, was asked instead.
    """

    def __init__(self, operation: Operation[Any], rivals: Iterable[Operation[Any]] = ()) -> None:
        self.received: Arguments | None = None
        self.by_another = False
        self._operation, self._rivals = operation, tuple(rivals)
        self._reply = plain_reply(operation)

    def begin(self, reply: DrawnReply) -> None:
        """Forget the call before; answer this."""
        self._reply, self.received, self.by_another = reply, None, False

    def sync_handler(self) -> object:
        """A handler with a plain function."""

        def handle(**arguments: Any) -> Any:
            self.received = arguments
            return _answer(self._operation, self._reply, iter)

        return self._handler(handle)

    def async_handler(self) -> object:
        """A handler with a coroutine function."""

        async def handle(**arguments: Any) -> Any:
            self.received = arguments
            return _answer(self._operation, self._reply, _one_by_one)

        return self._handler(handle)

    def _handler(self, method: Callable[..., Any]) -> object:
        def another(**_: Any) -> Any:
            self.by_another = True
            raise NotImplementedError

        methods = {rival.name: staticmethod(another) for rival in self._rivals}
        return type("Handler", (), {**methods, self._operation.name: staticmethod(method)})()


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

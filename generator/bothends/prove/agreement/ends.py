"""Join the two ends of a package: its clients call its server with our handler."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from bothends.prove.agreement.clients import make_client
from bothends.prove.agreement.recording_handler import RecordingHandler
from bothends.prove.oracle.requests import is_elsewhere
from bothends.prove.target.serve import serve
from bothends.prove.target.server_log import ServerLog, listening
from bothends.prove.values.arguments import Arguments
from bothends.prove.values.replies import DrawnReply
from bothends.prove.wire.credentials import Credentials
from bothends.runtime import App, AsyncClient, AsyncStream, Client, Operation, RawResponse, Stream
from bothends.runtime.operation import method_of

SYNC, ASYNC, SOCKET = "sync client", "async client", "over a socket"


@dataclass(slots=True)
class Outcome:
    """The outcome of one call: what the handler received, and what the caller got or raised.

    `complaint` is what the server's log said of it; `unsendable`, that the wire has no form for
    what the handler gave; `by_another`, that another operation of the same path answered.
    """

    received: Arguments | None
    answer: RawResponse[Any] | None = None
    items: list[Any] | None = None
    error: Exception | None = None
    complaint: str = ""
    unsendable: bool = False
    by_another: bool = False


_Call = Callable[[Arguments, DrawnReply], Outcome]


class Switch:
    """One ASGI app for a real socket, that is another app for each operation."""

    app: App | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand on to the app of the moment."""
        if self.app is None or scope["type"] != "http":
            raise TypeError(
                "only requests are handed on"
            )  # which the lifespan protocol takes for "not supported"
        await self.app(scope, receive, send)


@contextmanager
def listener() -> Generator[tuple[Switch, str]]:
    """A server on a free port of this machine, and its address."""
    switch = Switch()
    with serve(switch) as address:
        yield switch, address


class Ends:
    """Both ends of one operation, ready to be called: `calls` by the way that they are joined."""

    def __init__(
        self,
        operation: Operation[Any],
        stack: ExitStack,
        over: tuple[Switch, str] | None,
        rivals: tuple[Operation[Any], ...],
    ) -> None:
        self._operation = operation
        self._log: ServerLog = stack.enter_context(listening(operation.api))
        self._runner = stack.enter_context(asyncio.Runner())
        recorder, async_recorder = (
            RecordingHandler(operation, rivals),
            RecordingHandler(operation, rivals),
        )
        app, async_app = (
            _app(operation, recorder.sync_handler()),
            _app(operation, async_recorder.async_handler()),
        )
        client = stack.enter_context(make_client(operation, Client, app=app))
        async_client = make_client(operation, AsyncClient, app=async_app)
        # The client belongs to the runner's loop, so it closes there.
        stack.callback(lambda: self._runner.run(async_client.close()))
        self.calls: dict[str, _Call] = {
            SYNC: self._caller(recorder, client),
            ASYNC: self._async_caller(async_recorder, async_client),
        }

        if over is not None:
            switch, address = over
            switch.app = app
            self.calls[SOCKET] = self._caller(
                recorder, stack.enter_context(make_client(operation, Client, base_url=address))
            )

        self.parameters = dict(inspect.signature(method_of(client, operation)).parameters)

    def _caller(self, recorder: RecordingHandler, client: Any) -> _Call:
        def call(arguments: Arguments) -> Outcome:
            try:
                answer = method_of(client, self._operation, "with_raw_response")(**arguments)
                body: Any = answer.body
                items = list(body) if isinstance(answer.body, Stream) else None
            except Exception as error:  # noqa: BLE001 (whatever either end does is evidence)
                return Outcome(recorder.received, error=error)

            return Outcome(recorder.received, answer, items)

        return self._watched(recorder, call)

    def _async_caller(self, recorder: RecordingHandler, client: Any) -> _Call:
        async def call(arguments: Arguments) -> Outcome:
            try:
                answer = await method_of(client, self._operation, "with_raw_response")(**arguments)
                body: Any = answer.body
                items = (
                    [item async for item in body] if isinstance(answer.body, AsyncStream) else None
                )
            except Exception as error:  # noqa: BLE001 (whatever either end does is evidence)
                return Outcome(recorder.received, error=error)

            return Outcome(recorder.received, answer, items)

        return self._watched(recorder, lambda arguments: self._runner.run(call(arguments)))

    def _watched(self, recorder: RecordingHandler, call: Callable[[Arguments], Outcome]) -> _Call:
        def watched(arguments: Arguments, reply: DrawnReply) -> Outcome:
            recorder.begin(reply)
            self._log.forget()
            outcome = call(arguments)
            outcome.complaint, outcome.unsendable = self._log.text, self._log.unsendable
            request = getattr(outcome.error, "request", None)
            path = urlsplit(str(request.url)).path if request is not None else ""
            outcome.by_another = recorder.by_another or (
                recorder.received is None and is_elsewhere(self._operation, path.split("/"))
            )
            return outcome

        return watched


@contextmanager
def joined(
    operation: Operation[Any],
    over: tuple[Switch, str] | None = None,
    rivals: tuple[Operation[Any], ...] = (),
) -> Generator[Ends]:
    """Both ends of an operation, until the end of the `with`.

    Over a listener as well, if there is one. `rivals` are other operations that may be asked by the
    same requests.
    """
    with ExitStack() as stack:
        yield Ends(operation, stack, over, rivals)


def _app(operation: Operation[Any], handler: object) -> App:
    api = operation.api
    create_app: Callable[..., App] = getattr(import_module(api.module("server")), api.app_factory)
    return create_app(handler, authenticate=Credentials.made_up(operation.api).authenticate())

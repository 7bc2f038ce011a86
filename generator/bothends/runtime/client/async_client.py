"""The asynchronous client that generated ones extend: the same as the synchronous one, but for how it waits."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

import anyio
import httpx2
from typing_extensions import Unpack

from bothends.runtime.errors import BothendsError
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.operation import Api, Operation
from bothends.runtime.transfer.source import SourceError

from .auth.authorize import choose_schemes
from .auth.credentials import AsyncCredentials
from .bodies.download import AsyncDownload, downloaded
from .bodies.received import no_answer, received
from .bodies.stream import AsyncStream
from .call import Call, last
from .deprecation import warn_of_arguments, warned
from .hooks import Attempt
from .log import shown_as
from .options import AsyncOptions, CallOptions
from .pagination import Turning
from .retry import Ending
from .settings import Settings
from .transport.deadline import out_of_time
from .transport.in_process import async_transport
from .whole import WholeAnswer, asking, take_asked, whole_answer

ResultT = TypeVar("ResultT")
ArgumentsP = ParamSpec("ArgumentsP")


class AsyncClient:
    """An async client with a pool of connections. Close it, or use it as a context manager.

    No redirect is followed, whatever its target: a 3xx is an answer like any other, and credentials stay with the server
    that they were given for.
    """

    def __init__(
        self,
        api: Api,
        *,
        server: str,
        variables: Mapping[str, str | None],
        credentials: Mapping[str, Any],
        **options: Unpack[AsyncOptions],
    ) -> None:
        self._settings = Settings(api, server, variables, options)
        self._credentials = AsyncCredentials(credentials)
        given = options.get("http_client")
        self._owned = given is None
        self._http = given or _network(options)

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """A copy with these options, on the same connections and credentials. It lives as long as this client."""
        made = copy.copy(self)
        made._settings = self._settings.changed(options)
        made._owned = False
        return made

    def whole(
        self, method: Callable[ArgumentsP, Awaitable[ResultT]]
    ) -> Callable[ArgumentsP, Coroutine[Any, Any, WholeAnswer[ResultT]]]:
        """The method, giving whole answers: `(await client.whole(client.list_tides)("h1")).headers`.

        Errors are raised as ever; they carry their status, headers and response.
        """
        given = warned(method)

        @functools.wraps(method)
        async def call(*args: ArgumentsP.args, **kwargs: ArgumentsP.kwargs) -> WholeAnswer[ResultT]:
            with asking() as asked:
                body = await given(*args, **kwargs)
            return whole_answer(body, asked)

        return call

    def streamed(
        self, method: Callable[ArgumentsP, Awaitable[bytes]]
    ) -> Callable[ArgumentsP, AbstractAsyncContextManager[AsyncDownload]]:
        """The method, giving its bytes as they come: `async with client.streamed(client.chart)("h1") as chart: ...`.

        The method is called, and its errors are raised, where the `async with` begins.
        """
        given = warned(method)

        @asynccontextmanager
        @functools.wraps(method)
        async def call(
            *args: ArgumentsP.args, **kwargs: ArgumentsP.kwargs
        ) -> AsyncGenerator[AsyncDownload]:
            with asking(is_streamed=True):
                download: object = await given(*args, **kwargs)
            async with aclosing(downloaded(download, AsyncDownload)) as opened:
                yield opened

        return call

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._owned:
            await self._http.aclose()

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

    async def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        asked = take_asked()
        call: Call | None = None
        result: ResultT

        try:
            call = Call(operation, self._settings, arguments, asked)
            response, result = await self._answered(call)
        except BothendsError as error:
            error.about(operation, call.shown if call else None, call.response if call else None)
            raise

        asked.exchange, asked.request = (operation, response), call.shown
        return result

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> AsyncGenerator[Any]:
        """The items of all pages of an operation; a page is asked for when its first item is."""
        warn_of_arguments(
            operation, arguments
        )  # here, where the caller's line is known, and not at each page
        return self._pages(Turning(operation, arguments), operation)

    async def _pages(self, turning: Turning, operation: Operation[Any]) -> AsyncGenerator[Any]:
        while turning.has_more:
            with asking(is_page=True, query=turning.query) as asked:
                page: Any = await self._call(operation, **turning.arguments)
            for item in turning.take(page, asked):
                yield item

    async def _answered(self, call: Call) -> tuple[ReceivedResponse, Any]:
        """The answer of a call and what the caller gets of it. One that the caller is to read is closed when he does not get it."""
        try:
            response = await self._exchange_in_time(call)
            return response, self._result(call, response)
        except BaseException:
            await _close(call.leave())
            raise

    def _result(self, call: Call, response: ReceivedResponse) -> Any:
        reader = self._settings.reader
        if call.opened is not None and call.is_download:
            return AsyncDownload(reader.download(call.operation, response, call.opened))
        if call.is_streamed:
            raise reader.not_binary(call.operation, response)
        if call.opened is None:
            return reader.read(call.operation, response)
        return AsyncStream[Any](call.opened, *reader.items(call.operation, response))

    async def _exchange_in_time(self, call: Call) -> ReceivedResponse:
        response: ReceivedResponse | None = None
        with anyio.move_on_after(call.deadline.remaining()):
            response = await self._exchange(call)
        if response is None:
            raise out_of_time()
        return response

    async def _exchange(self, call: Call) -> ReceivedResponse:
        schemes = choose_schemes(call.operation, self._credentials.given, self._settings.headers)
        while True:
            values = await self._credentials.take(schemes)
            ending = await self._attempt(call, values)
            if call.may_renew(ending) and await self._credentials.renew(values):
                await _close(call.leave())
                continue

            pause = call.pause(ending)
            if pause is None:
                return last(ending)

            await _close(call.leave())
            await self._settings.clock.sleep_async(pause)

    async def _attempt(self, call: Call, values: Mapping[str, Any]) -> Ending:
        hooks = self._settings.hooks
        attempt = call.attempt()
        if hooks.request is not None:
            await _finished(hooks.request(attempt))

        ending = await self._send(call, attempt, values)
        outcome = call.ended(attempt, ending)
        if hooks.response is not None:
            await _finished(hooks.response(outcome))

        return ending

    async def _send(self, call: Call, attempt: Attempt, values: Mapping[str, Any]) -> Ending:
        request = call.request(attempt, values)
        try:
            with shown_as(call.shown.url):
                response = await self._http.send(request, stream=True, follow_redirects=False)

            if call.opens(response):
                return received(response, b"")

            try:
                is_read = response.is_stream_consumed
                return received(
                    response,
                    None if is_read else b"".join([chunk async for chunk in response.aiter_raw()]),
                )
            finally:
                await response.aclose()
        except httpx2.TransportError as fault:
            return no_answer(fault)
        except SourceError as fault:
            return call.unsendable(fault)
        except BothendsError as error:
            return error


async def _close(response: httpx2.Response | None) -> None:
    if response is not None:
        with anyio.CancelScope(shield=True):
            await response.aclose()


async def _finished(given: object) -> None:
    if inspect.isawaitable(given):
        await given


def _network(options: AsyncOptions) -> httpx2.AsyncClient:
    verify = options.get("ssl_context", True)
    return httpx2.AsyncClient(transport=_transport(options), verify=verify, follow_redirects=False)


def _transport(options: AsyncOptions) -> httpx2.AsyncBaseTransport | None:
    return async_transport(options["app"]) if "app" in options else options.get("transport")

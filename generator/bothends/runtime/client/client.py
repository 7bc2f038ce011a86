"""The synchronous client that generated ones extend: one operation, one call, one value or one error."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

import httpx2
from typing_extensions import Unpack

from bothends.runtime.errors import BothendsError
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.operation import Api, Operation
from bothends.runtime.transfer.source import SourceError

from .auth.authorize import choose_schemes
from .auth.credentials import Credentials
from .bodies.download import Download, downloaded
from .bodies.received import no_answer, received
from .bodies.stream import Stream
from .call import Call, last
from .deprecation import warn_of_arguments, warned
from .hooks import Attempt
from .log import shown_as
from .options import CallOptions, Options
from .pagination import Turning
from .retry import Ending
from .settings import Settings
from .transport.in_process import AppTransport
from .transport.network import obey_deadlines
from .whole import WholeAnswer, asking, take_asked, whole_answer

ResultT = TypeVar("ResultT")
ArgumentsP = ParamSpec("ArgumentsP")


class Client:
    """A client with a pool of connections, for use from any thread. Close it, or use it as a context manager.

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
        **options: Unpack[Options],
    ) -> None:
        self._settings = Settings(api, server, variables, options)
        self._credentials = Credentials(credentials)
        given = options.get("http_client")
        self._owned = given is None
        self._http = given or obey_deadlines(_network(options))

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """A copy with these options, on the same connections and credentials. It lives as long as this client."""
        made = copy.copy(self)
        made._settings = self._settings.changed(options)
        made._owned = False
        return made

    def whole(
        self, method: Callable[ArgumentsP, ResultT]
    ) -> Callable[ArgumentsP, WholeAnswer[ResultT]]:
        """The method, giving whole answers: `client.whole(client.list_tides)("h1").headers`.

        Errors are raised as ever; they carry their status, headers and response.
        """
        given = warned(method)

        @functools.wraps(method)
        def call(*args: ArgumentsP.args, **kwargs: ArgumentsP.kwargs) -> WholeAnswer[ResultT]:
            with asking() as asked:
                body = given(*args, **kwargs)
            return whole_answer(body, asked)

        return call

    def streamed(
        self, method: Callable[ArgumentsP, bytes]
    ) -> Callable[ArgumentsP, AbstractContextManager[Download]]:
        """The method, giving its bytes as they come: `with client.streamed(client.chart)("h1") as chart: chart.save(path)`.

        The method is called, and its errors are raised, where the `with` begins.
        """
        given = warned(method)

        @contextmanager
        @functools.wraps(method)
        def call(*args: ArgumentsP.args, **kwargs: ArgumentsP.kwargs) -> Generator[Download]:
            with asking(is_streamed=True):
                download: object = given(*args, **kwargs)
            with closing(downloaded(download, Download)) as opened:
                yield opened

        return call

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._owned:
            self._http.close()

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

    def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        asked = take_asked()
        call: Call | None = None
        result: ResultT

        try:
            call = Call(operation, self._settings, arguments, asked)
            response, result = self._answered(call)
        except BothendsError as error:
            error.about(operation, call.shown if call else None, call.response if call else None)
            raise

        asked.exchange, asked.request = (operation, response), call.shown
        return result

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> Generator[Any]:
        """The items of all pages of an operation; a page is asked for when its first item is."""
        warn_of_arguments(
            operation, arguments
        )  # here, where the caller's line is known, and not at each page
        return self._pages(Turning(operation, arguments), operation)

    def _pages(self, turning: Turning, operation: Operation[Any]) -> Generator[Any]:
        while turning.has_more:
            with asking(is_page=True, query=turning.query) as asked:
                page: Any = self._call(operation, **turning.arguments)
            yield from turning.take(page, asked)

    def _answered(self, call: Call) -> tuple[ReceivedResponse, Any]:
        """The answer of a call and what the caller gets of it. One that the caller is to read is closed when he does not get it."""
        try:
            with call.deadline.applied():
                response = self._exchange(call)
            return response, self._result(call, response)
        except BaseException:
            _close(call.leave())
            raise

    def _result(self, call: Call, response: ReceivedResponse) -> Any:
        reader = self._settings.reader
        if call.opened is not None and call.is_download:
            return Download(reader.download(call.operation, response, call.opened))
        if call.is_streamed:
            raise reader.not_binary(call.operation, response)
        if call.opened is None:
            return reader.read(call.operation, response)
        return Stream[Any](call.opened, *reader.items(call.operation, response))

    def _exchange(self, call: Call) -> ReceivedResponse:
        schemes = choose_schemes(call.operation, self._credentials.given, self._settings.headers)
        while True:
            values = self._credentials.take(schemes)
            ending = self._attempt(call, values)
            if call.may_renew(ending) and self._credentials.renew(values):
                _close(call.leave())
                continue

            pause = call.pause(ending)
            if pause is None:
                return last(ending)

            _close(call.leave())
            self._settings.clock.sleep(pause)

    def _attempt(self, call: Call, values: Mapping[str, Any]) -> Ending:
        hooks = self._settings.hooks
        attempt = call.attempt()
        if hooks.request is not None:
            hooks.request(attempt)

        ending = self._send(call, attempt, values)
        outcome = call.ended(attempt, ending)
        if hooks.response is not None:
            hooks.response(outcome)

        return ending

    def _send(self, call: Call, attempt: Attempt, values: Mapping[str, Any]) -> Ending:
        request = call.request(attempt, values)
        try:
            with shown_as(call.shown.url):
                response = self._http.send(request, stream=True, follow_redirects=False)

            if call.opens(response):
                return received(response, b"")

            try:
                is_read = response.is_stream_consumed
                return received(
                    response, None if is_read else b"".join(call.deadline.over(response.iter_raw()))
                )
            finally:
                response.close()
        except httpx2.TransportError as fault:
            return no_answer(fault)
        except SourceError as fault:
            return call.unsendable(fault)
        except BothendsError as error:
            return error


def _close(response: httpx2.Response | None) -> None:
    if response is not None:
        response.close()


def _network(options: Options) -> httpx2.Client:
    return httpx2.Client(
        transport=_transport(options),
        verify=options.get("ssl_context", True),
        follow_redirects=False,
    )


def _transport(options: Options) -> httpx2.BaseTransport | None:
    return AppTransport(options["app"]) if "app" in options else options.get("transport")

"""The clients that generated ones extend: one operation, one call, one value or one error."""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from typing_extensions import Unpack, override

from .call_mode import DOWNLOAD, VALUE, CallMode
from .group import AsyncOperationGroup, OperationGroup

# Everything else loads with the first client, or with the first call: importing a generated package
# costs less than importing an HTTP library.
if TYPE_CHECKING:
    from types import TracebackType

    import httpx2

    from bothends.runtime.exchange import ReceivedResponse
    from bothends.runtime.operation import Api, Operation

    from .auth.credentials import Credentials
    from .call import Call
    from .options import AsyncOptions, CallOptions, Options
    from .pagination import Paginator
    from .raw_response import Exchange
    from .settings import Settings

    _Answered = tuple[Call, ReceivedResponse, Any]
    _Work = Coroutine[Any, Any, _Answered]
    _Answer = Callable[..., _Work]

ResultT = TypeVar("ResultT")


class _AnyClient:
    """What the two clients have in common: settings, credentials, and copies of themselves."""

    _settings: Settings
    _credentials: Credentials
    _mode: CallMode = VALUE
    _exchanges: list[Exchange] | None = None
    _owns_connections: bool

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """A copy with these options, on the same connections and credentials.

        It lives as long as this client.

        Raises:
            TypeError: There is no such option, or its value has the wrong type.
            ValueError: The value is not one of its choices.

        """
        copied = copy.copy(self)
        copied._settings = self._settings.changed(options)
        return copied

    def _downloading(self) -> Self:
        """A copy whose calls leave binary bodies to be read."""
        copied = copy.copy(self)
        copied._mode = DOWNLOAD
        return copied

    def _recording(self, exchanges: list[Exchange]) -> Self:
        """A copy that adds the exchange of each call to a list."""
        copied = copy.copy(self)
        copied._exchanges = exchanges
        return copied

    def _record(self, call: Call, response: ReceivedResponse) -> None:
        if self._exchanges is not None:
            self._exchanges.append((call.operation, response))

    def __copy__(self) -> Self:
        # The groups that were made belong to this client and its options.
        groups = (OperationGroup, AsyncOperationGroup)
        attributes = {
            name: value for name, value in vars(self).items() if not isinstance(value, groups)
        }
        copied = object.__new__(type(self))
        copied.__dict__.update(attributes)
        copied._owns_connections = False
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copy.copy(self)  # connections cannot be copied, so they are shared

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds connections and credentials and cannot be pickled: "
            "make one in each process"
        )


class Client(_AnyClient):
    """A client with a pool of connections, for use from any thread.

    Close it, or use it as a context manager.

    Redirects are followed within the origin for GET and HEAD, and with 307 and 308, unless the
    contract documents them: credentials stay with the server that they are for.
    """

    def __init__(
        self,
        api: Api,
        server: str,
        variables: Mapping[str, str | None],
        credentials: Mapping[str, Any],
        /,  # so that a `server=` of the caller is an unknown option, where there is one server
        **options: Unpack[Options],
    ) -> None:
        from .auth.credentials import Credentials
        from .check_options import check_network_options
        from .settings import Settings
        from .transport.network import obey_deadlines
        from .waiting import SyncWaiting

        self._settings = Settings(api, server, variables, options)
        check_network_options(options, is_async=False)
        self._credentials = Credentials(credentials)
        chosen = options.get("http_client")
        self._owns_connections = chosen is None
        self._waiting = SyncWaiting(chosen or obey_deadlines(_network(options)))

    def close(self) -> None:
        """Close the connections, unless the HTTP client is the user's."""
        if self._owns_connections:
            self._waiting.http.close()

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
        result: ResultT
        call, response, result = self._answer(operation, arguments, self._mode)
        self._record(call, response)
        return result

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> Generator[Any]:
        """The items of all pages of an operation; each page is fetched when it is needed."""
        from .deprecation import warn_of_arguments
        from .pagination import Paginator

        # Here, where the caller's line is known, and not at each page.
        warn_of_arguments(operation, arguments)
        return self._pages(Paginator(operation, arguments))

    def _pages(self, pages: Paginator) -> Generator[Any]:
        while pages.has_more:
            call, response, page = self._answer(pages.operation, pages.arguments, pages.mode)
            yield from pages.take(page, response, call.sent)

    def _answer(
        self, operation: Operation[Any], arguments: Mapping[str, Any], mode: CallMode
    ) -> tuple[Call, ReceivedResponse, Any]:
        answer, run_now = _steps()
        work = answer(operation, arguments, self._settings, self._credentials, self._waiting, mode)
        return run_now(work)


class AsyncClient(_AnyClient):
    """An async client with a pool of connections. Close it, or use it as a context manager.

    It works in one event loop after another: each has connections of its own. Redirects are
    followed as by `Client`.
    """

    def __init__(
        self,
        api: Api,
        server: str,
        variables: Mapping[str, str | None],
        credentials: Mapping[str, Any],
        /,  # so that a `server=` of the caller is an unknown option, where there is one server
        **options: Unpack[AsyncOptions],
    ) -> None:
        from .auth.credentials import Credentials
        from .check_options import check_network_options
        from .settings import Settings
        from .waiting import AsyncWaiting

        self._settings = Settings(api, server, variables, options)
        check_network_options(options, is_async=True)
        self._credentials = Credentials(credentials)
        chosen = options.get("http_client")
        self._owns_connections = chosen is None
        self._waiting = AsyncWaiting(lambda: _async_network(options), chosen)

    async def close(self) -> None:
        """Close the connections, unless the HTTP client is the user's."""
        if self._owns_connections:
            await self._waiting.end()

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
        result: ResultT
        call, response, result = await self._answer(operation, arguments, self._mode)
        self._record(call, response)
        return result

    def _iterate(self, operation: Operation[Any], /, **arguments: Any) -> AsyncGenerator[Any]:
        """The items of all pages of an operation; each page is fetched when it is needed."""
        from .deprecation import warn_of_arguments
        from .pagination import Paginator

        warn_of_arguments(operation, arguments)
        return self._pages(Paginator(operation, arguments))

    async def _pages(self, pages: Paginator) -> AsyncGenerator[Any]:
        while pages.has_more:
            call, response, page = await self._answer(pages.operation, pages.arguments, pages.mode)
            for item in pages.take(page, response, call.sent):
                yield item

    async def _answer(
        self, operation: Operation[Any], arguments: Mapping[str, Any], mode: CallMode
    ) -> tuple[Call, ReceivedResponse, Any]:
        answer, _ = _steps()
        return await answer(
            operation, arguments, self._settings, self._credentials, self._waiting, mode
        )


@cache
def _steps() -> tuple[_Answer, Callable[[_Work], _Answered]]:
    """What a call needs, loaded with the first one."""
    from .call_flow import answer
    from .waiting import run_now

    return answer, run_now


def _network(options: Options) -> httpx2.Client:
    import httpx2

    from .transport.in_process import AppTransport

    transport = AppTransport(options["app"]) if "app" in options else options.get("transport")
    verify = options.get("ssl_context", True)
    return httpx2.Client(transport=transport, verify=verify, follow_redirects=False)


def _async_network(options: AsyncOptions) -> httpx2.AsyncClient:
    import httpx2

    from .transport.in_process import async_transport

    transport = async_transport(options["app"]) if "app" in options else options.get("transport")
    verify = options.get("ssl_context", True)
    return httpx2.AsyncClient(transport=transport, verify=verify, follow_redirects=False)

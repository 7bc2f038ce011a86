"""The clients that generated ones extend: one operation, one call, one value or one error."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
from typing_extensions import Unpack

from bothends.runtime.errors import BothendsError
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.operation import Api, Operation

from .authorize import choose_schemes
from .call import Settings, garbled, no_answer, received
from .credentials import AsyncCredentials, Credentials
from .idempotency_key import with_key
from .in_process import AppTransport, async_transport
from .options import AsyncOptions, Options
from .prepare import Prepared, prepare

ResultT = TypeVar("ResultT")


class Client:
    """A client with a pool of connections, for use from any thread. Close it, or use it as a context manager."""

    def __init__(
        self,
        api: Api,
        *,
        server: str,
        variables: Mapping[str, str],
        credentials: Mapping[str, Any],
        **options: Unpack[Options],
    ) -> None:
        self._settings = Settings(api, server, variables, options)
        self._credentials = Credentials(credentials)
        given = options.get("http_client")
        self._owned = given is None
        self._http = given or httpx2.Client(transport=_transport(options), follow_redirects=False)

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._owned:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        prepared: Prepared | None = None
        response: ReceivedResponse | None = None
        try:
            prepared = prepare(operation, with_key(operation, arguments))
            response = self._exchange(operation, prepared)
            result: ResultT = self._settings.reader.read(operation, response)
        except BothendsError as error:
            error.about(operation, self._settings.shown(prepared) if prepared else None, response)
            raise
        return result

    def _exchange(self, operation: Operation[Any], prepared: Prepared) -> ReceivedResponse:
        schemes = choose_schemes(operation, self._credentials.given, self._settings.headers)
        values = self._credentials.take(schemes)
        response = self._send(self._settings.request(operation, prepared, values))
        if response.status == 401:
            fresh = self._credentials.renew(values)
            if fresh is not None:
                response = self._send(self._settings.request(operation, prepared, fresh))
        return response

    def _send(self, request: httpx2.Request) -> ReceivedResponse:
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
            try:
                response.read()
            except httpx2.DecodingError:
                raise garbled(response) from None
            finally:
                response.close()
        except httpx2.TransportError as error:
            raise no_answer(error) from error
        return received(response)


class AsyncClient:
    """An async client with a pool of connections. Close it, or use it as a context manager."""

    def __init__(
        self,
        api: Api,
        *,
        server: str,
        variables: Mapping[str, str],
        credentials: Mapping[str, Any],
        **options: Unpack[AsyncOptions],
    ) -> None:
        self._settings = Settings(api, server, variables, options)
        self._credentials = AsyncCredentials(credentials)
        given = options.get("http_client")
        self._owned = given is None
        self._http = given or httpx2.AsyncClient(transport=_async_transport(options), follow_redirects=False)

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        if self._owned:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        await self.close()

    async def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> ResultT:
        """Call an operation: the value it answers, or an error."""
        prepared: Prepared | None = None
        response: ReceivedResponse | None = None
        try:
            prepared = prepare(operation, with_key(operation, arguments))
            response = await self._exchange(operation, prepared)
            result: ResultT = self._settings.reader.read(operation, response)
        except BothendsError as error:
            error.about(operation, self._settings.shown(prepared) if prepared else None, response)
            raise
        return result

    async def _exchange(self, operation: Operation[Any], prepared: Prepared) -> ReceivedResponse:
        schemes = choose_schemes(operation, self._credentials.given, self._settings.headers)
        values = await self._credentials.take(schemes)
        response = await self._send(self._settings.request(operation, prepared, values))
        if response.status == 401:
            fresh = await self._credentials.renew(values)
            if fresh is not None:
                response = await self._send(self._settings.request(operation, prepared, fresh))
        return response

    async def _send(self, request: httpx2.Request) -> ReceivedResponse:
        try:
            response = await self._http.send(request, stream=True, follow_redirects=False)
            try:
                await response.aread()
            except httpx2.DecodingError:
                raise garbled(response) from None
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            raise no_answer(error) from error
        return received(response)


def _transport(options: Options) -> httpx2.BaseTransport | None:
    return AppTransport(options["app"]) if "app" in options else options.get("transport")


def _async_transport(options: AsyncOptions) -> httpx2.AsyncBaseTransport | None:
    return async_transport(options["app"]) if "app" in options else options.get("transport")

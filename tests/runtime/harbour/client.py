from datetime import date
from typing import Any, Literal

from typing_extensions import Unpack

from bothends.runtime import (
    AsyncClient,
    AsyncLogin,
    AsyncOptions,
    AsyncRawMethod,
    AsyncRawResponses,
    AsyncSecret,
    Client,
    Login,
    Options,
    RawMethod,
    RawResponses,
    Secret,
)

from .models import Failures, Gauge, NewTide, Tide, TidePage, Vessel
from .operations import (
    ADD_TIDE,
    API,
    BOOK_BERTH,
    BOOK_BUOY,
    ECHO,
    LATEST_TIDE,
    LIST_TIDES,
    RESEND,
    SINK,
    VESSEL,
)


class HarbourClient(Client):
    def __init__(
        self,
        *,
        bearer_auth: Secret | None = None,
        basic_auth: Login | None = None,
        token: Secret | None = None,
        server: Literal["production"] = "production",
        host: str = "tides.example",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(
            API,
            server,
            {"host": host},
            {"bearerAuth": bearer_auth, "basicAuth": basic_auth, "token": token},
            **options,
        )

    @property
    def with_raw_response(self) -> "HarbourRawResponses":
        return HarbourRawResponses(self)

    def list_tides(
        self,
        harbour_id: str,
        *,
        since: date | None = None,
        limit: int | None = None,
        x_trace: str | None = None,
    ) -> TidePage:
        return self._call(
            LIST_TIDES, harbour_id=harbour_id, since=since, limit=limit, x_trace=x_trace
        )

    def add_tide(self, harbour_id: str, body: NewTide) -> Tide:
        return self._call(ADD_TIDE, harbour_id=harbour_id, body=body)

    def latest_tide(self) -> Tide:
        return self._call(LATEST_TIDE)

    def resend(self, ids: list[str], *, content_encoding: str | None = None) -> Failures:
        return self._call(RESEND, ids=ids, content_encoding=content_encoding)

    def echo(self, simple: list[int], label: Gauge, matrix: list[str], **rest: Any) -> Any:
        return self._call(ECHO, simple=simple, label=label, matrix=matrix, **rest)

    def vessel(self) -> Vessel:
        return self._call(VESSEL)

    def sink(self) -> None:
        return self._call(SINK)

    def book_berth(self, ship: str, *, key: str | None = None) -> str:
        return self._call(BOOK_BERTH, ship=ship, key=key)

    def book_buoy(self, ship: str, *, key: str | None = None) -> str:
        return self._call(BOOK_BUOY, ship=ship, key=key)


class AsyncHarbourClient(AsyncClient):
    def __init__(
        self,
        *,
        bearer_auth: AsyncSecret | None = None,
        basic_auth: AsyncLogin | None = None,
        token: AsyncSecret | None = None,
        server: Literal["production"] = "production",
        host: str = "tides.example",
        **options: Unpack[AsyncOptions],
    ) -> None:
        super().__init__(
            API,
            server,
            {"host": host},
            {"bearerAuth": bearer_auth, "basicAuth": basic_auth, "token": token},
            **options,
        )

    @property
    def with_raw_response(self) -> "AsyncHarbourRawResponses":
        return AsyncHarbourRawResponses(self)

    async def list_tides(
        self,
        harbour_id: str,
        *,
        since: date | None = None,
        limit: int | None = None,
        x_trace: str | None = None,
    ) -> TidePage:
        return await self._call(
            LIST_TIDES, harbour_id=harbour_id, since=since, limit=limit, x_trace=x_trace
        )

    async def add_tide(self, harbour_id: str, body: NewTide) -> Tide:
        return await self._call(ADD_TIDE, harbour_id=harbour_id, body=body)

    async def resend(self, ids: list[str]) -> Failures:
        return await self._call(RESEND, ids=ids)

    async def latest_tide(self) -> Tide:
        return await self._call(LATEST_TIDE)

    async def book_berth(self, ship: str, *, key: str | None = None) -> str:
        return await self._call(BOOK_BERTH, ship=ship, key=key)


class HarbourRawResponses(RawResponses):
    list_tides = RawMethod(HarbourClient.list_tides)
    add_tide = RawMethod(HarbourClient.add_tide)
    latest_tide = RawMethod(HarbourClient.latest_tide)
    resend = RawMethod(HarbourClient.resend)
    echo = RawMethod(HarbourClient.echo)
    vessel = RawMethod(HarbourClient.vessel)
    sink = RawMethod(HarbourClient.sink)
    book_berth = RawMethod(HarbourClient.book_berth)
    book_buoy = RawMethod(HarbourClient.book_buoy)


class AsyncHarbourRawResponses(AsyncRawResponses):
    list_tides = AsyncRawMethod(AsyncHarbourClient.list_tides)
    add_tide = AsyncRawMethod(AsyncHarbourClient.add_tide)
    resend = AsyncRawMethod(AsyncHarbourClient.resend)
    latest_tide = AsyncRawMethod(AsyncHarbourClient.latest_tide)
    book_berth = AsyncRawMethod(AsyncHarbourClient.book_berth)

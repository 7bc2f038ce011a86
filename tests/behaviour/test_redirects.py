"""Redirects: followed within the origin where the method stays the same, described in the error otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package

from bothends.runtime import RedirectError, UndocumentedStatus

TIDES = """
components: {securitySchemes: {bearerAuth: {type: http, scheme: bearer}}}
security: [{bearerAuth: []}]
paths:
  /tides:
    get: &get {operationId: listTides, responses: {'200': {description: Tides., content: {text/plain: {schema: {type: string}}}}}}
    post:
      operationId: addTide
      requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}
      responses: {'200': {description: Added., content: {text/plain: {schema: {type: string}}}}}
  /documented:
    get:
      operationId: documented
      responses: {'302': {description: Elsewhere.}, '200': {description: Here.}}
"""


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


class Server:
    """Redirects each path but `/end` as it is told, and remembers the requests."""

    def __init__(self, status: int, *locations: str) -> None:
        self.status, self.locations = status, list(locations)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.locations:
            return httpx2.Response(self.status, headers={"location": self.locations.pop(0)})
        content = b"end:" + request.read()
        return httpx2.Response(200, content=content, headers={"content-type": "text/plain"})


def call(tides: Package, server: Server, work: Callable[[Any], Any]) -> Any:
    with tides.module.MadeClient(
        base_url="https://tides.test/v1",
        bearer_auth="token",
        transport=httpx2.MockTransport(server),
    ) as client:
        return work(client)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/v2/tides?a=1", "https://tides.test/v2/tides?a=1"])
def test_a_get_is_followed_within_the_origin(tides: Package, status: int, location: str) -> None:
    server = Server(status, location)
    assert call(tides, server, lambda client: client.list_tides()) == "end:"
    assert str(server.requests[1].url) == "https://tides.test/v2/tides?a=1"
    assert server.requests[1].headers["authorization"] == "Bearer token"


def test_an_async_client_follows_too(tides: Package) -> None:
    server = Server(302, "/v2/tides")

    async def main() -> str:
        async with tides.module.AsyncMadeClient(
            base_url="https://tides.test", bearer_auth="t0", transport=httpx2.MockTransport(server)
        ) as client:
            text: str = await client.list_tides()
            return text

    assert asyncio.run(main()) == "end:"


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_keeps_its_body(tides: Package, status: int) -> None:
    server = Server(status, "/v2/tides")
    assert call(tides, server, lambda client: client.add_tide("high")) == "end:high"
    assert [request.method for request in server.requests] == ["POST", "POST"]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_does_not_become_a_get(tides: Package, status: int) -> None:
    with pytest.raises(UndocumentedStatus, match=r"redirects to https://tides\.test/v2/tides"):
        call(tides, Server(status, "/v2/tides"), lambda client: client.add_tide("high"))


@pytest.mark.parametrize(
    "location",
    ["https://evil.test/tides?token=secret", "http://tides.test/tides", "//tides.test:444/tides"],
)
def test_another_origin_is_named_and_not_called(tides: Package, location: str) -> None:
    server = Server(302, location)
    with pytest.raises(
        RedirectError, match=r"redirects to https?://\w+\.test(:444)?/tides"
    ) as error:
        call(tides, server, lambda client: client.list_tides())
    assert len(server.requests) == 1
    assert "secret" not in str(error.value)


def test_a_ring_ends(tides: Package) -> None:
    server = Server(302, *["/v1/tides"] * 50)
    with pytest.raises(RedirectError):
        call(tides, server, lambda client: client.list_tides())
    assert len(server.requests) == 11


def test_a_documented_redirect_is_an_answer(tides: Package) -> None:
    server = Server(302, "/v1/elsewhere")
    with pytest.raises(tides.errors.DocumentedFound):
        call(tides, server, lambda client: client.documented())
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["", "ftp://tides.test/", "http://["])
def test_a_location_that_is_no_address(tides: Package, location: str) -> None:
    with pytest.raises(RedirectError):
        call(tides, Server(302, location), lambda client: client.list_tides())

"""Redirects: followed within the origin where the method stays the same, described in the error otherwise."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

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
      responses: {'302': {description: Elsewhere.}, '307': {description: There}, 3XX: {description: Away.}, '200': {description: Here.}}
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


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize(
    ("location", "address", "text"),
    [
        ("/v2/a?b=1#c", "https://tides.test/v2/a?b=1#c", "https://tides.test/v2/a"),
        ("../b", "https://tides.test/b", "https://tides.test/b"),
        ("https://u:pw@b.test:4/c?token=secret", None, "https://b.test:4/c"),
        ("tides://callback?code=secret", None, "tides://callback"),
        ("mailto:secret@b.test", None, "mailto:…"),
    ],
)
def test_a_documented_redirect_says_where_it_leads(
    tides: Package, status: int, location: str, address: str | None, text: str
) -> None:
    with pytest.raises(RedirectError) as raised:
        call(tides, Server(status, location), lambda client: client.documented())
    error = raised.value
    assert type(error).__module__ == tides.errors.__name__
    assert error.location == (address or location)
    assert f". It redirects to {text} (GET https://tides.test/v1/documented)" in str(error)
    assert "secret" not in str(error) + repr(error)
    assert pickle.loads(pickle.dumps(error)).location == error.location


def test_an_undocumented_redirect_has_its_address_too(tides: Package) -> None:
    with pytest.raises(RedirectError) as raised:
        call(tides, Server(303, "../v2/tides?a=1"), lambda client: client.add_tide("high"))
    assert raised.value.location == "https://tides.test/v2/tides?a=1"


@pytest.mark.parametrize("location", ["", " ", "http://["])
def test_a_documented_redirect_without_an_address(tides: Package, location: str) -> None:
    with pytest.raises(tides.errors.DocumentedFound) as raised:
        call(tides, Server(302, location), lambda client: client.documented())
    assert raised.value.location is None
    assert str(raised.value) == "302: Elsewhere. (GET https://tides.test/v1/documented)"


def test_a_handler_raises_it_with_an_address(tides: Package) -> None:
    def documented() -> None:
        raise tides.errors.DocumentedFound(headers={"Location": "/v2/here"})

    error = tides.errors.DocumentedFound(headers={"Location": "https://b.test/"})
    assert isinstance(error, RedirectError)  # as type checkers see it too
    assert error.location == "https://b.test/"
    with (
        tides.client(handler(documented=documented), bearer_auth="t") as client,
        pytest.raises(tides.errors.DocumentedFound) as raised,
    ):
        client.documented()
    assert raised.value.location.endswith("/v2/here")


def test_a_documented_redirect_is_an_answer(tides: Package) -> None:
    server = Server(302, "/v1/elsewhere")
    with pytest.raises(tides.errors.DocumentedFound):
        call(tides, server, lambda client: client.documented())
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["", "ftp://tides.test/", "http://["])
def test_a_location_that_is_no_address(tides: Package, location: str) -> None:
    with pytest.raises(RedirectError):
        call(tides, Server(302, location), lambda client: client.list_tides())

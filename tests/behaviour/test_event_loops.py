"""One client in several event loops and threads, copied, closed twice, and not pickled."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

TIDES = """
components: {securitySchemes: {bearerAuth: {type: http, scheme: bearer}}}
security: [{bearerAuth: []}]
paths:
  /tides:
    get:
      operationId: listTides
      responses: {'200': {description: Tides., content: {application/json: {schema: {type: array}}}}}
"""


class Tides(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "3")
        self.end_headers()
        self.wfile.write(b"[1]")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


@pytest.fixture(scope="module")
def url() -> Any:
    with ThreadingHTTPServer(("127.0.0.1", 0), Tides) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_one_event_loop_after_another(tides: Package, url: str) -> None:
    tokens: list[str] = []

    async def token() -> str:
        tokens.append("token")
        return "token"

    client = tides.module.AsyncMadeClient(base_url=url, bearer_auth=token)

    async def twice() -> Any:
        return await asyncio.gather(client.list_tides(), client.list_tides())

    for _ in range(3):
        assert list(asyncio.run(twice())) == [[1], [1]]
        gc.collect()
    assert tokens == ["token"]


def test_event_loops_of_several_threads(tides: Package, url: str) -> None:
    client = tides.module.AsyncMadeClient(base_url=url, bearer_auth="token")

    async def call() -> Any:
        return await client.list_tides()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: asyncio.run(call()), range(12))) == [[1]] * 12


def test_an_http_client_of_another_loop_is_explained(tides: Package, url: str) -> None:
    http = httpx2.AsyncClient()
    client = tides.module.AsyncMadeClient(base_url=url, bearer_auth="token", http_client=http)

    async def call() -> Any:
        return await client.list_tides()

    assert asyncio.run(call()) == [1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # nobody can close what is left
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            asyncio.run(call())
        gc.collect()


def test_a_sync_client_within_a_running_loop(tides: Package) -> None:
    client = tides.client(handler(list_tides=lambda: [1]), bearer_auth="token")

    async def call() -> Any:
        with client:
            return client.list_tides()

    assert asyncio.run(call()) == [1]


def test_copies_share_the_connections(tides: Package, url: str) -> None:
    client = tides.module.MadeClient(base_url=url, bearer_auth="token")
    for other in (copy.copy(client), copy.deepcopy(client)):
        assert other.list_tides() == [1]
        other.close()
    assert client.list_tides() == [1]
    client.close()


@pytest.mark.parametrize("kind", ["MadeClient", "AsyncMadeClient"])
def test_a_pickle_says_what_to_do(tides: Package, kind: str) -> None:
    client = getattr(tides.module, kind)(base_url="https://tides.test", bearer_auth="token")
    with pytest.raises(TypeError, match="make one in each process"):
        pickle.dumps(client)


def test_a_closed_client_says_so(tides: Package, url: str) -> None:
    client = tides.module.MadeClient(base_url=url, bearer_auth="token")
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="this client is closed"):
        client.list_tides()

    async def call() -> None:
        async_client = tides.module.AsyncMadeClient(base_url=url, bearer_auth="token")
        await async_client.list_tides()
        await async_client.close()
        await async_client.close()
        await async_client.list_tides()

    with pytest.raises(RuntimeError, match="this client is closed"):
        asyncio.run(call())

"""What one call costs a client, over a transport that answers at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2

from .contract import ITEMS, made_package
from .generated_peers import openapi_generator, openapi_python_client
from .rows import Row
from .server import Item, Order, Receipt

CALLS = 150
ANSWER = json.dumps({"id": "r1", "lines": [item["sku"] for item in ITEMS]}).encode()


def _answer(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(
        200, content=ANSWER, headers={"content-type": "application/json"}, request=request
    )


def _timed(call: Callable[[], Any]) -> Callable[[], float]:
    def measure() -> float:
        start = time.process_time()
        for _ in range(CALLS):
            if len(call().lines) != len(ITEMS):
                raise RuntimeError("the answer was not read")
        return (time.process_time() - start) / CALLS * 1e6

    return measure


def _timed_async(call: Callable[[], Awaitable[Any]]) -> Callable[[], float]:
    async def run() -> float:
        start = time.process_time()
        for _ in range(CALLS):
            if len((await call()).lines) != len(ITEMS):
                raise RuntimeError("the answer was not read")
        return (time.process_time() - start) / CALLS * 1e6

    return lambda: asyncio.run(run())


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured: each call with the construction of its body."""
    name = "Client, body of ten items, httpx2 and pydantic"
    yield Row(name, generated_call(folder), plain_call(), 1.25)
    yield Row(f"Async {name[:1].lower()}{name[1:]}", *async_calls(folder), 1.25)
    for peer in (openapi_python_client, openapi_generator):
        name = f"Client, body of ten items, {peer.__name__.replace('_', '-')}"
        yield Row(name, generated_call(folder / peer.__name__), _timed(peer(folder, ANSWER)), 1.0)


def async_calls(folder: Path) -> tuple[Callable[[], float], Callable[[], float]]:
    """The same calls of the generated async client, and of httpx2's."""
    package = made_package(folder / "async_client")
    item, order = package.models.Item, package.models.Order
    transport = httpx2.MockTransport(_answer)
    client = package.module.AsyncMadeClient(
        base_url="https://made.test", http_client=httpx2.AsyncClient(transport=transport)
    )

    async def ours() -> Any:
        body = order(customer="c", items=[item(**values) for values in ITEMS])
        return await client.order(body)

    plain = httpx2.AsyncClient(transport=transport, base_url="https://made.test")

    async def peer() -> Receipt:
        response = await plain.post("/orders", content=_body(), headers=HEADERS)
        return _receipt(response)

    return _timed_async(ours), _timed_async(peer)


def generated_call(folder: Path) -> Callable[[], float]:
    """A call of the generated client, with the construction of its body."""
    package = made_package(folder / "client")
    item, order = package.models.Item, package.models.Order
    http = httpx2.Client(transport=httpx2.MockTransport(_answer))
    client = package.module.MadeClient(base_url="https://made.test", http_client=http)
    return _timed(
        lambda: client.order(order(customer="c", items=[item(**values) for values in ITEMS]))
    )


def plain_call() -> Callable[[], float]:
    """The same call by httpx2, json and pydantic, written by hand."""
    client = httpx2.Client(transport=httpx2.MockTransport(_answer), base_url="https://made.test")

    return _timed(lambda: _receipt(client.post("/orders", content=_body(), headers=HEADERS)))


HEADERS = {"content-type": "application/json", "accept": "application/json"}


def _body() -> str:
    body = Order(customer="c", items=[Item(**values) for values in ITEMS])  # type: ignore[arg-type]
    return body.model_dump_json(exclude_unset=True)


def _receipt(response: httpx2.Response) -> Receipt:
    response.raise_for_status()
    return Receipt.model_validate(json.loads(response.content))

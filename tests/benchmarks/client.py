"""What one call costs a client, over a transport that answers at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from .contract import ITEMS, made_package
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

    def call() -> Receipt:
        body = Order(customer="c", items=[Item(**values) for values in ITEMS])  # type: ignore[arg-type]
        content = body.model_dump_json(exclude_unset=True)
        headers = {"content-type": "application/json", "accept": "application/json"}
        response = client.post("/orders", content=content, headers=headers)
        response.raise_for_status()
        return Receipt.model_validate(json.loads(response.content))

    return _timed(call)

"""CPU time of one request in process: the generated server beside FastAPI. `make bench` prints it; nothing is asserted."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from tests.making import Package, import_files, make

ROUNDS, REQUESTS = 25, 300
CONTRACT = """
paths:
  /orders:
    post:
      operationId: order
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Receipt'}}}}
components:
  schemas:
    Order:
      type: object
      required: [customer, items]
      properties: {customer: {type: string, minLength: 1}, items: {type: array, items: {$ref: '#/components/schemas/Item'}}}
    Item:
      type: object
      required: [sku, count]
      properties: {sku: {type: string, maxLength: 20}, count: {type: integer, minimum: 1}, price: {type: number}}
    Receipt:
      type: object
      required: [id, lines]
      properties: {id: {type: string}, lines: {type: array, items: {type: string}}}
"""
BODY = json.dumps(
    {
        "customer": "c",
        "items": [{"sku": f"s{one}", "count": one + 1, "price": 1.5} for one in range(10)],
    }
).encode()
HEADERS = [
    (b"host", b"t"),
    (b"content-type", b"application/json"),
    (b"content-length", str(len(BODY)).encode()),
]


class Item(BaseModel):
    """An item."""

    sku: str = Field(max_length=20)
    count: int = Field(ge=1)
    price: float | None = None


class Order(BaseModel):
    """An order."""

    customer: str = Field(min_length=1)
    items: list[Item]


class Receipt(BaseModel):
    """What is answered to an order."""

    id: str
    lines: list[str]


def fastapi_app() -> Any:
    """The same operation in FastAPI."""
    app = FastAPI()

    async def order(body: Order) -> Receipt:
        return Receipt(id="r1", lines=[item.sku for item in body.items])

    app.post("/orders")(order)
    return app


def generated_app(folder: Path) -> Any:
    """The generated server."""
    generated = make(folder / "specs", CONTRACT)
    package = Package(import_files(folder, generated.files), generated)
    receipt: Any = package.models.Receipt

    class Handler:
        async def order(self, body: Any) -> Any:
            return receipt(id="r1", lines=[item.sku for item in body.items])

    return package.app(Handler())


async def ask(app: Any) -> int:
    """The status that one request is answered with."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
    }
    path = {
        "path": "/orders",
        "raw_path": b"/orders",
        "query_string": b"",
        "root_path": "",
        "headers": HEADERS,
    }
    await app({**scope, **path, "client": ("127.0.0.1", 1), "server": ("t", 80)}, receive, send)
    return int(sent[0]["status"])


async def cost(app: Any) -> float:
    """Microseconds of CPU per request."""
    start = time.process_time()
    for _ in range(REQUESTS):
        if await ask(app) != 200:
            raise RuntimeError("not answered with success")
    return (time.process_time() - start) / REQUESTS * 1e6


def main() -> None:
    """Measure the apps in turns, so that what disturbs one disturbs all."""
    with tempfile.TemporaryDirectory() as folder:
        apps = {"generated": generated_app(Path(folder)), "FastAPI": fastapi_app()}
        costs: dict[str, list[float]] = {name: [] for name in apps}
        for _ in range(ROUNDS):
            for name, app in apps.items():
                costs[name].append(asyncio.run(cost(app)))
    medians = {name: statistics.median(found) for name, found in costs.items()}
    lines = [f"{name:10} {median:6.1f} µs of CPU per request" for name, median in medians.items()]
    ratio = f"generated / FastAPI: {medians['generated'] / medians['FastAPI']:.2f}"
    sys.stdout.write("\n".join([*lines, ratio, ""]))


if __name__ == "__main__":
    main()

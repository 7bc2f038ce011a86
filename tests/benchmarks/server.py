"""What one request costs a server, in process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import FastAPI, Header
from jsonschema_rs import Draft202012Validator, Registry
from pydantic import BaseModel, Field
from pydantic_core import to_json
from yaml import SafeLoader
from yaml import load as load_yaml

from .contract import CONTRACT, INVALID, VALID, contract_of_paths, made_package
from .peers import importable
from .rows import Row

REQUESTS = 300
# Enough to see whether the search for a route grows with their number.
FEW, MANY = 10, 1200


@dataclass(frozen=True, slots=True)
class Request:
    """One request as ASGI has it, and the statuses that may answer it: any if there are none."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    statuses: tuple[int, ...] = (200,)


def _with_body(body: bytes, *statuses: int) -> Request:
    length = str(len(body)).encode()
    headers = ((b"content-type", b"application/json"), (b"content-length", length))
    return Request("POST", "/orders", headers=headers, body=body, statuses=statuses)


REQUEST_KINDS = {
    "valid body of ten items": _with_body(VALID, 200),
    "body with one wrong item": _with_body(INVALID, 400, 422),
    "path, query and header parameter": Request(
        "GET", "/shops/5/orders", b"since=2026-01-02T03:04:05Z", ((b"x-trace", b"t1"),)
    ),
}


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
    """The answer to an order."""

    id: str
    lines: list[str]


def fastapi_app() -> Any:
    """The same operations in FastAPI, written by hand."""
    app = FastAPI()

    async def order(body: Order) -> Receipt:
        return Receipt(id="r1", lines=[item.sku for item in body.items])

    # FastAPI resolves the annotations in the module, so only names of the module occur.
    async def find(
        shop: int,
        x_trace: Annotated[str, Header(max_length=20)],
        since: datetime | None = None,
    ) -> Receipt:
        return Receipt(id=x_trace, lines=[str(shop), str(since)])

    app.post("/orders")(order)
    app.get("/shops/{shop}/orders")(find)
    return app


def litestar_app() -> Any:
    """The same operations in Litestar, with msgspec's structures, written by hand."""
    importable()
    litestar, msgspec = import_module("litestar"), import_module("msgspec")
    text, number = Annotated[str, msgspec.Meta(min_length=1)], Annotated[int, msgspec.Meta(ge=1)]
    sku = Annotated[str, msgspec.Meta(max_length=20)]
    item = msgspec.defstruct(
        "Item", [("sku", sku), ("count", number), ("price", float | None, None)]
    )
    order = msgspec.defstruct(
        "Order", [("customer", text), ("items", list.__class_getitem__(item))]
    )
    receipt = msgspec.defstruct("Receipt", [("id", str), ("lines", list[str])])

    async def post(data: Any) -> Any:
        return receipt(id="r1", lines=[each.sku for each in data.items])

    async def find(shop: int, trace: Any, since: Any = None) -> Any:
        return receipt(id=trace, lines=[str(shop), str(since)])

    post.__annotations__ = {"data": order, "return": receipt}
    header = litestar.params.Parameter(header="x-trace", max_length=20)
    find.__annotations__ = {
        "shop": int,
        "trace": Annotated[str, header],
        "since": datetime | None,
        "return": receipt,
    }
    handlers = [
        litestar.post("/orders", status_code=200)(post),
        litestar.get("/shops/{shop:int}/orders")(find),
    ]
    # Its own logging would make the others log, too.
    return litestar.Litestar(handlers, logging_config=None)


def written_app() -> Any:
    """The order by hand in ASGI: the same checks of request and reply, the same models, no more."""
    contract = load_yaml(CONTRACT, Loader=SafeLoader)
    registry = Registry([("urn:c", {"openapi": "3.1.0", **contract})])

    def judge(name: str) -> Any:
        reference = {"$ref": f"urn:c#/components/schemas/{name}"}
        return Draft202012Validator(reference, registry=registry).is_valid

    is_order, is_receipt = judge("Order"), judge("Receipt")

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        # By Python's parser: pydantic's does not see a name that is there twice.
        value = json.loads(message["body"], object_pairs_hook=_once)
        status, content = 422, b'{"detail":"the body breaks the contract"}'
        if is_order(value):
            body = Order.model_validate(value)
            receipt = Receipt(id="r1", lines=[item.sku for item in body.items])
            reply = receipt.model_dump(mode="json", exclude_unset=True)
            if not is_receipt(reply):
                raise RuntimeError("the reply breaks the contract")
            status, content = 200, to_json(reply)

        length = str(len(content)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured."""
    ours, peer, written = generated_app(folder), fastapi_app(), written_app()
    for name, request in REQUEST_KINDS.items():
        mine = measure(ours, request)
        yield Row(f"Server, {name}, FastAPI", mine, measure(peer, request), 0.25)
        if request.body:
            by_hand = measure(written, request)
            yield Row(f"Server, {name}, ASGI by hand with the same checks", mine, by_hand, 1.5)
        empty = measure(empty_app, request, is_exact=False)
        yield Row(f"Server, {name}, empty ASGI app", mine, empty)

        litestar = measure(litestar_app(), request)
        yield Row(f"Server, {name}, Litestar with msgspec", mine, litestar)

    valid, invalid = list(REQUEST_KINDS.values())[:2]
    yield Row(
        "Server, wrong item against valid body", measure(ours, invalid), measure(ours, valid), 1.0
    )
    many, few = routing(folder, MANY), routing(folder, FEW)
    yield Row(f"Routing, {MANY} operations against {FEW}", many, few, 1.1)


def generated_app(folder: Path) -> Any:
    """The generated server."""
    package = made_package(folder)
    receipt: Any = package.models.Receipt

    class Handler:
        async def order(self, body: Any) -> Any:
            return receipt(id="r1", lines=[item.sku for item in body.items])

        async def find(self, shop: int, *, since: Any, x_trace: str) -> Any:
            return receipt(id=x_trace, lines=[str(shop), str(since)])

    return package.app(Handler())


async def empty_app(_scope: Any, receive: Any, send: Any) -> None:
    """The least that an ASGI app does: it reads the body and answers any request alike."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


async def ask(app: Any, request: Request) -> int:
    """Return the status that a request is answered with."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": request.query,
        "root_path": "",
        "headers": [(b"host", b"t"), *request.headers],
        "client": ("127.0.0.1", 1),
        "server": ("t", 80),
    }
    await app(scope, receive, send)
    return statuses[0]


def measure(app: Any, request: Request, *, is_exact: bool = True) -> Callable[[], float]:
    """Return a function that gives the CPU time of one request, in microseconds."""
    return measure_all([Exchange(app, request if is_exact else replace(request, statuses=()))])


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and the app that it is for."""

    app: Any
    request: Request


def measure_all(exchanges: Sequence[Exchange]) -> Callable[[], float]:
    """Return a function that gives the CPU time of one of these requests, in microseconds."""
    rounds = max(1, REQUESTS // len(exchanges))

    async def run() -> float:
        start = time.process_time()
        for _ in range(rounds):
            for exchange in exchanges:
                request = exchange.request
                status = await ask(exchange.app, request)
                if request.statuses and status not in request.statuses:
                    name = f"{request.method} {request.path}"
                    raise RuntimeError(f"{name} was answered with {status}")
        return (time.process_time() - start) / (rounds * len(exchanges)) * 1e6

    return lambda: asyncio.run(run())


def routing(folder: Path, count: int) -> Callable[[], float]:
    """A request for the last of as many operations."""

    class Handler:
        def __getattr__(self, name: str) -> Any:
            async def answer(**_arguments: Any) -> None: ...

            if not name.startswith("get"):
                raise AttributeError(name)
            return answer

    package = made_package(folder / f"routes{count}", contract_of_paths(count))
    last = count - 1
    path = f"/things{last % 7}/5/parts{last}"
    return measure(package.app(Handler()), Request("GET", path, statuses=(204,)))

"""More than anyone should hold, through real sockets: from a file, through a server that streams, into a file."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.packages import Package

from bothends.runtime import BodyStream, streamed

CHARTS = """
paths:
  /charts:
    put:
      operationId: putChart
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Kept.}}
    get:
      operationId: getChart
      responses: {'200': {description: The chart., content: {application/octet-stream: {}}}}
"""
SIZE = 24_000_000


class Store:
    """Keeps the digest of what it gets, and gives a file."""

    def __init__(self, path: Path) -> None:
        self.path, self.digest = path, ""

    @streamed
    async def put_chart(self, body: BodyStream) -> None:
        digest = hashlib.sha256()
        async for piece in body:
            digest.update(piece)
        self.digest = digest.hexdigest()

    def get_chart(self) -> Path:
        return self.path


@pytest.fixture(scope="module")
def package(made_once: Callable[[str], Package]) -> Package:
    return made_once(CHARTS)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "chart"
    path.write_bytes(os.urandom(1_000_000) * (SIZE // 1_000_000))
    return Store(path)


@pytest.fixture
def url(package: Package, store: Store) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(package.app(store), log_level="warning", lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_transfers_are_exact_and_never_in_memory(
    package: Package, store: Store, url: str, tmp_path: Path, is_async: bool
) -> None:
    target = tmp_path / "saved"

    async def carry(client: Any) -> None:
        async with client:
            await client.put_chart(store.path)
            async with client.with_streaming_response.get_chart() as chart:
                assert chart.length == SIZE
                await chart.save(target)

    tracemalloc.start()
    if is_async:
        asyncio.run(carry(package.module.AsyncMadeClient(base_url=url)))
    else:
        with package.module.MadeClient(base_url=url) as client:
            client.put_chart(store.path)
            with client.with_streaming_response.get_chart() as chart:
                assert chart.length == SIZE
                chart.save(target)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    content = target.read_bytes()
    assert content == store.path.read_bytes()
    assert store.digest == hashlib.sha256(content).hexdigest()
    assert peak < SIZE / 3

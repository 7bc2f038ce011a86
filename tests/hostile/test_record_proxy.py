"""`record` between a hostile caller and a hostile server: no other host is asked, and no fault is its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bothends.record import Exchange
from bothends.record.proxy import Recorder
from tests.runtime.faulty_server import FaultyServer


def ask(url: str, target: bytes) -> tuple[int, list[Exchange]]:
    kept: list[Exchange] = []
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": target.decode("latin-1"),
        "raw_path": target,
        "headers": [(b"authorization", b"secret")],
    }
    asyncio.run(Recorder(url, kept.append)(scope, receive, send))
    return sent[0]["status"], kept


@pytest.mark.parametrize("target", ["@{}/a", "http://{}/a", "*", ":80@{}/", ".{}/"])
def test_a_target_that_is_no_path_reaches_no_other_host(target: str) -> None:
    with FaultyServer(lambda _: None) as another:
        host = another.url.removeprefix("http://")
        assert ask("http://127.0.0.1:9", target.format(host).encode()) == (400, [])
        assert another.requests == []


@pytest.mark.parametrize("status", [b"999", b"000", b"600"])
def test_a_status_that_is_none_is_no_answer(status: bytes) -> None:
    def answer(connection: Any) -> None:
        connection.send(b"HTTP/1.1 %s X\r\nContent-Length: 0\r\n\r\n" % status)

    with FaultyServer(answer) as server:
        found, kept = ask(server.url, b"/a")
    assert found == 502
    assert [exchange.status for exchange in kept] == [0]

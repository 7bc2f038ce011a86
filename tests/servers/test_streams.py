"""Streams over sockets: an item arrives when the handler gives it, and who goes away leaves nothing behind."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from .running import COMMANDS, Running

MEBIBYTE = 1024 * 1024


@pytest.fixture(params=COMMANDS)
def server(request: pytest.FixtureRequest, serving: Callable[[str, str], Running]) -> str:
    return serving(request.param, "app").url


def state(url: str) -> Any:
    return httpx2.get(f"{url}/state").json()


def wait_until(url: str, is_right: Callable[[Any], bool]) -> None:
    for _ in range(200):
        if is_right(state(url)):
            return
        time.sleep(0.02)
    pytest.fail(f"it has not come to that: {state(url)}")


@contextmanager
def receiving(url: str, path: str) -> Iterator[tuple[socket.socket, bytes]]:
    """A connection that has asked, and what came with the head of the answer."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n".encode())
        first = b""
        while b"\r\n\r\n" not in first:
            first += connection.recv(1)
        yield connection, first


@pytest.mark.parametrize(
    ("path", "item"),
    [("/tides", 'data: {"height":%d}\n\n'), ("/log", '{"height":%d}\n')],
    ids=["events", "lines"],
)
def test_an_item_arrives_when_it_is_given(server: str, path: str, item: str) -> None:
    before = state(server)["open"]
    with httpx2.Client(timeout=20) as client, client.stream("GET", server + path) as answer:
        pieces = answer.iter_text()
        for number in range(4):
            # The handler gives the next item only when it is told to, so this one has come on its own.
            assert next(pieces) == item % number
            httpx2.post(f"{server}/next")

    wait_until(server, lambda now: now["open"] == before)


@pytest.mark.parametrize("path", ["/tides", "/log"])
def test_who_goes_away_ends_the_handlers_iterator(server: str, path: str) -> None:
    wait_until(server, lambda now: now["open"] == 0)
    before = state(server)

    for _ in range(5):
        with receiving(server, path) as (connection, first):
            assert first.startswith(b"HTTP/1.1 200")
            assert connection.recv(1)

    # Nobody brings the next item: it ends all the same.
    wait_until(server, lambda now: now["open"] == 0 and now["closed"] == before["closed"] + 5)
    wait_until(server, lambda now: now["tasks"] <= before["tasks"])


def test_a_large_reply_waits_for_its_reader(server: str) -> None:
    with receiving(server, "/cargo?pieces=300") as (connection, _):
        connection.recv(1000)
        time.sleep(0.5)
        assert state(server)["given"] < 60, "the whole reply lies in memory while nobody reads it"

    before = state(server)["memory"]
    received = 0

    with (
        httpx2.Client(timeout=20) as client,
        client.stream("GET", f"{server}/cargo?pieces=300") as answer,
    ):
        for piece in answer.iter_raw():
            received += len(piece)

    assert received == 300 * MEBIBYTE
    if sys.platform == "linux":  # counted in KiB there
        assert state(server)["memory"] - before < 60 * 1024


def test_a_file_is_sent_piece_by_piece(server: str, wharf: Path) -> None:
    with (wharf / "manifest.bin").open("wb") as file:
        file.truncate(300 * MEBIBYTE)

    before = state(server)["memory"]
    received = 0

    with httpx2.Client(timeout=20) as client, client.stream("GET", f"{server}/manifest") as answer:
        assert answer.headers["content-length"] == str(300 * MEBIBYTE)
        for piece in answer.iter_raw():
            received += len(piece)

    assert received == 300 * MEBIBYTE
    assert state(server)["memory"] - before < 60 * 1024

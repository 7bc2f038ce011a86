"""Servers that a proof is pointed at (`prove --url`) and that mean harm: each request has an end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import create_server, socket
from typing import Any

import pytest

from bothends.prove.oracle.answers import faults
from bothends.prove.wire import received
from bothends.prove.wire.message import Answer, Request, send

from .served import operations_of

CONTRACT = """\
paths:
  /tides:
    get:
      operationId: listTides
      responses:
        '200':
          description: All.
          content: {application/json: {schema: {}}, text/event-stream: {itemSchema: {type: string}}}
"""
OK = b"HTTP/1.1 200 OK\r\n"
JSON = OK + b"content-type: application/json\r\n"
EVENTS = OK + b"content-type: text/event-stream\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b" " * 65_536 + b"\r\n"
# How an answer begins, and what follows for ever.
ENDLESS = {
    "body": (JSON + b"\r\n", b" " * 65_536),
    "chunks": (JSON + CHUNKED, CHUNK),
    "events": (EVENTS + CHUNKED, CHUNK),
    "a chunk's size": (JSON + CHUNKED, b"0" * 65_536),
    "status line": (b"", b"a" * 65_536),
    "header line": (OK + b"a: ", b"a" * 65_536),
    "header lines": (OK, b"a: b\r\n" * 1_000),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
    "a byte now and then": (JSON + b"\r\n", b" "),
}


@contextmanager
def serving(talk: Callable[[socket], None]) -> Iterator[str]:
    with create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            try:
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        talk(connection)
            except OSError:
                return

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(2)
    thread.join(20)


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Any:
    [found] = operations_of(tmp_path_factory.mktemp("tides"), CONTRACT).OPERATIONS
    return found


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_without_end_is_told(
    operation: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received, "MOST_BYTES", 2_000_000)
    monkeypatch.setattr(received, "MOST_SECONDS", 1)
    beginning, rest = ENDLESS[name]

    def talk(connection: socket) -> None:
        connection.recv(65_536)
        connection.sendall(beginning)
        try:
            while True:
                connection.sendall(rest)
        except OSError:
            return

    with serving(talk) as url:
        answer = send(url, Request("GET", "/tides"))

    assert len(answer.body) < 2_000_000
    found = [*faults(operation, answer)]
    if name == "events":
        assert answer == Answer(200, answer.headers, is_endless=True)
        assert found == []
    elif answer.status == 200:
        assert found == ["the body has no end, or more bytes than are read"]
    else:
        assert found == ["no answer: the connection ended without one"]


def test_an_answer_with_an_end_is_read(operation: Any) -> None:
    body = b'"' + b"a" * 1_000_000 + b'"'

    def talk(connection: socket) -> None:
        connection.recv(65_536)
        connection.sendall(JSON + b"content-length: %d\r\n\r\n" % len(body) + body)

    with serving(talk) as url:
        answer = send(url, Request("GET", "/tides"))
    assert answer.body == body
    assert [*faults(operation, answer)] == []

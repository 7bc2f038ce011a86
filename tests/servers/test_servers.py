"""A generated server under the servers that people run: alone, and mounted in another app, under a prefix."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from .running import COMMANDS, Running, running

PREFIXES = {"app": "", "starlette": "/port/v1", "fastapi": "/p%c3%B6rt"}


@pytest.fixture(params=[(server, app) for server in COMMANDS for app in PREFIXES], ids="-".join)
def url(request: pytest.FixtureRequest, serving: Callable[[str, str], Running]) -> str:
    """The URL of the generated app in a running server."""
    server, app = request.param
    return serving(server, app).url + PREFIXES[app]


def head(url: str, request: str, *lines: str) -> tuple[tuple[str, int], bytes]:
    """Where a request goes, and its first lines as they are written by hand; its target follows the path of the URL."""
    host, slash, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    method, target = request.split(" ")
    said = [
        f"{method} {slash}{path}{target} HTTP/1.1",
        f"host: {host}",
        "connection: close",
        *lines,
        "",
        "",
    ]
    return (name, int(port)), "\r\n".join(said).encode("latin-1")


def raw(url: str, request: str, *lines: str, body: bytes = b"") -> bytes:
    """The answer to a request that is written by hand."""
    place, first = head(url, request, *lines)
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(first + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_handler_has_entered(url: str) -> None:
    assert httpx2.get(f"{url}/state").json()["entered"] is True


def test_a_request_reaches_the_handler_as_it_was_sent(url: str) -> None:
    moored = httpx2.post(
        f"{url}/ships/L%C3%A9%2Fo%20n",
        params={"tag": ["a b", "ü"]},
        headers={"X-Berth": "4"},
        json={"tons": 7},
    )
    assert moored.json() == {"name": "Lé/o n", "tags": ["a b", "ü"], "berth": 4, "tons": 7}


def test_disallowed_request_gets_the_documented_refusal(url: str) -> None:
    refused = httpx2.post(f"{url}/ships/leon", json={"tons": 0})
    assert (refused.status_code, list(refused.json())) == (400, ["message"])
    assert httpx2.post(f"{url}/ships/{'x' * 21}").status_code == 400


def test_paths_are_exact_under_the_prefix_too(url: str) -> None:
    for path in ("/state/", "//state", "/State", "/sta%74e/", "/ships/a/b", "/nothing"):
        answer = httpx2.get(url + path, follow_redirects=False)
        assert (answer.status_code, path) == (404, path)
    assert httpx2.get(f"{url}/sta%74e").status_code == 200


def test_methods_are_told(url: str) -> None:
    refused = httpx2.delete(f"{url}/state")
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    answer = raw(url, "HEAD /state")
    assert answer.split(b"\r\n")[0].endswith(b"200 OK")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("header", ["transfer-encoding: chunked", "content-length: 10"])
def test_a_body_arrives_whole_or_in_pieces(url: str, header: str) -> None:
    body = b'{"tons":5}'
    sent = (
        b"3\r\n" + body[:3] + b"\r\n7\r\n" + body[3:] + b"\r\n0\r\n\r\n"
        if "chunked" in header
        else body
    )
    answer = raw(url, "POST /ships/leon", "content-type: application/json", header, body=sent)
    assert b'"tons":5' in answer


def test_a_caller_may_wait_to_be_asked_for_the_body(url: str) -> None:
    lines = ["expect: 100-continue", "content-type: application/json", "content-length: 10"]
    place, first = head(url, "POST /ships/leon", *lines)
    with socket.create_connection(place, timeout=20) as connection:
        connection.sendall(first)
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b'{"tons":5}')
        assert b'"tons":5' in b"".join(iter(lambda: connection.recv(65536), b""))


def test_one_connection_serves_many_requests(url: str) -> None:
    with httpx2.Client() as client:
        answers: list[Any] = [
            client.post(f"{url}/ships/leon", json={"tons": tons}).json() for tons in range(1, 30)
        ]
    assert [answer["tons"] for answer in answers] == list(range(1, 30))


@pytest.mark.parametrize(
    ("server", "option", "path"),
    [("uvicorn", "--root-path", "/state"), ("granian", "--url-path-prefix", "/behind/state")],
)
def test_a_server_that_knows_its_prefix_may_tell_it(
    wharf: Path, server: str, option: str, path: str
) -> None:
    """A proxy in front of uvicorn has cut the prefix off; granian gets it."""
    with running(server, "wharf_app:app", wharf, option, "/behind") as made:
        assert httpx2.get(made.url + path).json()["entered"] is True
        assert httpx2.get(f"{made.url}/behind/nothing").status_code == 404


@pytest.mark.parametrize(
    "line", ["host: undeclared.example", "content-length: 9", "content-type: text/plain"]
)
def test_a_message_that_says_twice_what_it_is_is_malformed(url: str, line: str) -> None:
    lines = ["content-type: application/json", "content-length: 10", line]
    assert (
        raw(url, "POST /ships/leon", *lines, body=b'{"tons":5}')
        .split(b"\r\n")[0]
        .startswith(b"HTTP/1.1 400")
    )

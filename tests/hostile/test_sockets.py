"""What is said to a stand-in over a bare socket: it answers in HTTP, and never a traceback."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bothends.runtime.stand_in import default_stand_in, make_stand_in
from bothends.serve.bounds import Bounds
from bothends.serve.listen import running
from bothends.serve.site import Site

from .served import operations_of
from .test_callers import POST, echo, talk

CONTRACT = """\
openapi: 3.1.0
info: {title: Quays, version: '1'}
paths:
  /quays/{id}:
    post:
      operationId: addQuay
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: at, in: query, schema: {type: array, items: {type: integer}}}
        - {name: Trace, in: header, schema: {type: string}}
        - {name: seen, in: cookie, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object}}
          multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}
      responses: {'204': {description: Added.}, '400': {description: Wrong.}}
"""
HOST = b"host: a\r\nconnection: close\r\n"


def request(line: bytes, headers: bytes = b"", body: bytes = b"") -> bytes:
    return line + b" HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body


def post(kind: bytes, body: bytes, headers: bytes = b"") -> bytes:
    length = b"content-length: %d\r\n" % len(body)
    return request(b"POST /quays/1", b"content-type: " + kind + b"\r\n" + length + headers, body)


def chunked(*pieces: bytes) -> bytes:
    headers = b"content-type: application/json\r\ntransfer-encoding: chunked\r\n"
    return request(b"POST /quays/1", headers, b"".join(pieces))


JSON = b"application/json"
FORM = b"application/x-www-form-urlencoded"
PARTS = b"multipart/form-data; boundary=x"
SAID = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00" + bytes(200),
    "zeros": bytes(70_000),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "host of controls": b"GET / HTTP/1.1\r\nhost: a\x00b\r\n\r\n",
    "method of dots": request(b"... /quays/1"),
    "long method": request(b"A" * 60_000 + b" /quays/1"),
    "CONNECT": request(b"CONNECT a:80"),
    "asterisk": request(b"OPTIONS *"),
    "absolute form": request(b"POST http://b.example/quays/1"),
    "other scheme": request(b"POST file:///etc/passwd"),
    "no path": request(b"POST ?at=1"),
    "path of NUL": request(b"POST /quays/%00"),
    "overlong slash": request(b"POST /quays/%c0%af"),
    "surrogate": request(b"POST /quays/%ed%a0%80"),
    "half an escape": request(b"POST /quays/%4"),
    "up": request(b"GET /__bothends__/../../../etc/passwd"),
    "up by escapes": request(b"GET /__bothends__/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    "up by backslashes": request(b"GET /__bothends__/..%5c..%5cetc%5cpasswd"),
    "bytes of a path": request(b"POST /quays/\xff\xfe"),
    "fragment": request(b"POST /quays/1#a"),
    "long path": request(b"POST /quays/" + b"a" * 60_000),
    "deep path": request(b"POST /" + b"quays/" * 8_000),
    "query of junk": request(b"POST /quays/1?at=%ff&at=" + b"9" * 9_000),
    "query of names": request(b"POST /quays/1?" + b"at=1&" * 10_000),
    "header without colon": request(b"POST /quays/1", b"nothing\r\n"),
    "header of bytes": request(b"POST /quays/1", b"trace: \xff\xfe\r\n"),
    "headers of one name": request(b"POST /quays/1", b"trace: a\r\n" * 2_000),
    "folded header": request(b"POST /quays/1", b"trace: a\r\n b\r\n"),
    "long header": request(b"POST /quays/1", b"trace: " + b"a" * 100_000 + b"\r\n"),
    "cookies of junk": request(b"POST /quays/1", b"cookie: " + b"seen=;=;\xff;" * 500 + b"\r\n"),
    "lengths that differ": request(b"POST /quays/1", b"content-length: 1\r\ncontent-length: 2\r\n"),
    "length below zero": request(b"POST /quays/1", b"content-length: -1\r\n"),
    "length of digits": request(b"POST /quays/1", b"content-length: " + b"9" * 5_000 + b"\r\n"),
    "length and chunks": request(
        b"POST /quays/1", b"content-length: 4\r\ntransfer-encoding: chunked\r\n", b"0\r\n\r\n"
    ),
    "unknown transfer": request(b"POST /quays/1", b"transfer-encoding: gzip, chunked\r\n"),
    "chunk of letters": chunked(b"zz\r\n{}\r\n0\r\n\r\n"),
    "chunk below zero": chunked(b"-1\r\n{}\r\n0\r\n\r\n"),
    "huge chunk": chunked(b"f" * 30 + b"\r\n{}"),
    "chunk extension": chunked(b"2;" + b"a" * 90_000 + b"\r\n{}\r\n0\r\n\r\n"),
    "trailers": chunked(b"2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 500 + b"\r\n"),
    "kind of junk": post(b";;=\xff", b"{}"),
    "kind of quotes": post(b'text/plain; a="' + b"\\" * 9_000, b"{}"),
    "charset of junk": post(b"application/json; charset=\xff", b"{}"),
    "UTF-16": post(JSON, '{"a": 1}'.encode("utf-16")),
    "deep JSON": post(JSON, b"[" * 90_000),
    "digits": post(JSON, b'{"a": ' + b"9" * 90_000 + b"}"),
    "bytes in JSON": post(JSON, b'{"\xff": "\xed\xa0\x80"}'),
    "coded twice": post(JSON, b"\x1f\x8b", b"content-encoding: gzip, gzip\r\n"),
    "broken gzip": post(JSON, b"\x1f\x8b\x08\x00abc", b"content-encoding: gzip\r\n"),
    "unknown coding": post(JSON, b"{}", b"content-encoding: \xff\r\n"),
    "form of junk": post(FORM, b"&=&%&a[b=%ff&a]=[&" * 500),
    "parts without end": post(PARTS, b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb"),
    "part of junk": post(PARTS, b"--x\r\n\xff: \x00\r\n\r\n\r\n--x--"),
    "boundary of junk": post(b"multipart/form-data; boundary=" + b"\xff" * 300, b"--"),
    "no boundary": post(b"multipart/form-data", b"--x--"),
    "preferences": request(b"POST /quays/1", b"prefer: code=99999999999, example=\xff;\r\n"),
    "accept of junk": request(b"POST /quays/1", b"accept: */;q=\xff,,;q=9e999\r\n"),
    "page of junk": request(b"GET /__bothends__/log?after=\xff" + b"9" * 5_000),
    "upgrade": request(b"GET /quays/1", b"upgrade: websocket\r\nsec-websocket-key: a\r\n"),
    "expectation": request(
        b"POST /quays/1", b"expect: 100-continue\r\ncontent-length: 2\r\n", b"{}"
    ),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("quays")
    operations = operations_of(folder, CONTRACT)
    stand_in = make_stand_in(default_stand_in(operations.API, operations.OPERATIONS))
    with running(Site(operations.API, stand_in.app(), "the default stand-in")) as url:
        yield int(url.rpartition(":")[2])


def answer_to(port: int, said: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        answer = b""
        try:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            while received := connection.recv(65_536):
                answer += received
        except ConnectionError:  # closed before it was read
            pass
        return answer


@pytest.mark.parametrize("name", SAID)
def test_anything_said_is_answered_in_http(
    port: int, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = answer_to(port, SAID[name])
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert not answer or status, answer[:200]
    if status:
        assert int(status[1]) < 500 or int(status[1]) == 501, answer[:500]

    assert b"Traceback" not in answer
    assert b"root:" not in answer
    assert "Traceback" not in caplog.text

    # The next caller is served.
    assert answer_to(port, post(JSON, b"{}")).startswith(b"HTTP/1.1 204 ")


def test_one_connection_more_is_answered_with_503() -> None:
    async def hold(scope: object, receive: object, send: object) -> None:
        await asyncio.sleep(0.3)
        await echo(scope, receive, send)

    answers = talk(Bounds(connections=2), *[POST + b"1234567890"] * 2, app=hold)
    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 200 "] * 2
    answers = talk(Bounds(connections=2), *[POST + b"1234567890"] * 3, app=hold)
    assert max(answer[:13] for answer in answers) == b"HTTP/1.1 503 "


def test_options_of_serve_are_the_bounds(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(CONTRACT, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    options = ("--header-timeout=2", "--body-timeout=0.3", "--max-connections=2")
    command = ("serve", "openapi.yaml", "--port=0", *options, "--max-in-flight=5")
    process = subprocess.Popen(
        [sys.executable, "-m", "bothends", *command],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[^\s,]+:(\d+)", process.stdout.readline())
        assert found is not None
        port = int(found[1])

        head = request(b"POST /quays/1", b"content-type: application/json\r\ncontent-length: 4\r\n")
        assert wait_for(port, head + b"{").startswith(b"HTTP/1.1 408 ")
        assert answer_to(port, post(JSON, b"{      }")).startswith(b"HTTP/1.1 503 ")
        with (
            closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as first,
            closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as second,
        ):
            assert wait_for(port, post(JSON, b"{}")).startswith(b"HTTP/1.1 503 ")
            assert (first.recv(1), second.recv(1)) == (b"", b"")
        assert wait_for(port, post(JSON, b"{}")).startswith(b"HTTP/1.1 204 ")
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_for(port: int, said: bytes) -> bytes:
    """The first bytes of the answer on a connection that stays open."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(said)
        return connection.recv(65_536)

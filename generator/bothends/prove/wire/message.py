"""One HTTP request byte by byte, as no client would send it, and its answer.

Worked example: `Request("POST", "/tides", (("content-type", "application/json"),), b'{"a": 1}')` is
sent with these headers and no others but Host and the framing. A report shows it as

    curl -i -g --path-as-is -X POST -H 'content-type: application/json' --data-raw '{"a": 1}' …

A client library would repair what a probe is about: two lines of one header, `..` in a path.
"""

from __future__ import annotations

import re
import shlex
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

from .received import EndlessAnswer, Received

# Seconds. A server that hangs costs one probe this long.
_TIMEOUT = 20.0
# A terminal takes a line of 4,095 bytes; a longer command could not be pasted.
_LONGEST_BODY = 4000
_PIPED = " --data-binary @-"
MASK = "$SECRET"
"""Stands in reports for what is secret."""
_MASKED = re.compile(r"\$SECRET\b|\$\{SECRET\}")


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the wire.

    `target` is path and query as they stand there, without the prefix of the address.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunked: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next(
            (value for existing, value in self.headers if existing.lower() == name.lower()), None
        )

    def with_header(self, name: str, *values: str) -> Request:
        """The request with a header of these values; without it when there are none."""
        remaining = tuple(line for line in self.headers if line[0].lower() != name.lower())
        return replace(self, headers=(*remaining, *((name, value) for value in values)))

    def with_body(self, body: bytes) -> Request:
        """The request with another body."""
        return replace(self, body=body)

    def with_target(self, target: str) -> Request:
        """The request to another target."""
        return replace(self, target=target)

    def with_method(self, method: str) -> Request:
        """The request with another method."""
        return replace(self, method=method)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Status 0 when that was not HTTP. `resent`: the request had to be sent twice. `is_endless`: the
    body is longer than is read, or took longer, so it is not here.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    resent: bool = False
    is_endless: bool = False

    def values(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for existing, value in self.headers if existing.lower() == name.lower()]


# http.client is no choice for the request: it adds Host and Content-Length, and refuses much of
# what probes must send. Only its reader of answers is used.
def send(address: str, request: Request) -> Answer:
    """The answer of the server at `address`.

    A connection that breaks without an answer has status 0.

    A server that refuses before it has read all may close so fast that its answer is lost on the
    way (RFC 9112 §9.6). Only then, or when there was no connection, is the request sent again: one
    that was read whole must be answered.
    """
    try:
        return exchange(address, request)
    except (Unread, ConnectionRefusedError):
        pass
    except (OSError, HTTPException):
        return Answer(0)

    try:
        return replace(exchange(address, request), resent=True)
    except (OSError, HTTPException):
        return Answer(0, resent=True)


class Unread(OSError):
    """No answer came, and the server has not read the whole request."""


def exchange(address: str, request: Request) -> Answer:
    """The answer of the server at `address`.

    Unread or another OSError when there is none, HTTPException when it is not HTTP.
    """
    parts = urlsplit(address)
    pointer = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    with socket.create_connection(pointer, timeout=_TIMEOUT) as plain:
        connection = _secured(plain, pointer[0]) if parts.scheme == "https" else plain
        is_written = _write(
            connection, _head(parts.netloc, parts.path.rstrip("/"), request), request
        )

        try:
            received: Any = Received(connection)
            response = HTTPResponse(received, method=request.method)
            response.begin()
            headers = tuple(response.getheaders())
            try:
                return Answer(response.status, headers, response.read())
            except EndlessAnswer:
                return Answer(response.status, headers, is_endless=True)
        except (OSError, HTTPException) as error:
            # A server that closes before it has read everything resets the connection (RFC 9293
            # §3.6.1). RemoteDisconnected is the orderly end without an answer, and no reset.
            was_reset = isinstance(error, ConnectionResetError) and not isinstance(
                error, RemoteDisconnected
            )
            if was_reset or not is_written:
                raise Unread(str(error)) from error
            raise


def _secured(connection: socket.socket, host: str) -> socket.socket:
    import ssl  # noqa: PLC0415 (only where an address asks for it)

    return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


def _head(host: str, prefix: str, request: Request) -> bytes:
    lines = [
        f"{request.method} {prefix}{request.target} HTTP/1.1",
        f"host: {host}",
        # Each probe has a connection of its own (RFC 9112 §9.6), so a broken one cannot spoil the
        # next.
        "connection: close",
    ]
    lines += [f"{name}: {value}" for name, value in request.headers]

    if request.chunked:
        lines.append("transfer-encoding: chunked")
    elif request.header("content-length") is None and (
        request.body or request.method not in ("GET", "HEAD")
    ):
        lines.append(f"content-length: {len(request.body)}")

    # Header fields are octets; latin-1 maps each character to one (RFC 9110 §5.5).
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _write(connection: socket.socket, head: bytes, request: Request) -> bool:
    """Whether all could be written."""
    # At once: a server that refuses the head and closes loses its answer when a body arrives after
    # that (RFC 9112 §9.6).
    try:
        connection.sendall(b"".join((head, *_pieces(request))))
    except (BrokenPipeError, ConnectionResetError):
        return False  # a server may refuse before it has read all; its answer is what counts

    return True


def _pieces(request: Request) -> Iterable[bytes]:
    if not request.chunked:
        return [request.body] if request.body else []
    size = 65536
    pieces = [request.body[start : start + size] for start in range(0, len(request.body), size)]
    return [*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces), b"0\r\n\r\n"]


def curl(address: str, request: Request) -> str:
    """A command that sends the request again. What is $SECRET in it is for the shell to fill in."""
    # curl writes Host and Content-Length itself, each once.
    if {"host", "content-length"} & {name.lower() for name, _ in request.headers}:
        return _raw_command(address, request)

    # Without --path-as-is curl removes `..` from the path, which some probes are about; without -g
    # it takes `[1-9]` and `{a,b}` in the address for many requests.
    words = ["curl", "-i", "-g", "--path-as-is", "-X", request.method]
    if request.chunked:
        words += ["-H", "transfer-encoding: chunked"]
    for name, value in request.headers:
        # Without a value curl would leave the header out.
        words += ["-H", f"{name}: {value}" if value else f"{name};"]

    before, data = _data(request.body)
    return f"{before}{' '.join(map(shell_word, words))}{data} {shell_word(address.rstrip('/') + request.target)}"


def _raw_command(address: str, request: Request) -> str:
    """A command that writes the request byte by byte on a connection."""
    parts = urlsplit(address)
    head = _head(parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), request)
    data = b"".join((head, *_pieces(request)))
    note = "" if len(data) <= _LONGEST_BODY else f"# the first of {len(data)} bytes\n"
    text = "".join(map(_escaped, data[:_LONGEST_BODY]))
    quoted = _MASKED.sub(lambda found: f"'\"{found[0]}\"'", text)

    if parts.scheme == "https":
        peer = f"openssl s_client -quiet -connect {parts.hostname}:{parts.port or 443}"
    else:
        peer = f"curl -s telnet://{parts.hostname}:{parts.port or 80}"
    # curl's telnet sends raw bytes and stops at the end of its input: the pause keeps it until the
    # answer has come.
    return f"{note}(printf '{quoted}'; sleep 1) | {peer}"


def _escaped(byte: int) -> str:
    """A byte as the first argument of printf has it."""
    if byte in b"\r\n":
        return "\\r" if byte == 13 else "\\n"
    if byte == ord("%"):
        return "%%"
    return chr(byte) if 32 <= byte < 127 and byte not in b"\\'" else f"\\{byte:03o}"


def shell_word(text: str) -> str:
    """A text as one word of a command: nothing in it is filled in by the shell but $SECRET."""
    if not _MASKED.search(text):
        return shlex.quote(text)

    plain = re.split(_MASKED, text)
    masks = [*_MASKED.findall(text), ""]
    escaped = (re.sub(r'([\\"`$])', r"\\\1", item) for item in plain)
    return '"' + "".join(item + mask for item, mask in zip(escaped, masks, strict=True)) + '"'


def _data(body: bytes) -> tuple[str, str]:
    """What goes before the command, and its option for the body."""
    if not body:
        return "", ""
    if len(body) > _LONGEST_BODY:
        return (
            f"# the body has {len(body)} bytes, of which these are the first\n{_printed(body[:1000])}",
            _PIPED,
        )
    if body.isascii() and body.decode("ascii").isprintable():
        # Any other option takes a body that begins with `@` for the name of a file to send.
        return "", f" --data-raw {shlex.quote(body.decode('ascii'))}"
    return _printed(body), _PIPED


# Quoted words go first: a header may hold ` -d `.
_WORDS = re.compile(r"""\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|(?<= )-d(?= )""", re.DOTALL)


def with_raw_data(command: str) -> str:
    """A curl command of another program, in which `-d @name` sends no file of whoever runs it."""
    return _WORDS.sub(lambda word: "--data-raw" if word[0] == "-d" else word[0], command)


def _printed(body: bytes) -> str:
    return f"printf '{''.join(map(_escaped, body))}' | "

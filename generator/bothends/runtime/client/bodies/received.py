"""From the HTTP library's responses and faults to ours."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Generator, Iterable
from typing import Any

import httpx2

from bothends.runtime.errors import AnswerTooLarge, NoAnswer, NoAnswerInTime, UnexpectedAnswer
from bothends.runtime.exchange import Headers, ReceivedResponse

GARBLED = "its body is not in the content coding that it names"
_LONGEST = 262_144
_STEP = 1024  # bytes inflated at once where the HTTP library does it


class BodyReader:
    """Collects the body of one response without its content coding, up to a number of bytes.

    Compressed bytes are inflated in steps as they arrive and counted then: 1.5 MB of gzip can hold
    1.5 GB.

    Raises:
        AnswerTooLarge: There are more bytes than `most`.
        UnexpectedAnswer: The body is not in the coding that it names.

    """

    def __init__(self, response: httpx2.Response, headers: Headers, most: int | None) -> None:
        self._response, self._headers, self._most = response, headers, most
        coding = headers.get("content-encoding", "").strip().lower()
        self._gunzip = Gunzip() if coding in ("gzip", "x-gzip") else None
        # The HTTP library fails where it knows no coding.
        self._is_coded = coding not in ("", "identity") and coding.isascii()
        self._coding = coding
        self._parts: list[bytes] = []
        self._size = 0
        self._is_garbled = False

    def feed(self, raw: bytes) -> None:
        """Take the next bytes as they came."""
        if self._gunzip is None or self._is_garbled:
            self._take([raw])
            return

        try:
            self._take(self._gunzip.feed(raw))
        except zlib.error:
            # Raised at the end: a body that is read to its end leaves its connection usable.
            self._is_garbled, self._parts = True, []

    def received(self) -> ReceivedResponse:
        """The response with the whole body."""
        content = b"".join(self._parts)
        try:
            if self._gunzip is not None and not self._is_garbled:
                self._gunzip.end()
            elif self._gunzip is None and self._is_coded and content:
                content = self._decoded(content)
        except (httpx2.DecodingError, zlib.error):
            self._is_garbled = True

        if self._is_garbled:
            raise UnexpectedAnswer(self._response.status_code, GARBLED)
        return ReceivedResponse(self._response.status_code, self._headers, content)

    def _decoded(self, content: bytes) -> bytes:
        steps = (content[start : start + _STEP] for start in range(0, len(content), _STEP))
        coded = httpx2.Response(
            self._response.status_code, headers={"content-encoding": self._coding}, content=steps
        )
        self._parts, self._size = [], 0
        self._take(coded.iter_bytes())
        if not self._size:
            raise httpx2.DecodingError("the body stops before its first byte")
        return b"".join(self._parts)

    def _take(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._size += len(piece)
            check_size(self._response, self._size, self._most)
            self._parts.append(piece)


def check_size(response: httpx2.Response, size: int, most: int | None) -> None:
    """AnswerTooLarge when a body of so many bytes is too long."""
    if most is not None and size > most:
        raise AnswerTooLarge(response.status_code, most)


def headers_of(response: httpx2.Response) -> Headers:
    """The headers of a response, as ours."""
    encoding = response.headers.encoding
    return Headers(
        (name.decode(encoding).lower(), value.decode(encoding))
        for name, value in response.headers.raw
    )


class Gunzip:
    """Members one after another (RFC 1952 §2.2).

    The HTTP library takes a member that stops half-way for complete.
    """

    def __init__(self) -> None:
        self._member: Any = None
        self._is_first = True

    def feed(self, raw: bytes) -> Generator[bytes]:
        """The pieces in the next part of a body, none of them long. zlib.error."""
        while raw:
            if self._member is None:
                # Archives from tapes end in zeros, and `gzip` passes over them too.
                raw = raw if self._is_first else raw.lstrip(b"\0")
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16) if raw else None
                self._is_first = False

            while raw:
                piece: bytes = self._member.decompress(raw, _LONGEST)
                yield piece

                raw = self._member.unconsumed_tail
                while (
                    len(piece) == _LONGEST and not raw and not self._member.eof
                ):  # output that no more input is needed for
                    piece = self._member.decompress(b"", _LONGEST)
                    yield piece

            if self._member is not None and self._member.eof:
                raw, self._member = self._member.unused_data, None

    def end(self) -> None:
        """zlib.error when the body stops half-way."""
        if self._member is not None:
            raise zlib.error("the end is missing")


_FAULTS = {
    "ConnectError": "no connection to the server",
    "ConnectTimeout": "no connection to the server in time",
    "PoolTimeout": "all connections of this client were busy for too long",
    "ReadError": "the connection broke off before the answer was complete",
    "ReadTimeout": "the server was silent for too long",
    "RemoteProtocolError": "the server ended the connection, or does not speak HTTP",
    "UnsupportedProtocol": "the URL begins with neither http:// nor https://",
    "WriteError": "the connection broke off while the request was sent",
    "WriteTimeout": "the server took the request too slowly",
}


def no_answer(fault: httpx2.TransportError) -> NoAnswer:
    """The error of ours for a fault of the transport.

    Its text is the kind of the fault and the reason of the operating system. The fault's own text
    is left out: it can hold a header's value.
    """
    kind = NoAnswerInTime if isinstance(fault, httpx2.TimeoutException) else NoAnswer
    name, reason = type(fault).__name__, _system_reason(fault)
    detail = f"{name}: {reason}" if reason else name
    error = kind(f"no answer: {_FAULTS.get(name, 'the connection failed')} ({detail})")
    error.__cause__ = fault
    return error


def _system_reason(fault: BaseException) -> str:
    """What the system says of a failed connection, such as "Connection refused"."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate: {cause.verify_message}"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__

    return ""

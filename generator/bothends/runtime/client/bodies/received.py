"""From the HTTP library's responses and faults to ours."""

from __future__ import annotations

import zlib
from collections.abc import Generator
from typing import Any

import httpx2

from bothends.runtime.errors import NoAnswer, NoAnswerInTime, UnexpectedAnswer
from bothends.runtime.exchange import Headers, ReceivedResponse

GARBLED = "its body is not in the content coding that it names"
_LONGEST = 262_144


def received(response: httpx2.Response, raw: bytes | None) -> ReceivedResponse:
    """A response with its body's bytes as they came; None when the HTTP library has read and decoded them already."""
    content = response.content if raw is None else _decoded(response, raw)
    return ReceivedResponse(response.status_code, Headers(response.headers.multi_items()), content)


def _decoded(response: httpx2.Response, raw: bytes) -> bytes:
    """The body without its content coding; UnexpectedAnswer when it is not in the coding that it claims."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if (
        not raw or coding in ("", "identity") or not coding.isascii()
    ):  # the HTTP library fails where it knows no coding
        return raw

    try:
        if coding in ("gzip", "x-gzip"):
            return b"".join(Gunzip().whole(raw))
        return httpx2.Response(
            response.status_code, headers={"content-encoding": coding}, content=raw
        ).content
    except (httpx2.DecodingError, zlib.error):
        fault = UnexpectedAnswer(response.status_code, GARBLED)

    raise fault


class Gunzip:
    """Members one after another (RFC 1952 §2.2). The HTTP library takes a member that stops half-way for whole."""

    def __init__(self) -> None:
        self._member: Any = None
        self._is_first = True

    def whole(self, raw: bytes) -> Generator[bytes]:
        """The pieces of a whole body. zlib.error."""
        yield from self.feed(raw)
        self.end()

    def feed(self, raw: bytes) -> Generator[bytes]:
        """The pieces in the next part of a body, none of them long. zlib.error."""
        while raw:
            if self._member is None:
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


def no_answer(fault: httpx2.TransportError) -> NoAnswer:
    """The error of ours for a fault of the transport; its text is only the fault's kind, which holds no secret."""
    kind = NoAnswerInTime if isinstance(fault, httpx2.TimeoutException) else NoAnswer
    error = kind(f"no answer: {type(fault).__name__}")
    error.__cause__ = fault
    return error

"""From the HTTP library's responses and faults to ours."""

from __future__ import annotations

import zlib

import httpx2

from bothends.runtime.errors import NoAnswer, NoAnswerInTime, UnexpectedAnswer
from bothends.runtime.exchange import Headers, ReceivedResponse


def received(response: httpx2.Response, raw: bytes | None) -> ReceivedResponse:
    """A response with its body's bytes as they came; None when the HTTP library has read and decoded them already."""
    content = response.content if raw is None else _decoded(response, raw)
    return ReceivedResponse(response.status_code, Headers(response.headers.multi_items()), content)


def _decoded(response: httpx2.Response, raw: bytes) -> bytes:
    """The body without its content coding; UnexpectedAnswer when it is not in the coding that it claims."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if not raw or coding in ("", "identity"):
        return raw
    try:
        if coding in ("gzip", "x-gzip"):
            return _gunzip(raw)
        return httpx2.Response(response.status_code, headers={"content-encoding": coding}, content=raw).content
    except (httpx2.DecodingError, zlib.error):
        fault = UnexpectedAnswer(response.status_code, "its body is not in the content coding that it names")
    raise fault


def _gunzip(raw: bytes) -> bytes:
    """Members one after another (RFC 1952 §2.2). The HTTP library takes a member that stops half-way for whole."""
    found: list[bytes] = []
    while raw:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        found.append(member.decompress(raw))
        if not member.eof:
            raise zlib.error("the end is missing")
        raw = member.unused_data.lstrip(b"\0")
    return b"".join(found)


def no_answer(fault: httpx2.TransportError) -> NoAnswer:
    """The error of ours for a fault of the transport; its text is only the fault's kind, which holds no secret."""
    kind = NoAnswerInTime if isinstance(fault, httpx2.TimeoutException) else NoAnswer
    error = kind(f"no answer: {type(fault).__name__}")
    error.__cause__ = fault
    return error

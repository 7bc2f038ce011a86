"""Reading a request in the order that refusals are given: security, representation, parameters, body."""

from __future__ import annotations

import zlib
from typing import Any

from bothends.runtime.answer import Authenticate
from bothends.runtime.codec import codec_for
from bothends.runtime.contract import load_contract
from bothends.runtime.json_text import JsonTextError, read_json
from bothends.runtime.media_type import choose, parse_content_type
from bothends.runtime.operation import MISSING, Body, MediaType, Operation
from bothends.runtime.parameter import ParameterError, Wire, parameter_codecs
from bothends.runtime.pointer import join
from bothends.runtime.style import StyleError, percent_decode

from .asgi import Disconnected, HttpRequest
from .refused import Cause, Refused
from .security import check_security


async def read_arguments(
    operation: Operation[Any],
    request: HttpRequest,
    path: dict[str, str],
    authenticate: Authenticate | None,
    max_body: int,
) -> dict[str, Any]:
    """The handler's arguments by Python name; Refused when the contract does not allow the request."""
    wire = read_wire(request, path)
    await check_security(operation, wire, authenticate)
    content = await _read_content(operation, request, max_body)
    arguments = _read_parameters(operation, wire)
    if operation.body is not None:
        arguments[operation.body.name] = _read_body(operation, content)
    return arguments


def read_wire(request: HttpRequest, path: dict[str, str]) -> Wire:
    """The request's parameters as they stand on the wire."""
    try:
        query = [_pair(part) for part in request.raw_query.split("&") if part]
    except StyleError as error:
        raise Refused(Cause.PARAMETER, "query", str(error)) from None
    cookies = [
        (name.strip(" \t"), value.strip(" \t"))
        for line in request.headers.get("cookie", ())
        for name, _, value in (part.partition("=") for part in line.split(";"))
        if name.strip(" \t")
    ]
    return Wire(path, query, request.headers, cookies)


def _pair(part: str) -> tuple[str, str]:
    name, _, raw = part.partition("=")
    return percent_decode(name, plus=True), raw


def _read_parameters(operation: Operation[Any], wire: Wire) -> dict[str, Any]:
    decode = codec_for(operation.api).decode
    arguments: dict[str, Any] = {}
    for parameter, codec in parameter_codecs(operation):
        place = f"{parameter.location} parameter {parameter.wire_name}"
        try:
            value = codec.read(wire)
        except ParameterError as error:
            raise Refused(Cause.PARAMETER, place, str(error)) from None
        if value is MISSING and parameter.required:
            raise Refused(Cause.PARAMETER, place, "is required")
        arguments[parameter.name] = None if value is MISSING else decode(parameter.type, value)
    return arguments


def _read_body(operation: Operation[Any], content: tuple[MediaType, bytes] | None) -> Any:
    if content is None:
        return None
    media, data = content
    try:
        value = read_json(data)
    except JsonTextError as error:
        raise Refused(Cause.BODY, "body", str(error)) from None
    pointer = operation.pointer + join("requestBody", "content", media.media_type, "schema")
    fault = load_contract(operation.api).fault(pointer, value)
    if fault is not None:
        raise Refused(Cause.BODY, f"body at {fault.pointer}" if fault.pointer else "body", fault.rule)
    return codec_for(operation.api).decode(media.type, value)


async def _read_content(
    operation: Operation[Any], request: HttpRequest, max_body: int
) -> tuple[MediaType, bytes] | None:
    """The body's bytes after content coding, and the representation that it is in; None when there is no body."""
    if operation.body is None:
        return None
    media = _media(operation.body, request) if "content-type" in request.headers else None
    coding = _coding(request)
    data = await _receive(request, max_body)
    if not data:
        if operation.body.required:
            raise Refused(Cause.BODY, "body", "is required")
        return None
    if media is None:
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "is required")
    return media, _inflate(data, max_body) if coding == "gzip" else data


def _media(body: Body, request: HttpRequest) -> MediaType:
    lines = request.headers["content-type"]
    content_type = parse_content_type(lines[0]) if len(lines) == 1 else None
    if content_type is None:
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "is not a media type")
    media = choose(body.media, content_type)
    if media is None:
        taken = ", ".join(one.media_type for one in body.media)
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", f"must be one of {taken}")
    if not content_type.is_utf8:
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "the charset must be UTF-8")
    return media


def _coding(request: HttpRequest) -> str:
    codings = [
        coding.strip(" \t").lower()
        for line in request.headers.get("content-encoding", ())
        for coding in line.split(",")
    ]
    named = [coding for coding in codings if coding not in ("", "identity")]
    if named not in ([], ["gzip"], ["x-gzip"]):
        raise Refused(Cause.MEDIA_TYPE, "header Content-Encoding", "must be gzip or identity")
    return "gzip" if named else "identity"


async def _receive(request: HttpRequest, max_body: int) -> bytes:
    too_large = Refused(Cause.SIZE, "body", f"must be at most {max_body} bytes")
    length = request.headers.get("content-length", ["0"])[0]
    if length.isascii() and length.isdigit() and int(length[:20]) > max_body:
        raise too_large
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Disconnected
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > max_body:
            raise too_large
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _inflate(data: bytes, max_body: int) -> bytes:
    """Bounded while inflating, so that a small body cannot become a large one; one gzip member only."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(data, max_body + 1)
    except zlib.error:
        raise Refused(Cause.BODY, "body", "is not valid gzip") from None
    if len(inflated) > max_body:
        raise Refused(Cause.SIZE, "body", f"must be at most {max_body} bytes after inflating")
    if not inflater.eof or inflater.unused_data:
        raise Refused(Cause.BODY, "body", "is not one complete gzip member")
    return inflated

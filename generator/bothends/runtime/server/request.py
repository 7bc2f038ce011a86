"""Reads a request, in this order: message, security, representation, parameters, body.

What may be there once and is there twice is refused, never guessed at:
  * Host, Content-Length and Content-Type twice make the message malformed (RFC 9110 §5.3, RFC 9112
    §3.2 and §6.3): 400. A server in front of this one may say so first.
  * A header parameter in several lines is one list, joined by commas in their order (RFC 9110
    §5.3); where its schema is of no list and no object it must be given once. So must a query
    parameter and a cookie, unless the style is an exploded one, in which a list is given name by
    name. What is read so is then judged by the schema.
  * Authorization twice, and an API key twice, are no credentials.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from bothends.runtime.answer import Authenticate
from bothends.runtime.json.budget import MAX_BODY, SMALL, BudgetError, reading
from bothends.runtime.media import MediaCodec, MediaError, body_media, choose
from bothends.runtime.media.accept import Ranges, parse_accept
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.table import versions
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.models.codec import codec_for
from bothends.runtime.operation import MISSING, Operation, Parameter
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError, parameter_codecs
from bothends.runtime.parameters.segments import shared_segments, split_as_allowed
from bothends.runtime.parameters.style import StyleError, percent_decode
from bothends.runtime.parameters.styled import Wire
from bothends.runtime.path_template import replaced
from bothends.runtime.schema.explain import Fault
from bothends.runtime.signature import Signature
from bothends.runtime.transfer.source import Sizes

from .asgi import Disconnected, HttpRequest
from .body_stream import BodyStream
from .refused import Cause, Refused
from .security import check_security

_SINGLE = {"host": "Host", "content-length": "Content-Length", "content-type": "Content-Type"}
_LONGEST_CACHED = 200

Content = tuple[MediaCodec, ContentType, bytes | BodyStream]
"""A body: what it is read by, what it says it is, and its bytes, or where they come from."""


async def read_arguments(
    operation: Operation[Any],
    request: HttpRequest,
    path: dict[str, str],
    authenticate: Authenticate | None,
    max_body: int,
    *,
    is_streamed: bool = False,
) -> dict[str, Any]:
    """The handler's arguments by Python name; Refused when the contract does not allow the request.

    With `is_streamed`, a binary body is a `BodyStream`.
    """
    check_message(request)
    wire = read_wire(request, path)
    # Before the body is received: who may not call cannot make the server inflate one.
    if operation.security:
        await check_security(operation, wire, authenticate)
    content: Content | None = None
    if operation.body is not None:
        content = await _read_content(operation, request, max_body, is_streamed=is_streamed)
        if content is not None and len(operation.body.media) > 1:
            content = _in_its_version(operation, content, max_body)
    arguments = _read_parameters(operation, wire) if operation.parameters else {}

    if operation.body is not None:
        arguments[operation.body.name] = (
            operation.body.absent if content is None else _read_body(content, max_body)
        )
        if operation.body.content_type is not None:
            arguments[operation.body.content_type] = _documented_type(content)

    return arguments


def check_message(request: HttpRequest) -> None:
    """Refused when a header that says what the message is, and where it ends, is there twice."""
    for key, name in _SINGLE.items():
        if key in request.headers and len(request.headers[key]) > 1:
            raise Refused(Cause.MESSAGE, f"header {name}", "must be given once")


async def check_signature(signature: Signature, request: HttpRequest, max_body: int) -> None:
    """Refused when a request is not signed; its body is received for that."""
    content = await _receive(request, max_body)
    headers = {name: ", ".join(lines) for name, lines in request.headers.items()}
    if fault := signature.fault(headers, content, time.time()):
        raise Refused(Cause.CREDENTIALS, "signature", fault)


def accepted(request: HttpRequest) -> Ranges:
    """Return the media ranges that the caller prefers; none when it does not say.

    They choose among the documented media types and are never a reason to refuse: no contract can
    say `Accept` (OpenAPI 3.1 §4.8.12 ignores such a parameter), and RFC 9110 §12.5.1 lets a server
    send what it has instead.
    """
    lines = request.headers.get("accept")
    return parse_accept(", ".join(lines)) if lines else ()


def _documented_type(content: Content | None) -> str | None:
    """The media type of a body as the contract names it.

    Where that is a range, as the caller does.
    """
    if content is None:
        return None
    codec, content_type, _ = content
    return content_type.essence if "*" in codec.range else codec.media_type


def read_wire(request: HttpRequest, path: dict[str, str]) -> Wire:
    """The request's parameters as they stand on the wire."""
    if not request.raw_query and "cookie" not in request.headers:
        return Wire(path, [], request.headers, [])

    query: list[tuple[str, str]] = []
    try:
        for part in filter(None, request.raw_query.split("&")):
            name, _, raw = part.partition("=")
            query.append((percent_decode(name, plus=True), raw))
    except StyleError as error:
        raise Refused(Cause.PARAMETER, "query", str(error)) from None

    # HTTP/2 clients may send Cookie in several lines (RFC 9113 §8.2.3).
    cookies = [
        (name.strip(" \t"), value.strip(" \t"))
        for line in request.headers.get("cookie", ())
        for name, _, value in (part.partition("=") for part in line.split(";"))
        if name.strip(" \t")
    ]
    return Wire(path, query, request.headers, cookies, request.raw_query)


def _read_parameters(operation: Operation[Any], wire: Wire) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for segment in shared_segments(operation):
        split = split_as_allowed(operation, segment, replaced(segment, wire.path))
        wire = replace(wire, path={**wire.path, **split})

    for parameter, codec, decode in _parameter_readers(operation):
        try:
            value = codec.read(wire)
        except ParameterError as error:
            location = _location(parameter)
            if error.pointer:
                location = f"{location} at {error.pointer}"
            raise Refused(Cause.PARAMETER, location, error.rule) from None

        # An empty text is a value: `?q=` is not an absent parameter (OpenAPI 3.1 §4.8.12.2).
        if value is MISSING and parameter.required:
            raise Refused(Cause.PARAMETER, _location(parameter), "is required")

        arguments[parameter.name] = parameter.absent if value is MISSING else decode(value)

    return arguments


@cache
def _parameter_readers(
    operation: Operation[Any],
) -> tuple[tuple[Parameter, ParameterCodec, Callable[[Any], Any]], ...]:
    """The parameters of an operation, with how each is read and how its value is decoded."""
    types = codec_for(operation.api)
    return tuple(
        (parameter, codec, types.decoder(parameter.type).decode)
        for parameter, codec in parameter_codecs(operation)
    )


def _location(parameter: Parameter) -> str:
    return f"{parameter.location} parameter {parameter.wire_name}"


def _in_its_version(operation: Operation[Any], content: Content, max_body: int) -> Content:
    """The content as the first version whose schema it obeys, if its type does not say which."""
    chosen, content_type, data = content
    if isinstance(data, BodyStream):
        return content

    for codec in versions(body_media(operation), chosen, content_type):
        with suppress(BudgetError, MediaError), reading(data, max_body, MAX_BODY):
            if codec.fault(codec.read(data, content_type)) is None:
                return codec, content_type, data
    return content


def _read_body(content: Content, max_body: int) -> Any:
    codec, content_type, data = content
    if isinstance(data, BodyStream):
        return data

    with reading(data, max_body, MAX_BODY):
        return _read_bytes(codec, content_type, data)


def _read_bytes(codec: MediaCodec, content_type: ContentType, data: bytes) -> Any:
    is_large = len(data) >= SMALL
    if is_large and (fault := codec.fault_of_text(data)) is not None:
        raise _refused_body(fault)

    try:
        value = codec.read(data, content_type)
    except MediaError as error:
        pointer = f"body, {error.part}" if error.part else "body"
        raise Refused(
            Cause.MEDIA_TYPE if error.is_type else Cause.BODY, pointer, error.rule
        ) from None

    try:
        fault = codec.fault_of_large(value) if is_large else codec.fault(value)
        if fault is None:
            return codec.decode(value)
    except BudgetError as error:
        raise Refused(Cause.BODY, "body", str(error)) from None

    raise _refused_body(fault)


def _refused_body(fault: Fault) -> Refused:
    pointer = f"body at {fault.pointer}" if fault.pointer else "body"
    return Refused(Cause.BODY, pointer, fault.rule, fault.keyword)


async def _read_content(
    operation: Operation[Any], request: HttpRequest, max_body: int, *, is_streamed: bool
) -> Content | None:
    """The body's bytes after content coding, and the media type that they are in.

    None when there is no body.
    """
    chosen = _choose(operation, request) if "content-type" in request.headers else None
    coding = _coding(request)

    sizes = (
        chosen[0].sizes
        if is_streamed and chosen is not None and isinstance(chosen[0], BinaryCodec)
        else None
    )
    is_received = request.content is not None
    if chosen is not None and sizes is not None and coding != "gzip" and not is_received:
        stream = BodyStream(request, sizes)
        stream.check_length(request.headers.get("content-length", [""])[0])
        return *chosen, stream

    data = await _receive(request, max_body)
    # No bytes at all are a text and an empty form, and never JSON (RFC 8259 §2).
    if not data and (chosen is None or not chosen[0].may_be_blank):
        if operation.body is not None and operation.body.required:
            raise Refused(Cause.BODY, "body", "is required", "required")
        return None

    if chosen is None:
        # RFC 9110 §8.3 lets a recipient guess the type; two recipients could guess differently.
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "is required")

    complete = _inflate(data, max_body) if coding == "gzip" else data
    if not is_streamed or not isinstance(chosen[0], BinaryCodec):
        return *chosen, complete

    _read_bytes(*chosen, complete)
    return *chosen, BodyStream(request, Sizes(), complete)


def _choose(operation: Operation[Any], request: HttpRequest) -> tuple[MediaCodec, ContentType]:
    text = request.headers["content-type"][0]
    # Callers choose the text: long ones would fill the memory.
    choose_media = _chosen if len(text) < _LONGEST_CACHED else _chosen.__wrapped__
    return choose_media(operation, text)


@lru_cache(maxsize=1024)
def _chosen(operation: Operation[Any], text: str) -> tuple[MediaCodec, ContentType]:
    content_type = parse_content_type(text)
    if content_type is None:
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "is not a media type")

    codecs = body_media(operation)
    codec = choose(codecs, content_type)
    if codec is None:
        allowed = ", ".join(entry.media_type for entry in codecs)
        rule = f"must be one of {allowed}" if len(codecs) > 1 else f"must be {allowed}"
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", rule)

    if codec.is_text and not content_type.is_utf8 and not codec.is_in_charset(content_type):
        raise Refused(Cause.MEDIA_TYPE, "header Content-Type", "the charset must be UTF-8")

    return codec, content_type


def _coding(request: HttpRequest) -> str:
    if "content-encoding" not in request.headers:
        return "identity"

    codings = [
        coding.strip(" \t").lower()
        for line in request.headers.get("content-encoding", ())
        for coding in line.split(",")
    ]
    found = [coding for coding in codings if coding not in ("", "identity")]
    # RFC 9110 §8.4.1.3: x-gzip is the same as gzip.
    if found not in ([], ["gzip"], ["x-gzip"]):
        raise Refused(Cause.MEDIA_TYPE, "header Content-Encoding", "must be gzip or identity")

    return "gzip" if found else "identity"


async def _receive(request: HttpRequest, max_body: int) -> bytes:
    if request.content is not None:  # another operation at the same path has read it
        return request.content

    length = request.headers.get("content-length", ["0"])[0]
    # Cut, because `int` raises ValueError beyond 4,300 digits.
    if length.isascii() and length.isdigit() and int(length[:20]) > max_body:
        raise _too_large(max_body)

    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Disconnected

        chunk = message.get("body", b"")
        size += len(chunk)
        if size > max_body:
            raise _too_large(max_body)

        chunks.append(chunk)
        more = message.get("more_body", False)

    request.content = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    return request.content


def _too_large(max_body: int) -> Refused:
    return Refused(Cause.SIZE, "body", f"must be at most {max_body} bytes")


def _inflate(data: bytes, max_body: int) -> bytes:
    """Bounded while inflating, so that a small body cannot become a large one.

    One gzip member only.
    """
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

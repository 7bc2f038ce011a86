"""The HTTP request of one attempt: a prepared one with credentials and client headers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import httpx2

from bothends.runtime.errors import RequestError
from bothends.runtime.exchange import SentRequest
from bothends.runtime.operation import Operation
from bothends.runtime.transfer.source import Source

from .auth.authorize import Authorization, authorize
from .bodies.upload import Upload
from .prepare import Prepared
from .settings import Settings, header_table
from .transport.deadline import Deadline


def build_request(
    settings: Settings,
    operation: Operation[Any],
    prepared: Prepared,
    sent: SentRequest,
    values: Mapping[str, Any],
    deadline: Deadline,
    more: Mapping[str, str],
) -> httpx2.Request:
    """The HTTP request of a prepared one.

    Args:
        settings: The client's address, headers and options.
        operation: The operation that is called.
        prepared: The request without credentials.
        sent: The same as it is shown.
        values: Credentials by the name of their scheme.
        deadline: The deadline of the call, which limits each wait.
        more: Headers that hooks add.

    Returns:
        The request, ready to be sent.

    Raises:
        RequestError: Credentials cannot be sent, or the contract states no address.
        NoAnswerInTime: There is no time left for it.
    """
    added = authorize(operation, values) if values else _NOTHING
    headers = _headers(settings, operation, prepared, added, more)
    content = prepared.content
    upload: Upload | None = None
    if isinstance(content, Source) or (content is not None and settings.on_progress is not None):
        upload = Upload(content, deadline, settings.on_progress)
        headers |= upload.headers

    url = _url(settings, operation, prepared, sent, added)
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    extensions = {"timeout": deadline.limits()}
    if upload is None and not isinstance(content, Source) and headers.keys().isdisjoint(_MESSAGE):
        return whole_request(prepared.method, url, lines, content or b"", extensions)

    if upload is not None:
        if "host" not in headers:
            lines.insert(0, (b"Host", url.netloc))
        # As a stream from the beginning: one that takes the place of a body is no body to a
        # transport or a hook that reads the request.
        return httpx2.Request(
            prepared.method, url, headers=lines, stream=upload, extensions=extensions
        )

    body = content if isinstance(content, bytes) else None
    _check_length(headers, body or b"")
    return httpx2.Request(prepared.method, url, headers=lines, content=body, extensions=extensions)


def _headers(
    settings: Settings,
    operation: Operation[Any],
    prepared: Prepared,
    added: Authorization,
    more: Mapping[str, str],
) -> dict[str, str]:
    """All headers but those of an upload: ours, the caller's, and the signature of them."""
    headers = {**_defaults(settings.agent, operation), **settings.headers}
    if more:
        headers |= header_table(more)
    headers |= prepared.headers
    headers |= added.headers

    # RFC 6265 §5.4: a client sends no more than one Cookie header.
    if cookies := _with_keys(prepared.cookies, added.cookies):
        existing = [pair.strip() for pair in headers.get("cookie", "").split(";") if pair.strip()]
        headers["cookie"] = "; ".join(_with_keys(existing, cookies))

    if settings.signature is not None:
        if isinstance(prepared.content, Source):
            raise RequestError("body", "body", "is signed as a whole: pass its bytes")
        now = settings.clock.now().timestamp()
        signed = settings.signature.sign(headers, prepared.content or b"", now)
        headers |= header_table(signed)

    return headers


def _url(
    settings: Settings,
    operation: Operation[Any],
    prepared: Prepared,
    sent: SentRequest,
    added: Authorization,
) -> httpx2.URL:
    """The address, with the credentials that are part of it."""
    if added.query:
        pairs = _with_keys(prepared.query, added.query)
        return httpx2.URL(_text(settings, operation, prepared, pairs))
    if operation.parameters or prepared.query:
        return httpx2.URL(sent.url)
    return _fixed_url(sent.url)


def _check_length(headers: Mapping[str, str], body: bytes) -> None:
    """The next request would begin in a body that is longer or shorter than it says."""
    length = str(len(body))
    if headers.get("content-length", length) != length:
        rule = f"must be {length}, the number of bytes of the body"
        raise RequestError("content_length", "header Content-Length", rule)


_MESSAGE = frozenset({"host", "content-length", "transfer-encoding"})
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH", "QUERY"})


def whole_request(
    method: str,
    url: httpx2.URL,
    headers: list[tuple[bytes, bytes]],
    content: bytes,
    extensions: dict[str, Any],
) -> httpx2.Request:
    """The request that the HTTP library makes of the same arguments.

    It looks for files, forms and cookies, and makes its headers twice, which takes longer than
    sending.
    """
    lines = [(b"Host", url.netloc), *headers]
    if content:
        lines.append((b"Content-Length", str(len(content)).encode()))
    elif method in _WITH_LENGTH:
        lines.insert(1, (b"Content-Length", b"0"))

    stream = httpx2.ByteStream(content)
    request = httpx2.Request(method, url, headers=lines, stream=stream, extensions=extensions)
    request.read()
    return request


def redacted_request(
    settings: Settings, operation: Operation[Any], prepared: Prepared
) -> SentRequest:
    """The request as errors and hooks show it: credentials are added later, so it has none."""
    return SentRequest(prepared.method, _text(settings, operation, prepared, prepared.query))


_NOTHING = Authorization()


@lru_cache(maxsize=1024)
def _fixed_url(text: str) -> httpx2.URL:
    """An address without parameters, which is the same at each call: reading it takes long."""
    return httpx2.URL(text)


def _with_keys(pairs: list[str], keys: list[str]) -> list[str]:
    """The pairs and those of credentials, which stand for a parameter of the same name.

    Contracts declare a key as a scheme and as a parameter; a server refuses it when it comes twice.
    """
    names = tuple(f"{key.partition('=')[0]}=" for key in keys)
    return [*(pair for pair in pairs if not pair.startswith(names)), *keys]


def _text(
    settings: Settings, operation: Operation[Any], prepared: Prepared, query: list[str]
) -> str:
    """The URL of a request as text."""
    address = settings.addresses.base_url(operation) + prepared.path
    return f"{address}?{'&'.join(query)}" if query else address


@cache
def _defaults(agent: str, operation: Operation[Any]) -> dict[str, str]:
    """Headers of our own, except parameters: a handler must not receive what no caller passed."""
    declared = {parameter.wire_name.lower() for parameter in operation.parameters}
    # Brotli and zstd need decoders that may not be installed.
    ours = {"user-agent": agent, "accept-encoding": "gzip"}
    return {name: value for name, value in ours.items() if name not in declared}

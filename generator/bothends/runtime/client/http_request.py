"""The HTTP request of one attempt: a prepared one with credentials and client headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from bothends.runtime.exchange import SentRequest
from bothends.runtime.operation import Operation
from bothends.runtime.transfer.source import Source

from .auth.authorize import authorize
from .bodies.upload import Upload
from .prepare import Prepared
from .settings import Settings, header_table
from .transport.deadline import Deadline


def build_request(
    settings: Settings,
    operation: Operation[Any],
    prepared: Prepared,
    values: Mapping[str, Any],
    deadline: Deadline,
    more: Mapping[str, str],
) -> httpx2.Request:
    """The HTTP request of a prepared one.

    Args:
        settings: The client's address, headers and options.
        operation: The operation that is called.
        prepared: The request without credentials.
        values: Credentials by the name of their scheme.
        deadline: The deadline of the call, which limits each wait.
        more: Headers that hooks add.

    Returns:
        The request, ready to be sent.

    Raises:
        RequestError: Credentials cannot be sent, or the contract states no address.
        NoAnswerInTime: There is no time left for it.
    """
    added = authorize(operation, values)
    headers = {
        **_defaults(settings, operation),
        **settings.headers,
        **header_table(more),
        **prepared.headers,
        **added.headers,
    }

    # RFC 6265 §5.4: a client sends no more than one Cookie header.
    cookies = "; ".join([*prepared.cookies, *added.cookies])
    if cookies:
        headers["cookie"] = cookies

    content = prepared.content
    upload: Upload | None = None
    if isinstance(content, Source) or (content is not None and settings.on_progress is not None):
        upload = Upload(content, deadline, settings.on_progress)
        headers |= upload.headers

    request = httpx2.Request(
        prepared.method,
        _url(settings, operation, prepared, [*prepared.query, *added.query]),
        headers=[(name.encode(), value.encode()) for name, value in headers.items()],
        content=None if isinstance(content, Source) else content,
        extensions={"timeout": deadline.limits()},
    )
    if upload is not None:
        request.stream = upload

    return request


def redacted_request(
    settings: Settings, operation: Operation[Any], prepared: Prepared
) -> SentRequest:
    """The request as errors and hooks show it: credentials are added later, so it has none."""
    return SentRequest(prepared.method, _url(settings, operation, prepared, prepared.query))


def _url(
    settings: Settings, operation: Operation[Any], prepared: Prepared, query: list[str]
) -> str:
    text = "&".join(query)
    address = settings.addresses.base_url(operation)
    return f"{address}{prepared.path}" + (f"?{text}" if text else "")


def _defaults(settings: Settings, operation: Operation[Any]) -> dict[str, str]:
    """Headers of our own, except parameters: a handler must not receive what no caller passed."""
    declared = {parameter.wire_name.lower() for parameter in operation.parameters}
    # Brotli and zstd need decoders that may not be installed.
    ours = {"user-agent": settings.agent, "accept-encoding": "gzip"}
    return {name: value for name, value in ours.items() if name not in declared}

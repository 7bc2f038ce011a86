"""The options that every generated client takes besides its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    import httpx2

    from bothends.runtime.server.asgi import ASGIApp

Responses = Literal["strict", "warn", "off"]
DEFAULT_TIMEOUT = 30.0


class _Shared(TypedDict, total=False):
    base_url: str
    """Where the API is reached, instead of the server that the contract names."""
    timeout: float
    """Seconds to wait for a connection, and for each next piece of an answer. 30 if not given."""
    responses: Responses
    """What happens to an answer that breaks the contract: `strict` raises UnexpectedAnswer, `warn` (the default) logs it
    and gives it all the same, `off` does not look."""
    app: ASGIApp
    """An ASGI app that is called in process, instead of the network."""
    headers: Mapping[str, str]
    """Headers that are sent with each request that does not have them."""


class Options(_Shared, total=False):
    """Options of a client."""

    transport: httpx2.BaseTransport
    """What carries the requests, instead of the network."""
    http_client: httpx2.Client
    """The HTTP client to use. It stays open when this client is closed."""


class AsyncOptions(_Shared, total=False):
    """Options of an async client."""

    transport: httpx2.AsyncBaseTransport
    """What carries the requests, instead of the network."""
    http_client: httpx2.AsyncClient
    """The HTTP client to use. It stays open when this client is closed."""

"""The options that every generated client takes besides its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    import ssl

    import httpx2

    from bothends.runtime.server.asgi import ASGIApp
    from bothends.runtime.signature import Signature

    from .bodies.upload import Progress
    from .hooks import Hooks
    from .retry import Retries
    from .transport.deadline import Clock, Timeout

Checking = Literal["strict", "warn", "off"]
"""How something is held to the contract."""


class CallOptions(TypedDict, total=False):
    """Options that some calls may have for themselves: `client.with_options(timeout=5)`."""

    timeout: float | Timeout
    """Seconds that a call may take in all, with its attempts and pauses; or a `Timeout` that limits
    single waits too. `Timeout()` if not given: 10 seconds for a connection, 30 for each next piece
    of an answer, 120 in all."""
    retries: int | Retries
    """How often a call that is safe to repeat is tried again after a passing fault: see `Retries`.
    2 if not given."""
    requests: Checking
    """What happens to a request that breaks the contract: `strict` (the default) raises RequestError
    and sends nothing, `warn` logs it and sends it all the same, `off` does not look. For a server
    that accepts more than its contract says."""
    responses: Checking
    """What happens to an answer that breaks the contract: `strict` raises UnexpectedAnswer, `warn`
    (the default) logs it and gives it all the same, `off` does not look. In `warn` and `off` a
    success that the contract does not document is never an error: it is read as the nearest
    documented success, else by its own Content-Type (text is `str`, JSON its value, other bytes
    `bytes`, nothing `None`)."""
    max_answer: int | None
    """How many bytes the body of an answer may have, after inflating; AnswerTooLarge is raised
    beyond. 32 MiB if not given, None for no limit. Of a stream it limits each item; it does not
    limit `with_streaming_response`, which collects nothing in memory."""
    anonymous: bool
    """Send requests without credentials, whatever the contract's `security` says, and let the
    server decide: `client.with_options(anonymous=True).list_tides(...)`."""
    headers: Mapping[str, str]
    """Headers that are sent with each request that does not set them itself."""
    on_progress: Progress
    """Called with the number of bytes of a request's body that have gone out, and the number of all,
    None if it is unknown. An attempt that is repeated begins at 0."""


class _Shared(CallOptions, total=False):
    base_url: str
    """Where the API is reached, instead of the server that the contract names."""
    app: ASGIApp
    """An ASGI app that is called in process, instead of the network."""
    ssl_context: ssl.SSLContext
    """What connections are made with: a client certificate for mutual TLS, or authorities of
    yours."""
    signed_by: Signature
    """How requests are signed, for a double of a vendor that sends webhooks."""
    hooks: Hooks
    """Functions that are called before and after each attempt."""
    clock: Clock
    """Where time and chance come from: for tests."""


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


@cache
def option_names(whose: Literal["client", "call"]) -> frozenset[str]:
    """The names of the options of a client, or of those that `with_options` takes."""
    kind = AsyncOptions if whose == "client" else CallOptions
    return frozenset(kind.__required_keys__ | kind.__optional_keys__)

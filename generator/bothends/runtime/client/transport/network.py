"""The network of a sync client: no wait on a socket outlasts the deadline of its call.

The HTTP library has limits for one wait only: an answer that drips would never meet them. Async
calls are cancelled; a thread cannot be, so the sockets themselves must know the deadline.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2
from typing_extensions import override

from .deadline import limited


def obey_deadlines(http: httpx2.Client) -> httpx2.Client:
    """The client, with sockets that know deadlines.

    One of another make stays as it is: it is checked between chunks.
    """
    mounted: dict[Any, Any] = getattr(http, "_mounts", {})
    for transport in (getattr(http, "_transport", None), *mounted.values()):
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if isinstance(backend, httpcore2.NetworkBackend):
            setattr(pool, "_network_backend", _Network(backend))  # noqa: B010 the attribute is private

    return http


class _Network(httpcore2.NetworkBackend):
    def __init__(self, inner: httpcore2.NetworkBackend) -> None:
        self._inner = inner

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(
            self._inner.connect_tcp(host, port, limited(timeout), local_address, socket_options)
        )

    @override
    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, limited(timeout), socket_options))

    @override
    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seconds = limited(timeout)
        if seconds == 0:  # to a socket, 0 is "do not wait", not "too late"
            raise httpcore2.ReadTimeout
        return self._inner.read(max_bytes, seconds)

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        seconds = limited(timeout)
        if seconds == 0:
            raise httpcore2.WriteTimeout
        self._inner.write(buffer, seconds)

    @override
    def close(self) -> None:
        self._inner.close()

    @override
    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, limited(timeout)))

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

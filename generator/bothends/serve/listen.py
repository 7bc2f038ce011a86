"""Running an app on a port: until interrupted, or in a thread for as long as a test needs it."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

import uvicorn

from bothends.runtime.server.asgi import ASGIApp

from .bounds import Bounded, Bounds, bounded_protocol

_STARTING = 30.0
_BOUNDS = Bounds()
_STOPPING = 5


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any free one. OSError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def address(listening: socket.socket) -> str:
    """The URL that the socket is reached at from this machine."""
    name: tuple[str, int] = listening.getsockname()[:2]
    host, port = name
    # A socket that listens on all addresses has none that a URL could name.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    app: ASGIApp,
    listening: socket.socket,
    bounds: Bounds = _BOUNDS,
    *,
    date_header: bool = True,
) -> bool:
    """Serve until SIGINT or SIGTERM; False when the app does not start.

    A proxy has the date of the server behind it, so it switches `date_header` off.
    """
    server = _server(app, bounds, date_header=date_header)
    with suppress(KeyboardInterrupt):  # uvicorn ends its work first, then repeats the signal
        server.run(sockets=[listening])
    return server.started


@contextmanager
def running(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve in a thread and give the URL; the end of the block ends it, with all connections."""
    with listen(host, port) as listening:
        server = _server(app)
        thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [listening]},
            name="bothends stand-in",
            daemon=True,
        )
        thread.start()

        try:
            _wait(server, thread)
            yield address(listening)
        finally:
            server.should_exit = True
            # The thread is a daemon: a handler that hangs does not keep the test run from ending.
            thread.join(_STARTING)


def _server(app: ASGIApp, bounds: Bounds = _BOUNDS, *, date_header: bool = True) -> uvicorn.Server:
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    config = uvicorn.Config(
        Bounded(app, bounds),
        http=bounded_protocol(bounds.header_seconds),
        # uvicorn counts the connection that asks as well, and refuses at the limit.
        limit_concurrency=bounds.connections + 1,
        log_config=None,
        access_log=False,  # the app logs each request itself, with its verdict
        server_header=False,
        date_header=date_header,
        # An event stream never ends by itself; without a limit Ctrl-C would wait for its reader.
        timeout_graceful_shutdown=_STOPPING,
    )
    return uvicorn.Server(config)


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    waited = 0.0
    while not server.started:
        thread.join(0.01)
        waited += 0.01
        if not thread.is_alive() or waited > _STARTING:
            raise RuntimeError("the app did not start; the log says why")

"""Apps served on a free port of this machine."""

from __future__ import annotations

import contextlib
import inspect
import socket
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

from bothends.prove.target.packages import Package
from bothends.prove.target.success_handler import SuccessHandler
from bothends.prove.wire.credentials import Credentials
from bothends.runtime import App


def default_app(package: Package, credentials: Credentials, *, check_replies: bool = True) -> App:
    """The generated server on a handler that always succeeds."""
    return App(
        package.api,
        package.operations,
        SuccessHandler(package.operations),
        authenticate=credentials.authenticate(),
        check_replies=check_replies,
    )


def stand_in_app(
    package: Package, handler: Any, credentials: Credentials, *, check_replies: bool = True
) -> Callable[..., Any]:
    """Serve the stand-in, with a check of the proof's credentials before its own.

    Without checks of replies it is the bare server on the stand-in's handler, for a stand-in's own
    is made with them.
    """
    judged = getattr(handler, "authenticate", None)
    handler.authenticate = _both(credentials, judged)
    if check_replies and hasattr(handler, "app"):
        app: Callable[..., Any] = handler.app()
        return app

    return App(
        package.api,
        package.operations,
        handler,
        authenticate=handler.authenticate,
        check_replies=check_replies,
    )


def _both(credentials: Credentials, judged: Any) -> Any:
    ours = credentials.authenticate()

    async def authenticate(presented: Any) -> bool:
        if not ours(presented):
            return False
        verdict: Any = judged(presented) if judged is not None else True
        return bool(await verdict if inspect.isawaitable(verdict) else verdict)

    return authenticate


@contextlib.contextmanager
def serve(app: Callable[..., Any]) -> Generator[str]:
    """The address of an app that is served on a free port of this machine's loopback.

    Over a real socket and a real HTTP parser, so that headers and paths arrive as they do in life;
    it costs no more than calling the app in process, for making the requests is what takes the
    time.
    """
    import uvicorn  # noqa: PLC0415 (only this command needs a server)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        # asyncio leaves a listener that was made elsewhere as it is: without this, head and body of
        # an answer lie 40 ms apart.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="auto", log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.002)

        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)

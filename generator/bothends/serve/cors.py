"""Answer browser pages of other origins as the Fetch standard (CORS protocol) asks.

No contract speaks of it, so it is no part of the server but stands around it. By default pages of
this machine may call: whoever develops a page has it on another port than the stand-in, which to a
browser is another origin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bothends.runtime.server.asgi import ASGIApp, HttpReply, Message, Receive, Scope, Send

_LOOPBACK = re.compile(
    r"https?://(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?"
)
# Browsers keep it for hours if they may; ten minutes let a restart with other origins show soon.
_PREFLIGHT_SECONDS = "600"


class Cors:
    """An ASGI app around another: answers preflight requests and allows chosen origins.

    Args:
        app: The app that answers.
        origins: Origins besides those of this machine, such as `https://shop.example`; `*` is any.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self._app, self._origins = app, frozenset(origin.rstrip("/") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        headers = _headers(scope) if scope["type"] == "http" else {}
        origin = headers.get("origin", "")
        if not self._allows(origin):
            await self._app(scope, receive, send)
            return

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin, headers).send(send)
            return

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_readable(origin, message["headers"])]
            await send(message)

        await self._app(scope, receive, send_with_origin)

    def _allows(self, origin: str) -> bool:
        if not origin:
            return False
        found = origin in self._origins or "*" in self._origins
        return found or _LOOPBACK.fullmatch(origin) is not None


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def _preflight(origin: str, headers: dict[str, str]) -> HttpReply:
    allowed = [
        # The origin itself and not `*`, which browsers refuse for calls with credentials (Fetch
        # standard, CORS protocol).
        ("access-control-allow-origin", origin),
        ("access-control-allow-methods", headers["access-control-request-method"]),
        ("access-control-allow-headers", headers.get("access-control-request-headers", "")),
        ("access-control-allow-credentials", "true"),
        ("access-control-max-age", _PREFLIGHT_SECONDS),
        ("vary", "Origin"),
    ]
    return HttpReply(204, [(name, value) for name, value in allowed if value])


def _readable(origin: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers that let a page read a reply, all of its headers included."""
    names = dict.fromkeys(name.decode("latin-1").lower() for name, _ in headers)
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", ", ".join(names).encode("latin-1")),
        (b"vary", b"Origin"),
    ]

"""The contract and its page, on the port of the stand-in."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.resources import files

from bothends.runtime import Api
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.server.asgi import ASGIApp, HttpReply, Receive, Scope, Send

from .live_log import LiveLog
from .page import render_page

_PREFIX = "/__bothends__"
# The page loads its own script and nothing else, and no text of a contract can make it run
# anything.
_PAGE_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'",
    ),
    ("x-content-type-options", "nosniff"),
]
_SCRIPT_HEADERS = [("content-type", "text/javascript; charset=utf-8")]
_JSON_HEADERS = [("content-type", "application/json")]


class Site:
    """An ASGI app: the API, with the contract under a path that is none of its own."""

    def __init__(self, api: Api, app: ASGIApp, answered_by: str) -> None:
        document = load_contract(api).document
        self.prefix = _free_prefix(list(document.get("paths", {})))
        self._app = app
        contract = files(api.package).joinpath("contract.json").read_bytes()
        operations = import_module(f"{api.package}.operations").OPERATIONS
        page = render_page(document, answered_by, operations).encode()
        script = files("bothends.serve").joinpath("templates/page.js").read_bytes()
        self.log = LiveLog()
        self._pages = {
            f"{self.prefix}/": HttpReply(200, _PAGE_HEADERS, page),
            f"{self.prefix}/page.js": HttpReply(200, _SCRIPT_HEADERS, script),
            f"{self.prefix}/contract.json": HttpReply(200, _JSON_HEADERS, contract),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        path: str = scope.get("path", "")
        is_below = path == self.prefix or path.startswith(f"{self.prefix}/")
        if scope["type"] != "http" or not is_below:
            await self._app(scope, receive, send)
            return

        reply = self._reply(scope["method"], path, scope.get("query_string", b""))
        await reply.send(send, without_body=scope["method"] == "HEAD")

    def _reply(self, method: str, path: str, query: bytes) -> HttpReply:
        if path == f"{self.prefix}/log.json":
            after = query.partition(b"after=")[2]
            lines = self.log.since(int(after) if after.isdigit() else 0)
            headers = [*_JSON_HEADERS, ("cache-control", "no-store")]
            return HttpReply(200, headers, json.dumps(lines).encode())
        if path == self.prefix:
            return HttpReply(308, [("location", f"{self.prefix}/")])
        if path not in self._pages:
            return HttpReply(404, [("content-type", "text/plain")], b"no such page")
        if method not in ("GET", "HEAD"):
            return HttpReply(405, [("allow", "GET, HEAD")])
        return self._pages[path]


def _free_prefix(paths: list[str]) -> str:
    """A prefix that no path of the contract begins with."""
    prefix = _PREFIX
    while any(path.startswith(prefix) for path in paths):
        prefix += "_"
    return prefix

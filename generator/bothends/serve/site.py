"""The contract and its page, on the port of the stand-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from typing import Any

from bothends.runtime import Api, Operation
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.server.asgi import ASGIApp, HttpReply, Message, Receive, Scope, Send

from .live_log import LiveLog
from .page import ContractPage

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


DEFAULT_STAND_IN = "the default stand-in"
"""What answers where nobody wrote a stand-in."""

_RUNS_SCRIPTS = (b"text/html", b"image/svg+xml", b"application/xhtml+xml", b"text/xml")


class Site:
    """An ASGI app: the API, with the contract under a path that is none of its own."""

    def __init__(self, api: Api, app: ASGIApp, answered_by: str) -> None:
        self._api, self._app, self._answered_by = api, app, answered_by
        self._operations: Sequence[Operation[Any]] = import_module(
            f"{api.package}.operations"
        ).OPERATIONS
        self.prefix = _free_prefix([operation.path for operation in self._operations])
        self.log = LiveLog()
        self._makers = {
            f"{self.prefix}/": self._page,
            f"{self.prefix}/page.js": _script,
            f"{self.prefix}/contract.json": self._contract,
        }
        self._pages: dict[str, HttpReply] = {}
        self._contract_page: ContractPage | None = None
        self._is_making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        path: str = scope.get("path", "")
        is_below = path == self.prefix or path.startswith(f"{self.prefix}/")
        if scope["type"] != "http" or not is_below:
            is_by_contract = self._answered_by == DEFAULT_STAND_IN
            await self._app(scope, receive, _sandboxed(send) if is_by_contract else send)
            return

        reply = await self._reply(scope["method"], path, scope.get("query_string", b""))
        await reply.send(send, without_body=scope["method"] == "HEAD")

    async def _reply(self, method: str, path: str, query: bytes) -> HttpReply:
        if path == f"{self.prefix}/log.json":
            after = query.partition(b"after=")[2]
            lines = self.log.since(int(after) if after.isdigit() else 0)
            headers = [*_JSON_HEADERS, ("cache-control", "no-store")]
            return HttpReply(200, headers, json.dumps(lines).encode())
        if path == self.prefix:
            return HttpReply(308, [("location", f"{self.prefix}/")])
        parts = f"{self.prefix}/parts/"
        if path not in self._makers and not path.startswith(parts):
            return _no_such_page()
        if method not in ("GET", "HEAD"):
            return HttpReply(405, [("allow", "GET, HEAD")])

        # A large contract takes seconds: those who only call the API never wait for its page.
        async with self._is_making:
            if path.startswith(parts):
                return await asyncio.to_thread(self._part, path.removeprefix(parts))
            if path not in self._pages:
                self._pages[path] = await asyncio.to_thread(self._makers[path])
        return self._pages[path]

    def _page(self) -> HttpReply:
        return HttpReply(200, _PAGE_HEADERS, self._made_page().render().encode())

    def _part(self, name: str) -> HttpReply:
        part = self._made_page().part(name)
        return _no_such_page() if part is None else HttpReply(200, _PAGE_HEADERS, part.encode())

    def _made_page(self) -> ContractPage:
        if self._contract_page is None:
            document = load_contract(self._api).document
            self._contract_page = ContractPage(document, self._answered_by, self._operations)
        return self._contract_page

    def _contract(self) -> HttpReply:
        contract = files(self._api.package).joinpath("contract.json").read_bytes()
        return HttpReply(200, _JSON_HEADERS, contract)


def _sandboxed(send: Send) -> Send:
    """Answer pages so that a browser runs no script of them.

    An example of the contract would run beside the page of this site, and could read its log.
    """

    async def send_sandboxed(message: Message) -> None:
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        types = [value.lower() for name, value in headers if name.lower() == b"content-type"]
        if any(value.startswith(_RUNS_SCRIPTS) for value in types):
            message = {**message, "headers": [*headers, (b"content-security-policy", b"sandbox")]}
        await send(message)

    return send_sandboxed


def _no_such_page() -> HttpReply:
    return HttpReply(404, [("content-type", "text/plain")], b"no such page")


def _script() -> HttpReply:
    script = files("bothends.serve").joinpath("templates/page.js").read_bytes()
    return HttpReply(200, _SCRIPT_HEADERS, script)


def _free_prefix(paths: list[str]) -> str:
    """A prefix that no path of the contract begins with."""
    prefix = _PREFIX
    while any(path.startswith(prefix) for path in paths):
        prefix += "_"
    return prefix

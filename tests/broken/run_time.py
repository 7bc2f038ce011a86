"""Failures at run time: of a client, of a server's reply to a wrong request, of a stand-in and its seed."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import httpx2

from bothends.runtime import BothendsError
from bothends.runtime.stand_in import StandInError, make_stand_in
from tests.packages import Package, handler, import_files, make, send

CONTRACT = """
servers: [{url: "https://harbour.example/v1"}]
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
security: [{token: []}]
paths:
  /tides/{day}:
    get:
      operationId: getTide
      parameters:
      - {name: day, in: path, required: true, schema: {type: string}}
      - {name: since, in: query, schema: {type: string, format: date-time}}
      - {name: limit, in: query, schema: {type: integer, maximum: 50}}
      responses:
        "200": {description: A tide., content: {application/json: {schema: {type: object}}}}
        "404": {description: Unknown., content: {application/json: {schema: {type: object}}}}
  /charts:
    post:
      operationId: addChart
      requestBody: {required: true, content: {application/pdf: {}}}
      responses: {"204": {description: Added.}}
"""


class StandInWithSeed:
    """A stand-in with one field to seed."""

    seeds: ClassVar = ("messages", "since")
    messages: dict[str, str]
    since: dt.datetime

    def __init__(
        self, messages: dict[str, str] | None = None, since: dt.datetime | None = None
    ) -> None:
        self.first = (messages or {})["first"]


def run_time_messages(folder: Path) -> Iterator[tuple[str, str]]:
    """A name and the message for each failure."""
    made = make(folder / "spec", CONTRACT)
    # One name whatever was imported before: it is in the messages.
    package = Package(import_files(folder, made.files), made)
    name = package.module.__name__

    for title, text in (*_client(package, folder), *_server(package), *_stand_in()):
        yield title, text.replace(name, "harbour")
    sys.modules.pop(name)


def _client(package: Package, folder: Path) -> Iterator[tuple[str, str]]:
    def error(answer: Any, call: Callable[[Any], Any], **options: Any) -> str:
        def reply(request: httpx2.Request) -> httpx2.Response:
            if isinstance(answer, Exception):
                raise answer
            result: httpx2.Response = answer
            return result

        http = httpx2.Client(transport=httpx2.MockTransport(reply))
        given = {"token": "t", "http_client": http, "retries": 0, **options}
        try:
            call(package.module.MadeClient(**given))
        except (BothendsError, TypeError) as error:
            return f"{type(error).__name__}: {error}"
        return "nothing"

    def get(client: Any) -> Any:
        return client.get_tide("1")

    no_tide = httpx2.Response(404, json={"why": "no such day"})
    yield "documented error", error(no_tide, get)
    yield "undocumented status", error(httpx2.Response(500, text="database is down"), get)

    refused = httpx2.ConnectError("")
    refused.__cause__ = ConnectionRefusedError(111, "Connection refused")
    yield "no connection", error(refused, get)
    yield "silence", error(httpx2.ReadTimeout(""), get)

    html = httpx2.Response(200, headers={"content-type": "text/html"}, text="<html>")
    yield "answer breaks the contract", error(html, get, responses="strict")
    yield "empty path parameter", error(no_tide, lambda client: client.get_tide(""))
    over = error(no_tide, lambda client: client.get_tide("1", limit=51))
    yield "value out of bounds", over
    chart = error(no_tide, lambda client: client.add_chart(folder / "none.pdf"))
    yield "body from a file that is not there", chart
    yield "no credentials", error(no_tide, get, token=None)
    yield "misspelt option", error(no_tide, get, timout=3)


def _server(package: Package) -> Iterator[tuple[str, str]]:
    def detail(app: Any, path: str, **headers: str) -> str:
        answer = send(app, "GET", path, headers={"authorization": "Bearer t", **headers})
        return f"{answer.status_code} {json.dumps(answer.json())}"

    app = package.app(handler(get_tide=lambda **_: {}))
    yield "date-time without a zone", detail(app, "/tides/1?since=2026-01-02T10:00:00")
    yield "unknown path", detail(app, "/tydes")
    missing = package.app(handler(get_tyde=lambda **_: {}))
    yield "method that the handler does not have", detail(missing, "/tides/1")


def _stand_in() -> Iterator[tuple[str, str]]:
    def error(seed: object) -> str:
        try:
            make_stand_in(StandInWithSeed, seed=seed)
        except (ValueError, StandInError) as error:
            return f"{type(error).__name__}: {error}"
        return "nothing"

    yield "seed with a misspelt name", error({"mesages": {}})
    yield "seed of the wrong type", error({"messages": ["first"]})
    yield "seed with a wrong time", error({"since": "yesterday"})
    yield "constructor that fails", error({"since": "2026-01-02T10:00:00Z"})

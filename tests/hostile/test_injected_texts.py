"""Texts of a caller that would be more than a value on the wire: a header, a cookie or a path of their own."""

from __future__ import annotations

from typing import Any

import pytest

from bothends.runtime import RequestError

from .served import package_of

CONTRACT = """\
servers: [{url: 'https://piers.example'}]
security: [{key: []}]
paths:
  /piers/{id}:
    get:
      operationId: getPier
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: x-text, in: header, schema: {type: string}}
        - {name: x-list, in: header, schema: {type: array, items: {type: string}}}
        - {name: x-object, in: header, explode: true, schema: {type: object, additionalProperties: {type: string}}}
        - {name: crumb, in: cookie, schema: {type: string}}
        - {name: crumbs, in: cookie, explode: true, schema: {type: object, additionalProperties: {type: string}}}
        - {name: since, in: query, schema: {type: string}}
        - {name: filter, in: query, explode: true, schema: {type: object, additionalProperties: {type: string}}}
      responses: {'204': {description: It is there.}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}
"""
TEXTS = (
    "a\r\nx-evil: 1",
    "a\nx-evil: 1",
    "a\rx-evil: 1",
    "a\0",
    "\x0bx-evil: 1",
    "a\x85x-evil: 1",
    "a\u2028x-evil: 1",
    "\u010d\u010ax-evil: 1",  # CR and LF, where only the last byte is kept
    "1; evil=1",
    "evil=1; b",
    "1, evil=1",
    "a&evil=1",
    "a#evil",
    "a?evil=1",
    "..",
    "../evil",
    "//evil.example/",
    "\ud800",
)
POSITIONS = {
    "path": lambda text: {"id": text},
    "header": lambda text: {"x_text": text},
    "list of a header": lambda text: {"x_list": [text, text]},
    "object of a header": lambda text: {"x_object": {text: text}},
    "cookie": lambda text: {"crumb": text},
    "object of cookies": lambda text: {"crumbs": {text: text}},
    "query": lambda text: {"since": text},
    "object of a query": lambda text: {"filter": {text: text}},
    "credentials": lambda text: {"key": text},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("piers")
    return package_of(folder, CONTRACT)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_text_stays_one_value(package: Any, position: str, text: str) -> None:
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    arguments: dict[str, Any] = {"id": "7", "key": "secret", **POSITIONS[position](text)}
    client = package.MadeClient(key=arguments.pop("key"), app=app)
    try:
        client.get_pier(arguments.pop("id"), **arguments)
    except RequestError:
        return

    [scope] = scopes
    names = {name.lower() for name, _ in scope["headers"]}
    assert not {name for name in names if b"evil" in name}
    for _, value in scope["headers"]:
        assert not {b"\r", b"\n", b"\0"} & {bytes([byte]) for byte in value}
    cookies = [value for name, value in scope["headers"] if name.lower() == b"cookie"]
    if position == "cookie":
        assert [cookie.partition(b"=")[0] for cookie in cookies] == [b"crumb"]
    assert b"; evil" not in b"; ".join(cookies)
    assert scope["raw_path"].count(b"/") == 2
    assert b".." not in scope["raw_path"].split(b"/")
    pairs = scope["query_string"].split(b"&")
    assert b"evil" not in {pair.partition(b"=")[0] for pair in pairs}

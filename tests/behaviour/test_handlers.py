"""Handlers may be sync or async, whole or not yet, and called by either client."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import UndocumentedStatus

ECHO = """
paths:
  /echo/{word}:
    get:
      operationId: echo
      parameters: [{name: word, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: The word., content: {application/json: {schema: {type: string}}}}
        '404': {description: No such word.}
    delete:
      operationId: forget
      parameters: [{name: word, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Forgotten.}}
"""


async def later(word):
    await asyncio.sleep(0)
    return word


@pytest.mark.parametrize("echo", [lambda word: word, later], ids=["sync", "async"])
def test_both_kinds_of_handler_answer_both_kinds_of_client(package, echo):
    made = package(ECHO)

    async def call():
        async with made.async_client(handler(echo=echo)) as client:
            return await client.echo("word")

    with made.client(handler(echo=echo)) as client:
        assert client.echo("word") == "word"

    assert asyncio.run(call()) == "word"


def test_an_error_reaches_the_async_client_too(package):
    made = package(ECHO)

    async def fail(word):
        raise made.errors.EchoNotFound

    async def call():
        await made.async_client(handler(echo=fail)).echo("word")

    with pytest.raises(made.errors.EchoNotFound):
        asyncio.run(call())


def test_what_is_not_implemented_answers_501(package):
    made = package(ECHO)

    protocol: Any = made.module.MadeHandler

    heir = type("Half", (protocol,), {"echo": lambda self, word: word})
    for half in (heir(), handler(echo=lambda word: word)):
        client = made.client(half)
        assert client.echo("word") == "word"
        with pytest.raises(UndocumentedStatus) as caught:
            client.forget("word")
        assert caught.value.status == 501


def test_a_handler_that_fails_answers_500_and_says_nothing(package, caplog):
    made = package(ECHO)

    def fail(word):
        raise ValueError("secret")

    with pytest.raises(UndocumentedStatus) as caught:
        made.client(handler(echo=fail)).echo("word")

    assert caught.value.status == 500
    assert caught.value.response is not None
    assert b"secret" not in caught.value.response.content
    assert "secret" in caplog.text


def test_501_names_what_was_meant_and_what_else_is_missing(package):
    made = package(ECHO)

    interface: Any = made.part("server").MadeHandler
    # It inherits the methods of the interface, which answer nothing.
    stand_in = type("StandIn", (interface,), {"ecko": lambda self, word: word})()
    detail = send(made.app(stand_in), "GET", "/echo/a").json()["detail"]
    missing = "echo is not implemented: the handler has no echo"
    assert detail == f"{missing}; did you mean ecko? It also lacks forget"
    detail = send(made.app(handler(echo=later)), "DELETE", "/echo/a").json()["detail"]
    assert detail == "forget is not implemented: the handler has no forget"

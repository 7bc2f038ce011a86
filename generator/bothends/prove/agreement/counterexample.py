"""Write a disagreement as a Python script: a handler, the call, and what must hold."""

from __future__ import annotations

from importlib import import_module
from textwrap import indent
from typing import Any

from bothends.prove.agreement.clients import client_class, credential_arguments
from bothends.prove.agreement.ends import ASYNC, SOCKET
from bothends.prove.agreement.script import Script
from bothends.prove.values.arguments import Arguments
from bothends.prove.values.origin import Origin
from bothends.prove.values.replies import DrawnReply, is_error, plain_reply
from bothends.runtime import AsyncClient, Client
from bothends.runtime.exchange import header_text
from bothends.runtime.operation import Operation

_OF_CONVERSIONS = (
    ("functools", "partial"),
    ("bothends.runtime.models.codec", "codec_for"),
    ("bothends.runtime.models.encoding", "encode"),
    ("bothends.runtime.media", "body_media"),
    ("bothends.runtime.media", "reply_media"),
)


def argument_script(
    operation: Operation[Any], end: str, arguments: Arguments, absent: Arguments
) -> str:
    """The call whose arguments do not arrive.

    `absent` is what the handler must hear of those that are left out.
    """
    result = _Counterexample(operation, end)
    expected = result.script.value({**absent, **arguments})
    key = operation.idempotency_key
    if key is not None and arguments.get(key) is None:  # the client fills it in
        expected = f"{expected} | {{{key!r}: received[0][{key!r}]}}"

    checks = ["assert received, 'the handler was not called'", result.same(expected, "received[0]")]
    return result.text(
        _handler_result(result.script, operation, plain_reply(operation)),
        [result.call(arguments)],
        checks,
    )


def reply_script(
    operation: Operation[Any], end: str, arguments: Arguments, reply: DrawnReply
) -> str:
    """The call whose reply does not arrive."""
    result = _Counterexample(operation, end)
    body = result.script.value(reply.body if operation.method != "HEAD" else None)
    status = f"assert answer.status == {reply.status}, answer.status"

    if is_error(operation, reply):
        error = operation.errors[reply.key]
        name = result.script.name(error.__module__, error.__name__)
        call = [
            "try:",
            f"    {result.call(arguments)}",
            f"except {name} as error:",
            "    answer = error",
        ]
        headers: list[str] = []
        for name, value in reply.headers.items():
            headers.append(f"assert answer.headers.get({name!r}) == {header_text(value)!r}")
        return result.text(
            _handler_result(result.script, operation, reply),
            call,
            [status, result.same(body, "answer.body"), *headers],
        )

    call = [f"answer = {result.call(arguments, is_raw=True)}"]
    received = "answer.body"

    if reply.content is not None and reply.content.is_stream:
        received = "items"
        if end == ASYNC:
            call.append("items = [item async for item in answer.body]")
        else:
            call.append("items = list(answer.body)")

    names = {header.wire_name: header.name for header in operation.replies[reply.key].headers}
    values = result.script.value({names[name]: value for name, value in reply.headers.items()})
    checks = [
        status,
        result.same(body, received),
        result.same(values, "dict(answer.header_values)"),
    ]

    return result.text(_handler_result(result.script, operation, reply), call, checks)


def loss_script(operation: Operation[Any], origin: Origin) -> str:
    """Write a script whose JSON becomes another value, or whose value becomes other JSON."""
    script = Script(operation.api.package)
    module = operation.api.module("operations")
    name = next(name for name, value in vars(import_module(module)).items() if value is operation)
    existing, conversion = script.name(module, name), origin.conversion
    decode = conversion.decode_text.format(operation=existing)
    encode = conversion.encode_text.format(operation=existing)
    drawn = script.value(origin.drawn)

    for module, name in _OF_CONVERSIONS:
        if name in f"{decode} {encode}":
            script.name(module, name)

    lines = [
        f"drawn = {drawn}",
        f"decode, encode = {decode}, {encode}",
        f"value = {script.name('bothends.prove.agreement', 'constructed')}(decode(drawn))",
        f"assert not (found := {script.name('bothends.prove.agreement', 'loss')}(drawn, value)), found",
        "assert not (found := loss(encode(value), value)), found",
    ]
    return "\n".join([*script.import_lines(), "", *lines]) + "\n"


def _handler_result(script: Script, operation: Operation[Any], reply: DrawnReply) -> str:
    """The handler's last statement."""
    is_stream = reply.content is not None and reply.content.is_stream
    body = f"iter({script.value(reply.body)})" if is_stream else script.value(reply.body)
    headers = script.value(reply.headers)
    if reply.form == "value":
        return f"return {body}"

    if reply.form == "raised":
        error = operation.errors[reply.key]
        name = script.name(error.__module__, error.__name__)
        return f"raise {name}({body}, headers={headers}, status={reply.status})"

    media_type = reply.content.media_type if reply.content is not None else None
    response = script.name("bothends.runtime", "Response")
    return f"return {response}({body}, {reply.status}, {headers}, content_type={media_type!r})"


class _Counterexample:
    """One script: its imports are known when its other lines are."""

    def __init__(self, operation: Operation[Any], end: str) -> None:
        self.script = Script(operation.api.package)
        self._operation, self._end = operation, end
        self._same = self.script.name("bothends.prove.agreement", "difference")

    def same(self, expected: str, received: str) -> str:
        """The assertion that two expressions have the same value."""
        return f"assert not (found := {self._same}({expected}, {received})), found"

    def call(self, arguments: Arguments, *, is_raw: bool = False) -> str:
        """The call of the client's method."""
        owner = "client.with_raw_response" if is_raw else "client"
        call = self.script.call(
            f"{owner}.{self._operation.call or self._operation.name}", arguments
        )
        return f"await {call}" if self._end == ASYNC else call

    def text(self, reply: str, call: list[str], checks: list[str]) -> str:
        """The whole script."""
        handler = (
            f"class Handler:\n    def {self._operation.name}(self, **arguments):\n"
            f"        received.append(arguments)\n        {reply}"
        )
        lines = "\n".join([*call, *checks])
        result = self._client()
        body = f"{result} as client:\n{indent(lines, '    ')}"

        if self._end == ASYNC:
            self.script.imports.setdefault("", set()).add("asyncio")
            body = f"async def main():\n{indent(f'async {body}', '    ')}\n\nasyncio.run(main())"

        parts = ["\n".join(self.script.import_lines()), "received = []", handler, body]
        return "\n\n".join(parts) + "\n"

    def _client(self) -> str:
        kind = AsyncClient if self._end == ASYNC else Client
        cls = client_class(self._operation.api, kind)
        api = self._operation.api
        app = f"{self.script.name(api.module('server'), api.app_factory)}(Handler())"
        options = {**credential_arguments(self._operation), "retries": 0, "responses": "strict"}
        declared = ", ".join(f"{name}={value!r}" for name, value in options.items())
        name = self.script.name(cls.__module__, cls.__name__)

        if self._end == SOCKET:
            serve = self.script.name("bothends.prove.target", "serve")
            return f"with {serve}({app}) as address, {name}(base_url=address, {declared})"

        return f"with {name}(app={app}, {declared})"

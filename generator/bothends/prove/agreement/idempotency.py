"""Check the idempotency key that the client makes.

One per call, the same for each attempt, and one that the contract allows.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from typing_extensions import override

from bothends.prove.agreement.clients import make_client
from bothends.prove.agreement.judge import Disagreement
from bothends.prove.values.arguments import Arguments
from bothends.runtime import AsyncClient, Client, Clock, Operation
from bothends.runtime.client import Retries
from bothends.runtime.operation import method_of
from bothends.runtime.parameters.parameter import parameter_codecs

_ATTEMPTS = 3
_SOME = UUID("00000000-0000-4000-8000-000000000000")


class _NoPause(Clock):
    @override
    def sleep(self, seconds: float) -> None:
        """Go on at once."""

    @override
    async def sleep_async(self, seconds: float) -> None:
        """Go on at once."""


class _Busy:
    """An app that never has time, and notes a header of each request."""

    def __init__(self, name: str) -> None:
        self.seen: list[str] = []
        self._name = name.lower().encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer 503."""
        await receive()
        for name, value in scope["headers"]:
            if name.lower() == self._name:
                self.seen.append(value.decode("latin-1"))
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def judge_attempts(operation: Operation[Any], arguments: Arguments) -> None:
    """Check that all attempts of a call carry one key, and another call another.

    Raises:
        Disagreement: If they do not.
    """
    name = operation.idempotency_key
    found = next(
        ((item, codec) for item, codec in parameter_codecs(operation) if item.name == name), None
    )
    if found is None or name is None:
        return

    parameter, codec = found
    if not any(codec.contract.accepts(codec.pointer, key) for key in (str(_SOME), _SOME.hex)):
        return  # the contract takes no UUID, so the client makes none

    provided = {key: value for key, value in arguments.items() if key != name}
    first, second = _Busy(parameter.wire_name), _Busy(parameter.wire_name)
    _call(operation, first, provided)
    asyncio.run(_call_async(operation, second, provided))

    for end, seen in (("sync", first.seen), ("async", second.seen)):
        if (
            len(seen) != _ATTEMPTS
            or len(set(seen)) != 1
            or not codec.contract.accepts(codec.pointer, seen[0])
        ):
            raise Disagreement(
                f"the {end} client sent the idempotency keys {seen} in {_ATTEMPTS} attempts of one call"
            )

    if first.seen[0] == second.seen[0]:
        raise Disagreement("two calls have the same idempotency key")


def _options(app: _Busy) -> dict[str, Any]:
    return {
        "app": app,
        "clock": _NoPause(),
        "retries": Retries(attempts=_ATTEMPTS),
        "responses": "off",
    }


def _call(operation: Operation[Any], app: _Busy, arguments: Arguments) -> None:
    with make_client(operation, Client, **_options(app)) as client:
        try:
            method_of(client, operation)(**arguments)
        except Exception:  # noqa: BLE001
            # A 503 in whatever form: the attempts are what is looked at.
            return


async def _call_async(operation: Operation[Any], app: _Busy, arguments: Arguments) -> None:
    async with make_client(operation, AsyncClient, **_options(app)) as client:
        try:
            await method_of(client, operation)(**arguments)
        except Exception:  # noqa: BLE001 (the same)
            return

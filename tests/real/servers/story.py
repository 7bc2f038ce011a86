"""Tells one story to a real server by both generated clients, in each mode of `responses`."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

MODES = ("strict", "warn", "off")


class Warned(logging.Handler):
    """The warnings that the client logged since the last call."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


class Awaiting:
    """An asynchronous client with the calls of a synchronous one."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._loop = asyncio.new_event_loop()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            if inspect.isawaitable(result):
                return self._loop.run_until_complete(result)
            return result

        return call


class Step:
    """Makes the calls of one telling and prints one JSON line for each."""

    def __init__(self, telling: str, warned: Warned) -> None:
        self.telling = telling
        self.warned = warned

    def __call__(self, label: str, call: Callable[[], Any], error: str = "ok") -> Any:
        """Make one call.

        Args:
            label: What the line calls it.
            call: The call itself.
            error: The name of the exception that it must end in, or of a base class of it.

        Returns:
            The value of the call; None where it ended in an exception.
        """
        self.warned.texts.clear()
        value, kinds, text = None, ["ok"], ""
        try:
            value = call()
            text = repr(value)
        except Exception as caught:
            kinds = [kind.__name__ for kind in type(caught).__mro__]
            text = str(caught)

        row = {
            "call": f"{label} ({self.telling})",
            "right": error in kinds,
            "outcome": kinds[0],
            "text": " | ".join(
                [text[:400], *(f"warned: {one[:200]}" for one in self.warned.texts)]
            ),
        }
        print(json.dumps(row), flush=True)
        return value


def tell(
    story: Callable[[Any, Step], None], sync_class: Any, async_class: Any, **options: Any
) -> None:
    """Tell a story by the synchronous and the asynchronous client, in each mode of `responses`."""
    warned = Warned()
    logger = logging.getLogger("bothends")
    logger.addHandler(warned)
    logger.propagate = False

    for mode in MODES:
        story(sync_class(responses=mode, **options), Step(f"sync, {mode}", warned))
        asynchronous = Awaiting(async_class(responses=mode, **options))
        story(asynchronous, Step(f"async, {mode}", warned))

    sys.stdout.flush()

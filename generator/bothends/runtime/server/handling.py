"""Calling a handler: its method for an operation, sync in a worker thread or async."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from anyio import to_thread

from bothends.runtime.operation import Operation


def handler_method(handler: object, operation: Operation[Any]) -> Callable[..., Any] | None:
    """The handler's method for an operation, or None when it has none of its own: a Protocol's does not count."""
    method = getattr(handler, operation.name, None)
    if not callable(method) or operation.name in getattr(handler, "__dict__", {}):
        return method if callable(method) else None
    owner = next((cls for cls in type(handler).__mro__ if operation.name in vars(cls)), None)
    return None if getattr(owner, "_is_protocol", False) else method


async def call(method: Callable[..., Any], arguments: dict[str, Any]) -> object:
    """What the method answers; a plain function runs in a worker thread."""
    if inspect.iscoroutinefunction(method):
        return await method(**arguments)
    answer = await to_thread.run_sync(partial(method, **arguments))
    return await answer if inspect.isawaitable(answer) else answer

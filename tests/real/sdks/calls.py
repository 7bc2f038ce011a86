"""Runs the calls of an SDK and prints one JSON line for each. It runs in the SDK's own environment."""

from __future__ import annotations

import asyncio
import inspect
import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

warnings.simplefilter("ignore")


def run_calls(calls: Mapping[str, Callable[[], Any]], errors: Mapping[str, str]) -> None:
    """Make each call; a line says whether it ended as wanted, and how.

    Args:
        calls: The calls by label. An awaitable is awaited.
        errors: The name of the exception that a call must end in, where it must end in one.
    """
    for label, call in calls.items():
        try:
            result = call()
            if inspect.isawaitable(result):
                result = asyncio.run(_awaited(result))
            outcome, text = "ok", repr(result)
        except BaseException as error:
            outcome, text = type(error).__name__, str(error)

        right = outcome == errors.get(label, "ok")
        row = {"call": label, "right": right, "outcome": outcome, "text": text[:400]}
        print(json.dumps(row), flush=True)


async def _awaited(result: Any) -> Any:
    return await result

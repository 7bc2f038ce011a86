"""A handler that always succeeds, so that only the server itself is judged."""

from __future__ import annotations

import json
import zlib
from typing import Any

from bothends.prove.values.successes import successes
from bothends.runtime.answer import Response
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import Operation


class SuccessHandler:
    """Answer with the examples of documented successes, else with made-up values.

    Which of several is chosen follows from the arguments, so that the same request gets the same
    answer.
    """

    def __init__(self, operations: tuple[Operation[Any], ...]) -> None:
        for operation in operations:
            setattr(self, operation.name, _method(operation))


def _method(operation: Operation[Any]) -> Any:
    choices: list[Response[Any]] = []

    async def answer(**arguments: Any) -> Response[Any]:
        if not choices:
            choices.extend(successes(operation))
        return choices[zlib.crc32(_text(arguments)) % len(choices)]

    return answer


def _text(arguments: dict[str, Any]) -> bytes:
    try:
        return json.dumps(
            {name: encode(value) for name, value in arguments.items()}, sort_keys=True
        ).encode()
    except ValueError:
        return repr(sorted(arguments)).encode()

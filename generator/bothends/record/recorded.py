"""What was recorded as named examples: of each request, and of the reply to it.

Example: `GET /tides/7?day=mon` was answered with 200 and `{"height": 1}`. The example `getTide-1`
has 7 for the parameter `id`, `mon` for `day`, and `{"height": 1}` for the 200. A stand-in answers
a request that equals the named examples of its parts with the reply example of the same name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bothends.record.exchange import header_value
from bothends.record.judge import Judgement
from bothends.runtime.expression import Asked
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.operation import MISSING, Operation, documented

_MOST_OF_OPERATION: Final = 250
_MOST_CHARACTERS: Final = 100_000
# Half of what an overlay may add (`load/json_path.py`).
_MOST_VALUES: Final = 200_000


@dataclass(frozen=True, slots=True)
class RecordedExample:
    """A request that the contract allows, and the documented reply to it.

    Args:
        name: The name of the example, unique in the contract.
        path: The path of the operation, as the contract writes it.
        method: Its method, in capitals.
        parameters: The values of the parameters that were given, by location and wire name.
        body: The value of the request's body; MISSING where there was none, or no JSON.
        request_type: The media type of the request's body, without its parameters.
        status: The key of the reply in `responses`.
        reply_type: The media type of the reply, without its parameters.
        reply: The value of its body.
    """

    name: str
    path: str
    method: str
    parameters: Mapping[tuple[str, str], Any]
    body: Any
    request_type: str
    status: str
    reply_type: str
    reply: Any

    @property
    def has_body(self) -> bool:
        """Whether the request had a body of JSON."""
        return self.body is not MISSING


def recorded_examples(judgements: Iterable[Judgement]) -> list[RecordedExample]:
    """The exchanges that are as the contract says, each different request of an operation once.

    A reply without a body of JSON has no value that an example could have. Requests that say more
    come first: a stand-in takes the first example that a request equals.
    """
    found: dict[str, RecordedExample] = {}
    for judgement in judgements:
        example = _example_from(judgement)
        if example is not None:
            asked = [*sorted(example.parameters.items()), repr(example.body)]
            key = json.dumps([example.method, example.path, asked], default=str)
            found.setdefault(key, example)

    numbers = Counter[str]()
    numbered: list[RecordedExample] = []
    for example in sorted(found.values(), key=lambda each: -len(each.parameters)):
        numbers[example.name] += 1
        numbered.append(replace(example, name=f"{example.name}-{numbers[example.name]}"))
    return numbered


def most_that_fit(examples: Iterable[RecordedExample]) -> list[RecordedExample]:
    """The examples that a contract can hold: the first of each operation, and none that is long.

    One operation of a long recording would have thousands; a contract with them is refused.
    """
    taken = Counter[tuple[str, str]]()
    values = _MOST_VALUES
    found: list[RecordedExample] = []
    for example in examples:
        parts = [*example.parameters.values(), example.body, example.reply]
        size = len(json.dumps(parts, default=str))
        count = sum(map(_count_values, parts))
        key = (example.method, example.path)
        if taken[key] < _MOST_OF_OPERATION and size <= _MOST_CHARACTERS and count <= values:
            taken[key] += 1
            values -= count
            found.append(example)
    return found


def _count_values(value: Any) -> int:
    count, pending = 0, [value]
    while pending:
        count += 1
        item = pending.pop()
        if isinstance(item, dict | list):
            pending += item.values() if isinstance(item, dict) else item
    return count


def _example_from(judgement: Judgement) -> RecordedExample | None:
    operation, exchange = judgement.operation, judgement.exchange
    if operation is None or judgement.request or not judgement.is_right or exchange.is_cut:
        return None
    reply_type = essence_of(header_value(exchange.answer_headers, "content-type"))
    status = documented(exchange.status, operation.replies)
    if status is None or not is_json(reply_type) or not exchange.answer_body:
        return None

    asked = Asked(operation, judgement.arguments)
    return RecordedExample(
        operation.id,
        operation.path,
        operation.method,
        _parameter_values(operation, asked.parameters()),
        asked.body(),
        essence_of(header_value(exchange.request_headers, "content-type")),
        status,
        reply_type,
        json.loads(exchange.answer_body),
    )


def _parameter_values(
    operation: Operation[Any], given: Mapping[str, Any]
) -> dict[tuple[str, str], Any]:
    return {
        (parameter.location, parameter.wire_name): given[parameter.name]
        for parameter in operation.parameters
        # A key that each request has anew is equal to none.
        if parameter.name in given and parameter.name != operation.idempotency_key
    }

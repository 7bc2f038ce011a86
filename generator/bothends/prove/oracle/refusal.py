"""Which statuses refuse a request, and how a refusal differs from other replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.operation import Operation, documented
from bothends.runtime.schema.contract import load_contract

MESSAGE = "message"
CREDENTIALS, SIZE, MEDIA_TYPE, PARAMETER, BODY = (
    "credentials",
    "size",
    "media type",
    "parameter",
    "body",
)
CAUSES = (CREDENTIALS, SIZE, MEDIA_TYPE, PARAMETER, BODY)
_EXACT = {MESSAGE: ("400",), CREDENTIALS: ("401", "403"), SIZE: ("413",), MEDIA_TYPE: ("415",)}
_PLAIN = {MESSAGE: 400, CREDENTIALS: 401, SIZE: 413, MEDIA_TYPE: 415, PARAMETER: 400, BODY: 400}
_WORDS = frozenset(
    {"detail", "message", "description", "reason", "error_description", "title", "error"}
)


@dataclass(frozen=True, slots=True)
class OnInvalid:
    """The `x-on-invalid` of an operation: a documented status, and examples of its body."""

    status: int
    bodies: tuple[Any, ...] = ()


def on_invalid(operation: Operation[Any]) -> OnInvalid | None:
    """The reply that the operation or the whole contract names for requests that break it."""
    contract = load_contract(operation.api)
    own = contract.find_object(operation.pointer).get("x-on-invalid")
    declared = own or contract.document.get("x-on-invalid")
    if not declared:
        return None

    status = int(declared["status"])
    key = documented(status, operation.replies)
    if key is None:
        return None

    content = contract.find_object(operation.pointer + join("responses", key, "content"))
    names = [declared.get("example"), *declared.get("examples", {}).values()]
    bodies: list[Any] = []
    for node in content.values():
        examples = [node.get("examples", {}).get(name, {}) for name in names]
        bodies += [example["value"] for example in examples if "value" in example]

    return OnInvalid(status, tuple(bodies))


def refusal_statuses(operation: Operation[Any], cause: str) -> frozenset[int]:
    """List the statuses that may refuse a request for this cause, preferred ones first."""
    exact = [int(key) for key in _EXACT.get(cause, ()) if key in operation.replies]
    if exact:
        return frozenset(exact)

    declared = on_invalid(operation)
    if declared is not None:
        return frozenset({declared.status})

    if cause != CREDENTIALS:
        for key in ("422", "400"):
            if key in operation.replies:
                return frozenset({int(key)})

    return frozenset({_PLAIN[cause]})


def is_refusal(operation: Operation[Any], status: int, body: Any) -> bool:
    """Whether a reply says that the request breaks the contract.

    It is the reply of `x-on-invalid`, or has a status for refusals.
    """
    declared = on_invalid(operation)
    if declared is not None and status == declared.status:
        bodies = declared.bodies
        return not bodies or any(same_but_for_words(example, body) for example in bodies)
    return status in {405, 413, 415} or (declared is None and status in {400, 422})


def has_success(operation: Operation[Any]) -> bool:
    """Whether the contract documents an answer other than errors.

    Where it does not, an error is the right answer.
    """
    return any(key == "default" or key[0] in "123" for key in operation.replies)


def same_but_for_words(expected: Any, received: Any, name: str = "") -> bool:
    """Whether two JSON values are the same, apart from texts that are meant for people."""
    if name in _WORDS and isinstance(expected, str) and isinstance(received, str):
        return True

    if is_object(expected) and is_object(received):
        message = {key for key in received if key not in expected and key in _WORDS}
        if expected.keys() != received.keys() - message:
            return False
        return all(same_but_for_words(expected[key], received[key], key) for key in expected)

    if is_array(expected) and is_array(received):
        return len(expected) == len(received) and all(map(same_but_for_words, expected, received))

    return same(expected, received)

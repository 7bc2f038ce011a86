"""Build the documented answers that a handler of a proof may give."""

from __future__ import annotations

from typing import Any

from bothends.prove.oracle.refusal import is_refusal
from bothends.prove.values.bodies import concrete_type, example_bodies, python_value, sample_bodies
from bothends.runtime.answer import Response
from bothends.runtime.json.pointer import join
from bothends.runtime.media import reply_media
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import MISSING, Operation, Reply, status_of
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.sample.value import sample


def successes(operation: Operation[Any]) -> list[Response[Any]]:
    """The answers that the contract documents for success, at least one."""
    keys = [key for key in operation.replies if key.startswith("2")] or list(operation.replies)[:1]
    answers = [answer for key in keys for answer in documented_answers(operation, key)]
    found = [
        answer
        for answer in answers
        if not is_refusal(operation, answer.status or 200, _json(answer.body))
    ]
    # Where only errors are documented, they are what the contract knows.
    return found or answers or [Response(None, 204)]


def unanswerable(operation: Operation[Any]) -> str | None:
    """Why no handler can answer, by the contract; None if it can."""
    keys = [key for key in operation.replies if key.startswith("2")] or list(operation.replies)
    if not keys or any(documented_answers(operation, key) for key in keys):
        return None

    if all(key.startswith("1") for key in keys):
        return f"{operation.id}: not asked, because its replies are HTTP's own (RFC 9110 §15.2)"
    hint = "an example in the contract would help"
    return f"{operation.id}: not asked, because no value of its reply could be made; {hint}"


def _json(body: Any) -> Any:
    try:
        return encode(body)
    except ValueError:
        return MISSING


def documented_answers(operation: Operation[Any], key: str) -> list[Response[Any]]:
    """Build answers of one status: per media type a body per example, else a sample."""
    reply = operation.replies[key]
    status = status_of(key, operation.replies)
    # 1xx are HTTP's own: no handler answers with them (RFC 9110 §15.2).
    if status is None or status < 200:
        return []

    headers = _headers(operation, key, reply)
    if not reply.media:
        return [Response(None, status, headers)]

    answers: list[Response[Any]] = []
    for codec in reply_media(operation, key):
        type_ = concrete_type(codec)
        for value in [value for _, value in example_bodies(codec)] or sample_bodies(codec)[:1]:
            body = python_value(codec, value)
            answers.append(Response(body, status, headers, content_type=type_))

    return answers


def _headers(operation: Operation[Any], key: str, reply: Reply) -> dict[str, object]:
    contract = load_contract(operation.api)
    result = {
        header.wire_name: sample(
            contract,
            operation.pointer + join("responses", key, "headers", header.wire_name, "schema"),
        )
        for header in reply.headers
        if header.required
    }
    return {name: value for name, value in result.items() if value is not MISSING}

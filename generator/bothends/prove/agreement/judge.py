"""Judge a call: what the handler received, and what the caller received.

Worked example: the caller passes `limit=3` and leaves `since` out. The handler must have received
`{"limit": 3, "since": None}`; `since=""` is a disagreement. Three arguments may differ: an
idempotency key that the client made up, one that is a credential, and a list of one where its only
item is allowed as well: `tags=x` says both.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from bothends.openapi.header_names import without_message_headers
from bothends.prove.agreement.compare import difference
from bothends.prove.agreement.ends import Outcome
from bothends.prove.oracle.siblings import ANOTHER
from bothends.prove.values.arguments import Arguments
from bothends.prove.values.origin import Origin
from bothends.prove.values.replies import DrawnReply, is_error
from bothends.prove.wire.credentials import is_credential
from bothends.runtime.errors import RequestError
from bothends.runtime.exchange import Headers
from bothends.runtime.json.value import is_array
from bothends.runtime.models.codec import codec_for
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import MISSING, Operation
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs, read_header
from bothends.runtime.schema.contract import load_contract


class Disagreement(Exception):
    """The two ends do not agree; the message says where."""


def refusal(outcome: Outcome) -> str | None:
    """Why a value was not sent, by either end; None when it was.

    The wire has no form for it, so nobody is to blame.
    """
    if outcome.by_another:
        return ANOTHER
    if isinstance(outcome.error, RequestError):
        return f"{outcome.error.place}: {outcome.error.rule}" if outcome.error.unsendable else None
    return outcome.complaint.partition(": ")[2] if outcome.unsendable else None


def judge_refusal(origins: tuple[Origin, ...], reason: str | None) -> None:
    """Check that no value is refused that the wire has a form for.

    A reader that loses a part makes the sender refuse it, so no value would be seen to be lost.

    Raises:
        Disagreement: If such a value was refused.
    """
    if reason is not None and origins and all(origin.is_plain for origin in origins):
        raise Disagreement(f"a value that the wire has a form for is refused: {reason}")


def judge_arguments(
    operation: Operation[Any], arguments: Arguments, absent: Callable[[str], Any], outcome: Outcome
) -> None:
    """Check that the handler received the arguments.

    Args:
        operation: The operation that was called.
        arguments: What the caller passed.
        absent: Gives the value that stands for an argument that was left out.
        outcome: What the call came to.

    Raises:
        Disagreement: If an argument differs, or the handler was not called.
    """
    if outcome.received is None:
        raise Disagreement(f"the handler was not called: {_ending(outcome)}")

    body = operation.body
    names = [parameter.name for parameter in operation.parameters]
    if body is not None:
        names.append(body.name)
        if body.content_type is not None:
            names.append(body.content_type)

    expected = {name: arguments[name] if name in arguments else absent(name) for name in names}
    received = dict(outcome.received)
    if body is not None and body.content_type is not None and body.name not in arguments:
        # The caller's default names the media type of a body that is sent, and none was.
        expected[body.content_type] = None
    for parameter, codec in parameter_codecs(operation):
        arrived = received.get(parameter.name)
        passed = expected[parameter.name]
        if is_credential(operation, parameter) or _is_only_item(codec, passed, arrived):
            expected[parameter.name] = arrived

    key = operation.idempotency_key
    if (
        key is not None
        and arguments.get(key) is None
        and _is_fresh_key(operation, key, received.get(key))
    ):
        expected[key] = received[key]

    found = difference(expected, received)
    if found is not None:
        raise Disagreement(f"the handler received something else: {found}")


def _is_only_item(codec: ParameterCodec, passed: Any, arrived: Any) -> bool:
    """Whether a list of one arrived as its item, which the contract allows too.

    In a style the two have one text (OpenAPI 3.1 §4.8.12.3).
    """
    is_list_of_one = not codec.is_content and is_array(passed) and len(passed) == 1
    if not is_list_of_one or difference(passed[0], arrived) is not None:
        return False
    return codec.contract.accepts(codec.pointer, encode(arrived))


def _is_fresh_key(operation: Operation[Any], name: str, value: Any) -> bool:
    """A call without an idempotency key arrives with one: a UUID that the contract allows."""
    codecs = {parameter.name: codec for parameter, codec in parameter_codecs(operation)}
    codec = codecs[name]
    try:
        text = str(value)
        return uuid.UUID(text).version == 4 and load_contract(operation.api).accepts(
            codec.pointer, text
        )
    except ValueError:
        return False


def judge_reply(operation: Operation[Any], reply: DrawnReply, outcome: Outcome) -> None:
    """Check that the caller received the reply: status, body and headers.

    The reply comes as a value, or as the documented error.

    Raises:
        Disagreement: If a part differs.
    """
    body = reply.body if operation.method != "HEAD" else None
    if is_error(operation, reply):
        error_class = operation.errors[reply.key]
        error: Any = outcome.error
        if not issubclass(type(error), error_class):
            raise Disagreement(f"the caller got no {error_class.__name__}: {_ending(outcome)}")
        _same_parts(
            reply,
            body,
            error.status,
            error.body,
            _header_values(operation, reply.key, error.headers),
        )
    elif outcome.answer is None:
        raise Disagreement(f"the caller got no answer: {_ending(outcome)}")
    else:
        answer = outcome.answer
        received = outcome.items if outcome.items is not None else answer.body
        by_wire_name: dict[str, Any] = {}
        for header in operation.replies[reply.key].headers:
            if header.name in answer.header_values:
                by_wire_name[header.wire_name] = answer.header_values[header.name]
        _same_parts(reply, body, answer.status, received, by_wire_name)


def _same_parts(
    reply: DrawnReply, body: Any, status: int | None, received: Any, headers: dict[str, Any]
) -> None:
    if status != reply.status:
        raise Disagreement(f"the caller got status {status}, not {reply.status}")

    found = difference(body, received)
    if found is not None:
        raise Disagreement(f"the caller got another body: {found}")

    # HTTP writes some headers itself: the caller has its Content-Length, not the handler's.
    sent, kept = map(without_message_headers, (reply.headers, headers))
    found = difference(sent, kept)
    if found is not None:
        raise Disagreement(f"the caller got other headers: {found}")


def _header_values(operation: Operation[Any], key: str, headers: Headers) -> dict[str, Any]:
    """The documented headers of an error, in their types, by wire name."""
    decode = codec_for(operation.api).decode
    values: dict[str, Any] = {}

    for header in operation.replies[key].headers:
        value = read_header(operation, key, header, headers.lines(header.wire_name))
        if value is not MISSING:
            values[header.wire_name] = decode(header.type, value)

    return values


def _ending(outcome: Outcome) -> str:
    complaint = f"; the server said: {outcome.complaint}" if outcome.complaint else ""
    if outcome.error is not None:
        return f"{type(outcome.error).__name__}: {outcome.error}{complaint}"
    if outcome.answer is None:
        return f"nothing{complaint}"
    return f"status {outcome.answer.status}{complaint}"

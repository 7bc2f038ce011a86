"""The reply to a refused request: one that the contract documents, else by RFC 9457.

The reply is the first that is documented, in this order:
  * for exactly this cause: 400 for a malformed message, 401 and 403 for credentials, 413 for
    size, 415 for the media type;
  * what `x-on-invalid` names, on the operation or at the root, with the example for the
    keyword that the body breaks, if it names one;
  * 422, 400 (not for credentials), the 4XX range, default.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import write_json
from bothends.runtime.operation import MISSING, Operation, Text, documented
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.sample.value import sample

from .asgi import HttpReply
from .broken_reply import BrokenReply
from .explained import Place, explained, saying_places, status_phrase
from .refused import Cause, Refused
from .reply import write_documented
from .security import challenge

_EXACT = {
    Cause.MESSAGE: ("400",),
    Cause.CREDENTIALS: ("401", "403"),
    Cause.SIZE: ("413",),
    Cause.MEDIA_TYPE: ("415",),
}
_LONGEST = 400


def refuse(operation: Operation[Any], refused: Refused) -> HttpReply:
    """The reply to a request that the contract does not allow."""
    for key, status, example in _choices(operation, refused.cause, refused.keyword):
        reply = _documented_refusal(operation, key, status, example, str(refused)[:_LONGEST])
        if reply is not None:
            break
    else:
        status = refused.cause.status
        reply = problem(status, str(refused))

    return challenged(operation, reply)


def challenged(operation: Operation[Any], reply: HttpReply) -> HttpReply:
    """The reply; a 401 has a challenge (RFC 9110 §15.5.2), whoever made it."""
    if reply.status != 401 or not operation.security:
        return reply

    if not any(name.lower() == "www-authenticate" for name, _ in reply.headers):
        reply.headers.append(("WWW-Authenticate", challenge(operation)))
    return reply


def problem(
    status: int, detail: str = "", headers: list[tuple[str, str]] | None = None
) -> HttpReply:
    """A reply in the form of RFC 9457."""
    # RFC 9457 §4.2.1: about:blank says no more than the status, whose phrase is the title.
    body = {"type": "about:blank", "title": status_phrase(status), "status": status}
    content = write_json({**body, "detail": detail} if detail else body)
    return HttpReply(
        status, [("content-type", "application/problem+json"), *(headers or [])], content
    )


@cache
def _choices(
    operation: Operation[Any], cause: Cause, keyword: str
) -> tuple[tuple[str, int, str | None], ...]:
    """Documented replies for a cause, best first: key, status, and the name of an example."""
    return tuple(_find_choices(operation, cause, keyword))


def _find_choices(
    operation: Operation[Any], cause: Cause, keyword: str
) -> Iterator[tuple[str, int, str | None]]:
    contract = load_contract(operation.api)
    own: dict[str, Any] = contract.find_object(operation.pointer).get("x-on-invalid", {})
    declared: dict[str, Any] = own or contract.find_object("/x-on-invalid")
    status = int(declared.get("status", 0))
    example: str | None = declared.get("examples", {}).get(keyword, declared.get("example"))

    for key in _EXACT.get(cause, ()):
        if key in operation.replies:
            # A status may have replies of several kinds, and the contract says which of them is a
            # refusal.
            yield key, int(key), example if int(key) == status else None

    if declared:
        key = documented(status, operation.replies) or ""
        if key:
            yield key, status, example

    # A 400 would tell a client to change its request, where it has to log in.
    for key in () if cause is Cause.CREDENTIALS else ("422", "400"):
        if key in operation.replies:
            yield key, int(key), None

    yield from ((key, cause.status, None) for key in ("4XX", "default") if key in operation.replies)


def _documented_refusal(
    operation: Operation[Any], key: str, status: int, example: str | None, text: str
) -> HttpReply | None:
    """Return the documented reply with a valid body and headers, or None if none can be made."""
    contract = load_contract(operation.api).answers
    reply = operation.replies[key]
    pointer = operation.pointer + join("responses", key)
    body: Any = None

    if reply.media:
        media = pointer + join("content", reply.media[0].media_type)
        if contract.find(media + "/schema") is None:
            # It is carried as it is and not judged, so the explanation itself will do.
            body = text if isinstance(reply.media[0], Text) else text.encode()
        else:
            body, places = _prefilled(operation, media, example)
            if body is MISSING:
                return None
            # A text that the contract names for refusals stays; any other one gives way.
            is_free = isinstance(body, str) and example is None
            if is_free and contract.accepts(media + "/schema", text):
                body = text
            else:
                body = explained(
                    contract, media + "/schema", body, places, text, status_phrase(status)
                )

    # Optional headers are left out: a made-up Retry-After or ETag would be acted upon.
    names = [header.wire_name for header in reply.headers if header.required]
    headers = {name: sample(contract, f"{pointer}{join('headers', name)}/schema") for name in names}
    if status == 401 and any(name.lower() == "www-authenticate" for name in headers):
        headers = {
            name: challenge(operation) if name.lower() == "www-authenticate" else headers[name]
            for name in headers
        }

    try:
        return write_documented(operation, key, status, body, headers, check=True)
    except BrokenReply:
        return None


@cache
def _prefilled(
    operation: Operation[Any], media: str, example: str | None
) -> tuple[Any, list[Place]]:
    """The body of a documented refusal, without an explanation, and where one may stand in it.

    It is the same for all requests, which must not change it.
    """
    contract = load_contract(operation.api).answers
    body = _body(contract, media, example)
    return body, [] if body is MISSING else saying_places(contract, media + "/schema", body)


def _body(contract: Contract, media: str, example: str | None) -> Any:
    """The named example, else the first one, else a value made from the schema."""
    node = contract.find_object(media)
    examples = contract.find_object(media + "/examples")
    if example is not None and example in examples:
        return examples[example].get("value", MISSING)

    declared = (
        [node["example"]]
        if "example" in node
        else [entry["value"] for entry in examples.values() if "value" in entry]
    )
    for value in declared:
        if contract.accepts(media + "/schema", value):
            return value

    return sample(contract, media + "/schema")

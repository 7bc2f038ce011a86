"""Judge whether the contract describes an answer, without the server's records.

Worked example: `GET /tides` documents 200 and 404. An answer of 200 with a body that its schema
refuses, one of 404 without a header that it requires, and any of 500 each give one sentence. A 422
of `application/problem+json` is right where the request was to be refused, because the contract has
no words for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.prove.oracle.parameter import judge_header
from bothends.prove.wire.message import Answer
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media import MediaCodec, MediaError, choose, reply_media
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.schema.contract import load_contract

PROBLEM = "application/problem+json"


def faults(operation: Operation[Any], answer: Answer, *, refused: bool = False) -> Iterator[str]:
    """Why the contract does not describe this answer of the operation; nothing when it does.

    `refused`: the answer refuses a request, and where the contract has no words for that, those of
    RFC 9457 will do.
    """
    key = documented(answer.status, operation.replies)
    if answer.status == 0:
        yield "no answer: the connection ended without one"
    # A crash behind a `default` reply would pass as documented.
    elif answer.status >= 500 and key in (None, "default"):
        yield f"status {answer.status}"
    elif key is None:
        if not (refused and answer.values("content-type") == [PROBLEM]):
            yield f"status {answer.status} is not documented"
    else:
        yield from _header_faults(operation, key, answer)
        yield from _body_faults(operation, key, answer)

    # RFC 9110 §11.6.1: a 401 must carry a challenge. Where the contract has no security it is the
    # handler's own.
    if answer.status == 401 and operation.security and not answer.values("www-authenticate"):
        yield "401 without WWW-Authenticate"


def _header_faults(operation: Operation[Any], key: str, answer: Answer) -> Iterator[str]:
    """By the document alone; what OpenAPI leaves undecided is no fault."""
    contract, pointer = (
        load_contract(operation.api).answers,
        operation.pointer + join("responses", key, "headers"),
    )
    for name in contract.find_object(pointer):
        lines = answer.values(name)
        if (
            name.lower() == "content-type"
            or judge_header(contract, pointer + join(name), name, lines) is not False
        ):
            continue
        if lines:
            yield f"header {name} is not as its schema says: {', '.join(lines)}"
        else:
            yield f"header {name} is missing"


def _body_faults(operation: Operation[Any], key: str, answer: Answer) -> Iterator[str]:
    contract = load_contract(operation.api).answers
    node = contract.find_object(operation.pointer + join("responses", key))
    content = node.get("content", {})
    lines = answer.values("content-type")
    media = parse_content_type(lines[0]) if len(lines) == 1 else None
    if answer.is_endless:
        codec = choose(reply_media(operation, key), media) if media else None
        # A stream of events has no end by its nature.
        if codec is None or not codec.is_stream:
            yield "the body has no end, or more bytes than are read"
        return

    # RFC 9110 §8.3: Content-Type describes a content, so a blank body has none.
    if not answer.body and ("x-empty-body" in node or not content):
        if lines:
            yield f"a blank body, and a Content-Type of {lines[0]}"
        return

    if not content:
        yield f"status {key} has no body, the answer has one"
        return

    if media is None:
        yield "Content-Type is missing or malformed"
        return

    name = declared(content, media)
    if name is None:
        yield f"Content-Type {media.essence} is not documented for status {key}"
    elif media.essence.endswith(("/json", "+json")):
        yield from _json_faults(
            operation, operation.pointer + join("responses", key, "content", name, "schema"), answer
        )
    else:
        yield from _content_faults(choose(reply_media(operation, key), media), media, answer)


def _json_faults(operation: Operation[Any], pointer: str, answer: Answer) -> Iterator[str]:
    contract = load_contract(operation.api).answers
    try:
        # Duplicate keys and NaN are refused here too: readers disagree on what they mean (RFC 8259
        # §4).
        value = read_json(answer.body)
    except JsonTextError as error:
        yield f"the body is not JSON: {error}"
        return

    fault = contract.fault(pointer, value) if contract.find(pointer) is not None else None
    if fault is not None:
        yield f"the body of status {answer.status}: {fault}"


def _content_faults(codec: MediaCodec | None, media: ContentType, answer: Answer) -> Iterator[str]:
    """Find what cannot be read or breaks the schema, item by item in a stream."""
    if codec is None:
        return

    if codec.is_text and not media.is_utf8 and not codec.is_in_charset(media):
        yield "the charset of the body is not UTF-8"
        return

    try:
        if isinstance(codec, StreamCodec):
            reader = codec.reader(is_answer=True)
            value: Any = [*reader.feed(answer.body), *reader.end()]
        else:
            value = codec.read(answer.body, media)
    except MediaError as error:
        yield f"the body is no {media.essence}: {error}"
        return

    for item in value if codec.is_stream else [value]:
        fault = codec.fault(item)
        if fault is not None:
            yield f"the body of status {answer.status}: {fault}"


def declared(content: dict[str, Any], media: ContentType) -> str | None:
    """The media type or range of a `content` object that a concrete one falls under, or None.

    Of several versions, such as `application/vnd.x+json;version=2`, it is the one whose parameters
    it has; else the one without parameters, else the first.
    """
    kind = media.essence.partition("/")[0]
    for expected in (media.essence, f"{kind}/*", "*/*"):
        found: list[tuple[int, str]] = []
        for name in content:
            documented_type = parse_content_type(name)
            essence = documented_type.essence if documented_type else name.lower()
            if essence != expected:
                continue
            parameters = documented_type.parameters if documented_type else {}
            is_fitting = parameters.items() <= media.parameters.items()
            found.append((len(parameters) if is_fitting else -1, name))
        if found:
            return max(found, key=lambda entry: entry[0])[1]  # the first of equals
    return None


def json_of(answer: Answer) -> Any:
    """The JSON value of an answer's body; MISSING when it is blank or something else."""
    try:
        return read_json(answer.body) if answer.body else MISSING
    except JsonTextError:
        return MISSING


def equality_faults(
    operation: Operation[Any], request_headers: dict[str, str], answer: Answer
) -> Iterator[str]:
    """Response headers that `x-equals` ties to a request header, and that say something else."""
    contract = load_contract(operation.api).answers
    key = documented(answer.status, operation.replies)
    if key is None:
        return

    for name, node in contract.find_object(
        operation.pointer + join("responses", key, "headers")
    ).items():
        declared = str(node.get("x-equals", ""))
        if declared.startswith("$request.header."):
            message = answer.values(name)
            # White space around a value is no part of it (RFC 9110 §5.5).
            expected = request_headers.get(
                declared.removeprefix("$request.header.").lower(), ""
            ).strip(" \t")
            if message and message != [expected]:
                yield f"header {name} is not that of the request"

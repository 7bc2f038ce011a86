"""What a stand-in's reply holds: its body in one media type, and its headers.

A body is the example that was chosen, else the first valid one of the contract, else a value made
from the schema. Then it is bent to the request: `x-equals` copies values of the request into it, a
page after the last one is empty, and the vendor's addresses become the stand-in's.

Worked example: `{id: M1, to: null, next: 'https://api.tides.example/messages?page=2'}` is the
example of a reply, and `to` has `x-equals: $request.query.to`. A request with `?to=ann` gets `{id:
M1, to: ann, next: 'http://127.0.0.1:8000/messages?page=2'}`.
"""

from __future__ import annotations

from typing import Any, Final

from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array
from bothends.runtime.media import MediaCodec
from bothends.runtime.media.accept import Ranges
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.codec import in_range
from bothends.runtime.media.text import TextCodec
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.sample.value import sample
from bothends.runtime.server.explained import (
    explained,
    is_made_up,
    made_up_places,
    status_phrase,
)

from .chosen_reply import NothingToAnswer, named_examples
from .equals import obey_equals
from .last_page import end_pages
from .origin import own_addresses

_IN_RANGE = {
    "image/*": "image/png",
    "text/*": "text/plain",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
    "font/*": "font/woff2",
}
_FIRST_ERROR: Final = 400
_LONGEST_TEXT: Final = 400
# What a repair gives a response without a description.
_UNDOCUMENTED: Final = "Undocumented."


def contract_body(
    requested: Asked, codec: MediaCodec, example: str | None, status: int, *, keep_origin: bool
) -> Any:
    """Return the contract's own body: an iterator of its items for a stream, else one value.

    In an error without an example, what is made up says what the contract describes.

    Raises:
        NothingToAnswer: The contract has no valid example, and its schema gives no value.
    """
    contract = load_contract(requested.operation.api)
    value = _valid_example(contract, codec, example)
    if value is MISSING:
        value = _made_value(contract, codec)
        if status >= _FIRST_ERROR and value is not MISSING and not codec.is_stream:
            value = _told_error(contract, codec, value, status)

    if value is MISSING:
        raise NothingToAnswer(
            f"the contract has no example of {codec.media_type} at {codec.pointer},"
            " and no value can be made from its schema; an example there would be the answer"
        )

    values = value if codec.is_stream else [value]
    if contract.find(codec.schema) is not None:
        values = [obey_equals(contract, codec.schema, entry, requested) for entry in values]
        # Who asks for an example by its name gets it, whatever page it is.
        if not example:
            values = [end_pages(contract, codec.schema, entry, requested) for entry in values]

    if not keep_origin:
        values = _moved(requested, codec, values)

    answers = [codec.from_example(entry) for entry in values]
    return iter(answers) if codec.is_stream else answers[0]


def own_body(requested: Asked, codec: MediaCodec, value: Any, *, keep_origin: bool) -> Any:
    """Return a body with a JSON value that does not come from the contract."""
    contract = load_contract(requested.operation.api)
    value = obey_equals(contract, codec.schema, value, requested)
    if not keep_origin:
        [value] = _moved(requested, codec, [value])
    return codec.from_example(value)


def content_type(codec: MediaCodec, accept: Ranges) -> str | None:
    """Return the media type to send; of a range one that the caller names, else one that exists.

    None leaves the choice to the codec, which has one for `*/*`.
    """
    if "*" not in codec.range:
        return codec.media_type

    for media_type, _ in accept:
        if "*" not in media_type and in_range(media_type, codec.range):
            return media_type

    # `application/*+json` is all JSON by its suffix, application/json among them.
    type_, _, suffix = codec.range.partition("/*+")
    return f"{type_}/{suffix}" if suffix else _IN_RANGE.get(codec.range)


def contract_headers(requested: Asked, key: str, *, keep_origin: bool) -> dict[str, object]:
    """Return the headers of a reply that equal something of the request, and the required ones."""
    operation = requested.operation
    contract = load_contract(operation.api)
    headers: dict[str, object] = {}

    for header in operation.replies[key].headers:
        pointer = operation.pointer + join("responses", key, "headers", header.wire_name)
        value = _equal_header(contract, pointer, requested)
        if value is not MISSING:
            headers[header.wire_name] = value
        elif header.required:
            value = _made_header(contract, pointer)
            if not keep_origin:
                value = own_addresses(requested, value, is_header=True)
            headers[header.wire_name] = value

    return headers


def _moved(requested: Asked, codec: MediaCodec, values: list[Any]) -> list[Any]:
    """Return the values at the stand-in's own addresses, unless the schema pins the vendor's."""
    moved = [own_addresses(requested, value) for value in values]
    if all(codec.fault(codec.from_example(value)) is None for value in moved):
        return moved
    return values


def _valid_example(contract: Contract, codec: MediaCodec, example: str | None) -> Any:
    """The first example that is valid, a list of items for a stream; MISSING if there is none."""
    for value in _examples(contract, codec.pointer, example):
        values = value if codec.is_stream and is_array(value) else [value]
        declared = [codec.from_example(entry) for entry in values]
        # An example of XML may be an object, which says what is in it, and not how it is written.
        if not codec.is_stream and not all(map(codec.takes, declared)):
            continue
        if all(codec.fault(entry) is None for entry in declared):
            return values if codec.is_stream else value
    return MISSING


def _made_value(contract: Contract, codec: MediaCodec) -> Any:
    """A value made from the schema, as full as it can be.

    Text or nothing where there is no schema.
    """
    if contract.find(codec.schema) is None:
        value: Any = "" if isinstance(codec, BinaryCodec | TextCodec) else {}
    else:
        value = sample(contract, codec.schema, full=True)
        if value is MISSING:
            value = sample(contract, codec.schema)

    if codec.is_stream and value is not MISSING:
        return [value]
    return value


def _told_error(contract: Contract, codec: MediaCodec, value: Any, status: int) -> Any:
    """Return the body of an error with a sentence in the place of each text that is made up."""
    if contract.find(codec.schema) is None:
        return value

    response = codec.pointer.rpartition("/content/")[0]
    description = str(contract.find_object(response).get("description", ""))
    # Descriptions may be long and in Markdown: their first paragraph says what went wrong.
    text = " ".join(description.partition("\n\n")[0].split())
    phrase = status_phrase(status)
    if not text or text == _UNDOCUMENTED or len(text) > _LONGEST_TEXT:
        text = phrase
    if isinstance(value, str):
        is_free = is_made_up(value, ("text",)) and contract.accepts(codec.schema, text)
        return text if is_free else value

    places = made_up_places(contract, codec.schema, value)
    return explained(contract, codec.schema, value, places, text, phrase)


def _equal_header(contract: Contract, pointer: str, requested: Asked) -> Any:
    """The value that `x-equals` asks for; MISSING if it has none that the header may have."""
    declared = contract.find_object(pointer)
    schema = contract.find_object(pointer + "/schema")
    expression = declared.get("x-equals") or schema.get("x-equals")
    if not expression:
        return MISSING

    value = requested.value(expression)
    if value is MISSING or not contract.accepts(pointer + "/schema", value):
        return MISSING
    return value


def _made_header(contract: Contract, pointer: str) -> Any:
    for example in _examples(contract, pointer, None):
        if contract.accepts(pointer + "/schema", example):
            return example

    value = sample(contract, pointer + "/schema")
    if value is MISSING:
        raise NothingToAnswer(f"no value can be made for the header at {pointer}")
    return value


def _examples(contract: Contract, pointer: str, example: str | None) -> list[Any]:
    """The examples there: the named one first, then `example`, then the others in their order."""
    by_name = named_examples(contract, pointer)
    node = contract.find_object(pointer)
    found: list[Any] = []
    if example in by_name:
        found.append(by_name[example])
    if "example" in node:
        found.append(node["example"])

    return [*found, *by_name.values()]

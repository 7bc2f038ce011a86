"""A valid request for an operation, made by the client's own writer from the contract's examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bothends.runtime.client.prepare import prepare
from bothends.runtime.codec import codec_for
from bothends.runtime.contract import load_contract
from bothends.runtime.errors import RequestError
from bothends.runtime.json_text import JsonTextError, read_json, write_json
from bothends.runtime.operation import MISSING, Operation
from bothends.runtime.parameter import parameter_codecs
from bothends.runtime.pointer import join
from bothends.runtime.sample import sample

from .credentials import Credentials
from .echo import stated_examples
from .wire import Request


@dataclass(frozen=True, slots=True)
class ValidRequest:
    """A request that the contract allows, and what it was made from."""

    operation: Operation[Any]
    request: Request
    body: Any
    media_type: str

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.media_type.partition(";")[0].endswith(("/json", "+json"))

    @property
    def schema(self) -> str:
        """The pointer of the body's schema."""
        return self.operation.pointer + join("requestBody", "content", self.media_type, "schema")

    def with_json(self, value: Any) -> Request:
        """The request with another JSON body."""
        return self.request.with_body(write_json(value))

    def accepts(self, value: Any) -> bool:
        """Whether the contract allows this JSON body."""
        return load_contract(self.operation.api).accepts(self.schema, value)


def valid_requests(
    operation: Operation[Any], credentials: Credentials, *, optional: bool = False
) -> Iterator[ValidRequest]:
    """Valid requests, one per example of the body; with the required parameters only, or with all that can be made."""
    arguments = _parameters(operation, optional=optional)
    if arguments is None:
        return
    if operation.body is None:
        made = _made(operation, arguments, None, "", credentials)
        if made is not None:
            yield made
        return
    media = operation.body.media[0]
    decode = codec_for(operation.api).decode
    for body in _bodies(operation, media.media_type):
        whole = {**arguments, operation.body.name: decode(media.type, body)}
        made = _made(operation, whole, body, media.media_type, credentials)
        if made is not None:
            yield made


def _made(
    operation: Operation[Any], arguments: dict[str, Any], body: Any, media_type: str, credentials: Credentials
) -> ValidRequest | None:
    try:
        prepared = prepare(operation, arguments)
    except (RequestError, ValueError, TypeError):
        return None
    content = prepared.content or b""
    target = prepared.path + (f"?{'&'.join(prepared.query)}" if prepared.query else "")
    headers = tuple((name, value) for name, value in prepared.headers.items() if name != "accept")
    request = Request(prepared.method, target, headers, content)
    if prepared.cookies:
        request = request.with_header("cookie", "; ".join(prepared.cookies))
    return ValidRequest(operation, credentials.sign(operation, request), _json(body, content), media_type)


def _json(body: Any, content: bytes) -> Any:
    try:
        return read_json(content)
    except JsonTextError:
        return body


def _bodies(operation: Operation[Any], media_type: str) -> list[Any]:
    contract = load_contract(operation.api)
    pointer = operation.pointer + join("requestBody", "content", media_type)
    examples = [value for _, value in stated_examples(contract.find_object(pointer))]
    values = [*examples, sample(contract, pointer + "/schema")]
    return [value for value in values if value is not MISSING and contract.accepts(pointer + "/schema", value)]


def _parameters(operation: Operation[Any], *, optional: bool) -> dict[str, Any] | None:
    """Arguments by Python name; None when a required one cannot be made."""
    contract = load_contract(operation.api)
    decode = codec_for(operation.api).decode
    found: dict[str, Any] = {}
    for parameter, codec in parameter_codecs(operation):
        if not parameter.required and not optional:
            continue
        node = contract.find_object(codec.pointer.removesuffix("/schema"))
        values = [value for _, value in stated_examples(node)] + [sample(contract, codec.pointer), "0", "x"]
        value = next((one for one in values if one is not MISSING and _can_be_written(codec, one)), MISSING)
        if value is not MISSING:
            found[parameter.name] = decode(parameter.type, value)
        elif parameter.required:
            return None
    return found


def _can_be_written(codec: Any, value: Any) -> bool:
    try:
        codec.write(value)
    except ValueError:
        return False
    return True


def example_arguments(operation: Operation[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments of a call per example of the body, by the example's name; one call where there is no body."""
    arguments = _parameters(operation, optional=True)
    if arguments is None:
        return
    if operation.body is None:
        yield "parameters", arguments
        return
    contract = load_contract(operation.api)
    decode = codec_for(operation.api).decode
    for media in operation.body.media[:1]:
        pointer = operation.pointer + join("requestBody", "content", media.media_type)
        examples = stated_examples(contract.find_object(pointer))
        for name, value in examples or [("made", sample(contract, pointer + "/schema"))]:
            if value is not MISSING and contract.accepts(pointer + "/schema", value):
                yield name, {**arguments, operation.body.name: decode(media.type, value)}

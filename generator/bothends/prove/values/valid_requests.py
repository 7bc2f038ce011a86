"""Build valid requests from the contract's examples with the client's own writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bothends.prove.oracle.requests import is_elsewhere
from bothends.prove.values.bodies import (
    concrete_type,
    declared_examples,
    example_bodies,
    python_value,
    sample_bodies,
)
from bothends.prove.values.sendable import can_be_written
from bothends.prove.wire.credentials import Credentials, is_credential
from bothends.prove.wire.message import Request
from bothends.runtime.client.prepare import prepare
from bothends.runtime.errors import RequestError
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.media import MediaCodec, body_media
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.media.yaml import YamlCodec
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.models.codec import codec_for
from bothends.runtime.operation import MISSING, Operation, Parameter
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.sample.value import sample

_PLAIN: tuple[Any, ...] = ("0", "x", ["x"], [1], {"x": 1})
"""Values to try when a style cannot write anything else, such as an empty list."""


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
        return is_json(essence_of(self.media_type))

    @property
    def schema(self) -> str:
        """The pointer of the body's schema."""
        return self.operation.pointer + join("requestBody", "content", self.media_type, "schema")

    def with_json(self, value: Any) -> Request:
        """The request with another JSON body."""
        return self.request.with_body(write_json(value))

    def in_text(self, codec: YamlCodec | XmlCodec) -> ValidRequest:
        """The same request in a text that a client does not choose where there is JSON."""
        content_type, content = codec.write(self.body, codec.media_type)
        request = self.request.with_header("content-type", content_type).with_body(content)
        return replace(self, request=request)

    def accepts(self, value: Any) -> bool:
        """Whether the contract allows this JSON body."""
        return load_contract(self.operation.api).accepts(self.schema, value)


def valid_requests(
    operation: Operation[Any],
    credentials: Credentials,
    *,
    optional: bool = False,
    known_ids: Mapping[str, Any] | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Iterator[ValidRequest]:
    """Valid requests, one per media type and example of the body.

    With the required parameters only, or with all.

    `known_ids` are values of path parameters by wire name, which are tried before examples and
    made-up values. `arguments` are sent instead of these, by Python name.
    """
    made = _parameters(operation, optional=optional, known_ids=known_ids or {})
    if made is None:
        return
    made |= arguments or {}

    if operation.body is None:
        result = _make_request(operation, made, None, "", credentials)
        if result is not None:
            yield result
        return

    for codec in body_media(operation):
        for value in [*(value for _, value in example_bodies(codec)), *sample_bodies(codec)]:
            complete = {**made, **_body(operation, codec, value)}
            result = _make_request(operation, complete, value, codec.media_type, credentials)
            if result is not None:
                yield result.in_text(codec) if isinstance(codec, YamlCodec | XmlCodec) else result


def first_requests(
    operation: Operation[Any], credentials: Credentials, known_ids: Mapping[str, Any] | None = None
) -> list[ValidRequest]:
    """A valid request for each media type of the body; one where there is no body."""
    found: dict[str, ValidRequest] = {}
    for valid in valid_requests(operation, credentials, known_ids=known_ids):
        found.setdefault(valid.media_type, valid)
    return list(found.values())


def _body(operation: Operation[Any], codec: MediaCodec, value: Any) -> dict[str, Any]:
    """The arguments that are the body: its value and, where the caller says it, its media type."""
    body = operation.body
    if body is None:
        return {}
    content_type = (
        {body.content_type: concrete_type(codec)} if body.content_type is not None else {}
    )
    return {body.name: python_value(codec, value), **content_type}


def _make_request(
    operation: Operation[Any],
    arguments: dict[str, Any],
    body: Any,
    media_type: str,
    credentials: Credentials,
) -> ValidRequest | None:
    try:
        prepared = prepare(operation, arguments)
    except (RequestError, ValueError, TypeError):
        return None

    sent = prepared.content or b""
    content = sent if isinstance(sent, bytes) else sent.read_all()
    target = prepared.path + (f"?{'&'.join(prepared.query)}" if prepared.query else "")
    # No contract can say Accept (OpenAPI §4.8.12), so a request without it must be served as well.
    headers = tuple((name, value) for name, value in prepared.headers.items() if name != "accept")
    request = Request(prepared.method, target, headers, content)
    if prepared.cookies:
        request = request.with_header("cookie", "; ".join(prepared.cookies))

    return ValidRequest(
        operation, credentials.sign(operation, request), _json(body, content), media_type
    )


def _json(body: Any, content: bytes) -> Any:
    try:
        return read_json(content)
    except JsonTextError:
        return body


def _parameters(
    operation: Operation[Any], *, optional: bool, known_ids: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Arguments by Python name; None when a required one cannot be made."""
    contract = load_contract(operation.api)
    decode = codec_for(operation.api).decode
    found: dict[str, Any] = {}

    for parameter, codec in parameter_codecs(operation):
        is_left_out = not optional or is_credential(operation, parameter)
        if not parameter.required and is_left_out:
            continue

        node = contract.find_object(codec.pointer.removesuffix("/schema"))
        result = [sample(contract, codec.pointer), sample(contract, codec.pointer, full=True)]
        declared = [value for _, value in declared_examples(node)]
        values = [*declared, *result, *_PLAIN]
        if parameter.location == "path":
            known = known_ids.get(parameter.wire_name, MISSING)
            values = [*_known_values(contract, codec, known), *declared, *result]
            values += [*contract.find_object(codec.pointer).get("enum", ()), *_PLAIN]
            # Where a value is the name of a more concrete path, that one would be asked.
            values.sort(key=lambda entry: _is_elsewhere(operation, parameter, entry))

        value = next(
            (
                entry
                for entry in values
                if entry is not MISSING and can_be_written(codec.write_exactly, entry)
            ),
            MISSING,
        )
        if value is not MISSING:
            found[parameter.name] = decode(parameter.type, value)
        elif parameter.required:
            return None

    return found


def _is_elsewhere(operation: Operation[Any], parameter: Parameter, value: Any) -> bool:
    """Whether a path parameter of this value makes the name of a more concrete path."""
    segment = f"{{{parameter.wire_name}}}"
    segments = operation.path.partition("#")[0].split("/")
    path = [str(value) if one == segment else one for one in segments]
    return isinstance(value, str | int) and is_elsewhere(operation, path)


def _known_values(contract: Contract, codec: ParameterCodec, value: Any) -> list[Any]:
    """Return a known id as text and as number, whichever the contract allows."""
    if value is MISSING:
        return []
    forms = [value, str(value), *([int(value)] if str(value).isdecimal() else [])]
    return [form for form in forms if contract.accepts(codec.pointer, form)]


def example_arguments(operation: Operation[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments of a call per media type and example of the body, by the example's name.

    One where there is no body.
    """
    arguments = _parameters(operation, optional=True, known_ids={})
    if arguments is None:
        return

    if operation.body is None:
        yield "parameters", arguments
        return

    codecs = body_media(operation)
    if operation.body.content_type is None:
        # A client that does not choose sends the first: YAML beside JSON is not among its calls.
        others = (YamlCodec, XmlCodec)
        codecs = tuple(each for each in codecs if not isinstance(each, others)) or codecs
    for codec in codecs:
        message = f" as {codec.media_type}" if len(codecs) > 1 else ""
        for name, value in example_bodies(codec) or [
            ("made", value) for value in sample_bodies(codec)[:1]
        ]:
            yield name + message, {**arguments, **_body(operation, codec, value)}

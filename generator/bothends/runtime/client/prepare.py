"""From a call's arguments to a request, checked against the contract before anything is sent."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from bothends.runtime.errors import RequestError
from bothends.runtime.media import MediaCodec, MediaError, body_media, choose
from bothends.runtime.models.encoding import EncodeError, encode
from bothends.runtime.models.null_hint import null_hint
from bothends.runtime.operation import Body, Json, Operation, Parameter, Xml, Yaml
from bothends.runtime.parameters.parameter import ParameterError, find_tangled, parameter_codecs
from bothends.runtime.parameters.segments import split_as_allowed
from bothends.runtime.parameters.style import percent_encode
from bothends.runtime.parameters.styled import Wire
from bothends.runtime.path_template import TangledError, fill, wire_template
from bothends.runtime.transfer.source import Gzipped, Source

from .options import Checking

_LOGGER = logging.getLogger("bothends")
_TYPE_HINT = "A file says its own: File(…, media_type=…)"
_HINT = 'To send it all the same, set requests="warn" or "off"'


@dataclass(slots=True)
class Prepared:
    """A request without credentials: everything that may be shown."""

    method: str
    path: str
    query: list[str]
    headers: dict[str, str]
    cookies: list[str]
    content: bytes | Source | None = field(default=None, repr=False)


def prepare(
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    requests: Checking = "strict",
    logger: logging.Logger = _LOGGER,
) -> Prepared:
    """The request for these arguments.

    Args:
        operation: The operation that is called.
        arguments: Its arguments by Python name.
        requests: What happens to arguments that break the contract.
        logger: Where `warn` logs them.

    Raises:
        RequestError: An argument breaks the contract, with `strict`; or has no form on the wire.
    """
    check = _Check(operation, requests, logger)
    wire = _write_parameters(operation, arguments, check)
    prepared = Prepared(
        operation.method,
        _path(operation, wire),
        [f"{percent_encode(name)}={raw}" for name, raw in wire.query],
        {name: ", ".join(lines) for name, lines in wire.headers.items()},
        [f"{name}={raw}" for name, raw in wire.cookies],
    )
    if wire.query_string:
        prepared.query = [wire.query_string]
    prepared.headers["accept"] = _accept(operation)
    if operation.body is not None:
        _write_body(operation, operation.body, arguments, prepared, check)

    return prepared


@dataclass(slots=True)
class _Check:
    """What happens to a part of a request that breaks the contract."""

    operation: Operation[Any]
    requests: Checking
    logger: logging.Logger

    @property
    def is_strict(self) -> bool:
        return self.requests == "strict"

    def breach(self, argument: str, pointer: str, rule: str) -> None:
        """Raise it, log it, or let it pass."""
        if self.is_strict:
            raise RequestError(argument, pointer, rule, hint=_HINT)
        if self.requests == "warn":
            self.logger.warning(
                "%s: the request breaks the contract: %s (%s): %s",
                self.operation.id,
                argument,
                pointer,
                rule,
            )


def _write_parameters(
    operation: Operation[Any], arguments: Mapping[str, Any], check: _Check
) -> Wire:
    if not operation.parameters:
        return _NO_PARAMETERS

    complete, values = Wire(), dict[str, Any]()
    for parameter, codec in parameter_codecs(operation):
        value = arguments.get(parameter.name, parameter.absent)
        if parameter.is_absent(value) and not parameter.required:
            continue

        pointer = _location(parameter)
        try:
            encoded = encode(value)
            fault = codec.contract.fault(codec.pointer, encoded)
            if fault is not None:
                place = f"{pointer} at {fault.pointer}" if fault.pointer else pointer
                check.breach(parameter.name, place, fault.rule + null_hint(value, fault.pointer))
                if parameter.is_absent(value) and parameter.location != "path":
                    continue

            # An invalid value is written as far as it can be: `warn` is for wrong contracts.
            write = codec.write_valid if fault is None else codec.write_unchecked
            complete.add(write(encoded))
        except ParameterError as error:
            rule = str(error) + null_hint(value, error.pointer)
            raise RequestError(parameter.name, pointer, rule, unsendable=error.unsendable) from None
        except EncodeError as error:
            raise RequestError(parameter.name, pointer, str(error)) from None

        values[parameter.name] = encoded

    tangled = find_tangled(operation, complete, values) if check.is_strict else None
    if tangled is not None:
        # Two parameters that share a name may have the same value: it is written once, and both
        # read it.
        complete.query = list(dict.fromkeys(complete.query))
        tangled = find_tangled(operation, complete, values)
    if tangled is not None:
        rule = "cannot be told from the other parameters of this request"
        raise RequestError(tangled.name, _location(tangled), rule, unsendable=True)

    return complete


_NO_PARAMETERS = Wire()
_SEVERAL_VARIABLES = re.compile(r"\}[^/]*\{")


def _location(parameter: Parameter) -> str:
    return f"{parameter.location} parameter {parameter.wire_name}"


def _path(operation: Operation[Any], wire: Wire) -> str:
    # What follows a `#` tells two paths of the contract apart, and is not sent (RFC 9110 §7.1).
    path = wire_template(operation.path.partition("#")[0])
    if not _SEVERAL_VARIABLES.search(path):
        for name, text in wire.path.items():
            path = path.replace("{" + name + "}", text)
        return path

    try:
        return "/".join(
            fill(segment, wire.path, partial(split_as_allowed, operation, segment))
            for segment in path.split("/")
        )
    except TangledError as error:
        (tangled,) = (item for item in operation.parameters if _is_in_path(item, str(error)))
        rule = "cannot be told from the path parameter beside it"
        raise RequestError(tangled.name, _location(tangled), rule, unsendable=True) from None


def _is_in_path(parameter: Parameter, wire_name: str) -> bool:
    return parameter.location == "path" and parameter.wire_name == wire_name


@cache
def _accept(operation: Operation[Any]) -> str:
    types: dict[str, None] = {}
    for reply in operation.replies.values():
        # YAML or XML beside JSON is the same value, and dearer to read.
        has_json = any(isinstance(media, Json) for media in reply.media)
        for media in reply.media:
            if not (has_json and isinstance(media, Yaml | Xml)):
                types[media.media_type] = None
    return ", ".join(types) or "*/*"


def _write_body(
    operation: Operation[Any],
    body: Body,
    arguments: Mapping[str, Any],
    prepared: Prepared,
    check: _Check,
) -> None:
    value = arguments.get(body.name, body.absent)
    if body.is_absent(value) and not body.required:
        return

    expected = arguments.get(body.content_type) if body.content_type is not None else None
    codec = _codec(operation, body, value, expected)
    try:
        encoded = codec.encode(value)
        fault = codec.fault(encoded)
        if fault is not None:
            pointer = f"body at {fault.pointer}" if fault.pointer else "body"
            check.breach(body.name, pointer, fault.rule + null_hint(value, fault.pointer))

        content_type, content = codec.write(encoded, codec.choose(expected))
    except MediaError as error:
        pointer = f"body, {error.part}" if error.part else "body"
        hint = _TYPE_HINT if error.is_type and error.part else ""
        raise RequestError(
            body.name, pointer, error.rule, unsendable=error.unsendable, hint=hint
        ) from None
    except ValueError as error:
        raise RequestError(body.name, "body", str(error)) from None

    prepared.headers["content-type"] = content_type
    # A caller who says that the content is coded gets it coded: the header alone would be a lie.
    if prepared.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip"):
        content = (
            gzip.compress(content, mtime=0) if isinstance(content, bytes) else Gzipped(content)
        )
    prepared.content = content


def _codec(operation: Operation[Any], body: Body, value: Any, expected: str | None) -> MediaCodec:
    """The media type of a body: the caller's choice, else the first that fits the value."""
    codecs = body_media(operation)
    if expected is not None:
        found = next((codec for codec in codecs if codec.media_type == expected), None) or choose(
            codecs, expected
        )
        if found is None or "*" in expected:
            used = ", ".join(codec.media_type for codec in codecs)
            raise RequestError(
                body.content_type or body.name, "header Content-Type", f"must be one of {used}"
            )
        # The first media type is also the argument's default: it does not overrule a value that
        # only another one has, such as a model of the second version.
        if found is not codecs[0] or len(codecs) == 1 or found.fits(value):
            return found
        return next((codec for codec in codecs if codec.takes(value) and codec.fits(value)), found)

    intended = [codec for codec in codecs if codec.takes(value)] or [codecs[0]]
    return next(
        (codec for codec in intended if len(intended) > 1 and codec.fits(value)), intended[0]
    )

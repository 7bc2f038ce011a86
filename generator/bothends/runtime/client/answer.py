"""From a response to what the caller gets: the value, or the error that says what the answer is."""

from __future__ import annotations

import functools
import logging
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from typing import Any

from bothends.runtime.errors import UndocumentedStatus, UnexpectedAnswer
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.media import MediaCodec, MediaError, choose, reply_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.stream import ItemReader, StreamCodec
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.operation import MISSING, Operation, Reply, documented
from bothends.runtime.parameters.parameter import ParameterError, read_header
from bothends.runtime.transfer.source import Sizes

from .bodies.download import Incoming
from .bodies.opened import Opened
from .options import Responses
from .whole import header_values


def codec_of(operation: Operation[Any], status: int, content_type: str) -> MediaCodec | None:
    """The documented media type that an answer is in, if any."""
    key = documented(status, operation.replies)
    parsed = (
        parse_content_type(content_type)
        if key is not None and operation.replies[key].media
        else None
    )
    return (
        choose(reply_media(operation, key), parsed)
        if key is not None and parsed is not None
        else None
    )


def answers_bytes(operation: Operation[Any]) -> bool:
    """Whether a success of an operation can be bytes."""
    return any(
        _binary(operation, key)
        for key in operation.replies
        if key == "default" or key.startswith("2")
    )


def is_bytes(operation: Operation[Any], status: int, content_type: str) -> bool:
    """Whether an answer is a success whose body is bytes, or one without a body; where its media type is not documented, what bytes it may be."""
    key = documented(status, operation.replies) if status // 100 == 2 else None
    if key is None or (key in operation.errors and not _is_success(operation, status)):
        return False

    codec = codec_of(operation, status, content_type)
    return isinstance(codec, BinaryCodec) or (
        codec is None and (not operation.replies[key].media or bool(_binary(operation, key)))
    )


def _is_success(operation: Operation[Any], status: int) -> bool:
    """Whether a reply that may be an error is none: `default` stands for the success when no other is documented."""
    return status // 100 == 2 and not any(key.startswith("2") for key in operation.replies)


def _binary(operation: Operation[Any], key: str) -> list[BinaryCodec]:
    return [codec for codec in reply_media(operation, key) if isinstance(codec, BinaryCodec)]


class AnswerReader:
    """Reads the answers of one client. `responses` says what to do with those that break the contract."""

    def __init__(self, responses: Responses, logger: logging.Logger) -> None:
        self._responses, self._logger = responses, logger

    def read(self, operation: Operation[Any], response: ReceivedResponse) -> Any:
        """The value of a success; raises the documented error, UnexpectedAnswer or UndocumentedStatus."""
        key = documented(response.status, operation.replies)
        if key is None:
            raise UndocumentedStatus(response.status)

        reply = operation.replies[key]
        self._check_headers(operation, key, reply, response)
        body = self._body(operation, key, reply, response)
        error = operation.errors.get(key)
        if error is not None and not _is_success(operation, response.status):
            raise error(body, headers=response.headers, status=response.status)

        return body

    def items(
        self, operation: Operation[Any], response: ReceivedResponse
    ) -> tuple[ItemReader, Callable[[Any], Any]]:
        """What reads the items of an answer that is a stream, and what makes of each the value that the caller gets."""
        codec = codec_of(operation, response.status, response.headers.get("content-type", ""))
        key = documented(response.status, operation.replies)
        if not isinstance(codec, StreamCodec) or key is None:
            raise UnexpectedAnswer(response.status, "it is no stream")

        self._check_headers(operation, key, operation.replies[key], response)

        def take(value: Any) -> Any:
            fault = codec.fault(value) if self._responses != "off" else None
            if fault is not None:
                self._breach(operation, response, f"an item: {fault}")
            return codec.decode(value)

        return codec.reader(), take

    def download(
        self, operation: Operation[Any], response: ReceivedResponse, opened: Opened
    ) -> Incoming:
        """A success in bytes whose body is still to be read, or one without. Of the body, only the size is held to the contract."""
        key = documented(response.status, operation.replies)
        codec = codec_of(operation, response.status, response.headers.get("content-type", ""))
        if key is None:
            raise UndocumentedStatus(response.status)

        self._check_headers(operation, key, operation.replies[key], response)
        if codec is None and operation.replies[key].media:
            self._wrong_type(operation, reply_media(operation, key), response)
            codec = _binary(operation, key)[0]

        sizes = codec.sizes if isinstance(codec, BinaryCodec) else None
        breach = functools.partial(self._breach, operation, response)
        return Incoming(
            opened, response.headers, header_values(operation, response), sizes or Sizes(), breach
        )

    def not_binary(self, operation: Operation[Any], response: ReceivedResponse) -> UnexpectedAnswer:
        """The error of a success that was to be bytes and is something else; raises what any call would."""
        self.read(operation, response)
        return UnexpectedAnswer(response.status, "its body is not binary")

    def _body(
        self, operation: Operation[Any], key: str, reply: Reply, response: ReceivedResponse
    ) -> Any:
        if not reply.media or operation.method == "HEAD":
            return None

        codecs = reply_media(operation, key)
        if not response.content and reply.empty is not MISSING:
            return codecs[0].decode(reply.empty)

        content_type = parse_content_type(response.headers.get("content-type", ""))
        codec = choose(codecs, content_type) if content_type else None
        if not response.content and (codec is None or not codec.may_be_blank):
            raise UnexpectedAnswer(response.status, "it has no body")

        if codec is None:
            self._wrong_type(operation, codecs, response)

        return self._read(operation, codec or codecs[0], content_type, response)

    def _read(
        self,
        operation: Operation[Any],
        codec: MediaCodec,
        content_type: ContentType | None,
        response: ReceivedResponse,
    ) -> Any:
        # A mark of the byte order is no JSON, and some servers write one all the same (RFC 8259 §8.1).
        mark = BOM_UTF8 if codec.is_text else b""
        content = response.content.removeprefix(mark)
        try:
            value = codec.read(content, content_type or ContentType(codec.range, {}))
        except MediaError as error:
            raise UnexpectedAnswer(response.status, f"body: {error}") from None

        if self._responses != "off":
            fault = codec.fault(value)
            if fault is not None:
                self._breach(operation, response, f"body: {fault}")

        return codec.decode(value)

    def _wrong_type(
        self, operation: Operation[Any], codecs: Sequence[MediaCodec], response: ReceivedResponse
    ) -> None:
        known = ", ".join(one.media_type for one in codecs)
        self._breach(operation, response, f"header Content-Type must be one of {known}")

    def _check_headers(
        self, operation: Operation[Any], key: str, reply: Reply, response: ReceivedResponse
    ) -> None:
        if self._responses == "off":
            return

        for header in reply.headers:
            try:
                missing = (
                    read_header(operation, key, header, response.headers.lines(header.wire_name))
                    is MISSING
                )
            except ParameterError as error:
                self._breach(operation, response, f"header {header.wire_name}: {error}")
            else:
                if missing and header.required:
                    self._breach(operation, response, f"header {header.wire_name}: is required")

    def _breach(self, operation: Operation[Any], response: ReceivedResponse, rule: str) -> None:
        if self._responses == "strict":
            raise UnexpectedAnswer(response.status, rule)
        if self._responses == "warn":
            self._logger.warning(
                "%s: the answer with status %d breaks the contract: %s",
                operation.id,
                response.status,
                rule,
            )

"""From a response to what the caller gets: the value, or the error that says what the answer is.

    documented: 200 application/json Tide, default application/json Problem

    200 application/json {"id":1}     Tide(id=1)
    201 application/json {"id":1}     Tide(id=1), and a warning: the nearest documented success
    201 text/csv a,b                  "a,b", and a warning: by its own Content-Type
    204                               None, and a warning
    404 application/json {…}          the error of `default`, with the Problem as its body

A success is never lost and never an error, except with `responses="strict"`: `default` beside a
documented success documents the errors (OpenAPI 3.1 §4.8.16), so a 2xx is not read by it.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from bothends.runtime.errors import BothendsError, UndocumentedStatus, UnexpectedAnswer
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media import MediaCodec, MediaError, choose, reply_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.stream import ItemReader, StreamCodec
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.operation import MISSING, Operation, Reply, documented
from bothends.runtime.parameters.parameter import ParameterError, header_format_fault, read_header
from bothends.runtime.status_errors import with_status_class
from bothends.runtime.transfer.source import Sizes

from .answer_media import (
    binary_codecs,
    chosen_media,
    codec_of,
    nearest_success,
    of_version,
    read_loosely,
    read_value,
)
from .answer_stream import item_reader, stream_codec
from .bodies.download import Incoming
from .bodies.opened import Opened
from .options import Checking
from .raw_response import header_values
from .redirects import describe_redirect
from .undocumented import is_vague, read_by_own_type


class AnswerReader:
    """Reads the answers of one client.

    `responses` says what to do with those that break the contract.
    """

    def __init__(self, responses: Checking, logger: logging.Logger) -> None:
        self._responses, self._logger = responses, logger

    def read(self, operation: Operation[Any], response: ReceivedResponse, url: str = "") -> Any:
        """The value of a success.

        Raises:
            DocumentedError: The contract documents the answer as an error.
            UndocumentedStatus: The contract does not know the status, and it is not a success.
            UnexpectedAnswer: The answer breaks the contract, with `strict`; or an error whose body
                cannot be read.

        """
        key = documented(response.status, operation.replies)
        if response.status // 100 == 2:
            return self._success(operation, key, response)
        if key is None:
            self._refuse_status(response, url)

        reply = operation.replies[key]
        self._check_headers(operation, key, reply, response)
        try:
            body = self._body(operation, key, reply, response)
        except UnexpectedAnswer as error:
            # Also catchable by its status: a proxy's page in place of a documented 404 is a 404.
            unreadable = with_status_class(UnexpectedAnswer, response.status)
            raise unreadable(response.status, error.rule) from None

        error_class = operation.errors.get(key)
        if error_class is None:
            return body

        kind = with_status_class(error_class, response.status)
        raise kind(body, headers=response.headers, status=response.status)

    def items(
        self, operation: Operation[Any], response: ReceivedResponse
    ) -> tuple[ItemReader, Callable[[Any], Any]]:
        """The reader of a stream's items, and the function that decodes each."""
        text = response.headers.get("content-type", "")
        found = stream_codec(operation, response.status, text)
        if found is None:
            raise UnexpectedAnswer(response.status, "it is not a stream")

        codec, is_documented = found
        key = documented(response.status, operation.replies)
        if key is None:
            self._undocumented_success(operation, response)
        else:
            self._check_headers(operation, key, operation.replies[key], response)
            if not is_documented:
                self._wrong_type(operation, reply_media(operation, key), response)

        def take(value: Any) -> Any:
            fault = codec.fault(value) if self._responses != "off" else None
            if fault is not None:
                self._report(operation, response, f"an item: {fault}")
            return codec.decode(value)

        return item_reader(codec, text), take

    def download(
        self, operation: Operation[Any], response: ReceivedResponse, opened: Opened
    ) -> Incoming:
        """A success in bytes whose body is still to be read, or one without.

        Of the body, only the size is held to the contract.
        """
        key = documented(response.status, operation.replies)
        codec = codec_of(operation, response.status, response.headers.get("content-type", ""))
        if key is None:
            self._undocumented_success(operation, response)
            near = nearest_success(operation, response.status)
            binary = [codec for another in near for codec in binary_codecs(operation, another)]
            codec = binary[0] if binary else None
        else:
            self._check_headers(operation, key, operation.replies[key], response)
            if codec is None and operation.replies[key].media:
                self._wrong_type(operation, reply_media(operation, key), response)
                codec = next(iter(binary_codecs(operation, key)), None)

        sizes = codec.sizes if isinstance(codec, BinaryCodec) else None
        breach = functools.partial(self._report, operation, response)
        headers = header_values(operation, key, response)
        return Incoming(opened, response.headers, headers, sizes or Sizes(), breach)

    def not_binary(self, operation: Operation[Any], response: ReceivedResponse) -> BothendsError:
        """The error of a success in place of bytes; raises what any call would."""
        self.read(operation, response)
        return UnexpectedAnswer(response.status, "its body is not binary")

    def _success(
        self, operation: Operation[Any], key: str | None, response: ReceivedResponse
    ) -> Any:
        if key is not None:
            self._check_headers(operation, key, operation.replies[key], response)
            return self._body(operation, key, operation.replies[key], response)

        self._undocumented_success(operation, response)
        return self._nearest(operation, nearest_success(operation, response.status), response)

    def _nearest(
        self, operation: Operation[Any], keys: Sequence[str], response: ReceivedResponse
    ) -> Any:
        """The value of an undocumented success, read by the first documented one that it obeys."""
        if operation.method == "HEAD":
            return None

        content_type = parse_content_type(response.headers.get("content-type", ""))
        readable: list[Any] = []
        for key in keys:
            codecs, reply = reply_media(operation, key), operation.replies[key]
            if not response.content and reply.empty is not MISSING:
                return codecs[0].decode(reply.empty)

            codec = choose(codecs, content_type) if content_type else None
            if not response.content or codec is None or isinstance(codec, StreamCodec):
                continue

            try:
                value = read_value(codec, content_type, response)
            except MediaError:
                value = read_loosely(codec, content_type, response)
                if value is not MISSING:
                    readable.append(codec.decode(value))
                continue

            # A value that its schema refuses is kept as a last resort: a server that answers 201
            # where 200 is documented often has a field more than the contract.
            if codec.fault(value) is None:
                return codec.decode(value)
            readable.append(codec.decode(value))

        if readable:
            return readable[0]
        return read_by_own_type(response.content, content_type)

    def _body(
        self, operation: Operation[Any], key: str, reply: Reply, response: ReceivedResponse
    ) -> Any:
        if operation.method == "HEAD":
            return None
        if not reply.media:
            return self._not_described(operation, response)

        codecs = reply_media(operation, key)
        if not response.content and reply.empty is not MISSING:
            return codecs[0].decode(reply.empty)

        text = response.headers.get("content-type", "")
        content_type, codec = chosen_media(operation, key, text)
        if not response.content and (codec is None or not codec.may_be_blank):
            self._unreadable(operation, response, "it has no body")
            return None

        if codec is None:
            self._wrong_type(operation, codecs, response)
            if response.status // 100 == 2:
                return self._of_wrong_type(operation, codecs[0], content_type, response)

        if codec is not None and content_type is not None:
            codec = of_version(codecs, codec, content_type, response)
        return self._read(operation, codec or codecs[0], content_type, response)

    def _read(
        self,
        operation: Operation[Any],
        codec: MediaCodec,
        content_type: ContentType | None,
        response: ReceivedResponse,
    ) -> Any:
        try:
            value = read_value(codec, content_type, response)
        except MediaError as error:
            value = MISSING
            if self._responses != "strict":
                value = read_loosely(codec, content_type, response)
            if value is not MISSING:
                self._report(operation, response, f"body: {error}")
                return codec.decode(value)
            self._unreadable(operation, response, f"body: {error}")
            return read_by_own_type(response.content, content_type)

        if self._responses != "off":
            fault, loose = codec.judge(value)
            if fault is not None:
                self._report(operation, response, f"body: {fault}")
            self._warn_of_format(operation, response, f"body: {loose}" if loose else None)

        return codec.decode(value)

    def _warn_of_format(
        self, operation: Operation[Any], response: ReceivedResponse, fault: str | None
    ) -> None:
        if fault is not None:
            text = "%s: the answer with status %d has a text that is not of its format: %s"
            self._logger.warning(text, operation.id, response.status, fault)

    def _not_described(self, operation: Operation[Any], response: ReceivedResponse) -> Any:
        """The body where the contract describes none: that of a success is not lost."""
        if response.status // 100 != 2 or not response.content:
            return None

        self._report(operation, response, "it has a body, and the contract describes none")
        content_type = parse_content_type(response.headers.get("content-type", ""))
        return read_by_own_type(response.content, content_type)

    def _of_wrong_type(
        self,
        operation: Operation[Any],
        codec: MediaCodec,
        content_type: ContentType | None,
        response: ReceivedResponse,
    ) -> Any:
        """A success in a media type that is not documented.

        Servers send JSON as text/plain or without a type, so a vague type does not count against
        the documented one. A single word or number under text/plain is text, unless the schema
        forbids text.
        """
        if isinstance(codec, BinaryCodec):
            return self._read(operation, codec, content_type, response)
        if not is_vague(content_type) or isinstance(codec, StreamCodec):
            return read_by_own_type(response.content, content_type)

        own = read_by_own_type(response.content, content_type)
        try:
            value = read_value(codec, content_type, response)
        except MediaError as error:
            self._report(operation, response, f"body: {error}")
            return own

        is_scalar = not is_array(value) and not is_object(value)
        # The word `true` under text/plain is the text that a contract of strings describes.
        if is_scalar and isinstance(own, str) and codec.fault(own) is None:
            return codec.decode(own)
        return self._read(operation, codec, content_type, response)

    def _undocumented_success(self, operation: Operation[Any], response: ReceivedResponse) -> None:
        if self._responses == "strict":
            raise UndocumentedStatus(response.status)
        self._report(operation, response, "its status is not documented")

    def _refuse_status(self, response: ReceivedResponse, url: str) -> NoReturn:
        status = response.status
        location = response.headers.get("location", "")
        detail = describe_redirect(url, location) if status // 100 == 3 and location else ""
        raise with_status_class(UndocumentedStatus, status)(status, detail)

    def _wrong_type(
        self, operation: Operation[Any], codecs: Sequence[MediaCodec], response: ReceivedResponse
    ) -> None:
        existing = ", ".join(codec.media_type for codec in codecs)
        self._report(operation, response, f"header Content-Type must be one of {existing}")

    def _check_headers(
        self, operation: Operation[Any], key: str, reply: Reply, response: ReceivedResponse
    ) -> None:
        if self._responses == "off":
            return

        for header in reply.headers:
            lines = response.headers.lines(header.wire_name)
            try:
                value = read_header(operation, key, header, lines)
            except ParameterError as error:
                self._report(operation, response, f"header {header.wire_name}: {error}")
            else:
                if value is MISSING and header.required:
                    self._report(operation, response, f"header {header.wire_name}: is required")
                self._warn_of_format(
                    operation, response, header_format_fault(operation, key, header, value)
                )

    def _unreadable(self, operation: Operation[Any], response: ReceivedResponse, rule: str) -> None:
        """Report a body that cannot be read.

        A success goes on: the caller gets what there is. An error ends here, because its class
        promises a body.
        """
        if response.status // 100 != 2:
            raise UnexpectedAnswer(response.status, rule)
        self._report(operation, response, rule)

    def _report(self, operation: Operation[Any], response: ReceivedResponse, rule: str) -> None:
        if self._responses == "strict":
            raise UnexpectedAnswer(response.status, rule)
        if self._responses == "warn":
            self._logger.warning(
                "%s: the answer with status %d breaks the contract: %s",
                operation.id,
                response.status,
                rule,
            )

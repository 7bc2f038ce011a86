"""From a handler's answer to a reply, held to the contract: status, headers, body."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from bothends.runtime.answer import Response, is_response
from bothends.runtime.json.value import same
from bothends.runtime.media import MediaCodec, MediaError, reply_media
from bothends.runtime.media.accept import Ranges, preferred
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.json import JsonCodec
from bothends.runtime.media.multipart.parts_codec import PartsCodec
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.media.yaml import YamlCodec
from bothends.runtime.models.encoding import EncodeError
from bothends.runtime.models.null_hint import null_hint
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.transfer.each import each
from bothends.runtime.transfer.source import Gzipped, Sizes, Source, SourceError, source_of

from .asgi import HttpReply
from .broken_reply import BrokenReply, warn_of_format
from .files import close_files
from .reply_forms import ReplyForm, ReplyForms, ReplyOptions, codec_for, content_type_for, is_of
from .reply_headers import header_lines


def write_reply(
    operation: Operation[Any], answer: object, *, check: bool, accept: Ranges = ()
) -> HttpReply:
    """Return the reply that sends a handler's answer.

    Args:
        operation: The operation that was called.
        answer: A value of a documented success, or a `Response`.
        check: Whether the contract judges the answer. If not, only the unsendable is refused.
        accept: The caller's media ranges. Of several media types that fit, the best is sent.

    Raises:
        BrokenReply: The answer breaks the contract or cannot be sent.

    Open files in the answer are closed when the reply is, and when there is none.
    """
    plain = _plain_success(operation)
    if plain is not None and not is_response(answer) and plain.is_preferred(accept):
        reply = plain.written(answer, check=check)
        if reply is not None:
            return reply

    try:
        if is_response(answer):
            forms = ReplyForms(answer.body)
            key, status = _documented_status(operation, answer, forms)
            options = ReplyOptions(check, accept, answer.content_type)
            return _write(operation, key, status, forms, answer.headers, options)

        forms = ReplyForms(answer)
        key, status = _success(operation, forms)
        return _write(operation, key, status, forms, {}, ReplyOptions(check, accept))
    except BaseException:
        close_files(answer)
        raise


@dataclass(frozen=True, slots=True)
class _PlainSuccess:
    """The one success of an operation whose value alone decides what is sent: JSON, no headers."""

    status: int
    codec: JsonCodec
    others: tuple[MediaCodec, ...]

    def is_preferred(self, accept: Ranges) -> bool:
        """Whether the caller does not prefer another text of the value, such as YAML or XML."""
        return not self.others or not accept or _first_is_best((self.codec, *self.others), accept)

    def written(self, answer: object, *, check: bool) -> HttpReply | None:
        """The reply, or None where something is wrong, which the general way says."""
        try:
            value = self.codec.encode(answer)
        except EncodeError:
            return None
        if check and self.codec.judge(value) != _FAULTLESS:
            return None

        content_type, content = self.codec.write(value, self.codec.media_type)
        return HttpReply(self.status, [("content-type", content_type)], content)


_FAULTLESS = (None, None)


@lru_cache(maxsize=1024)
def _first_is_best(codecs: tuple[MediaCodec, ...], accept: Ranges) -> bool:
    return [*preferred(codecs, accept)][:1] == [codecs[0]]


@cache
def _plain_success(operation: Operation[Any]) -> _PlainSuccess | None:
    keys = _success_keys(operation)
    if len(keys) != 1 or not keys[0].isdigit():
        return None

    reply, codecs = operation.replies[keys[0]], reply_media(operation, keys[0])
    if not codecs or reply.headers or reply.empty is not MISSING:
        return None
    if not all(isinstance(other, YamlCodec | XmlCodec) for other in codecs[1:]):
        return None

    # A type with parameters is written as the caller has it in Accept.
    codec = codecs[0]
    if not isinstance(codec, JsonCodec) or codec.media_type != codec.range or "*" in codec.range:
        return None
    return _PlainSuccess(int(keys[0]), codec, codecs[1:])


def write_documented(
    operation: Operation[Any],
    key: str,
    status: int,
    value: Any,
    headers: Mapping[str, object],
    *,
    check: bool,
) -> HttpReply:
    """Return the reply documented under `key`, with a value of the contract, such as an example.

    Raises:
        BrokenReply: The value or a header breaks the contract.
    """
    codecs = reply_media(operation, key)
    body = codecs[0].from_example(value) if codecs else value
    return _write(operation, key, status, ReplyForms(body), headers, ReplyOptions(check))


def _documented_status(
    operation: Operation[Any], answer: Response[Any], forms: ReplyForms
) -> tuple[str, int]:
    """Return the key that documents the status of a `Response`, and that status. BrokenReply."""
    status = answer.status
    if status is None:
        return _success(operation, forms)

    # A status below 200 comes before the reply (RFC 9110 §15.2), and true is an int to Python.
    number: Any = status
    if not isinstance(number, int) or isinstance(number, bool) or not 200 <= number <= 599:
        raise BrokenReply("the status is no number from 200 to 599")

    key = documented(status, operation.replies)
    if key is None:
        raise BrokenReply(f"status {status} is not documented")

    return key, status


def _write(
    operation: Operation[Any],
    key: str,
    status: int,
    forms: ReplyForms,
    headers: Mapping[str, object],
    options: ReplyOptions,
) -> HttpReply:
    """Write the body and the headers of the reply under `key`. BrokenReply."""
    reply, answer = operation.replies[key], forms.answer
    lines = header_lines(operation, key, reply, headers, check=options.check)

    codecs = reply_media(operation, key)
    if not codecs:
        if answer is not None:
            raise BrokenReply(f"status {key} has no body, the answer has one")
        return HttpReply(status, lines)

    codec = codec_for(codecs, forms, options)
    # A handler who says that the content is coded gets it coded: the header alone would be a lie.
    coded = bool(lines) and any(
        name.lower() == "content-encoding" and text.lower() == "gzip" for name, text in lines
    )

    if isinstance(codec, StreamCodec):
        items = source_of(_stream(codec, answer, options.check))
        return _read_out(
            status, [("content-type", content_type_for(codec, options)), *lines], items, coded=coded
        )

    form = forms.of(codec)
    value = form.value
    if reply.empty is not MISSING and same(value, reply.empty):
        return HttpReply(status, lines)

    if options.check:
        _judge_body(operation, key, form, answer)

    try:
        content_type, content = codec.write(value, content_type_for(codec, options))
    except MediaError as error:
        raise BrokenReply(
            f"the body of status {key}: {error}", unsendable=error.unsendable
        ) from None

    if isinstance(content, Source):
        content.sizes = content.sizes if options.check else Sizes()
        return _read_out(status, [("content-type", content_type), *lines], content, coded=coded)

    if isinstance(codec, BinaryCodec | PartsCodec):
        close_files(answer)  # what was read whole, to be judged

    return HttpReply(
        status,
        [("content-type", content_type), *lines],
        # Without a time in it, the same answer has the same bytes.
        gzip.compress(content, mtime=0) if coded else content,
    )


def _judge_body(operation: Operation[Any], key: str, form: ReplyForm, answer: object) -> None:
    """Refuse a body that breaks the contract; warn of a text that only misses its format.

    `form` is that of the handler's `answer`. BrokenReply.
    """
    fault, loose = form.verdict
    if fault is not None:
        raise BrokenReply(f"the body of status {key}: {fault}{null_hint(answer, fault.pointer)}")

    if loose is not None:
        warn_of_format(operation, key, f"body: {loose}")


def _read_out(
    status: int, lines: list[tuple[str, str]], source: Source, *, coded: bool
) -> HttpReply:
    """A reply whose bytes are read as they are sent."""
    sent = Gzipped(source) if coded else source
    if sent.length is not None:
        lines = [*lines, ("content-length", str(sent.length))]
    return HttpReply(status, lines, _Read(source, sent))


class _Read:
    """The pieces of a source.

    An open file that a handler answers with is the server's, also when nobody reads it.
    """

    def __init__(self, source: Source, sent: Source) -> None:
        self._source, self._pieces = source, aiter(sent)

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        try:
            async for piece in self._pieces:
                yield piece
        except SourceError as error:
            raise BrokenReply(str(error)) from error

    async def aclose(self) -> None:
        """Close it."""
        try:
            await self._pieces.aclose()
        finally:
            self._source.close()


async def _stream(codec: StreamCodec, answer: Any, check: bool) -> AsyncGenerator[bytes]:
    """The bytes of an answer that comes item by item.

    BrokenReply at the first item that breaks the contract.
    """
    async with aclosing(each(answer)) as items:
        async for item in items:
            value = ReplyForm(codec, item).value
            fault = codec.fault(value) if check else None
            if fault is not None:
                raise BrokenReply(f"an item: {fault}{null_hint(item, fault.pointer)}")
            yield codec.write_item(value)


def _success(operation: Operation[Any], forms: ReplyForms) -> tuple[str, int]:
    """The success that a plain value stands for: of several, the first whose schema accepts it."""
    keys = _success_keys(operation)
    for key in keys:
        if len(keys) == 1 or is_of(reply_media(operation, key), forms):
            return key, int(key) if key.isdigit() else 200

    raise BrokenReply("the answer is none of the documented successes")


@cache
def _success_keys(operation: Operation[Any]) -> tuple[str, ...]:
    keys = tuple(key for key in operation.replies if key.startswith("2"))
    return keys or (("default",) if "default" in operation.replies else ())

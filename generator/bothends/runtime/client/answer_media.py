"""Which documented media type an answer is in, and the value of its bytes in that type."""

from __future__ import annotations

import functools
from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Any

from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.media import MediaCodec, MediaError, choose, reply_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.table import versions
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.operation import MISSING, Operation, documented

_LONGEST_CACHED = 200


def nearest_success(operation: Operation[Any], status: int) -> list[str]:
    """The documented successes that an undocumented one may be read by, the nearest first."""
    keys = [key for key in operation.replies if key.startswith("2")]
    return sorted(keys, key=lambda key: abs(int(key.upper().replace("X", "0")) - status))


def codec_of(operation: Operation[Any], status: int, content_type: str) -> MediaCodec | None:
    """The documented media type that an answer is in, if any."""
    key = documented(status, operation.replies)
    if key is None or not operation.replies[key].media:
        return None
    return chosen_media(operation, key, content_type)[1]


def chosen_media(
    operation: Operation[Any], key: str, text: str
) -> tuple[ContentType | None, MediaCodec | None]:
    """A Content-Type as it is parsed, and the media type of a documented reply that it means."""
    # Servers choose the text: long ones would fill the memory.
    find = _found if len(text) < _LONGEST_CACHED else _found.__wrapped__
    return find(operation, key, text)


@functools.lru_cache(maxsize=1024)
def _found(
    operation: Operation[Any], key: str, text: str
) -> tuple[ContentType | None, MediaCodec | None]:
    content_type = parse_content_type(text)
    return content_type, choose(reply_media(operation, key), content_type) if content_type else None


def answers_bytes(operation: Operation[Any]) -> bool:
    """Whether a success of an operation can be bytes."""
    return any(
        binary_codecs(operation, key)
        for key in operation.replies
        if key == "default" or key.startswith("2")
    )


def is_bytes(operation: Operation[Any], status: int, content_type: str) -> bool:
    """Whether an answer is given as bytes to a caller who wants bytes.

    It is, if it is a success, unless its media type is documented as something else.
    """
    if status // 100 != 2:
        return False

    codec = codec_of(operation, status, content_type)
    return codec is None or isinstance(codec, BinaryCodec)


def of_version(
    codecs: Sequence[MediaCodec],
    chosen: MediaCodec,
    content_type: ContentType,
    response: ReceivedResponse,
) -> MediaCodec:
    """The version that an answer is in which does not say it: the first whose schema it obeys."""
    for codec in versions(codecs, chosen, content_type):
        try:
            if codec.fault(read_value(codec, content_type, response)) is None:
                return codec
        except MediaError:
            continue
    return chosen


def read_value(
    codec: MediaCodec, content_type: ContentType | None, response: ReceivedResponse
) -> Any:
    """The value of a body, not yet judged. MediaError."""
    # A mark of the byte order is no JSON, and some servers write one all the same (RFC 8259 §8.1).
    mark = BOM_UTF8 if codec.is_text else b""
    content = response.content.removeprefix(mark)
    return codec.read(content, content_type or ContentType(codec.range, {}))


def read_loosely(
    codec: MediaCodec, content_type: ContentType | None, response: ReceivedResponse
) -> Any:
    """The value of a body that `read_value` refuses, as most readers would take it, or MISSING."""
    try:
        content = response.content.removeprefix(BOM_UTF8)
        return codec.read_loosely(content, content_type or ContentType(codec.range, {}))
    except MediaError:
        return MISSING


def binary_codecs(operation: Operation[Any], key: str) -> list[BinaryCodec]:
    """The documented media types of a reply whose values are bytes."""
    return [codec for codec in reply_media(operation, key) if isinstance(codec, BinaryCodec)]

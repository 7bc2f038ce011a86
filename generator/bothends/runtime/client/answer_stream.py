r"""Which documented stream an answer is read as, and the reader of its items.

documented: 200 application/x-ndjson Tide

200 application/x-ndjson {"id":1}\n{"id":2}   two tides, as they come
200 application/jsonl    {"id":1}\n           one tide, and a warning: JSON lines by another name
200 application/json     [{"id":1}]           one tide, and a warning: all items in one JSON value
201 application/x-ndjson {"id":1}\n           one tide, and a warning: the nearest success
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typing_extensions import override

from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.json.value import is_array
from bothends.runtime.media import MediaError, reply_media
from bothends.runtime.media.json_lines import lines_reader
from bothends.runtime.media.stream import ItemReader, StreamCodec
from bothends.runtime.media_type import ContentType, is_json, parse_content_type
from bothends.runtime.operation import Operation, documented

from .answer_media import chosen_media, nearest_success

_JSON_LINES = frozenset(
    f"application/{name}"
    for name in ("jsonl", "jsonlines", "ndjson", "x-jsonl", "x-jsonlines", "x-ndjson")
)


def stream_codec(
    operation: Operation[Any], status: int, content_type: str
) -> tuple[StreamCodec, bool] | None:
    """The stream that an answer is read as, and whether the contract documents it so.

    A caller of an operation that only streams iterates over what he gets, so he gets a stream
    wherever one can be made of the answer. None where it is something else.
    """
    key = documented(status, operation.replies)
    if status // 100 != 2 or key == "default":
        return None

    for near in nearest_success(operation, status) if key is None else [key]:
        parsed, codec = chosen_media(operation, near, content_type)
        if isinstance(codec, StreamCodec):
            return codec, key is not None
        if parsed is None or codec is not None:
            continue

        codecs = reply_media(operation, near)
        streams = [codec for codec in codecs if isinstance(codec, StreamCodec)]
        if streams and len(streams) == len(codecs) and _is_stream(parsed):
            return streams[0], False

    return None


def item_reader(codec: StreamCodec, content_type: str) -> ItemReader:
    """The reader of the items of an answer that is read as a documented stream."""
    parsed = parse_content_type(content_type)
    if parsed is None or parsed.essence == codec.range:
        return codec.reader(is_answer=True)
    if parsed.essence in _JSON_LINES:
        return lines_reader()
    return _WholeReader(codec) if is_json(parsed.essence) else codec.reader(is_answer=True)


def _is_stream(content_type: ContentType) -> bool:
    return content_type.essence in _JSON_LINES or is_json(content_type.essence)


class _WholeReader(ItemReader):
    """Reads one JSON value: an item, or a list of them."""

    def __init__(self, codec: StreamCodec) -> None:
        self._codec = codec
        self._pieces: list[bytes] = []

    @override
    def complete(self, chunk: bytes) -> Iterator[Any]:
        self._pieces.append(chunk)
        yield from ()

    @override
    def remaining(self) -> Iterator[Any]:
        content = b"".join(self._pieces)
        if not content.strip():
            return
        try:
            value = read_json(content)
        except JsonTextError as error:
            raise MediaError(str(error)) from None

        is_list = is_array(value) and self._codec.fault(value) is not None
        yield from value if is_list else [value]

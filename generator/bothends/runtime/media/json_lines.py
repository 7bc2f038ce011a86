"""JSON lines: one JSON value to a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.text import JsonTextError, read_json, write_json

from .error import MediaError
from .stream import ItemReader, ItemsCodec, Lines, StreamCodec

_LINE_FEED = re.compile(rb"\n")


class JsonLinesCodec(StreamCodec):
    """One JSON value to a line.

    In application/json-seq each is also begun by a record separator (RFC 7464).
    """

    @override
    def reader(self, *, is_answer: bool = False) -> ItemReader:
        return LineReader(self._mark)

    @override
    def write_item(self, value: Any) -> bytes:
        return self._mark + write_json(value) + b"\n"

    @property
    def _mark(self) -> bytes:
        return b"\x1e" if self.range.endswith("json-seq") else b""


def lines_reader() -> ItemReader:
    """A reader of JSON lines that no record separator begins."""
    return LineReader(b"")


class JsonLinesListCodec(ItemsCodec):
    """JSON values, one to a line, as one list."""

    stream: ClassVar[type[StreamCodec]] = JsonLinesCodec


class LineReader(ItemReader):
    """Reads values that are each on a line, begun by `mark`."""

    def __init__(self, mark: bytes) -> None:
        self._mark, self._lines = mark, Lines(_LINE_FEED)

    @override
    def complete(self, chunk: bytes) -> Iterator[Any]:
        yield from (self._item(line) for line in self._lines.feed(chunk) if line.strip())

    @override
    def remaining(self) -> Iterator[Any]:
        remainder = self._lines.end()
        if remainder.strip():
            yield self._item(remainder)

    def _item(self, line: bytes) -> Any:
        if not line.startswith(self._mark):
            raise MediaError("an item does not begin with a record separator")
        try:
            return read_json(line[len(self._mark) :])
        except JsonTextError as error:
            raise MediaError(f"an item is {error}") from None

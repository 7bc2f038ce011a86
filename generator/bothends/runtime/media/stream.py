"""Streams of items, read as they come and written one by one: see `json_lines` and `events`.

Where the schema is that of an array, an item is one of the array's; else the schema is that of an
item.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.budget import excess_lines
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MediaType
from bothends.runtime.schema.contract import Contract

from .codec import MediaCodec
from .error import MediaError


class ItemReader(ABC):
    """Takes the bytes of a stream as they come, and gives the items that are complete."""

    _fault: MediaError | None = None

    def feed(self, chunk: bytes) -> list[Any]:
        """The items that end in this chunk.

        Raises:
            MediaError: For an item that cannot be read, after those before it were given.
        """
        if self._fault is not None:
            raise self._fault

        # However the network cuts a stream, what came before a fault arrives.
        items: list[Any] = []
        try:
            items.extend(self.complete(chunk))
        except MediaError as error:
            if not items:
                raise
            self._fault = error
        return items

    @abstractmethod
    def complete(self, chunk: bytes) -> Iterator[Any]:
        """Yield the items that end in this chunk. MediaError."""

    def end(self) -> list[Any]:
        """The items that the end of the stream completes. MediaError."""
        if self._fault is not None:
            raise self._fault
        return list(self.remaining())

    def remaining(self) -> Iterator[Any]:
        """Yield the items that the end of the stream completes. MediaError."""
        yield from ()


class StreamCodec(MediaCodec):
    """A stream of items; everything but `read` and `write` speaks of one of them."""

    is_text: ClassVar[bool] = True
    is_stream: ClassVar[bool] = True
    may_be_blank: ClassVar[bool] = True

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self.schema = item_schema(contract, self.schema)
        self.is_judged = contract.find(self.schema) is not None

    def reader(self, *, is_answer: bool = False) -> ItemReader:
        """A reader for one stream; of an answer, it takes the sign of its end as well."""
        raise NotImplementedError

    def write_item(self, value: Any) -> bytes:
        """The bytes of one item.

        Raises:
            MediaError: For one that would not arrive unchanged.
        """
        raise NotImplementedError

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        reader = self.reader()
        return [*reader.feed(content), *reader.end()]

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, b"".join(map(self.write_item, value))

    @override
    def takes(self, value: Any) -> bool:
        return is_array(value) or is_items(value)


def item_schema(contract: Contract, pointer: str) -> str:
    """Where the schema of one item stands."""
    target, seen = pointer, set[str]()
    while is_object(schema := contract.find(target)) and "$ref" in schema and target not in seen:
        seen.add(target)
        target = str(schema["$ref"]).removeprefix("#")

    is_list = is_object(schema) and schema.get("type") == "array" and "items" in schema
    return f"{target}/items" if is_list else pointer


def is_items(value: object) -> bool:
    """Whether a value is an iterator, async or not, and no value of its own."""
    return hasattr(value, "__aiter__") or hasattr(value, "__next__")


class ItemsCodec(MediaCodec):
    """A stream that is read and written as one list: the body of a request, or of an error."""

    is_text: ClassVar[bool] = True
    may_be_blank: ClassVar[bool] = True
    stream: ClassVar[type[StreamCodec]]

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._stream = self.stream(contract, codec, pointer, media)

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        if (reason := excess_lines(content)) is not None:
            raise MediaError(reason)
        return self._stream.read(content, content_type)

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        if not is_array(value):
            raise MediaError("must be a list of items")
        return self._stream.write(value, content_type)

    @override
    def takes(self, value: Any) -> bool:
        return is_array(value)


class Lines:
    """Cuts a stream into lines. What has no end yet is kept in pieces, and searched once."""

    def __init__(self, line_end: re.Pattern[bytes]) -> None:
        self._line_end = line_end
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that end in this chunk."""
        first, *others = self._line_end.split(chunk)
        self._pieces.append(first)
        if not others:
            return []

        lines = [b"".join(self._pieces), *others[:-1]]
        self._pieces = [others[-1]]
        return lines

    def end(self) -> bytes:
        """The last line, which nothing ended."""
        remainder, self._pieces = b"".join(self._pieces), []
        return remainder

"""Streams of items: JSON lines and server-sent events, read as they come and written one by one.

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
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MediaType
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .codec import MediaCodec
from .error import MediaError

_EVENT_FIELDS = {"data", "event", "id", "retry"}
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LINE_FEED = re.compile(rb"\n")


_DONE = "[DONE]"
"""By which many servers end their streams of JSON, and which no contract says: it is no item."""

MAX_EVENT_LINES = 100_000
"""Lines that one event may have."""

_MOST_RETRY_DIGITS = 15


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


class JsonLinesCodec(StreamCodec):
    """One JSON value to a line.

    In application/json-seq each is also begun by a record separator (RFC 7464).
    """

    @override
    def reader(self, *, is_answer: bool = False) -> ItemReader:
        return _LineReader(self._mark)

    @override
    def write_item(self, value: Any) -> bytes:
        return self._mark + write_json(value) + b"\n"

    @property
    def _mark(self) -> bytes:
        return b"\x1e" if self.range.endswith("json-seq") else b""


def lines_reader() -> ItemReader:
    """A reader of JSON lines that no record separator begins."""
    return _LineReader(b"")


class JsonLinesListCodec(ItemsCodec):
    """JSON values, one to a line, as one list."""

    stream: ClassVar[type[StreamCodec]] = JsonLinesCodec


class _Lines:
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


class _LineReader(ItemReader):
    def __init__(self, mark: bytes) -> None:
        self._mark, self._lines = mark, _Lines(_LINE_FEED)

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


class EventsCodec(StreamCodec):
    """Server-sent events (the WHATWG's HTML standard, §9.2).

    A schema of objects whose properties are `data` and other fields of an event describes the
    event. Any other describes what is in `data`: text where it is text, else JSON.
    """

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        view = SchemaView(contract, (self.schema,) if self.is_judged else ())
        names = set(view.property_names())
        self._is_event = "data" in names and names <= _EVENT_FIELDS
        data = view.property("data") if self._is_event else view
        self._is_plain = data.types <= {"string", "null"} and bool(data.types)

    @override
    def reader(self, *, is_answer: bool = False) -> ItemReader:
        return _EventReader(is_event=self._is_event, is_plain=self._is_plain, may_be_done=is_answer)

    @override
    def write_item(self, value: Any) -> bytes:
        event: dict[str, Any] = value if self._is_event and is_object(value) else {"data": value}
        if "data" not in event:
            raise MediaError("an event without data does not arrive", unsendable=True)

        lines: list[str] = []
        for name, item in event.items():
            text = self._text(name, item)
            # HTML §9.2.5: a carriage return ends the line in any field, so none can hold one.
            if "\r" in text or (name != "data" and ("\n" in text or "\0" in text)):
                raise MediaError(
                    f"{name} holds characters that an event cannot carry", unsendable=True
                )
            lines += [f"{name}: {line}" for line in text.split("\n")]

        return ("\n".join(lines) + "\n\n").encode()

    def _text(self, name: str, item: Any) -> str:
        if name not in _EVENT_FIELDS:
            raise MediaError("has a field that an event does not have", unsendable=True)
        if name == "data":
            return item if self._is_plain and isinstance(item, str) else write_json(item).decode()

        if name == "retry":
            if isinstance(item, bool) or not isinstance(item, int) or item < 0:
                raise MediaError("retry must be an integer from 0")
            return str(item)

        if not isinstance(item, str):
            raise MediaError(f"{name} must be text")

        return item


class EventsListCodec(ItemsCodec):
    """Server-sent events as one list."""

    stream: ClassVar[type[StreamCodec]] = EventsCodec


class _EventReader(ItemReader):
    def __init__(self, *, is_event: bool, is_plain: bool, may_be_done: bool = False) -> None:
        self._is_event, self._is_plain, self._may_be_done = is_event, is_plain, may_be_done
        self._is_after_return = False
        self._lines = _Lines(_LINE_END)
        self._first: bytes | None = b""
        """What may be the beginning of a byte order mark; None after it."""
        self._fields: dict[str, Any] = {}
        self._data: list[str] = []
        self._after_done: MediaError | None = None

    @override
    def complete(self, chunk: bytes) -> Iterator[Any]:
        if not chunk:
            return

        # A carriage return ended a line; a line feed after it ends no other.
        if self._is_after_return:
            chunk = chunk.removeprefix(b"\n")
        if self._first is not None:
            self._first += chunk
            if _BOM.startswith(self._first):
                return
            chunk, self._first = self._first.removeprefix(_BOM), None

        self._is_after_return = chunk.endswith(b"\r")
        for line in self._lines.feed(chunk):
            yield from self._line(line)

    # An event that no empty line ends is dropped, as the standard says: there is nothing to do at
    # the end.

    def _line(self, line: bytes) -> list[Any]:
        if not line:
            return self._dispatch()

        try:
            name, _, text = line.decode("utf-8").partition(":")
        except UnicodeDecodeError:
            raise MediaError("not valid UTF-8") from None

        # HTML §9.2.6: one space after the colon is not part of the value; a second one is.
        text = text.removeprefix(" ")
        if name == "data":
            self._data.append(text)
            if len(self._data) > MAX_EVENT_LINES:
                raise MediaError(f"an event has more than {MAX_EVENT_LINES:,} lines")
        # HTML §9.2.6: an id with a NUL, or a retry that is not all digits, is ignored and no error.
        elif name == "event" or (name == "id" and "\0" not in text):
            self._fields[name] = text
        elif name == "retry" and text.isascii() and text.isdigit():
            if len(text) > _MOST_RETRY_DIGITS:
                raise MediaError("the retry of an event has too many digits")
            self._fields[name] = int(text)

        return []

    def _dispatch(self) -> list[Any]:
        fields, self._fields = self._fields, {}
        data, self._data = self._data, []
        # HTML §9.2.6: an event without data is not dispatched.
        if not data:
            return []

        if self._after_done is not None:
            raise self._after_done

        fields["data"] = "\n".join(data)
        if not self._is_plain:
            try:
                fields["data"] = read_json(fields["data"].encode())
            except JsonTextError as error:
                fault = MediaError(f"the data of an event is {error}")
                if not self._may_be_done or fields["data"] != _DONE:
                    raise fault from None
                # Only the last event is this sign: with another after it, it is a fault.
                self._after_done = fault
                return []

        return [fields if self._is_event else fields["data"]]

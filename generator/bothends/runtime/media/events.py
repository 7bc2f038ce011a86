"""Server-sent events (the WHATWG's HTML standard, §9.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_object
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MediaType
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .error import MediaError
from .stream import ItemReader, ItemsCodec, Lines, StreamCodec

_EVENT_FIELDS = {"data", "event", "id", "retry"}
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")

_DONE = "[DONE]"
"""By which many servers end their streams of JSON, and which no contract says: it is no item."""

MAX_EVENT_LINES = 100_000
"""Lines that one event may have."""

_MOST_RETRY_DIGITS = 15


class EventsCodec(StreamCodec):
    """Server-sent events.

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
        return EventReader(is_event=self._is_event, is_plain=self._is_plain, may_be_done=is_answer)

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


class EventReader(ItemReader):
    """Reads events, or what is in the `data` of each."""

    def __init__(self, *, is_event: bool, is_plain: bool, may_be_done: bool = False) -> None:
        self._is_event, self._is_plain, self._may_be_done = is_event, is_plain, may_be_done
        self._is_after_return = False
        self._lines = Lines(_LINE_END)
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

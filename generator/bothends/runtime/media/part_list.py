"""A list in parts, one for each item, judged as a whole (OpenAPI 3.2 §4.14.3.2).

Example: with `prefixItems: [{type: object}, {}]` and `prefixEncoding: [{}, {contentType: …png}]`
the list `[{"to": "Ada"}, File(b"…", media_type="image/png")]` is written as two parts without
names, one of `application/json` and one of `image/png`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, TypeVar

from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import MediaType, MultipartList
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.explain import Fault
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.file import File
from bothends.runtime.transfer.source import Source

from .binary import size_fault
from .codec import MediaCodec
from .error import MediaError
from .part import PartCodec
from .part_value import emptied, encoded_part, judged, same_parts, sources
from .parts import Part, join_parts, read_parts, write_parts

T = TypeVar("T")


class PartListCodec(MediaCodec):
    """A list in parts."""

    concrete: ClassVar[str] = "multipart/mixed"

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._files = media.files if isinstance(media, MultipartList) else ()
        self._view = SchemaView(contract, (self.schema,))
        prefixes = [schema.get("prefixItems", ()) for schema in self._view.schemas()]
        self._encoded_prefix = len(contract.find_array(f"{pointer}/prefixEncoding"))
        # From here on the items are all alike.
        self._first_alike = max(self._encoded_prefix, *map(len, prefixes), 0)
        self._part_codec = cache(self._make_part_codec)

    def part_codec(self, index: int) -> PartCodec:
        """The codec of the part at a position."""
        return self._part_codec(min(index, self._first_alike))

    def encoding_at(self, index: int) -> str:
        """The place of the Encoding Object of a position; there may be none."""
        if index < self._encoded_prefix:
            return self.pointer + join("prefixEncoding", index)
        return self.pointer + join("itemEncoding")

    def is_file(self, index: int) -> bool:
        """Whether the item at a position is a `File`."""
        return (str(index) if index < self._first_alike else "*") in self._files

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        boundary = content_type.parameters.get("boundary", "")
        # RFC 2046 §5.1.1: without a boundary the parts cannot be found.
        if not boundary:
            raise MediaError("Content-Type must have a boundary", is_type=True)

        found: list[Any] = []
        for index, part in enumerate(read_parts(content, boundary, are_named=False)):
            codec = self.part_codec(index)
            filename = None if codec.names_disposition else part.filename
            found.append(_at(index, codec.read, [replace(part, filename=filename)]))
        return found

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes | Source]:
        if not is_array(value):
            raise MediaError("must be a list")

        parts: list[Part] = []
        for index, item in enumerate(value):
            parts += _at(index, self.part_codec(index).write, item)

        # Written and read back even if files follow later: a name may have no form in a header.
        boundary, content = write_parts(parts)
        if not self._arrives(content, boundary, emptied(value)):
            rule = "cannot be written in parts so that it arrives unchanged"
            raise MediaError(rule, unsendable=True)

        if any(part.source is not None for part in parts):
            boundary, joined = join_parts(parts)
            return f"{content_type}; boundary={boundary}", joined

        return f"{content_type}; boundary={boundary}", content

    def _arrives(self, content: bytes, boundary: str, value: Any) -> bool:
        try:
            read = self.read(content, ContentType(self.range, {"boundary": boundary}))
        except MediaError:
            return False
        return same_parts(read, value)

    @override
    def fault(self, value: Any) -> Fault | None:
        for pointer, source in sources("", value):
            # The bytes are not read yet: only their number can be judged before they are sent.
            if (fault := size_fault(source, pointer)) is not None:
                return fault
        return super().fault(judged(value))

    @override
    def format_fault(self, value: Any) -> Fault | None:
        return super().format_fault(judged(value))

    @override
    def encode(self, value: Any) -> Any:
        if not is_array(value):
            return encode(value)
        return [self._encoded(index, item) for index, item in enumerate(value)]

    def _encoded(self, index: int, item: Any) -> Any:
        codec = self.part_codec(index)
        found = encoded_part(f"item {index}", item, codec.sizes)
        if isinstance(found, File) and codec.constants:
            return replace(found, headers={**codec.constants, **found.headers})
        return found

    @override
    def from_example(self, value: Any) -> Any:
        if not is_array(value):
            return value
        return [self.part_codec(index).from_example(item) for index, item in enumerate(value)]

    @override
    def takes(self, value: Any) -> bool:
        return is_array(value)

    @override
    def reads(self, essence: str) -> bool:
        return essence.startswith("multipart/") and "*" not in essence

    def _make_part_codec(self, index: int) -> PartCodec:
        return PartCodec(
            self.contract,
            self.encoding_at(index),
            "",
            self._view.item(index),
            is_file=self.is_file(index),
            is_item=True,
        )


def _at(index: int, function: Callable[[Any], T], argument: Any) -> T:
    """What a codec of many items makes of one. MediaError says which."""
    try:
        return function(argument)
    except MediaError as error:
        raise MediaError(
            error.rule, f"item {index}", is_type=error.is_type, unsendable=error.unsendable
        ) from None

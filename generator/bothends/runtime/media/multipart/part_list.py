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
from bothends.runtime.media.error import MediaError
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import MediaType, MultipartList
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.file import File
from bothends.runtime.transfer.source import Source

from .part import PartCodec
from .part_value import encoded_part
from .parts import Part, read_parts
from .parts_codec import PartsCodec

T = TypeVar("T")


class PartListCodec(PartsCodec):
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
        found: list[Any] = []
        for index, part in enumerate(
            read_parts(content, self.boundary_of(content_type), are_named=False)
        ):
            codec = self.part_codec(index)
            filename = None if codec.describes_disposition else part.filename
            found.append(_at(index, codec.read, [replace(part, filename=filename)]))
        return found

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes | Source]:
        if not is_array(value):
            raise MediaError("must be a list")

        parts: list[Part] = []
        for index, item in enumerate(value):
            parts += _at(index, self.part_codec(index).write, item)

        return self.joined(value, parts, content_type)

    @override
    def encode(self, value: Any) -> Any:
        if not is_array(value):
            return encode(value)
        return [self._encoded(index, item) for index, item in enumerate(value)]

    def _encoded(self, index: int, item: Any) -> Any:
        codec = self.part_codec(index)
        found = encoded_part(f"item {index}", item, codec.sizes)
        if isinstance(found, File) and codec.constant_headers:
            return replace(found, headers={**codec.constant_headers, **found.headers})
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

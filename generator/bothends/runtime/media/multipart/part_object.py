"""multipart/form-data: an object in parts, judged as a whole (OpenAPI 3.1 §4.8.14.5, §4.8.15).

One part for each property, or for each item of an array: a file, JSON for objects, text for
scalars. A part without a media type has the one that the contract says.

Example: `{"name": "x", "tags": ["a", "b"], "berth": {"no": 5}}` is written as four parts: `name`
and twice `tags` of text, and `berth` of `application/json` with the content `{"no":5}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel
from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media.error import MediaError
from bothends.runtime.media.readings import MOST_READINGS, choose_reading
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.encoding import encode
from bothends.runtime.models.model_fields import ModelFields
from bothends.runtime.operation import MediaType, Multipart
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.source import Source

from .bracketed_parts import in_order, owner, read_nested, with_indices, write_nested
from .part import PartCodec
from .part_value import as_judged, each_part, encoded_part
from .parts import Part, read_parts
from .parts_codec import PartsCodec


class MultipartCodec(PartsCodec):
    """An object in parts."""

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._view = SchemaView(contract, (self.schema,))
        self._files = media.files if isinstance(media, Multipart) else ()
        self._has_alternatives = bool(self._view.alternatives())
        self._codecs = {name: self._codec(name) for name in self._view.property_names()}

    @property
    def text_types(self) -> dict[str, str]:
        """The media types of the declared properties that are written in XML or YAML."""
        found = {name: codec.text for name, codec in self._codecs.items()}
        return {name: text.content_type for name, text in found.items() if text is not None}

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        grouped: dict[str, list[Part]] = {}
        owners: dict[str, str] = {}
        for part in read_parts(content, self.boundary_of(content_type)):
            if part.name not in owners:
                owners[part.name] = owner(self._view, part.name)
            grouped.setdefault(owners[part.name], []).append(part)

        readings: dict[str, list[Any]] = {}
        for name, parts in grouped.items():
            # Only alternatives of the whole can tell more than the likeliest reading.
            most = MOST_READINGS if self._has_alternatives else 1
            readings[name] = list(islice(self._readings(name, parts), most))
        return choose_reading(readings, self._accepts)

    def _readings(self, name: str, parts: list[Part]) -> Iterator[Any]:
        """The values that the parts of one property may mean, likeliest first. MediaError."""
        as_text = self._has_alternatives
        if all(part.name == name for part in parts):
            return self._part_codec(name).readings(parts, as_text=as_text)

        ordered = in_order(name, parts) if "array" in self._view.property(name).types else None
        if ordered is not None:
            return self._part_codec(name).readings(ordered, as_text=as_text)
        return iter([read_nested(self._view.property(name), name, parts)])

    def _accepts(self, value: dict[str, Any]) -> bool:
        return self.contract.accepts(self.schema, each_part(as_judged, value))

    def _write(self, name: str, value: Any) -> list[Part]:
        """The parts of one property: in brackets where `encoding` says deepObject."""
        encoding = self.contract.find_object(self.pointer + join("encoding", name))
        if encoding.get("style") != "deepObject":
            return self._part_codec(name).write(value)
        if name in self._files:
            return with_indices(name, value, self._part_codec(name).write(value))
        return write_nested(name, value)

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes | Source]:
        if not is_object(value):
            raise MediaError("must be an object")

        parts = [part for name, item in value.items() for part in self._write(name, item)]
        return self.joined(value, parts, content_type)

    @override
    def encode(self, value: Any) -> Any:
        if isinstance(value, BaseModel):
            value = dict(ModelFields.items(value))
        if not is_object(value):
            return encode(value)

        found: dict[str, Any] = {}
        for name, item in value.items():
            # No part is null: a file that is null is left out, as in a parameter (RFC 6570 §2.3).
            if item is not None or name not in self._files:
                found[name] = self._encoded(name, item)
        return found

    @override
    def from_example(self, value: Any) -> Any:
        if not is_object(value):
            return value
        return {name: self._part_codec(name).from_example(item) for name, item in value.items()}

    def _encoded(self, name: str, value: Any) -> Any:
        if is_array(value):
            return [self._encoded(name, item) for item in value]
        return encoded_part(name, value, self._part_codec(name).sizes)

    def _part_codec(self, name: str) -> PartCodec:
        return self._codecs.get(name) or self._codec(name)

    def _codec(self, name: str) -> PartCodec:
        is_declared = name in self._view.property_names()
        return PartCodec(
            self.contract,
            self.pointer + join("encoding", name),
            name,
            self._view.property(name),
            is_declared=is_declared,
            is_file=name in self._files,
        )

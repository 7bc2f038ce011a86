"""Draw values for one media type: what the schema judges, and what people write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from bothends.prove.oracle.plain import is_plain_object
from bothends.prove.values.files import with_files
from bothends.prove.values.json_values import HEADER_TEXT, Values, json_values
from bothends.prove.values.origin import Conversion, Origin, of_media
from bothends.prove.values.sendable import can_be_written
from bothends.runtime.media import MediaCodec
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.operation import Binary, Form, Multipart, MultipartList

_ITEMS = 4
_TEXT = st.text(st.characters(codec="utf-8"))


@dataclass(frozen=True, slots=True)
class Content:
    """A value in a concrete media type: as people write it, and what it was made from."""

    media_type: str
    value: Any
    is_stream: bool = False
    origins: tuple[Origin, ...] = ()


def contents(codec: MediaCodec) -> st.SearchStrategy[Content]:
    """Values in this media type."""
    if isinstance(codec, StreamCodec):
        items = json_values(codec.contract.strict, codec.schema)
        sendable = items.filter(lambda item: can_be_written(codec.write_item, item))
        listed = st.lists(sendable, max_size=_ITEMS) | st.lists(items, max_size=_ITEMS)
        conversion = of_media(codec).item_by_item()
        return listed.map(
            lambda drawn: _content(codec.media_type, drawn, conversion, is_stream=True)
        )

    def make(media_type: str, drawn: Any) -> Content:
        is_form = isinstance(codec.media, Form | Multipart)
        is_plain = is_form and is_plain_object(codec.contract, codec.pointer, drawn)
        return _content(media_type, drawn, of_media(codec), is_plain=is_plain)

    return st.builds(make, _media_types(codec), _written(codec))


def _content(
    media_type: str,
    drawn: Any,
    conversion: Conversion,
    *,
    is_stream: bool = False,
    is_plain: bool = False,
) -> Content:
    origin = replace(Origin.draw("the body", drawn, conversion), is_plain=is_plain)
    return Content(media_type, origin.value, is_stream, (origin,))


def _media_types(codec: MediaCodec) -> st.SearchStrategy[str]:
    """The media type itself, or one in the range that it is."""
    if "*" not in codec.range:
        return st.just(codec.media_type)
    kind = codec.range.partition("/")[0]
    result = [
        f"{'application' if kind == '*' else kind}/{name}"
        for name in ("x-made", "vnd.made+json", "json", "plain")
    ]
    return st.sampled_from(
        [entry for entry in result if codec.reads(entry)] or [codec.range.replace("*", "x-made")]
    )


def _written(codec: MediaCodec) -> Values:
    """What the schema judges: JSON, files, bytes."""
    if isinstance(codec.media, Binary):
        return _octets(codec)

    if isinstance(codec.media, Multipart | MultipartList):
        drawn = json_values(codec.contract.strict, codec.schema).flatmap(
            lambda value: with_files(codec, value)
        )
        return drawn.filter(lambda value: codec.fault(value) is None)

    if (
        codec.media.type is str
    ):  # so it is to people, also where the contract says nothing of the text
        return json_values(codec.contract.strict, codec.schema).filter(
            lambda value: isinstance(value, str)
        ) | _TEXT.filter(lambda text: codec.fault(text) is None)

    values = json_values(codec.contract.strict, codec.schema)
    if isinstance(codec.media, Form) and codec.fault({"any name": "any text"}) is None:
        # A schema that allows anything allows little that a form can hold: fields with text.
        # Four draws of five are one. As one more alternative it would be one of many.
        fields = st.dictionaries(_TEXT, _TEXT, min_size=1, max_size=_ITEMS)
        fields = fields.filter(lambda value: codec.fault(value) is None)
        return st.sampled_from(range(5)).flatmap(lambda number: fields if number else values)
    return values


def _octets(codec: MediaCodec) -> Values:
    """Bytes; a schema speaks of them as of a text with a character for each."""
    texts = json_values(codec.contract.strict, codec.schema).filter(
        lambda value: isinstance(value, str) and all(ord(character) < 256 for character in value)
    )
    judged = texts.map(lambda text: text.encode("latin-1"))
    return (st.binary() | judged).filter(lambda content: codec.fault(content) is None)


def header_values(contract: Any, pointer: str) -> Values:
    """Values that a header can carry, mostly; now and then one that it may not."""
    return json_values(contract, pointer, HEADER_TEXT)

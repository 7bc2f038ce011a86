"""Bodies of the fuzzer in parts that it does not write itself: lists, and forms with XML or YAML.

They are written as our client does. A list that has no such form, because the fuzzer means it to be
wrong or has no header for a part, is written part by part all the same: the oracle judges what is
sent, not what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemathesis.transport import requests as requests_transport

from bothends.prove.fuzz.labels import label_of
from bothends.runtime.json.text import write_json
from bothends.runtime.json.value import is_array
from bothends.runtime.media import MediaCodec, MediaError, body_media
from bothends.runtime.media.multipart.part_list import PartListCodec
from bothends.runtime.media.multipart.part_object import MultipartCodec
from bothends.runtime.media.multipart.parts import Part, write_parts
from bothends.runtime.media_type import essence_of
from bothends.runtime.operation import Operation

# As an untyped module, because many of its generics are without arguments.
_transport: Any = requests_transport
# What the fuzzer writes itself.
_WRITTEN = ("multipart/form-data", "multipart/mixed")


def register_parts(operations: Iterable[Operation[Any]]) -> None:
    """Register the writer of the lists in parts of these operations, and of forms with texts."""
    codecs: dict[tuple[str, str], MediaCodec] = {}
    for operation in operations:
        for codec in body_media(operation):
            has_texts = isinstance(codec, MultipartCodec) and codec.text_types
            if has_texts or isinstance(codec, PartListCodec):
                codecs[label_of(operation), codec.media_type] = codec

    def write(context: Any, value: Any) -> Any:
        codec = codecs.get((context.case.operation.label, context.case.media_type))
        written = _written(codec, value) if codec is not None else None
        if written is None:
            return _transport.multipart_serializer(context, value)
        return {"data": written[1], "headers": {"Content-Type": written[0]}}

    # Also where there is none: the writer of another package, in one process, knows these paths.
    media_types = sorted({*_WRITTEN, *(essence_of(media_type) for _, media_type in codecs)})
    _transport.REQUESTS_TRANSPORT.serializer(*media_types)(write)


def _written(codec: MediaCodec, value: Any) -> tuple[str, bytes] | None:
    """The Content-Type and bytes of a value; None where the fuzzer itself can write it."""
    content_type = codec.choose(None)
    try:
        found_type, content = codec.write(codec.encode(codec.from_example(value)), content_type)
        if isinstance(content, bytes):
            return found_type, content
    # The fuzzer draws values of any type, also those that no caller of ours could pass.
    except (MediaError, ValueError, TypeError, AttributeError):
        pass

    if not isinstance(codec, PartListCodec) or not is_array(value):
        return None

    boundary, content = write_parts(_part(codec, index, item) for index, item in enumerate(value))
    return f"{content_type}; boundary={boundary}", content


def _part(codec: PartListCodec, index: int, item: Any) -> Part:
    """An item as text where it is one, else as JSON, with the headers that are the same for all."""
    content = item.encode("utf-8", "replace") if isinstance(item, str) else write_json(item)
    declared = codec.contract.find_object(codec.encoding_at(index)).get("contentType", "")
    first = str(declared).partition(",")[0].strip().replace("*", "x-made")
    kind = first or ("text/plain" if isinstance(item, str | int | float) else "application/json")
    headers = {"Content-Type": kind, **codec.part_codec(index).constant_headers}
    return Part("", content, None, headers, is_named=False)

"""XML bodies of the fuzzer: written by our mapping where they have a form, else by its own.

The fuzzer names a root `data` where a reference to the component is gone, and has no `xsi:nil`, so
that it would call texts valid that are none. The oracle judges both by a reader of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import schemathesis
from schemathesis.transport import serialization

from bothends.prove.fuzz.labels import label_of
from bothends.runtime.media import MediaError, body_media
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.operation import Operation

# As untyped modules, because many of their generics are without arguments.
_api: Any = schemathesis
_serialization: Any = serialization


def register_xml(operations: Iterable[Operation[Any]]) -> None:
    """Register the writer of the XML bodies of these operations."""
    codecs: dict[tuple[str, str], XmlCodec] = {}
    for operation in operations:
        for codec in body_media(operation):
            if isinstance(codec, XmlCodec):
                codecs[label_of(operation), codec.media_type] = codec

    def write(context: Any, value: Any) -> Any:
        case = context.case
        codec = codecs.get((case.operation.label, case.media_type))
        try:
            if codec is not None:
                return codec.write(value, codec.media_type)[1]
        except (MediaError, ValueError, TypeError):
            pass
        return _serialization.serialize_xml(case, value)["data"]

    media_types = sorted({media_type for _, media_type in codecs})
    if media_types:
        _api.serializer(*media_types)(write)

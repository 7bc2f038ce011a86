"""The table of media types: which codec stands behind which record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.models.codec import codec_for
from bothends.runtime.operation import (
    Api,
    Binary,
    Events,
    Form,
    Json,
    JsonLines,
    MediaType,
    Multipart,
    MultipartList,
    Operation,
    Text,
    Xml,
    Yaml,
)
from bothends.runtime.schema.contract import Contract, load_contract

from .binary import BinaryCodec
from .codec import MediaCodec, in_range
from .events import EventsCodec, EventsListCodec
from .form import FormCodec
from .json import JsonCodec
from .json_lines import JsonLinesCodec, JsonLinesListCodec
from .multipart.part_list import PartListCodec
from .multipart.part_object import MultipartCodec
from .text import TextCodec
from .xml.codec import XmlCodec
from .yaml import YamlCodec

_CODECS: Mapping[type[MediaType], type[MediaCodec]] = {
    Json: JsonCodec,
    Yaml: YamlCodec,
    Xml: XmlCodec,
    Text: TextCodec,
    Binary: BinaryCodec,
    Form: FormCodec,
    Multipart: MultipartCodec,
    MultipartList: PartListCodec,
    JsonLines: JsonLinesCodec,
    Events: EventsCodec,
}

# Only a success is a stream: a caller has all of a request at hand, and an error is raised with its
# whole body.
_LISTS: Mapping[type[MediaType], type[MediaCodec]] = {
    JsonLines: JsonLinesListCodec,
    Events: EventsListCodec,
}


@cache
def body_media(operation: Operation[Any]) -> tuple[MediaCodec, ...]:
    """The media types of an operation's body, in the order of the contract."""
    media = operation.body.media if operation.body is not None else ()
    codecs = {**_CODECS, **_LISTS}
    contract = load_contract(operation.api)
    return _make(contract, operation.api, f"{operation.pointer}/requestBody", media, codecs)


@cache
def reply_media(operation: Operation[Any], key: str) -> tuple[MediaCodec, ...]:
    """The media types of the reply that is documented under `key`, in the order of the contract."""
    pointer = operation.pointer + join("responses", key)
    codecs = _CODECS if key.startswith("2") else {**_CODECS, **_LISTS}
    contract = load_contract(operation.api).answers
    return _make(contract, operation.api, pointer, operation.replies[key].media, codecs)


def choose(codecs: Sequence[MediaCodec], content_type: ContentType | str) -> MediaCodec | None:
    """Return the documented media type of a concrete one: by parameters, charset, name, then range.

    `application/vnd.x+json;version=2` is the one with that version where the contract has several;
    a version that it does not have, or none, is the one that is documented without parameters, else
    the first.
    """
    if isinstance(content_type, str):
        content_type = parse_content_type(content_type) or ContentType(content_type.lower(), {})

    essence, parameters = content_type.essence, content_type.parameters
    same = [codec for codec in codecs if codec.range == essence]
    fitting = [codec for codec in same if codec.parameters.items() <= parameters.items()]
    if same:

        def nearness(codec: MediaCodec) -> tuple[int, bool, bool]:
            names_charset = codec.names_charset == ("charset" in parameters)
            return len(codec.parameters), codec.is_in_charset(content_type), names_charset

        return max(fitting, key=nearness, default=same[0])

    ranges = [codec for codec in codecs if "*" in codec.range and in_range(essence, codec.range)]
    within = [codec for codec in ranges if codec.reads(essence)]
    return min(within, key=lambda codec: codec.range.count("*"), default=None)


def versions(
    codecs: Sequence[MediaCodec], chosen: MediaCodec, content_type: ContentType
) -> list[MediaCodec]:
    """Return the media types that content may be in which does not say its version.

    `application/json` is `application/json;version=1` or `application/json;version=2`; only the
    content shows which.
    """
    if chosen.parameters.items() <= content_type.parameters.items():
        return []
    return [codec for codec in codecs if codec.range == chosen.range]


def _make(
    contract: Contract,
    api: Api,
    pointer: str,
    media: tuple[MediaType, ...],
    codecs: Mapping[type[MediaType], type[MediaCodec]],
) -> tuple[MediaCodec, ...]:
    codec = codec_for(api)
    return tuple(
        codecs[type(item)](contract, codec, pointer + join("content", item.media_type), item)
        for item in media
    )

"""The table of media types: which codec stands behind which record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from bothends.runtime.json.pointer import join
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
    Operation,
    Text,
)
from bothends.runtime.schema.contract import load_contract

from .binary import BinaryCodec
from .codec import MediaCodec, in_range
from .form import FormCodec
from .json import JsonCodec
from .multipart import MultipartCodec
from .stream import EventsCodec, JsonLinesCodec
from .text import TextCodec

_CODECS: Mapping[type[MediaType], type[MediaCodec]] = {
    Json: JsonCodec,
    Text: TextCodec,
    Binary: BinaryCodec,
    Form: FormCodec,
    Multipart: MultipartCodec,
    JsonLines: JsonLinesCodec,
    Events: EventsCodec,
}


@cache
def body_media(operation: Operation[Any]) -> tuple[MediaCodec, ...]:
    """The media types of an operation's body, in the order of the contract."""
    media = operation.body.media if operation.body is not None else ()
    return _made(operation.api, f"{operation.pointer}/requestBody", media)


@cache
def reply_media(operation: Operation[Any], key: str) -> tuple[MediaCodec, ...]:
    """The media types of the reply that is documented under `key`, in the order of the contract."""
    return _made(
        operation.api, operation.pointer + join("responses", key), operation.replies[key].media
    )


def choose(codecs: Iterable[MediaCodec], essence: str) -> MediaCodec | None:
    """The documented media type that a concrete one is: exactly, then by `type/*`, then by `*/*`."""
    within: list[MediaCodec] = []
    for codec in codecs:
        if codec.range == essence:
            return codec
        if "*" in codec.range and in_range(essence, codec.range) and codec.reads(essence):
            within.append(codec)

    return min(within, key=lambda codec: codec.range.count("*"), default=None)


def _made(api: Api, pointer: str, media: tuple[MediaType, ...]) -> tuple[MediaCodec, ...]:
    contract, codec = load_contract(api), codec_for(api)
    return tuple(
        _CODECS[type(one)](contract, codec, pointer + join("content", one.media_type), one)
        for one in media
    )

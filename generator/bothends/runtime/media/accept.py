"""What a caller can read: the Accept header (RFC 9110 §12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bothends.runtime.media_type import is_json

from .codec import MediaCodec, in_range

_QUALITY = re.compile(r";[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*(?:;|$)")
_RANGE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")

Ranges = tuple[tuple[str, float], ...]


@lru_cache(maxsize=1024)
def parse_accept(text: str) -> Ranges:
    """The media ranges of an Accept header with their qualities. What is malformed is left out."""
    found: list[tuple[str, float]] = []
    for element in text.split(","):
        essence = element.partition(";")[0].strip(" \t").lower()
        # A malformed range loses its own wish only: Accept is never a reason to refuse a request.
        if _RANGE.fullmatch(essence):
            quality = _QUALITY.search(element)
            found.append((essence, float(quality[1]) if quality else 1.0))

    return tuple(found)


def preferred(codecs: Iterable[MediaCodec], ranges: Ranges) -> Sequence[MediaCodec]:
    """The media types that a caller can read, the best first.

    Of equal ones, the contract's order.
    """
    codecs = tuple(codecs)
    if not ranges:
        return codecs
    # A stable sort keeps the order of the contract among equal qualities.
    weighed = [(_quality(codec.range, ranges), codec) for codec in codecs]
    return [codec for quality, codec in sorted(weighed, key=lambda pair: -pair[0]) if quality > 0]


def _quality(media_type: str, ranges: Ranges) -> float:
    """Return the quality of the most specific range that holds a media type (RFC 9110 §12.5.1).

    A range of the contract, such as `image/*`, is in each range that has a type in common with it.
    """
    is_range = "*" in media_type
    fitting: list[tuple[int, float]] = []
    for item, quality in ranges:
        if in_range(media_type, item) or (is_range and in_range(item, media_type)):
            fitting.append((item.count("*"), quality))

    if not fitting and is_json(media_type):
        # An SDK that asks for a vendor type with the suffix `+json` reads JSON, and the other way
        # about (RFC 6839 §3.1): nine of eleven calls of one SDK got 406 without this.
        fitting = [(0, quality) for item, quality in ranges if is_json(item)]

    return min(fitting, key=lambda pair: pair[0])[1] if fitting else 0.0

"""What a caller can read: the Accept header (RFC 9110 §12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .codec import MediaCodec, in_range
from .json import is_json

_QUALITY = re.compile(r";[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*(?:;|$)")
_RANGE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")

Ranges = tuple[tuple[str, float], ...]


@lru_cache(maxsize=1024)
def parse_accept(text: str) -> Ranges:
    """The media ranges of an Accept header with their qualities. What is malformed is left out."""
    found: list[tuple[str, float]] = []
    for element in text.split(","):
        essence = element.partition(";")[0].strip(" \t").lower()
        if _RANGE.fullmatch(essence):
            quality = _QUALITY.search(element)
            found.append((essence, float(quality[1]) if quality else 1.0))

    return tuple(found)


def preferred(codecs: Iterable[MediaCodec], ranges: Ranges) -> Sequence[MediaCodec]:
    """The media types that a caller can read, the best first; of equal ones, the contract's order."""
    codecs = tuple(codecs)
    if not ranges:
        return codecs
    weighed = [(_quality(codec.range, ranges), codec) for codec in codecs]
    return [codec for quality, codec in sorted(weighed, key=lambda pair: -pair[0]) if quality > 0]


def _quality(of: str, ranges: Ranges) -> float:
    """The quality of the most specific range that a media type is in; a range of the contract's is in any that meets it."""
    fitting = [
        (item.count("*"), quality)
        for item, quality in ranges
        if in_range(of, item) or ("*" in of and in_range(item, of))
    ]
    if not fitting and is_json(of):
        # Whoever asks for `application/vnd.github+json` reads JSON, and the other way about (RFC 6839 §3.1).
        fitting = [(0, quality) for item, quality in ranges if is_json(item)]

    return min(fitting, key=lambda pair: pair[0])[1] if fitting else 0.0

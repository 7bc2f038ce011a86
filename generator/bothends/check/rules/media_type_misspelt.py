"""A media type that is written almost as a registered one is probably a slip.

Why: `aplication/json` is a media type like any other, of which nobody knows how to read it. Clients
and servers that mean JSON do not meet it.

Bad:

    content: {aplication/json: {schema: {type: object}}}

Better:

    content: {application/json: {schema: {type: object}}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.nearest import is_one_slip, nearest
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import split
from bothends.openapi.problem import Problem
from bothends.runtime.media_type import essence_of

SEVERITY = Severity.WARNING

# Those of RFC 6838, which are not many.
_TOP_LEVEL: Final = (
    *("application", "audio", "example", "font", "haptics", "image", "message", "model"),
    *("multipart", "text", "video"),
)
_KNOWN: Final = {
    "application": """
        atom+xml avro cbor geo+json graphql gzip hal+json javascript jose json json-patch+json
        json-seq jsonpath jwt ld+json merge-patch+json msword ndjson octet-stream pdf pgp-signature
        pkcs10 pkcs7-mime pkcs8 problem+json problem+xml protobuf rdf+xml rss+xml rtf scim+json
        soap+xml sql toml wasm x-7z-compressed x-bzip2 x-ndjson x-tar x-www-form-urlencoded
        xhtml+xml xml yaml zip zlib zstd
    """,
    "audio": "aac basic flac mp4 mpeg ogg opus webm",
    "font": "collection otf sfnt ttf woff woff2",
    "image": "apng avif bmp gif heic heif jpeg jxl png svg+xml tiff webp",
    "message": "http rfc822",
    "multipart": "alternative byteranges digest encrypted form-data mixed related signed",
    "text": """
        calendar css csv event-stream html javascript markdown plain rtf tab-separated-values turtle
        uri-list vcard vtt xml yaml
    """,
    "video": "mp4 mpeg ogg quicktime webm x-matroska x-msvideo",
}
_KNOWN_NAMES: Final = tuple(
    f"{type_}/{subtype}" for type_, subtypes in _KNOWN.items() for subtype in subtypes.split()
)
_BY_LETTERS: Final = {re.sub(r"[^a-z0-9]", "", name): name for name in _KNOWN_NAMES}
_SUFFIXES: Final = ("json", "xml", "yaml", "cbor", "gzip", "zip", "jwt", "json-seq")
# Unregistered or rare, and nobody's slip.
_ALSO_SEEN: Final = frozenset(
    {
        *(
            "aml",
            "bhttp",
            "bmpeg",
            "cose",
            "json5",
            "jsonl",
            "jsonc",
            "bson",
            "cwt",
            "dns",
            "mp21",
            "tap",
            "tzif",
            "dash",
            "sdp",
        ),
        *(
            "html5",
            "jpg",
            "jp2",
            "jpm",
            "jpx",
            "mp3",
            "mp2t",
            "mpa",
            "mpg",
            "mpeg4",
            "td+json",
            "wave",
            "x-gtar",
        ),
    }
)


def check(contract: Contract) -> Iterator[Problem]:
    """Media types that differ from a known one by a letter, or by capitals and signs."""
    for node in contract.nodes("media type"):
        steps = split(node.pointer)
        if steps[-2:-1] != ["content"]:
            continue

        name = steps[-1]
        essence = essence_of(name)
        if intended := _intended_type(essence):
            message = f"{name} is no registered media type."
            yield Problem(node.pointer, message, f"Did you mean {intended}?", key=True)


def _intended_type(essence: str) -> str:
    """The media type that was meant, or nothing where this one may well be meant."""
    type_, slash, subtype = essence.partition("/")
    if not slash or essence in _KNOWN_NAMES:
        return ""

    plain = re.sub(r"[^a-z0-9]", "", essence)
    if plain in _BY_LETTERS and "*" not in essence:
        return _BY_LETTERS[plain]
    if type_ not in _TOP_LEVEL:
        top_level = nearest(type_, _TOP_LEVEL, cutoff=0.75)
        return f"{top_level}/{_intended_subtype(top_level, subtype)}" if top_level else ""

    intended = _intended_subtype(type_, subtype)
    if intended == subtype:
        return ""
    # `text/jsno`: nothing of text is near, and something of application is.
    return intended if "/" in intended else f"{type_}/{intended}"


def _intended_subtype(type_: str, subtype: str) -> str:
    """The subtype that was meant, with its type where that is another one."""
    base, plus, suffix = subtype.rpartition("+")
    if plus and suffix not in _SUFFIXES:
        intended = [each for each in _SUFFIXES if len(each) > 3 and is_one_slip(suffix, each)]
        return f"{base}+{intended[0]}" if intended else subtype

    # A vendor's own name is nobody's slip (RFC 6838 §3.2).
    if re.match(r"vnd\.|prs\.|\*", subtype) or subtype in _ALSO_SEEN or len(subtype) < 3:
        return subtype
    if any(name.endswith(f"/{subtype}") for name in _KNOWN_NAMES):
        return subtype

    near = [name for name in _KNOWN_NAMES if _is_near(subtype, name.partition("/")[2])]
    near.sort(key=lambda name: not name.startswith(f"{type_}/"))
    if not near:
        return subtype
    intended_type, _, intended_subtype = near[0].partition("/")
    return intended_subtype if intended_type == type_ else near[0]


def _is_near(subtype: str, known_subtype: str) -> bool:
    # `mp4` and `mp3` are two: short names need their letters.
    if len(known_subtype) < 4:
        return False
    if re.sub(r"\d", "", subtype) == re.sub(r"\d", "", known_subtype):
        return False
    return is_one_slip(subtype, known_subtype) or (
        len(known_subtype) > 9 and bool(nearest(subtype, [known_subtype], cutoff=0.92))
    )

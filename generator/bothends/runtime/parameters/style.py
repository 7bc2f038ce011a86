"""Parameter styles (OpenAPI 3.1 §4.8.12.3, RFC 6570), in both directions.

This file knows text only. A value on the wire is one text, a list of texts, or name-text pairs;
which of them, and which JSON values the texts stand for, is said by `parameter.py`.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, Self
from urllib.parse import quote

Texts = str | list[str] | list[tuple[str, str]]
Shape = Literal["text", "list", "pairs"]
Pairs = list[tuple[str, str]]

_DEFAULT_STYLE = {
    "path": "simple",
    "query": "form",
    "querystring": "form",
    "header": "simple",
    "cookie": "form",
}
_SEPARATORS = {
    "form": (",", ","),
    # A space is written `%20`; browsers write a plus in a query (WHATWG URL, form encoding).
    "spaceDelimited": ("%20", r"%20|\+| "),
    "pipeDelimited": ("%7C", r"%7[Cc]|\|"),
    "tabDelimited": ("%09", "%09|\t"),
}
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
"""The styles of Swagger 2.0 that paths and headers have too; headers carry them unquoted."""
_NOT_IN_COOKIE = re.compile(r"[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]")  # RFC 6265 §4.1.1
_RESERVED = ":/?@!$'()*,;="  # without those that end a query or one of its parts


class PlusText(str):
    """The text of raw wire text with a plus, taken as a space; `literal` has it as it stands.

    In a form a plus is a space, and in a URI it is a plus (RFC 3986 §2.2): callers who do not
    encode it write `at=2026-01-02T03:04:05+00:00`. Only the schema can tell.
    """

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, text: str, literal: str) -> Self:
        """Return the text with spaces, beside the one with the plus."""
        made = super().__new__(cls, text)
        made.literal = literal
        return made


class StyleError(ValueError):
    """A value cannot be written in a style, or a text is not of it."""


@dataclass(frozen=True, slots=True)
class Style:
    """The style of one parameter, with the defaults of its location filled in."""

    wire_name: str
    location: str
    style: str
    explode: bool
    allow_reserved: bool = False
    is_raw: bool = False

    @staticmethod
    def of(
        wire_name: str,
        location: str,
        style: str | None,
        explode: bool | None,
        allow_reserved: bool = False,
    ) -> Style:
        """The style of a parameter; None stands for the default (OpenAPI 3.1 §4.8.12.2.1)."""
        style = style or _DEFAULT_STYLE[location]
        is_raw = style == "cookie"  # as form, without percent-encoding (OpenAPI 3.2 §4.12.3)
        style = "form" if is_raw else style
        is_spread = style == "form" if explode is None else explode
        return Style(wire_name, location, style, is_spread, allow_reserved, is_raw)

    def quote(self, text: str) -> str:
        """Text as it stands in this location; only headers carry it as it is."""
        if self.is_raw and _NOT_IN_COOKIE.search(text):
            raise StyleError("holds characters that a cookie cannot carry")
        if self.location == "header" or self.is_raw:
            return text
        quoted = quote(text, safe=_RESERVED if self.allow_reserved else "")
        # A dot needs no encoding anywhere else; in this style it separates (RFC 6570 §3.2.5).
        return quoted.replace(".", "%2E") if self.style == "label" else quoted

    def unquote(self, raw: str) -> str:
        """The text behind raw wire text; StyleError when its bytes are not UTF-8."""
        if self.location == "header" or self.is_raw:
            return raw
        if self.location == "query" and "+" in raw:
            return PlusText(percent_decode(raw, plus=True), percent_decode(raw))
        return percent_decode(raw)


_PLAIN_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_MOST_PLAIN: Final = 1_000_000


def percent_decode(raw: str, *, plus: bool = False) -> str:
    """Text behind percent-encoding; with `plus`, a plus sign is a space as in forms.

    Raises:
        StyleError: It is not UTF-8.
    """
    # Only a form writes a space as a plus; in a path a plus is a plus (RFC 3986 §3.3).
    if plus:
        raw = raw.replace("+", " ")

    if "%" not in raw:
        return raw

    try:
        return _unquote(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise StyleError("must be UTF-8 behind the percent-encoding") from None


def _unquote(raw: str) -> bytes:
    """Bytes behind percent-encoding; a sign that encodes nothing stays.

    Quoted-printable (RFC 2045 §6.7) is the same but for its sign, and its decoder is in C: the 5
    million escapes of a form of 16 MB take 0.2 s instead of 0.9.
    """
    data = raw.encode("utf-8")
    data, count = _PLAIN_PERCENT.subn(b"%25", data, count=_MOST_PLAIN + 1)
    if count > _MOST_PLAIN:
        raise StyleError(f"has more than {_MOST_PLAIN:,} percent signs that encode nothing")

    return a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))


def percent_encode(text: str) -> str:
    """Text with everything but unreserved characters percent-encoded (RFC 3986 §2.3)."""
    return quote(text, safe="")


# simple, label, matrix: one text


def write_text(style: Style, texts: Texts) -> str:
    """The text of a parameter in a path or header."""
    if style.style == "simple":
        return _join(style, texts, ",")
    if style.style == "label":
        return "." + _join(style, texts, "." if style.explode else ",")
    if style.style in _DELIMITERS:
        delimiter = _DELIMITERS[style.style]
        return _join(style, texts, delimiter if style.location == "header" else quote(delimiter))
    if style.style != "matrix":
        raise StyleError(f"style {style.style} is not for a {style.location}")

    name = style.quote(style.wire_name)
    if isinstance(texts, str):
        # RFC 6570 §3.2.7: an empty value has no equals sign in this style.
        return f";{name}={style.quote(texts)}" if texts else f";{name}"
    if not style.explode:
        return f";{name}={_join(style, texts, ',')}"

    pairs = [item if isinstance(item, tuple) else (style.wire_name, item) for item in texts]
    return "".join(f";{style.quote(key)}={style.quote(text)}" for key, text in pairs)


def read_text(style: Style, raw: str, shape: Shape) -> Texts:
    """The texts behind the raw text of a parameter in a path or header.

    StyleError when it is not of the style.
    """
    if style.style == "simple":
        return _split(style, raw, shape, ",")

    if style.style == "label":
        if not raw.startswith("."):
            raise StyleError("must start with a dot (style label)")
        return _split(style, raw[1:], shape, r"\." if style.explode and shape != "text" else ",")

    if style.style in _DELIMITERS:
        delimiter = _DELIMITERS[style.style]
        patterns = {re.escape(delimiter), quote(delimiter)}
        return _split(style, raw, shape, "|".join(sorted(patterns)))

    return _read_matrix(style, raw, shape)


def _read_matrix(style: Style, raw: str, shape: Shape) -> Texts:
    if not raw.startswith(";"):
        raise StyleError("must start with a semicolon (style matrix)")

    split = [part.partition("=") for part in raw[1:].split(";")]
    pairs = [(style.unquote(name), text) for name, _, text in split]
    if shape == "pairs" and style.explode:
        return [(name, style.unquote(text)) for name, text in pairs]

    may_repeat = shape == "list" and style.explode
    if any(name != style.wire_name for name, _ in pairs) or (len(pairs) > 1 and not may_repeat):
        raise StyleError(f"must be named {style.wire_name} (style matrix)")

    if may_repeat:
        return [style.unquote(text) for _, text in pairs]

    return _split(style, pairs[0][1], shape, ",")


# form, and delimited by spaces, pipes or tabs: name=text pairs in a query or in cookies
# (deepObject: see `brackets.py`)


def write_pairs(style: Style, texts: Texts) -> Pairs:
    """The quoted name-text pairs of a parameter in a query or in cookies."""
    name = style.quote(style.wire_name)
    if isinstance(texts, str):
        return [(name, style.quote(texts))]

    if style.explode:
        pairs = [item if isinstance(item, tuple) else (style.wire_name, item) for item in texts]
        return [(style.quote(key), style.quote(text)) for key, text in pairs]

    return [(name, _separator(style)[0].join(map(style.quote, _flat(texts))))]


def read_pairs(
    style: Style, pairs: Pairs, shape: Shape, foreign: Callable[[str], bool]
) -> Texts | None:
    """Return the texts of a parameter among all pairs (names decoded, texts raw), or None.

    `foreign` tells the names that an object in several pairs must not take for its own properties.
    """
    if shape == "pairs" and style.explode:
        return [(name, style.unquote(raw)) for name, raw in pairs if not foreign(name)] or None

    own = [raw for name, raw in pairs if name == style.wire_name]
    if not own:
        return None
    if shape == "list" and style.explode:
        return [style.unquote(raw) for raw in own]
    if len(own) > 1:
        raise StyleError("must be given once")

    return _split(style, own[0], shape, _separator(style)[1])


def _separator(style: Style) -> tuple[str, str]:
    """How a list is joined, and the pattern that it is split at."""
    found = _SEPARATORS.get(style.style)
    if found is None:
        raise StyleError(f"style {style.style} is not for a {style.location}")
    return found


def _join(style: Style, texts: Texts, separator: str) -> str:
    if isinstance(texts, str):
        return style.quote(texts)

    if not style.explode:
        return separator.join(map(style.quote, _flat(texts)))

    parts: list[str] = []
    for item in texts:
        if isinstance(item, tuple):
            parts.append("=".join(map(style.quote, item)))
        else:
            parts.append(style.quote(item))
    return separator.join(parts)


def _flat(texts: list[str] | Pairs) -> Iterator[str]:
    """The names and values of an object in turn: `R,100,G,200` (OpenAPI 3.1 §4.8.12.4)."""
    for item in texts:
        if isinstance(item, tuple):
            yield from item
        else:
            yield item


def _split(style: Style, raw: str, shape: Shape, separator: str) -> Texts:
    if shape == "text":
        return style.unquote(raw)

    parts = re.split(separator, raw) if raw else []
    if style.location == "header":
        # Lists in headers may be spaced (RFC 9110 §5.6.1).
        parts = [part.strip(" \t") for part in parts]

    if shape == "list":
        return [style.unquote(part) for part in parts]
    if style.explode and style.location in ("path", "header"):
        return [_pair(style, part) for part in parts]
    # Names and values in turn cannot be of an odd number: a comma inside a value was not encoded.
    if len(parts) % 2:
        raise StyleError("must be names and values in turn")

    texts = [style.unquote(part) for part in parts]
    return list(zip(map(str, texts[::2]), texts[1::2], strict=True))


def _pair(style: Style, part: str) -> tuple[str, str]:
    name, equals, text = part.partition("=")
    if not equals:
        raise StyleError("must be name=value pairs")
    return str(style.unquote(name)), style.unquote(text)

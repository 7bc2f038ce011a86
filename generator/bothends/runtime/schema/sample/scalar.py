"""Strings and numbers that a schema's keywords ask for: proposals, the plainest first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, count, islice, permutations, product, zip_longest
from typing import Any

from .pattern import texts_for
from .words import LINK, MAIL, is_key, text_for

_LONGEST = 1_000_000
_MOST_PATTERNS = 3
# The usual one first, then shorter ones: contracts give a `maxLength` beside a format.
_FORMATS = {
    "date": ("2000-01-01", "2000-02-29", "1999-12-31", "1970-01-01", "2026-06-15", "2030-12-31"),
    "date-time": (
        "2000-01-01T00:00:00Z",
        "2000-01-01T00:00:00+00:00",
        "2000-01-01T00:00:00.000000Z",
        "2000-01-01T00:00:00.000Z",
        "2000-01-01T00:00:00+02:00",
        "2000-01-01T00:00:00.000+02:00",
        "2000-01-01T00:00:00-05:00",
        "1999-12-31T23:59:59Z",
        "2026-06-15T12:00:00Z",
    ),
    "time": ("00:00:00Z", "00:00:00.000Z", "12:30:00Z", "00:00:00+02:00", "12:30:00-05:00"),
    "duration": ("P1D", "PT1H", "PT30M", "P1W", "P1M", "P1Y2M3DT4H5M6S"),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
    "email": (MAIL, "a@example.com", "a@b.example", "a@b.co"),
    "idn-email": (MAIL, "a@example.com", "a@b.example", "a@b.co"),
    "hostname": ("example.com", "a.example", "a.co"),
    "idn-hostname": ("example.com", "a.example", "a.co"),
    "ipv4": ("192.0.2.1", "1.1.1.1", "10.0.0.1", "127.0.0.1", "172.16.0.1", "192.168.100.100"),
    "ipv6": (
        "2001:db8::1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::",
        "2001:db8:0:0:0:0:0:1",
        "2001:0db8:0000:0000:0000:0000:0000:0001",
    ),
    "uri": (LINK, "https://a.co", "a:b", "http://example.com/", "urn:example:a"),
    "iri": (LINK, "https://a.co", "a:b", "http://example.com/", "urn:example:a"),
    "uri-reference": ("/", "/name", "name"),
    "iri-reference": ("/", "/name", "name"),
    "uri-template": ("/", "/{name}"),
    "json-pointer": ("", "/name", "/name/name/name"),
    "relative-json-pointer": ("0", "1/name"),
    "regex": ("",),
    "byte": ("",),
}
_LONGER: dict[str, tuple[str, str, str]] = {
    "date-time": ("2000-01-01T00:00:00.", "0", "Z"),
    "time": ("00:00:00.", "0", "Z"),
    "duration": ("P", "0", "1D"),
    "json-pointer": ("/name", "x", ""),
    "relative-json-pointer": ("0/name", "x", ""),
    "uri-template": ("/{name}", "x", ""),
}
"""Where a text of a format is made longer, and by which character."""
_HOSTS = {"email": "a@", "idn-email": "a@", "hostname": "", "idn-hostname": ""}

FORMATS_OF_TEXT = frozenset({*_FORMATS, *("iri-reference", "password")})
"""The formats that the validator checks."""
# The same with a number in it, for arrays of `uniqueItems`.
_NUMBERED = {
    "date": "2000-01-{:02}",
    "date-time": "2000-01-01T00:00:{:02}Z",
    "time": "00:00:{:02}Z",
    "duration": "P{}D",
    "uuid": "00000000-0000-4000-8000-{:012}",
    "email": "someone{}@example.com",
    "hostname": "host{}.example.com",
    "ipv4": "192.0.2.{}",
    "ipv6": "2001:db8::{}",
    "uri": "https://example.com/{}",
}


def _longer(format_: str, least: int) -> Iterator[str]:
    """Yield a text of a format with at least a length, where filling it up would break it."""
    if format_ in _LONGER:
        before, filler, after = _LONGER[format_]
        yield before + filler * max(1, least - len(before + after)) + after

    if format_ in _HOSTS:
        # RFC 1035 §2.3.4: a label of a host name has at most 63 characters.
        host = "example.com"
        labels = "x" * max(1, least - len(_HOSTS[format_] + host) - 1)
        yield _HOSTS[format_] + ".".join([*re.findall(".{1,50}", labels), host])


def strings(schemas: list[dict[str, Any]], name: str = "") -> Iterator[str]:
    """Yield strings for a property: by its pattern, else its format, else its name.

    They are cut or filled to the limits of length.
    """
    least = int(max((schema.get("minLength", 0) for schema in schemas), default=0))
    most = min((schema["maxLength"] for schema in schemas if "maxLength" in schema), default=None)
    if least > _LONGEST:
        return

    format_ = next((schema["format"] for schema in schemas if "format" in schema), "")
    patterns = list(dict.fromkeys(schema["pattern"] for schema in schemas if "pattern" in schema))
    for pattern in patterns[:_MOST_PATTERNS]:
        yield from _spliced(pattern, _FORMATS.get(format_, ())[:2])
    if len(patterns) > 1:
        yield from _of_several(patterns, least)
    for pattern in patterns:
        yield from islice(texts_for(pattern, least), 60)
    if len(patterns) == 1:
        yield from _of_several(patterns, least)

    plain = text_for(name)
    usual, *others = _FORMATS.get(format_, (plain,))
    yield usual.ljust(least, "x")
    if patterns or len(usual) < least or (most is not None and len(usual) > most):
        yield from others
    if len(usual) < least:
        yield from _longer(format_, least)

    if most is not None:
        yield plain[: int(most)].strip().ljust(least, "x")

    if any("not" in schema for schema in schemas):
        yield from (character * max(least, 1) for character in "zZ0-\u00e9")

    numbered = _NUMBERED.get(format_)
    for number in range(1, 100):
        if numbered is not None:
            yield numbered.format(number).rjust(least, "x")
        yield (
            f"{plain} {number}".ljust(least, "x") if most is None else str(number).rjust(least, "x")
        )


def _spliced(pattern: str, usual: tuple[str, ...]) -> Iterator[str]:
    """Yield the usual texts of a format with a text of a pattern at their beginning or end.

    `^2024-` and a date: `2024-01-01`. `@mine[.]example$` and a mail: `someone@mine.example`.
    """
    for part in islice(texts_for(pattern), 2):
        for text in usual:
            yield part + text[len(part) :]
            yield text[: -len(part)] + part
            yield text.partition("@")[0] + part


def _of_several(patterns: list[str], least: int) -> Iterator[str]:
    """Yield texts with a part for each pattern, in every order, filled up between the parts.

    `^[A-Z]` and `[0-9]$`, of four characters: `Axx0`; or `A--0`, where words have an end.
    """
    parts = [next(texts_for(pattern), "") for pattern in patterns[:_MOST_PATTERNS]]
    for order, filler in product(permutations(parts), "x-"):
        for index in range(len(order) + 1):
            before, after = "".join(order[:index]), "".join(order[index:])
            yield before + filler * (least - len(before + after)) + after


def names_for(patterns: list[str]) -> Iterator[str]:
    """Yield texts of each pattern in turn, then the first of each with a number behind it."""
    of_each = [list(dict.fromkeys(islice(strings([{"pattern": each}]), 64))) for each in patterns]
    in_turn = chain.from_iterable(zip_longest(*of_each, fillvalue=""))
    numbered = (f"{texts[0]}{number}" for number in range(1, 64) for texts in of_each if texts)
    yield from dict.fromkeys(chain(in_turn, numbered))


def numbers(schemas: list[dict[str, Any]], name: str = "", *, is_integer: bool) -> Iterator[float]:
    """Yield multiples within the bounds, the nearest to zero first, then away from it.

    An id starts at 1 if it can: servers take 0 for "no id".
    """
    step = _step(
        [Decimal(str(schema["multipleOf"])) for schema in schemas if "multipleOf" in schema],
        is_integer=is_integer,
    )
    low = max(_bounds(schemas, "minimum", "exclusiveMinimum"), default=None)
    high = min(_bounds(schemas, "maximum", "exclusiveMaximum"), default=None)

    if low is not None and low > 0:
        start, direction = math.ceil(low / step), 1
    elif high is not None and high < 0:
        start, direction = math.floor(high / step), -1
    else:
        start, direction = int(is_key(name)), 1

    yield from islice((_short((start + direction * offset) * step) for offset in count()), 20)
    if low is not None and high is not None and not is_integer:
        yield float((low + high) / 2)

    yield from islice((_short((start - direction * offset) * step) for offset in count(1)), 20)


def _bounds(schemas: list[dict[str, Any]], *words: str) -> list[Decimal]:
    return [Decimal(str(schema[word])) for schema in schemas for word in words if word in schema]


def _step(steps: list[Decimal], *, is_integer: bool) -> Decimal:
    """The least common multiple of the steps; of 1 as well for integers."""
    steps = [*steps, Decimal(1)] if is_integer or not steps else steps
    scale = Decimal(10) ** max(0, *(-int(step.as_tuple().exponent) for step in steps), 0)
    return Decimal(math.lcm(*(int(step * scale) for step in steps))) / scale


def _short(number: Decimal) -> float:
    """The number as an integer where it is one: nicer to read in an answer."""
    return int(number) if number == number.to_integral_value() else float(number)

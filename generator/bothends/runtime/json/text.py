"""Strict JSON: text that two parsers could read differently is refused (RFC 8259, RFC 7493).

Example: `{"a": 1, "a": 2}` is 1 to some parsers and 2 to others, so a filter may see another value
than the server behind it. `read_json` raises a JsonTextError.

Refused: anything but UTF-8, a byte order mark, NaN and Infinity, numbers that a double cannot hold
(`1e999`, `12345678901234567890.5`: nothing is rounded in silence), duplicate names, lone
surrogates, nesting deeper than MAX_DEPTH, integers longer than MAX_DIGITS, more values than
`budget.py` allows.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

from pydantic_core import from_json, to_json

from .budget import excess
from .value import is_deeper

MAX_DEPTH = 200
"""Deeper than any API nests, and well inside of Python's stack."""

MAX_DIGITS = 4300
"""Python's own bound, and the longest integer that the validator compares exactly."""

# A double has at most 767 digits, when it is written in full.
_MOST_DIGITS = 800

# How the text of a number looks that may say more than a double holds.
_MANY_DIGITS = re.compile(rb"[0-9.]{16}|[0-9][eE]-[0-9]{3}")

_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonTextError(ValueError):
    """The bytes are not JSON as this reader takes it.

    The message says why and repeats nothing of the text.
    """


def read_json(data: bytes) -> Any:
    """The value that JSON text in UTF-8 stands for, or JsonTextError."""
    if (reason := excess(data)) is not None:
        raise JsonTextError(reason)

    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError:
        return _read_again(data)

    # The writer needs so much of the stack that a deep value would end a thread of 512 KB.
    is_shallow = data.count(b"[") + data.count(b"{") <= _SHALLOW or not is_deeper(value, _SHALLOW)
    if is_shallow and _is_as_written(data, value):
        return value
    if not _is_sure(data, value):
        return _read_again(data)
    if not is_shallow and is_deeper(value, MAX_DEPTH):
        raise JsonTextError("nested too deeply")

    return value


def _read_again(data: bytes) -> Any:
    """Read by the strict parser, which takes four times as long: the text counts twice."""
    if (reason := excess(data)) is not None:
        raise JsonTextError(reason)
    return read_strictly(data)


_SHALLOW = 32
_SPACES = b" \t\r\n"


def _is_as_written(data: bytes, value: Any) -> bool:
    """Whether the text is, but for spaces, the shortest one of the value: then nothing was lost.

    Without spaces both texts have the same tokens (RFC 8259 §2), so as many names and the same
    digits. Most clients write so; of a text that is written otherwise this says nothing.
    """
    try:
        written = to_json(value)
    except ValueError:
        return False
    if written == data:
        return True
    written, bare = written.translate(None, _SPACES), data.translate(None, _SPACES)
    return written == bare or _differ_in_spelling(bare.split(b","), written.split(b","))


_NUMBER = rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_NUMBER_AT_END = re.compile(rb"(|.*[\[:])(" + _NUMBER + rb")([\]}]*)", re.DOTALL)
_MOST_SPELLINGS = 1_000


def _differ_in_spelling(pieces: list[bytes], written: list[bytes]) -> bool:
    """Whether the pieces of two texts differ in nothing but how some doubles are written.

    Of a row of doubles that Python writes, one in ten thousand is another text here: 9.1e-05.
    """
    if len(pieces) != len(written):
        return False
    others = [pair for pair in zip(pieces, written, strict=True) if pair[0] != pair[1]]
    if len(others) > _MOST_SPELLINGS:
        return False

    for piece, text in others:
        found, expected = _NUMBER_AT_END.fullmatch(piece), _NUMBER_AT_END.fullmatch(text)
        if found is None or expected is None or found.group(1, 3) != expected.group(1, 3):
            return False
        if len(found[2]) > _MOST_DIGITS or not holds(found[2].decode(), float(expected[2])):
            return False
    return True


_kind: Callable[[Any], object] = type
# How the end of a name looks in JSON (RFC 8259 §2); inside of strings as well, so that there are
# never fewer.
_AFTER_NAME = (b'":', b" :", b"\t:", b"\n:", b"\r:")


def _is_sure(data: bytes, value: Any) -> bool:
    """Whether the quick parser lost no repeated name and no digit of a number.

    It has not if the text can hold no more names than the value has. Where that is not sure, the
    strict parser says.
    """
    names, values, has_float = 0, [value], False
    for entry in values:  # which grows
        kind = _kind(entry)
        if kind is str:
            continue

        if kind is dict:
            names += len(entry)
            values.extend(entry.values())
        elif kind is list:
            values.extend(entry)
        elif kind is float:
            has_float = True
            if not -math.inf < entry < math.inf:
                return False

    if has_float and _MANY_DIGITS.search(data):
        return False

    return names == data.count(b":") or names == sum(map(data.count, _AFTER_NAME))


def read_strictly(data: bytes) -> Any:
    """Return what `read_json` returns, by a parser that looks at each name and number."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonTextError("not valid UTF-8") from None

    # RFC 8259 §8.1: no writer may add one; a parser may pass over it, so two can differ.
    if text.startswith("\ufeff"):
        raise JsonTextError("starts with a byte order mark")

    value = _parse(text)
    if _SURROGATE_ESCAPE.search(data):
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise JsonTextError("a string holds half of a surrogate pair") from None

    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and is_deeper(value, MAX_DEPTH):
        raise JsonTextError("nested too deeply")

    return value


def read_json_loosely(text: str) -> Any:
    """Return the value of JSON text in an answer that `read_json` refuses, as most readers take it.

    A number is the nearest double (RFC 8259 §6), of a repeated name the last one counts (RFC 8259
    §4), and NaN is a number: writers of other languages send these, and the rest of the answer is
    worth having.

    Raises:
        JsonTextError: It is no JSON for any reader, or costs too much.
    """
    data = text.encode("utf-8", "surrogatepass")
    if (reason := excess(data)) is not None:
        raise JsonTextError(reason)

    try:
        value = json.loads(text)
        if _SURROGATE_ESCAPE.search(data):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise JsonTextError("not JSON") from None

    if is_deeper(value, MAX_DEPTH):
        raise JsonTextError("nested too deeply")
    return value


def write_json(value: Any) -> bytes:
    """JSON text in UTF-8, without spaces.

    Raises:
        ValueError: For what JSON cannot say: NaN, infinity, a lone surrogate.
    """
    try:
        text = to_json(value)
    except ValueError:
        return write_exactly(value)
    # The quick writer has these words for numbers that JSON has not; in a text they are harmless.
    return write_exactly(value) if b"NaN" in text or b"Infinity" in text else text


def write_exactly(value: Any) -> bytes:
    """Return what `write_json` returns, or its error, by Python's own writer."""
    return _ENCODER.encode(value).encode("utf-8")


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonTextError(f"not JSON at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise JsonTextError("nested too deeply") from None
    except JsonTextError:
        raise
    except ValueError:  # int() refuses long digits
        raise JsonTextError("holds an integer with too many digits") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    # RFC 8259 §4: what software does with a name that is there twice is unpredictable.
    if len(members) != len(pairs):
        raise JsonTextError("an object has the same name twice")
    return members


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonTextError("holds a number beyond the range of a double")
    # Most writers print the shortest text of a double, as `repr` does.
    if repr(number) != text and not holds(text, number):
        raise JsonTextError("holds a number with more digits than a double can hold")
    return number


def holds(text: str, number: float) -> bool:
    """Whether a double holds the number of a text: with as many digits it is the same text.

    `0.1` and `0.10000000000000001` are both the double 0.1, as the writers of other languages print
    it; `0.100000000000000031` and `1e-400` are no double.
    """
    mantissa = text.lower().partition("e")[0].lstrip("-")
    if not number:
        return not mantissa.strip("0.")

    digits = len(mantissa.replace(".", "").lstrip("0"))
    written = format(number, f".{min(digits, _MOST_DIGITS) - 1}e")
    # The shortest text of a double is not always the nearest one of its length:
    # 5.960464477539063e-08 is 2**-24.
    return Decimal(text) in (Decimal(written), Decimal(repr(number)))


def _constant(name: str) -> NoReturn:
    # RFC 8259 §6 permits neither NaN nor Infinity, though Python reads both.
    raise JsonTextError(f"{name} is not JSON")


def _long_int(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError(text)
    return int(text)


# int itself is much quicker than a function of ours, and has the bound, unless somebody has moved
# it.
_INT = int if sys.get_int_max_str_digits() == MAX_DIGITS else _long_int
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_float,
    parse_constant=_constant,
    parse_int=_INT,
    strict=True,
)

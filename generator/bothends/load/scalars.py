"""Plain scalars of YAML as values: the core schema of YAML 1.2.2 §10.3.2, and nothing more.

So `no`, `on`, `12:30:45` and `2026-01-02` are text, as they are for every other reader of OpenAPI.
"""

from __future__ import annotations

import math
import re

_FIRST = frozenset("-+.0123456789nNtTfF~")
_NULL = frozenset(("", "null", "Null", "NULL", "~"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MOST_DIGITS = 3_500
"""In base 16: 4,300 in base 10."""

_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class NotFiniteError(ValueError):
    """An infinity or no number at all, neither of which JSON has."""


def resolve_plain(text: str) -> str | int | float | bool | None:
    """The value of a plain (unquoted) scalar.

    `ValueError` for a number that cannot be one of JSON's.
    """
    # Most scalars are words, and the first letter tells them without a regular expression.
    if text and text[0] not in _FIRST:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    return _number(text)


def _number(text: str) -> str | int | float:
    if _INT.fullmatch(text):
        return int(text)
    # `0o17` only: `017` is decimal in YAML 1.2 (§10.3.2), and octal in 1.1.
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        # Python bounds the digits of a decimal number only, and of these when they are printed.
        if len(text) > _MOST_DIGITS:
            raise ValueError(text[:20])
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        raise NotFiniteError(text)

    return finite(text) if _FLOAT.fullmatch(text) else text


def finite(text: str) -> float:
    """The float that `text` stands for; `NotFiniteError` when it is too large for one."""
    number = float(text)
    # `1e999` becomes infinite, which no JSON could say again.
    if not math.isfinite(number):
        raise NotFiniteError(text)
    return number

"""Schemas of single values."""

from __future__ import annotations

from typing import Any, Final

from bothends import ir

_FORMATS: Final = {"date": ir.Kind.DATE, "date-time": ir.Kind.DATE_TIME, "uuid": ir.Kind.UUID}
_KINDS: Final = {kind.value: kind for kind in ir.Kind}


def scalar_type(kind: str, schema: dict[str, Any]) -> ir.Type:
    """A scalar of the JSON type `kind`.

    A string with one of three formats gets that format's Python type.
    """
    if kind == "string":
        return ir.Scalar(_FORMATS.get(schema.get("format", ""), ir.Kind.STRING))
    return ir.Scalar(_KINDS.get(kind, ir.Kind.ANY))


def has_type(schema: dict[str, Any]) -> bool:
    """Whether the format of a schema is one of those that have a Python type."""
    return schema.get("format") in _FORMATS

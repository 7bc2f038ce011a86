"""Parameters that share a segment of a path: where one ends and the next begins.

Example: `a.b.json` for `{name}.{extension}` has two dots. Where the extension is one of an
enumeration, "a.b" and "json" is the only way to read it; where it is any text, "a" and "b.json" is
the first. Of `12m` for `{metres}{unit}` the schemas alone say it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

from bothends.runtime.operation import Operation
from bothends.runtime.path_template import VARIABLE, splits, wire_template

from .parameter import ParameterCodec, ParameterError, parameter_codecs
from .styled import Wire


@cache
def shared_segments(operation: Operation[Any]) -> tuple[str, ...]:
    """Return the segments of a path that several parameters share, as they go over the wire."""
    segments = operation.path.partition("#")[0].split("/")
    return tuple(wire_template(one) for one in segments if len(VARIABLE.findall(one)) > 1)


def split_as_allowed(operation: Operation[Any], segment: str, written: str) -> dict[str, str]:
    """Return the raw texts of a segment's parameters, split as the schemas of all allow.

    Where none of the ways to read it is right, the first one.

    Args:
        operation: The operation of the path.
        segment: A segment of the path's template.
        written: What stands there in a request, percent-encoded.
    """
    first: dict[str, str] = {}
    for split in splits(segment, written):
        first = first or split
        with suppress(ParameterError):
            for codec in _codecs(operation, segment):
                codec.read(Wire(split))
            return split
    return first


@cache
def _codecs(operation: Operation[Any], segment: str) -> tuple[ParameterCodec, ...]:
    names = VARIABLE.findall(segment)
    return tuple(
        codec
        for parameter, codec in parameter_codecs(operation)
        if parameter.location == "path" and parameter.wire_name in names
    )

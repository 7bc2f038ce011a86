"""What HTTP itself cannot carry: a contract may name it, no client and no server can send it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bothends.runtime.media import body_media
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import ApiKey, Operation

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def unsendable(operation: Operation[Any]) -> str | None:
    """Why no request can be sent: a name is no token (RFC 9110 §5.6.2), or no body has a type.

    None if requests can be sent.
    """
    wrong = [name for name in _names(operation) if not _TOKEN.fullmatch(name)]
    if wrong:
        return (
            f"{operation.id}: not sent, for HTTP has no header or cookie of the name {wrong[0]!r}"
        )

    return untyped(operation)


def untyped(operation: Operation[Any]) -> str | None:
    """Why no body can be sent: each of its media types is none. None if one can be sent."""
    media = [codec.media_type for codec in body_media(operation)]
    if media and not any(map(parse_content_type, media)):
        return f"{operation.id}: not sent, for {media[0]!r} is no media type (RFC 9110 §8.3.1)"
    return None


def can_be_written(write: Callable[[Any], object], value: Any) -> bool:
    """Whether the wire has a form for a value, in the words of what writes it."""
    try:
        write(value)
    except ValueError:
        return False
    return True


def _names(operation: Operation[Any]) -> Iterator[str]:
    for names in operation.security:
        for scheme in map(operation.api.security.__getitem__, names):
            if isinstance(scheme, ApiKey) and scheme.location != "query":
                yield scheme.wire_name

    for parameter in operation.parameters:
        if parameter.location in ("header", "cookie"):
            yield parameter.wire_name

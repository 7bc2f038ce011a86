"""How many values a large JSON text may have: small ones cost much more than their bytes.

    16 KB of gzip are 16 MB of `{},`: 5.6 million objects, which took 28 s and 3.7 GB of a server

A reader of up to 16 MiB takes 1,048,576 values and 262,144 arrays and objects, and one that takes
more bytes (`max_body`, `max_answer`) as many more. Names of objects are 262,144, and 32 for each
object.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

_LEAST = 16 * 1024 * 1024
_USUAL = 100 * 1024 * 1024
_BYTES_OF_VALUE = 16
_BYTES_OF_COLLECTION = 64
_NAMES_OF_OBJECT = 32

SMALL = 65_536
"""No text of so few bytes has too many values, or makes the collector run for long."""

_most_bytes: ContextVar[int | None] = ContextVar("_most_bytes", default=_USUAL)
_NOTHING = nullcontext()


def reading(content: object, most_bytes: int | None) -> AbstractContextManager[Any]:
    """Open while content is read by somebody who takes so many bytes; None is any number."""
    size = len(content) if isinstance(content, bytes) else 0
    return _NOTHING if size < SMALL else _reading(most_bytes)


@contextmanager
def _reading(most_bytes: int | None) -> Generator[None]:
    # Reading leaves no circles behind, and the collector would look through all that is read, again
    # and again: two thirds of the time.
    was_enabled = gc.isenabled()
    token = _most_bytes.set(None if most_bytes is None else max(most_bytes, _LEAST))
    gc.disable()
    try:
        yield
    finally:
        _most_bytes.reset(token)
        if was_enabled:
            gc.enable()


def excess(text: bytes) -> str | None:
    """What a JSON text has more of than may be read, or None."""
    most_bytes = _most_bytes.get()
    if most_bytes is None or len(text) < SMALL:
        return None

    collections = most_bytes // _BYTES_OF_COLLECTION
    if text.count(b"[") + text.count(b"{") > collections and _has_more(text, b"[{", collections):
        return f"holds more than {collections} arrays and objects"

    # Records repeat their names. What costs is one object of a million different ones: a second.
    if text.count(b":") > collections:
        outside = _outside_of_strings(text, b"{:")
        if outside.count(b":") > collections + _NAMES_OF_OBJECT * outside.count(b"{"):
            return f"holds more than {collections} names and {_NAMES_OF_OBJECT} for each object"

    values = most_bytes // _BYTES_OF_VALUE
    if text.count(b",") > values and _has_more(text, b",", values):
        return f"holds more than {values} values"
    return None


def excess_lines(text: bytes) -> str | None:
    """What a text of lines, each an item, has more of than may be read, or None."""
    most_bytes = _most_bytes.get()
    lines = (most_bytes or 0) // _BYTES_OF_COLLECTION
    if most_bytes is None or text.count(b"\n") + text.count(b"\r") <= lines:
        return excess(text)
    return f"has more than {lines} lines"


def _has_more(text: bytes, characters: bytes, most: int) -> bool:
    """Whether more of the characters stand outside of the strings of a JSON text."""
    return len(_outside_of_strings(text, characters, 2 * most + 2)) > most


def _outside_of_strings(text: bytes, characters: bytes, most_pieces: int = -1) -> bytes:
    """The characters, of these, that stand outside of the strings of a JSON text."""
    others = bytes(set(range(256)) - {*characters, *b'"'})
    # Strings without the characters go first, and those beside each other become one: then each
    # piece outside of a string has one of them.
    plain = text.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, others)
    return b"".join(plain.replace(b'""', b"").split(b'"', most_pieces)[::2])

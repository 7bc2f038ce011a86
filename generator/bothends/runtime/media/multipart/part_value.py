"""The value of a multipart body: JSON, and files in places of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.media.binary import octets, sized
from bothends.runtime.models.encoding import EncodeError, encode
from bothends.runtime.transfer.file import File
from bothends.runtime.transfer.source import Sizes, Source, SourceError, source_of


def encoded_part(name: str, value: Any, sizes: Sizes | None) -> Any:
    """The value of one part for the schema to judge: of a file, it itself with a checked source.

    Raises:
        EncodeError: A Python value without a form in JSON, or a file that cannot be opened.
    """
    if not isinstance(value, File) or isinstance(value.source, bytes):
        return value if isinstance(value, File) else encode(value)

    try:
        source = sized(source_of(value.source), sizes)
    except SourceError as error:
        raise EncodeError(f"{name}: {error}") from error

    return replace(value, source=source)


def as_judged(value: Any) -> Any:
    """The value as a schema judges it: of a file its bytes, each as a character."""
    if isinstance(value, File):
        source = value.source
        return "\0" * source.sizes.least if isinstance(source, Source) else octets(value.content)
    return [as_judged(item) for item in value] if is_array(value) else value


def without_content(value: Any) -> Any:
    """The value without the bytes that are not read yet."""
    if isinstance(value, File):
        return replace(value, source=b"") if isinstance(value.source, Source) else value
    return [without_content(item) for item in value] if is_array(value) else value


def each_part(change: Callable[[Any], Any], value: Any) -> Any:
    """The value of a body with each part changed: those of an object, or the items of a list."""
    if is_object(value):
        return {name: change(item) for name, item in value.items()}
    return change(value)


def sources(pointer: str, value: Any) -> Iterator[tuple[str, Source]]:
    """The sources in a value, and where they stand."""
    if isinstance(value, File) and isinstance(value.source, Source):
        yield pointer, value.source
    elif is_array(value) or (is_object(value) and not pointer):
        for key, item in value.items() if is_object(value) else enumerate(value):
            yield from sources(f"{pointer}/{key}", item)


def same_parts(left: Any, right: Any) -> bool:
    """Whether two values in parts are equal: files in all their fields, the rest as JSON."""
    if isinstance(left, File) or isinstance(right, File):
        return bool(left == right)
    if is_object(left) and is_object(right):
        if left.keys() != right.keys():
            return False
        return all(same_parts(value, right[name]) for name, value in left.items())
    if is_array(left) and is_array(right):
        return len(left) == len(right) and all(map(same_parts, left, right))
    return same(left, right)

"""Parts with brackets in their names: nested values in multipart, as libraries send them.

OpenAPI 3.1 §4.8.15 has style deepObject for a part and leaves open what is nested; the convention
is the one of `parameters/brackets.py`. Example: parts named `files[1]` and `files[0]` are the files
of one array, in the order of their indices; parts `meta[owner]=ada` and `meta[tags][]=x` are
`{"owner": "ada", "tags": ["x"]}`.
"""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import Any

from bothends.runtime.json.value import is_array
from bothends.runtime.media.error import MediaError
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.parameters.brackets import (
    bases,
    flatten,
    is_item,
    read_brackets,
    steps_below,
)
from bothends.runtime.parameters.style import StyleError
from bothends.runtime.parameters.text_value import NestedError, text_of
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.file import File

from .parts import Part


def owner(view: SchemaView, name: str) -> str:
    """Return the property of a part: the name before the brackets, if it can have some."""
    declared = view.property_names()
    if name in declared:
        return name

    for base in bases(name):
        property_ = view.property(base)
        steps = steps_below(name, base)
        if base not in declared or not property_.typed or steps is None:
            continue
        if "object" in property_.types or ("array" in property_.types and is_item(steps[0])):
            return base

    return name


def in_order(name: str, parts: list[Part]) -> list[Part] | None:
    """Return the parts `name[0]` or `name[]` of an array in order; None if names nest deeper.

    Raises:
        MediaError: An index is there twice, or only some of the parts have one.
    """
    steps = [steps_below(part.name, name) or [] for part in parts]
    if any(len(step) != 1 or not is_item(step[0]) for step in steps):
        return None

    indices = [step[0] for step in steps]
    if not any(indices):
        return parts
    # Two readers could order them differently, so one of the files would be lost.
    if len(set(indices)) < len(indices) or not all(indices):
        raise MediaError("has items with and without an index, or an index twice", f"part {name}")

    return [
        part for _, part in sorted(zip(map(int, indices), parts, strict=True), key=itemgetter(0))
    ]


def read_nested(view: SchemaView, name: str, parts: list[Part]) -> Any:
    """Return the JSON value of parts whose names have brackets. MediaError."""
    try:
        return read_brackets(view, name, [(part.name, _text(part)) for part in parts])
    except StyleError as error:
        raise MediaError(str(error), f"part {name}") from None


def write_nested(name: str, value: Any) -> list[Part]:
    """Return one part for each leaf of a value.

    Raises:
        MediaError: For a file, which has no form here.
    """
    try:
        return [Part(leaf, text_of(entry).encode()) for leaf, entry in flatten(name, value)]
    except (NestedError, TypeError):
        rule = "holds a value that is no text, and has no form in brackets"
        raise MediaError(rule, f"part {name}", unsendable=True) from None


def with_indices(name: str, value: Any, parts: list[Part]) -> list[Part]:
    """Return the parts of the files of an array, each with its index in brackets."""
    if not is_array(value) or not any(isinstance(item, File) for item in value):
        return parts
    return [replace(part, name=f"{name}[{index}]") for index, part in enumerate(parts)]


def _text(part: Part) -> str:
    declared = part.headers.get("content-type")
    content_type = parse_content_type(declared or "text/plain")
    is_text = content_type is not None and content_type.essence == "text/plain"
    if part.filename is not None or not is_text:
        raise MediaError("must be text behind brackets", f"part {part.name}", is_type=True)

    try:
        return part.content.decode("utf-8")
    except UnicodeDecodeError:
        raise MediaError("not valid UTF-8", f"part {part.name}") from None

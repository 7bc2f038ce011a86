r"""Text formats in the algebra of sets, which knows none.

Worked example: `{type: string, format: date}` becomes

    {type: string, pattern: "\ue002"}

where the character stands for "is a date". A text that is both a date and an id holds both of its
characters, so two formats are neither contained in each other nor apart, and each is contained in
any text. That is what can be known of formats without looking into them.

The character counts as one: no date is empty. A format that the empty text fits, such as
`uri-reference`, is the character or nothing, `^$|\ue00c`.

What is left out errs to the safe side. Beside a `pattern`, an `enum` or a greatest length the
character would leave no text at all, so the schema that is to be contained has no format there, and
is larger than it is.
"""

from __future__ import annotations

from typing import Any, Final

from bothends.openapi.json_value import is_array, is_object
from bothends.runtime.schema.formats import FORMATS

ASSERTED: Final = (
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
    *FORMATS,
)
"""The formats that the validator asserts (JSON Schema 2020-12 Validation §7.3), and ours."""

FIT_EMPTY_TEXT: Final = frozenset(
    {"byte", "iri-reference", "json-pointer", "regex", "uri-reference", "uri-template"}
)
"""The formats that the empty text fits (RFC 3986 §4.1, RFC 6901 §3, RFC 6570 §2)."""

# Private characters of Unicode: no contract writes them into a pattern.
_MARKS: Final = {
    name: ("^$|" if name in FIT_EMPTY_TEXT else "") + chr(0xE001 + index)
    for index, name in enumerate(ASSERTED)
}
_LEAVES_NO_ROOM: Final = ("pattern", "enum", "const", "maxLength")
_DATA: Final = ("enum", "const", "dependentRequired")
_BY_NAME: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")


def with_marks(schema: Any, *, is_larger: bool) -> Any:
    """A plain schema whose formats are patterns.

    Args:
        schema: The schema, with its definitions.
        is_larger: Whether it is the one that shall contain the other.
    """
    if is_array(schema):
        return [with_marks(item, is_larger=is_larger) for item in schema]
    if not is_object(schema):
        return schema

    marked: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _BY_NAME and is_object(value):
            marked[keyword] = {
                name: with_marks(item, is_larger=is_larger) for name, item in value.items()
            }
        elif keyword != "format":
            marked[keyword] = value if keyword in _DATA else with_marks(value, is_larger=is_larger)

    mark = _MARKS.get(schema["format"]) if isinstance(schema.get("format"), str) else None
    if mark is None:
        return marked
    if not any(keyword in schema for keyword in _LEAVES_NO_ROOM):
        return {**marked, "pattern": mark}
    return (
        {**marked, "allOf": [*marked.get("allOf", []), {"pattern": mark}]} if is_larger else marked
    )


def unformatted(schema: Any) -> Any:
    """A plain schema without formats, as readers take it who do not assert them."""
    if is_array(schema):
        return [unformatted(item) for item in schema]
    if not is_object(schema):
        return schema

    remaining: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _BY_NAME and is_object(value):
            remaining[keyword] = {name: unformatted(item) for name, item in value.items()}
        elif keyword != "format":
            remaining[keyword] = value if keyword in _DATA else unformatted(value)

    return remaining

"""Constraints in words, for the documentation of a field or an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bothends.openapi.json_value import as_array, as_object
from bothends.runtime.article import with_article

_SHOWN_BY_TYPE: Final = {"date", "date-time", "uuid", "int32", "int64", "float", "double"}

_PHRASES: Final[dict[str, Callable[[Any], str]]] = {
    "deprecated": lambda yes: "Deprecated." if yes is True else "",
    "readOnly": lambda yes: "Only in answers." if yes is True else "",
    "writeOnly": lambda yes: "Only in requests." if yes is True else "",
    "minLength": lambda n: f"At least {_count(n, 'character')}.",
    "maxLength": lambda n: f"At most {_count(n, 'character')}.",
    "leastBytes": lambda n: f"At least {_count(n, 'byte')}.",
    "mostBytes": lambda n: f"At most {_count(n, 'byte')}.",
    "pattern": lambda text: f"Matches `{text}`.",
    "minimum": lambda n: f"At least {n}.",
    "exclusiveMinimum": lambda n: f"More than {n}.",
    "maximum": lambda n: f"At most {n}.",
    "exclusiveMaximum": lambda n: f"Less than {n}.",
    "multipleOf": lambda n: f"A multiple of {n}.",
    "minItems": lambda n: f"At least {_count(n, 'item')}.",
    "maxItems": lambda n: f"At most {_count(n, 'item')}.",
    "uniqueItems": lambda unique: "No item twice." if unique is True else "",
    "minProperties": lambda n: f"At least {_count(n, 'property', 'properties')}.",
    "maxProperties": lambda n: f"At most {_count(n, 'property', 'properties')}.",
    "format": lambda name: "" if name in _SHOWN_BY_TYPE else f"Format `{name}`.",
}
_OF_BYTES: Final = {"minLength": "leastBytes", "maxLength": "mostBytes"}
_WIDTHS: Final = {bits: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (32, 64)}


def rules_of(schema: dict[str, Any], *, is_bytes: bool = False) -> tuple[str, ...]:
    """Return each constraint of a schema that its Python type does not show, as a sentence.

    The length of a schema whose values are bytes is in bytes.
    """
    display = {keyword: schema[keyword] for keyword in _PHRASES if keyword in schema}
    if is_bytes:  # lengths are in bytes (OpenAPI 3.1 §4.8.14.3)
        if display.get("format") == "binary":
            del display["format"]
        display = {_OF_BYTES.get(keyword, keyword): value for keyword, value in display.items()}

    bounds = (display.get("minimum"), display.get("maximum"))
    # The bounds may be those of `int64`, and nineteen digits tell a reader less than the width.
    if bits := next((bits for bits, width in _WIDTHS.items() if bounds == width), 0):
        del display["minimum"], display["maximum"]
        display["format"] = f"int{bits}"
        return (*_sentences(display), f"{with_article(f'{bits}-bit integer').capitalize()}.")

    return _sentences(display)


def of_each_item(rules: tuple[str, ...]) -> tuple[str, ...]:
    """The rules of an array's items as one sentence: `Each item: at least 1 character.`."""
    if not rules:
        return ()
    parts = [rule[:1].lower() + rule[1:].removesuffix(".") for rule in rules]
    return (f"Each item: {'; '.join(parts)}.",)


def companions(schema: dict[str, Any]) -> tuple[str, ...]:
    """Which properties of an object must be there together, or in the place of each other.

    `anyOf: [{required: [text]}, {required: [media]}]` is `Must have `text` or `media`.`
    """
    found: list[str] = []
    for word, opening in (("anyOf", "Must have"), ("oneOf", "Must have exactly one of")):
        members = [as_object(member) for member in as_array(schema.get(word))]
        # An alternative that says more than which names it requires is a type of its own.
        are_alone = all(each.keys() == {"required"} and each["required"] for each in members)
        if len(members) > 1 and are_alone:
            groups = [_listed(as_array(member["required"])) for member in members]
            found.append(f"{opening} {' or '.join(groups)}.")

    for name, names in as_object(schema.get("dependentRequired")).items():
        if as_array(names):
            found.append(f"`{name}` needs {_listed(names)}.")
    return tuple(found)


def _listed(names: list[Any]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _sentences(constraints: dict[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, (_PHRASES[keyword](value) for keyword, value in constraints.items())))


def _count(n: Any, noun: str, plural: str = "") -> str:
    return f"{n} {noun if n == 1 else plural or noun + 's'}"

"""Values in a style: the JSON values that texts may mean, seen by a schema, and the texts of a value.

Example: `tags` in a query, in style form, exploded, of `{type: array, items: {type: integer}}`. Of the pairs
`tags=1&limit=5&tags=2` it claims the name `tags`; `candidates` gives `[1, 2]`, and `pairs([1, 2])` gives
`tags=1&tags=2` again. A style has at most one value for the texts; a schema of several types has several candidates, and
whoever asks takes the first that the schema accepts.

What is in a query may also be in a form, so parameters and forms share this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.schema.schema_view import SchemaView

from .brackets import is_item, read_brackets, steps_below, write_brackets
from .style import (
    Pairs,
    Shape,
    Style,
    StyleError,
    Texts,
    read_pairs,
    read_text,
    write_pairs,
    write_text,
)
from .text_value import NestedError, likeliest, scalars, text_of


@dataclass(slots=True)
class Wire:
    """The parameters of one request as they stand on the wire. Raw: still percent-encoded, except for headers."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: Pairs = field(default_factory=list[tuple[str, str]])
    headers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cookies: Pairs = field(default_factory=list[tuple[str, str]])

    def add(self, another: Wire) -> None:
        """Put the parameters of another beside these."""
        self.path |= another.path
        self.query += another.query
        self.headers |= another.headers
        self.cookies += another.cookies


class Claim(IntEnum):
    """How a value claims a name among the pairs of a query, of cookies or of a form; the strongest claim has it."""

    NONE = 0
    REST = 1  # an exploded object that takes properties of any name
    PATTERN = (
        2  # `name[…]` of a deepObject, or a name that a pattern of an exploded object describes
    )
    NAMED = 3  # its own name, or a declared property


class Styled:
    """A value in a style.

    `rival` gives the strongest claim that the other values beside it have on a name. An exploded array in a
    query or form is also read from `name[]` and `name[0]`, as browsers and most client libraries send it.
    """

    def __init__(
        self, view: SchemaView, style: Style, rival: Callable[[str], Claim] = lambda _: Claim.NONE
    ) -> None:
        self.view = view
        self.style = style
        self.spreads = (
            style.style == "form" and style.explode and view.typed and "object" in view.types
        )
        self.is_deep = style.style == "deepObject"
        is_list = view.typed and "array" in view.types
        self._reads_items = (
            is_list and style.style == "form" and style.explode and style.location == "query"
        )
        self._rival = rival
        self._is_open = view.is_open()

    def claim(self, name: str) -> Claim:
        """Return how this value claims a name; several names are its own where its style spreads it over them."""
        own = self.style.wire_name
        if self.is_deep:
            return self._claim_in_brackets(name)

        if name == own and not (self.spreads and self.view.types == frozenset({"object"})):
            return Claim.NAMED

        spread = self._claim_of_object(name) if self.spreads else Claim.NONE
        return max(spread, Claim.PATTERN) if self._is_item_name(name) else spread

    def _claim_in_brackets(self, name: str) -> Claim:
        own = self.style.wire_name
        if name == own:
            # `meta=…` is another parameter than the object `meta[…]`, unless the schema takes more than objects.
            return Claim.NAMED if self.view.types - {"object", "null"} else Claim.NONE

        steps = steps_below(name, own)
        if steps is None:
            return Claim.NONE
        is_declared = steps[0] in self.view.property_names()
        return Claim.NAMED if is_declared else Claim.PATTERN

    def _is_item_name(self, name: str) -> bool:
        """Whether a name is this array's, with the brackets of an item."""
        if not self._reads_items or not name.endswith("]"):
            return False
        steps = steps_below(name, self.style.wire_name)
        return steps is not None and is_item(steps[0])

    def _is_own(self, name: str) -> bool:
        return name == self.style.wire_name or self._is_item_name(name)

    def _claim_of_object(self, name: str) -> Claim:
        if name in self.view.property_names():
            return Claim.NAMED
        if self.view.matches(name):
            return Claim.PATTERN
        return Claim.REST if self._is_open else Claim.NONE

    def candidates(self, wire: Wire) -> Iterator[Any]:
        """The JSON values that the texts may mean, likeliest first; none if it is not there. StyleError."""
        if self.is_deep:
            yield from self._in_brackets(wire)
            return

        types = self.view.types
        nested = {"array", "object"} & types if self.view.typed else set[str]()
        if not nested or types - nested - {"null"} or "null" in types:
            texts = self._read(wire, "text") if not nested or self._is_single(wire) else None
            if isinstance(texts, str):
                yield from scalars(self.view, texts, last_resort=not nested)

        if "array" in nested:
            yield from self._arrays(wire)

        if "object" in nested:
            yield from self._objects(wire)

    def _in_brackets(self, wire: Wire) -> Iterator[Any]:
        """The value of its own name and of those in brackets below it."""
        pairs = wire.query if self.style.location == "query" else wire.cookies
        own = [
            (name, self.style.unquote(raw))
            for name, raw in pairs
            if name.startswith(self.style.wire_name) and not self._foreign(name)
        ]
        if own:
            yield read_brackets(self.view, self.style.wire_name, own)

    def text(self, value: Any) -> str:
        """The one text of a value in a path or a header. StyleError when the style has none."""
        return write_text(self.style, texts_of(value))

    def pairs(self, value: Any) -> Pairs:
        """The quoted pairs of a value in a query, a form or cookies. StyleError when the style has none."""
        nested_items = self._reads_items and is_array(value) and any(map(_is_nested, value))
        if self.is_deep or nested_items:
            return write_brackets(self.style, value)
        return write_pairs(self.style, texts_of(value))

    def _is_single(self, wire: Wire) -> bool:
        """Whether the parameter is there once, so that it may be a scalar in spite of a schema that also allows more."""
        pairs = wire.query if self.style.location == "query" else wire.cookies
        if self.style.location in ("path", "header"):
            return True
        return sum(name == self.style.wire_name for name, _ in pairs) == 1

    def _arrays(self, wire: Wire) -> Iterator[Any]:
        if self._reads_items and any(self._is_item_name(name) for name, _ in wire.query):
            own = [pair for pair in wire.query if self._is_own(pair[0])]
            yield from self._in_brackets(Wire(query=own))
            return

        texts = self._read(wire, "list")
        if texts is not None:
            items = self.view.items()
            yield [likeliest(items, str(text)) for text in texts]
            if texts == []:
                yield [""]

    def _objects(self, wire: Wire) -> Iterator[Any]:
        pairs = self._read(wire, "pairs")
        if pairs is None:
            return

        grouped: dict[str, list[str]] = {}
        for name, text in pairs:
            grouped.setdefault(name, []).append(text)

        yield {name: self._property(name, texts) for name, texts in grouped.items()}

    def _property(self, name: str, texts: list[str]) -> Any:
        view = self.view.property(name)
        if view.typed and "array" in view.types:
            return [likeliest(view.items(), text) for text in texts]
        if len(texts) > 1:
            raise StyleError("names a property twice")
        return likeliest(view, texts[0])

    def _read(self, wire: Wire, shape: Shape) -> Any:
        style = self.style
        if style.location == "path":
            return read_text(style, wire.path[style.wire_name], shape)

        if style.location == "header":
            line = header_line(wire, style, shape)
            return None if line is None else read_text(style, line, shape)
        return read_pairs(
            style, wire.query if style.location == "query" else wire.cookies, shape, self._foreign
        )

    def _foreign(self, name: str) -> bool:
        own = self.claim(name)
        return own is Claim.NONE or self._rival(name) > own


def _is_nested(value: Any) -> bool:
    return is_array(value) or is_object(value)


def header_line(wire: Wire, style: Style, shape: Shape) -> str | None:
    """The value of a header, its lines joined; only a list or an object may have several. StyleError."""
    lines = wire.headers.get(style.wire_name.lower())
    if not lines:
        return None
    if shape == "text" and len(lines) > 1:
        raise StyleError("must be given once")
    return ",".join(lines)


def texts_of(value: Any) -> Texts:
    """The texts of a JSON value: one, a list, or pairs. StyleError when it nests more deeply."""
    try:
        return _texts(value)
    except NestedError:
        raise StyleError("nests too deeply for a parameter") from None


def _texts(value: Any) -> Texts:
    if is_array(value):
        return [text_of(item) for item in value]

    if is_object(value):
        pairs: Pairs = []
        for name, item in value.items():
            pairs.extend((name, text_of(part)) for part in (item if is_array(item) else [item]))
        return pairs

    return text_of(value)

"""Values in a style: the JSON values that texts may mean by a schema, and the texts of a value.

Example: `tags` in a query, in style form, exploded, of `{type: array, items: {type: integer}}`. Of
the pairs `tags=1&limit=5&tags=2` the name `tags` matches; `candidates` gives `[1, 2]`, and
`pairs([1, 2])` gives `tags=1&tags=2` again. With `items: {type: [integer, string]}` the texts are
read as integers as well: text has no types, so the first candidate that the schema accepts is the
value.

Parameters and forms share this file: a form has the syntax of a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
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

_LIST_STYLES = frozenset({"form", "spaceDelimited", "pipeDelimited"})
_MOST_PROBED = 8
"""So many items, and characters of each, tell whether items may have commas."""


@dataclass(slots=True)
class Wire:
    """The parameters of one request on the wire: raw, so still percent-encoded, except headers.

    `query_string` is the whole query, of which `query` has the pairs.
    """

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: Pairs = field(default_factory=list[tuple[str, str]])
    headers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cookies: Pairs = field(default_factory=list[tuple[str, str]])
    query_string: str = ""

    def add(self, another: Wire) -> None:
        """Put the parameters of another beside these."""
        self.path |= another.path
        self.query += another.query
        self.headers |= another.headers
        self.cookies += another.cookies
        self.query_string += another.query_string


class NameMatch(IntEnum):
    """How well a name among the pairs of a query, of cookies or of a form matches a value.

    The value with the strongest match reads the pair.
    """

    NONE = 0
    ANY = 1
    """The value is an exploded object that allows properties of any name."""
    PATTERN = 2
    """`name[…]` of a deepObject, or a name that a pattern of an exploded object describes."""
    DECLARED = 3
    """The value's own name, or a declared property of it."""


class Styled:
    """A value in a style.

    `rival` gives the strongest match of a name with the values beside this one. An array in a query
    or form is also read from `name[]` and `name[0]`, as browsers and most client libraries send it.
    """

    def __init__(
        self,
        view: SchemaView,
        style: Style,
        rival: Callable[[str], NameMatch] = lambda _: NameMatch.NONE,
    ) -> None:
        self.view = view
        self.style = style
        self._nested = _nested_types(view)
        self.spreads = style.style == "form" and style.explode and "object" in self._nested
        self.is_deep = style.style == "deepObject"
        is_list = view.typed and "array" in view.types
        in_query = is_list and style.location == "query"
        self.reads_items = in_query and style.style == "form" and style.explode
        self._takes_brackets = in_query and style.style in _LIST_STYLES
        self._rival = rival
        self._is_open = view.is_open()

    def match_name(self, name: str) -> NameMatch:
        """Return how well a name matches: an exploded object has a name for each property."""
        own = self.style.wire_name
        if self.is_deep:
            return self._match_in_brackets(name)

        if name == own and not (self.spreads and self.view.types == frozenset({"object"})):
            return NameMatch.DECLARED

        spread = self._match_property(name) if self.spreads else NameMatch.NONE
        return max(spread, NameMatch.PATTERN) if self._is_item_name(name) else spread

    def _match_in_brackets(self, name: str) -> NameMatch:
        own = self.style.wire_name
        if name == own:
            # `meta=…` is another parameter than the object `meta[…]`, unless the schema allows
            # more than objects.
            return NameMatch.DECLARED if self.view.types - {"object", "null"} else NameMatch.NONE

        steps = steps_below(name, own)
        if steps is None:
            return NameMatch.NONE
        is_declared = steps[0] in self.view.property_names()
        return NameMatch.DECLARED if is_declared else NameMatch.PATTERN

    def _is_item_name(self, name: str) -> bool:
        """Whether a name is this array's, with the brackets of an item."""
        if not self._takes_brackets or not name.endswith("]"):
            return False
        steps = steps_below(name, self.style.wire_name)
        return steps is not None and is_item(steps[0])

    def _match_property(self, name: str) -> NameMatch:
        if name in self.view.property_names():
            return NameMatch.DECLARED
        if self.view.matches(name):
            return NameMatch.PATTERN
        return NameMatch.ANY if self._is_open else NameMatch.NONE

    def candidates(self, wire: Wire) -> Iterator[Any]:
        """Yield the JSON values that the texts may mean, likeliest first; none if there is no text.

        Raises:
            StyleError: The texts are not of the style.
        """
        if self.is_deep:
            yield from self._in_brackets(wire)
            return

        types, nested = self.view.types, self._nested
        if nested and not self.view.typed and not self.spreads:
            yield from self._objects_or_text(wire)
            return

        others: list[Any] = []
        if not nested or types - nested - {"null"} or "null" in types:
            texts = self._read(wire, "text") if not nested or self._is_single(wire) else None
            if isinstance(texts, str):
                others += scalars(self.view, texts, last_resort=not nested)

        if "array" in nested:
            others += self._arrays(wire)
        yield from others
        if "object" not in nested:
            return

        try:
            yield from self._objects(wire)
        except StyleError:
            # `o=1&o=2` is a list, also where an open object could not have `o` twice, and a header
            # `null` is null where it could not be an object.
            if not others:
                raise

    def _objects_or_text(self, wire: Wire) -> Iterator[Any]:
        """Read `role,admin` of `{properties: {role: …}}` as the object that its author meant.

        Without `type` it may be a text as well.
        """
        objects = list[Any]()
        with suppress(StyleError):
            objects += self._objects(wire)
        yield from objects

        try:
            texts = self._read(wire, "text")
        except StyleError:
            if not objects:
                raise
        else:
            if isinstance(texts, str):
                yield from scalars(self.view, texts, last_resort=True)

    def _in_brackets(self, wire: Wire) -> Iterator[Any]:
        """The value of its own name and of those in brackets below it."""
        pairs = wire.query if self.style.location == "query" else wire.cookies
        own_pairs = [pair for pair in pairs if pair[0].startswith(self.style.wire_name)]
        own = [
            (name, self.style.unquote(raw)) for name, raw in own_pairs if not self._foreign(name)
        ]
        if own:
            yield read_brackets(self.view, self.style.wire_name, own)

    def text(self, value: Any) -> str:
        """Return the text of a value in a path or a header; StyleError if the style has none."""
        return write_text(self.style, texts_of(value))

    def pairs(self, value: Any) -> Pairs:
        """Return the quoted pairs of a value in a query, a form or cookies.

        Raises:
            StyleError: The style has no form for the value.
        """
        nested_items = self.reads_items and is_array(value) and any(map(_is_nested, value))
        if self.is_deep or nested_items:
            return write_brackets(self.style, value)
        return write_pairs(self.style, texts_of(value))

    def _is_single(self, wire: Wire) -> bool:
        """Whether there is one text, so that it may be a scalar if the schema also allows more."""
        pairs = wire.query if self.style.location == "query" else wire.cookies
        if self.style.location == "path":
            return True
        if self.style.location == "header":
            return len(wire.headers.get(self.style.wire_name.lower(), ())) < 2
        return sum(name == self.style.wire_name for name, _ in pairs) == 1

    def _arrays(self, wire: Wire) -> Iterator[Any]:
        if self._takes_brackets and any(self._is_item_name(name) for name, _ in wire.query):
            own: Pairs = []
            for name, raw in wire.query:
                if name == self.style.wire_name or self._is_item_name(name):
                    own.append((name, raw))
            yield from self._in_brackets(Wire(query=own))
            return

        texts = self._read(wire, "list")
        if texts is not None:
            items = self._items(texts)
            yield items
            # `tags=` is written for both `[]` and `[""]`, so the schema decides.
            if texts == []:
                yield [""]
            # Several SDKs encode the comma between items: `ids=1%2C2`.
            if self._may_have_encoded_commas(texts) and not self.view.accepts(items):
                pieces = texts[0].split(",")
                if not allows_commas(self.view, pieces):
                    yield self._items(pieces)

    def _items(self, texts: list[str]) -> list[Any]:
        return [likeliest(self.view.item(at), text) for at, text in enumerate(texts)]

    def _may_have_encoded_commas(self, texts: list[str]) -> bool:
        """Whether commas are delimiters here, and those of the only text were encoded."""
        is_delimited = self.style.style in ("form", "simple") and not self.style.explode
        is_encoded = self.style.location != "header" and not self.style.is_raw
        return is_delimited and is_encoded and len(texts) == 1 and "," in texts[0]

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
            return [likeliest(view.item(index), text) for index, text in enumerate(texts)]
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
        own = self.match_name(name)
        return own is NameMatch.NONE or self._rival(name) > own


def allows_commas(view: SchemaView, texts: list[str]) -> bool:
    """Whether an item of a list may have a comma, as far as texts much like its own tell.

    Of `ab` they are `,b`, `a,`, `ab,` and so on: a limit of the length allows some of these, and a
    pattern, an enumeration or another type than text none.
    """
    for index, text in enumerate(texts[:_MOST_PROBED]):
        item = view.item(index)
        likely = [text[:at] + "," + text[at + 1 :] for at in range(min(len(text), _MOST_PROBED))]
        likely += [f"{text},", f",{text}", f"{text},{text}"]
        if any(map(item.accepts, likely)):
            return True
    return False


def _nested_types(view: SchemaView) -> frozenset[str]:
    """The types of nested values to look for: an object is meant where properties are declared."""
    if view.typed:
        return frozenset({"array", "object"}) & view.types
    return frozenset({"object"} if view.property_names() else ())


def _is_nested(value: Any) -> bool:
    return is_array(value) or is_object(value)


def header_line(wire: Wire, style: Style, shape: Shape) -> str | None:
    """Return the value of a header with its lines joined (RFC 9110 §5.3).

    Raises:
        StyleError: There are several lines for a value that is neither a list nor an object.
    """
    lines = wire.headers.get(style.wire_name.lower())
    if not lines:
        return None
    if shape == "text" and len(lines) > 1:
        raise StyleError("must be given once")
    return ",".join(lines)


def texts_of(value: Any) -> Texts:
    """Return the texts of a JSON value: one, a list, or pairs.

    Raises:
        StyleError: The value nests more deeply than a style can write.
    """
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

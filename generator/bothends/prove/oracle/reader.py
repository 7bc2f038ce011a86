"""Read the values that a text on the wire may mean (OpenAPI 3.1 §4.8.12.3).

The judge of the server's own reader, so nothing of that is asked here. Where the server decides for
one reading, all that the tables leave open are made, and the contract allows the text if it allows
one of them. What the tables do not settle is undecided.

For example, `?tags=` for an array of texts in `form` style without `explode`: both `[]` and `[""]`
are written so, and both are made. With `minItems: 1` the contract allows the second, so the text is
allowed, and a server that refuses it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any
from urllib.parse import unquote

from bothends.prove.oracle.brackets import Entries, Odd, is_item, path_below, readings
from bothends.prove.oracle.items import MOST, Unsettled, doubt_encoded_commas, readings_of_items
from bothends.prove.oracle.names import Others
from bothends.prove.oracle.prefixed import label_parts, matrix_parts, scalar_text
from bothends.prove.oracle.scalars import scalars, scalars_at
from bothends.prove.oracle.schemas import (
    inner,
    may_mean_object,
    property_names,
    property_schemas,
    schemas_at,
    types_at,
)
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.schema.contract import Contract

Pairs = list[tuple[str, str]]
LIST_STYLES = frozenset({"form", "spaceDelimited", "pipeDelimited"})
_DELIMITERS = {
    "form": ",",
    "spaceDelimited": r"%20|\+| ",
    "pipeDelimited": r"%7C|%7c|\|",
    "tabDelimited": "%09|\t",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """The parameters of a request as sent: percent-encoded, except headers and names.

    `query_string` is the whole query.
    """

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: Pairs = field(default_factory=list[tuple[str, str]])
    headers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cookies: Pairs = field(default_factory=list[tuple[str, str]])
    query_string: str = ""


class Absent(Exception):
    """The parameter is not there."""


@dataclass(frozen=True, slots=True)
class Described:
    """How a value is written: its name, where it stands, the style, and the pointer of its schema.

    `content` is the media type of a parameter that is written in one, and has no style.
    """

    name: str
    location: str
    schema: str
    style: str = "simple"
    explode: bool = False
    required: bool = False
    content: str = ""


class Reader:
    """Reads one value from a request, beside `others` that are read from the same."""

    def __init__(self, contract: Contract, described: Described, sent: Sent) -> None:
        self.contract, self.sent = contract, sent
        self.others = Others()
        # In a form the name is always that of the field; in a query it may be another parameter.
        self.is_field = False
        self.name, self.location = described.name, described.location
        self.required = described.required
        # The style `cookie` is `form` without percent-encoding (OpenAPI 3.2 §4.12.3).
        self.is_raw = described.style == "cookie"
        self.style = "form" if self.is_raw else described.style
        self.explode, self.content = described.explode, described.content
        self.schema = described.schema

    def names(self) -> list[str]:
        """The names under which the value may stand, as far as they are known."""
        if self.takes_any_name():
            return [self.name, *property_names(self.contract, self.schema)]
        return [self.name]

    def takes_any_name(self) -> bool:
        """Whether names of any kind may be properties of the value."""
        return self.spreads() and self.style == "form"

    def judge(self) -> bool | None:
        """Whether the contract allows what stands there; None where that is undecided."""
        verdict = self._verdict()
        if verdict is not False or self.location != "query":
            return verdict

        # A plus is a space in a form and itself in a URI (RFC 3986 §2.2): a server may take both.
        literal = [(name, raw.replace("+", "%2B")) for name, raw in self.sent.query]
        if literal == self.sent.query:
            return False
        self.sent = replace(self.sent, query=literal)
        return False if self._verdict() is False else None

    def _verdict(self) -> bool | None:
        try:
            values = self.values()
        except Absent:
            return not self.required
        except Unsettled:
            return None

        if any(self.contract.accepts(self.schema, value) for value in values):
            return True
        # One that was not tried might have been allowed.
        return None if len(values) > MOST else False

    def values(self) -> list[Any]:
        """All readings, up to one more than MOST; none where the text is not of its style.

        Absent, Unsettled.
        """
        try:
            found = self._content() if self.content else self._readings()
            return list(islice(found, MOST + 1))
        except KeyError:
            raise Absent from None
        except (UnicodeDecodeError, JsonTextError):
            return []

    def _content(self) -> Iterator[Any]:
        text = self._single_text()
        if not self.content.partition(";")[0].endswith(("/json", "+json")):
            if self.location != "querystring" or text is None:
                raise Unsettled
            yield self._plain(text)
            return
        if text is not None:
            yield read_json(self._plain(text).encode("utf-8", "surrogatepass"))

    def _readings(self) -> Iterator[Any]:
        """Read the text as what the schema allows: a scalar, a list or an object."""
        if self.style == "deepObject":
            yield from self._bracketed()
            return

        types = types_at(self.contract, self.schema)
        if self._has_items(types):
            yield from self._bracketed()
            return

        text = self._single_text()
        if not types or types - {"array", "object"}:
            scalar = None if text is None else scalar_text(self.style, self.name, text)
            if scalar is not None:
                yield from scalars(types, self._plain(scalar))

        if "array" in types:
            yield from self._lists()

        if may_mean_object(self.contract, self.schema):
            yield from self._objects()

    def _bracketed(self) -> Iterator[Any]:
        """The readings of its own name and of those in brackets below it. Absent, Unsettled."""
        types = types_at(self.contract, self.schema)
        entries: Entries = []
        for name, raw in self._pairs():
            path = self._path(name)
            if self.others.own(name) and path is not None:
                raise Unsettled
            if path is not None:
                entries.append((path, self._plain(raw)))
            elif name == self.name and (self.is_field or types - {"object", "null"} or not types):
                entries.append(((), self._plain(raw)))
            elif name == self.name:
                raise Unsettled  # OpenAPI says nothing of a deepObject without brackets

        if not entries:
            # A name like `at[` is nobody's, or a property of the object that takes any name.
            if self.required or (self.others.take_any_name and self._pairs()):
                raise Unsettled
            raise Absent

        yield from readings(self.contract, [self.schema], entries)

    def _path(self, name: str) -> tuple[str, ...] | None:
        try:
            return path_below(name, self.name)
        except Odd:
            raise Unsettled from None

    def _has_items(self, types: AbstractSet[str]) -> bool:
        """Whether there are names in the brackets of items, for a list whose items have names."""
        may_have = self.location == "query" and self.style in LIST_STYLES
        if not may_have or "array" not in types:
            return False

        paths = [self._path(name) for name, _ in self._pairs()]
        return any(path is not None and is_item(path[0]) for path in paths)

    def _single_text(self) -> str | None:
        """The text, if it is one.

        None where the name is there several times, as that of a list is.
        """
        if self.location == "path":
            return self.sent.path[self.name]
        if self.location == "querystring":
            if not self.sent.query_string:
                raise Absent
            return self.sent.query_string

        if self.location == "header":
            lines = self.sent.headers[self.name.lower()]
            return lines[0] if len(lines) == 1 else None

        own = [raw for name, raw in self._pairs() if name == self.name]
        if not own and not self.spreads():
            raise Absent
        return own[0] if len(own) == 1 else None

    def spreads(self) -> bool:
        """Whether an object has the names of its properties instead of its own."""
        is_object = may_mean_object(self.contract, self.schema)
        return not self.content and is_object and self.explode

    def _pairs(self) -> Pairs:
        return self.sent.query if self.location == "query" else self.sent.cookies

    def _is_plain(self) -> bool:
        return self.location == "header" or self.is_raw

    def _plain(self, raw: str) -> str:
        if self._is_plain():
            return raw
        if self.location == "query":
            raw = raw.replace("+", " ")
        return unquote(raw, errors="strict")

    def _lists(self) -> Iterator[Any]:
        texts = self._items()
        if texts is None:
            return

        of_each = readings_of_items(self.contract, [self.schema], texts)
        yield from map(list, product(*of_each))
        if self.style in ("form", "simple") and not self.explode and not self._is_plain():
            doubt_encoded_commas(self.contract, self.schema, texts)
        # A list of nothing and one of an empty text look the same, unless each item has its name.
        has_names = self.location in ("query", "cookie") or self.style == "matrix"
        if texts == [""] and not (has_names and self.explode):
            yield []

    def _items(self) -> list[str] | None:
        if self.location in ("query", "cookie") and self.explode:
            return [self._plain(raw) for name, raw in self._pairs() if name == self.name] or None
        parts = self._delimited(of_object=False)
        return None if parts is None else [self._plain(part) for part in parts]

    def _delimited(self, *, of_object: bool) -> list[str] | None:
        """The raw texts between delimiters; None when they are not of the style."""
        if self.location == "header":
            line = ",".join(self.sent.headers[self.name.lower()])
            delimiter = _DELIMITERS.get(self.style, ",")
            return [part.strip(" \t") for part in re.split(delimiter, line)]

        text = self._single_text()
        if text is None:
            return None
        if self.style in ("simple", "form"):
            return text.split(",")
        if self.style == "matrix":
            return matrix_parts(text, self.name, explode=self.explode, of_object=of_object)
        if self.style == "label":
            return label_parts(text, explode=self.explode)

        # Both `%20` and `+` stand for a space in a query (WHATWG URL §5.1), and senders use either.
        return re.split(_DELIMITERS[self.style], text)

    def _objects(self) -> Iterator[Any]:
        pairs = self._members()
        if pairs is None:
            return

        grouped: dict[str, list[str]] = {}
        for name, text in pairs:
            grouped.setdefault(name, []).append(text)

        values = [list(self._property(name, texts)) for name, texts in grouped.items()]
        for item in product(*values):
            yield dict(zip(grouped, item, strict=True))

    def _property(self, name: str, texts: list[str]) -> Iterator[Any]:
        pointers = property_schemas(self.contract, self.schema, name)
        if len(texts) == 1:
            yield from scalars_at(self.contract, pointers, texts[0])

        types = set[str]().union(*(types_at(self.contract, pointer) for pointer in pointers))
        if "array" in types:
            yield from map(list, product(*readings_of_items(self.contract, pointers, texts)))

    def _members(self) -> Pairs | None:
        """The names and texts of an object's properties; None when they are not of the style."""
        if self.location in ("query", "cookie") and self.explode:
            return self._spread()

        parts = self._delimited(of_object=True)
        if parts is None:
            return None
        if parts == [""]:
            return []

        if self.explode:
            split = [part.partition("=") for part in parts]
            if self.style != "matrix" and not all(equals for _, equals, _ in split):
                return None
            return [(self._plain(name), self._plain(text)) for name, _, text in split]

        plain = [self._plain(part) for part in parts]
        if len(plain) % 2:
            return None
        return list(zip(plain[::2], plain[1::2], strict=True))

    def _spread(self) -> Pairs:
        """The properties that have names of their own.

        Whose an undeclared name is, the tables do not say.
        """
        if any(self.others.own(name) and self._declares(name) for name, _ in self._pairs()):
            raise Unsettled

        pairs = [(name, raw) for name, raw in self._pairs() if not self.others.own(name)]
        if self.style != "form":
            raise Unsettled

        alone = types_at(self.contract, self.schema) == {"object"}
        found = [pair for pair in pairs if pair[0] != self.name or alone]
        is_open_to_doubt = self.others.take_any_name or self._is_closed()
        if is_open_to_doubt and any(not self._declares(name) for name, _ in found):
            raise Unsettled

        if not found:
            if self.required or any(name == self.name for name, _ in pairs):
                raise Unsettled
            raise Absent

        return [(name, self._plain(raw)) for name, raw in found]

    def _is_closed(self) -> bool:
        for _, schema in schemas_at(self.contract, self.schema):
            closing = schema.get("additionalProperties"), schema.get("unevaluatedProperties")
            if any(described is False for described in closing):
                return True
        return False

    def _declares(self, name: str) -> bool:
        return bool(inner(self.contract, self.schema, "properties", name))

"""The values that a parameter may stand for on the wire, read naively by OpenAPI's tables (OpenAPI 3.1 §4.8.12.3).

The judge of the server's own reader, so nothing of that is asked here. Where the server decides for one reading, all that
the tables leave open are made, and the contract allows the text if it allows one of them. What the tables do not settle is
undecided.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any
from urllib.parse import unquote

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.json.value import is_object
from bothends.runtime.schema.contract import Contract

Pairs = list[tuple[str, str]]
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DELIMITERS = {"form": ",", "spaceDelimited": r"%20|\+| ", "pipeDelimited": r"%7C|%7c|\|"}
_MOST = 256
_DEEP = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """The parameters of a request as they stand on the wire: still percent-encoded, but for headers and names."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: Pairs = field(default_factory=list[tuple[str, str]])
    headers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cookies: Pairs = field(default_factory=list[tuple[str, str]])


class _Absent(Exception):
    """The parameter is not there."""


class _Unsettled(Exception):
    """The tables do not say what the text means."""


def judge_parameter(
    contract: Contract, operation: str, index: int, sent: Sent, keys: Iterable[str] = ()
) -> bool | None:
    """Whether the contract allows what stands for a parameter; None where that is undecided.

    `operation` is the pointer of the operation, `index` that of the parameter, `keys` are names that security schemes have.
    """
    readers = [
        _Reader(contract, f"{operation}/parameters/{at}", sent)
        for at in range(len(contract.find_array(f"{operation}/parameters")))
    ]
    reader = readers[index]
    beside = [one for one in readers if one is not reader and one.place == reader.place]
    reader.foreign = {*keys, *(name for one in beside for name in one.names())}
    reader.is_crowded = any(one.spreads() and one.style == "form" for one in beside)
    return reader.judge()


class _Reader:
    """`foreign` are the names that belong to others, `is_crowded` tells that another object takes names of any kind."""

    def __init__(self, contract: Contract, pointer: str, sent: Sent) -> None:
        self.contract, self.sent = contract, sent
        self.foreign, self.is_crowded = set[str](), False
        node = contract.find_object(pointer)
        self.name, self.place, self.required = node["name"], node["in"], node.get("required", False)
        self.content: str = next(iter(node.get("content", ())), "")
        self.style = node.get("style", "form" if self.place in ("query", "cookie") else "simple")
        self.explode = node.get("explode", self.style == "form")
        self.schema = pointer + (join("content", self.content) if self.content else "") + "/schema"

    def names(self) -> list[str]:
        """The names under which the parameter may stand, as far as they are known."""
        objects = _schemas(self.contract, self.schema) if self.spreads() and self.style == "form" else ()
        return [self.name, *(name for _, schema in objects for name in schema.get("properties", {}))]

    def judge(self) -> bool | None:
        try:
            values = list(islice(self._content() if self.content else self._readings(), _MOST + 1))
        except (_Absent, KeyError):
            return not self.required
        except (UnicodeDecodeError, JsonTextError):
            return False
        except _Unsettled:
            return None
        if any(self.contract.accepts(self.schema, value) for value in values):
            return True
        return False if len(values) <= _MOST else None

    def _content(self) -> Iterator[Any]:
        if not self.content.partition(";")[0].endswith(("/json", "+json")):
            raise _Unsettled
        text = self._one()
        if text is not None:
            yield read_json(self._plain(text).encode("utf-8", "surrogatepass"))

    def _readings(self) -> Iterator[Any]:
        """As one text, as a list, as an object: what of these the schema speaks of, else as one text."""
        types = _types(self.contract, self.schema)
        text = self._one()
        if self.style == "deepObject":
            yield from self._objects()
            return
        if not types or types - {"array", "object"}:
            text = self._unlabelled(text)
            yield from _scalars(types, self._plain(text)) if text is not None else ()
        if "array" in types:
            yield from self._lists()
        if "object" in types:
            yield from self._objects()

    def _one(self) -> str | None:
        """The text, if it is one; None where the name is there several times, as that of a list is."""
        if self.place == "path":
            return self.sent.path[self.name]
        if self.place == "header":
            lines = self.sent.headers[self.name.lower()]
            return lines[0] if len(lines) == 1 else None
        own = [raw for name, raw in self._pairs() if name == self.name]
        if own or not self.spreads():
            return own[0] if len(own) == 1 else None if own else _absent()
        return None

    def spreads(self) -> bool:
        """Whether an object has the names of its properties instead of its own."""
        is_object = "object" in _types(self.contract, self.schema)
        return not self.content and is_object and (self.explode or self.style == "deepObject")

    def _pairs(self) -> Pairs:
        return self.sent.query if self.place == "query" else self.sent.cookies

    def _plain(self, raw: str) -> str:
        if self.place == "header":
            return raw
        return unquote(raw.replace("+", " ") if self.place == "query" else raw, errors="strict")

    def _unlabelled(self, text: str | None) -> str | None:
        """A scalar without what its style puts before it; None where that is missing."""
        if text is None or self.style not in ("label", "matrix"):
            return text
        if self.style == "label":
            return text[1:] if text.startswith(".") else None
        name, _, value = text.removeprefix(";").partition("=")
        return value if text.startswith(";") and unquote(name) == self.name and ";" not in value else None

    def _lists(self) -> Iterator[Any]:
        texts = self._items()
        if texts is None:
            return
        pointers = _inner(self.contract, self.schema, "items")
        yield from map(list, product(*(_of(self.contract, pointers, text) for text in texts)))
        spread = self.place in ("query", "cookie") and self.explode
        if texts == [""] and not spread:
            yield []  # a list of nothing and a list of an empty text look the same

    def _items(self) -> list[str] | None:
        if self.place in ("query", "cookie") and self.explode:
            return [self._plain(raw) for name, raw in self._pairs() if name == self.name] or None
        parts = self._parts(named=False)
        return None if parts is None else [self._plain(part) for part in parts]

    def _parts(self, *, named: bool) -> list[str] | None:
        """The raw texts between delimiters; None when they are not of the style."""
        if self.place == "header":
            return [part.strip(" \t") for part in ",".join(self.sent.headers[self.name.lower()]).split(",")]
        text = self._one()
        if text is None or self.style in ("simple", "form"):
            return None if text is None else text.split(",")
        if self.style == "label":
            return text[1:].split("." if self.explode else ",") if text.startswith(".") else None
        if self.style != "matrix":
            return re.split(_DELIMITERS[self.style], text)
        if not text.startswith(";") or (self.explode and named):
            return text[1:].split(";") if text.startswith(";") else None
        pairs = [part.partition("=") for part in text[1:].split(";")]
        if any(unquote(name) != self.name for name, _, _ in pairs) or (len(pairs) > 1 and not self.explode):
            return None
        return [value for _, _, value in pairs] if self.explode else pairs[0][2].split(",")

    def _objects(self) -> Iterator[Any]:
        pairs = self._members()
        if pairs is None:
            return
        grouped: dict[str, list[str]] = {}
        for name, text in pairs:
            grouped.setdefault(name, []).append(text)
        values = [list(self._property(name, texts)) for name, texts in grouped.items()]
        for one in product(*values):
            yield dict(zip(grouped, one, strict=True))

    def _property(self, name: str, texts: list[str]) -> Iterator[Any]:
        pointers = _property_schemas(self.contract, self.schema, name)
        if len(texts) == 1:
            yield from _of(self.contract, pointers, texts[0])
        types = set[str]().union(*(_types(self.contract, pointer) for pointer in pointers))
        if "array" in types:
            items = [inner for pointer in pointers for inner in _inner(self.contract, pointer, "items")]
            yield from map(list, product(*(_of(self.contract, items, text) for text in texts)))

    def _members(self) -> Pairs | None:
        """The names and texts of an object's properties; None when they are not of the style."""
        if self.place in ("query", "cookie") and (self.explode or self.style == "deepObject"):
            return self._spread()
        parts = self._parts(named=True)
        if parts is None or parts == [""]:
            return None if parts is None else []
        if self.explode:
            split = [part.partition("=") for part in parts]
            proper = self.style == "matrix" or all(equals for _, equals, _ in split)
            return [(self._plain(name), self._plain(text)) for name, _, text in split] if proper else None
        plain = [self._plain(part) for part in parts]
        return None if len(plain) % 2 else list(zip(plain[::2], plain[1::2], strict=True))

    def _spread(self) -> Pairs:
        """The properties that have names of their own. Whose an undeclared name is, the tables do not say."""
        if any(name in self.foreign and self._declares(name) for name, _ in self._pairs()):
            raise _Unsettled
        pairs = [(name, raw) for name, raw in self._pairs() if name not in self.foreign]
        if self.style == "deepObject":
            found = [(name[len(self.name) + 1 : -1], raw) for name, raw in pairs if self._is_bracketed(name)]
            if any("[" in name or "]" in name for name, _ in found):
                raise _Unsettled
        elif self.style != "form":
            raise _Unsettled
        else:
            alone = _types(self.contract, self.schema) == {"object"}
            found = [pair for pair in pairs if pair[0] != self.name or alone]
            if any(not self._declares(name) for name, _ in found) and (self.is_crowded or self._is_closed()):
                raise _Unsettled
        if not found:
            if self.required:
                raise _Unsettled
            raise _Absent
        return [(name, self._plain(raw)) for name, raw in found]

    def _is_bracketed(self, name: str) -> bool:
        return name.startswith(f"{self.name}[") and name.endswith("]")

    def _is_closed(self) -> bool:
        closing = ("additionalProperties", "unevaluatedProperties")
        return any(schema.get(word) is False for _, schema in _schemas(self.contract, self.schema) for word in closing)

    def _declares(self, name: str) -> bool:
        return bool(_inner(self.contract, self.schema, "properties", name))


def _absent() -> Any:
    raise _Absent


def _of(contract: Contract, pointers: list[str], text: str) -> list[Any]:
    """The readings of a part that one of its own schemas takes; if there is none, all."""
    types = set[str]().union(*(_types(contract, pointer) for pointer in pointers))
    found = list(_scalars(types, text)) or [text]
    return [one for one in found if any(contract.accepts(pointer, one) for pointer in pointers)] or found


def _scalars(types: set[str], text: str) -> Iterator[Any]:
    """The scalars that a text may stand for. A text with a fraction is none of an integer."""
    if not types or "string" in types:
        yield text
    if text in ("true", "false") and (not types or "boolean" in types):
        yield text == "true"
    number = _NUMBER.fullmatch(text)
    if number and (not types or "number" in types or ("integer" in types and not (number[2] or number[3]))):
        try:
            value = json.loads(text)
        except ValueError:  # more digits than a number may have
            return
        if abs(value) != float("inf"):
            yield value
    if text == "null" and (not types or "null" in types):
        yield None


def _schemas(contract: Contract, pointer: str, depth: int = _DEEP) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema with those that it refers to and is composed of."""
    schema = contract.find(pointer)
    if not is_object(schema) or not depth:
        return
    yield pointer, schema
    if "$ref" in schema:
        yield from _schemas(contract, schema["$ref"].removeprefix("#"), depth - 1)
    for word in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(word, ()))):
            yield from _schemas(contract, f"{pointer}/{word}/{index}", depth - 1)


def _types(contract: Contract, pointer: str) -> set[str]:
    """The types of which a schema speaks; none where it speaks of none."""
    found: set[str] = set()
    for _, schema in _schemas(contract, pointer):
        stated = schema.get("type", [])
        found |= {stated} if isinstance(stated, str) else set(stated)
    return found


def _inner(contract: Contract, pointer: str, *words: str) -> list[str]:
    places: Iterable[str] = (one + join(*words) for one, _ in _schemas(contract, pointer))
    return [place for place in places if contract.find(place) is not None]


def _property_schemas(contract: Contract, pointer: str, name: str) -> list[str]:
    described = _inner(contract, pointer, "properties", name)
    for one, schema in _schemas(contract, pointer):
        patterns = (pattern for pattern in schema.get("patternProperties", {}) if contract.matches(pattern, name))
        described += [one + join("patternProperties", pattern) for pattern in patterns]
    return described or _inner(contract, pointer, "additionalProperties")

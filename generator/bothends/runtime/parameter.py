"""Parameters between JSON values and the wire: which texts stand for which values, judged by the parameter's own schema.

Text has no types. So the types that the schema may allow are tried in a fixed order, and the first value that the schema
accepts is the one. The writer reads back what it wrote: a value that would arrive as another one is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .contract import Contract, load_contract
from .json_text import JsonTextError, read_json, write_json
from .json_value import is_array, is_object, same
from .operation import MISSING, Api, Missing, Operation, Parameter, ResponseHeader
from .pointer import join
from .schema_view import SchemaView
from .style import (
    Pairs,
    Shape,
    Style,
    StyleError,
    Texts,
    percent_decode,
    read_pairs,
    read_text,
    write_pairs,
    write_text,
)

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NOT_IN_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$")


class ParameterError(ValueError):
    """A parameter breaks the contract; the message is the rule."""


@dataclass(slots=True)
class Wire:
    """The parameters of one request as they stand on the wire. Raw: still percent-encoded, except for headers."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: Pairs = field(default_factory=list[tuple[str, str]])
    headers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cookies: Pairs = field(default_factory=list[tuple[str, str]])


class ParameterCodec:
    """One parameter or response header, both directions."""

    def __init__(
        self,
        contract: Contract,
        pointer: str,
        style: Style,
        media_type: str | None = None,
        claimed: frozenset[str] = frozenset(),
    ) -> None:
        self.style = style
        self.is_content = media_type is not None
        self.pointer = pointer + (join("content", media_type) if media_type else "") + "/schema"
        self.contract = contract
        self.view = SchemaView(contract, (self.pointer,))
        self._claimed = claimed
        self._open = not self._is_closed()

    def read(self, wire: Wire) -> Any:
        """The JSON value of the parameter in a request, or MISSING. ParameterError when the contract refuses it."""
        try:
            candidates = list(self._candidates(wire))
        except (StyleError, JsonTextError) as error:
            raise ParameterError(str(error)) from None
        if not candidates:
            return MISSING
        for candidate in candidates:
            if self.contract.accepts(self.pointer, candidate):
                return candidate
        fault = self.contract.fault(self.pointer, candidates[0])
        raise ParameterError(str(fault))

    def write(self, value: Any) -> Wire:
        """The JSON value on the wire. ParameterError when the contract refuses it or the style cannot carry it."""
        fault = self.contract.fault(self.pointer, value)
        if fault is not None:
            raise ParameterError(str(fault))
        try:
            wire = self._write(write_json(value).decode() if self.is_content else _texts(value))
            arrived = self.read(wire)
        except (StyleError, ParameterError):
            arrived = MISSING
            wire = Wire()
        if not same(arrived, value):
            raise ParameterError(f"this value cannot be written in {self._manner()} so that it arrives unchanged")
        return wire

    def _manner(self) -> str:
        return f"a {self.style.location}" if self.is_content else f"a {self.style.location} in style {self.style.style}"

    def _write(self, texts: Texts) -> Wire:
        name, location = self.style.wire_name, self.style.location
        if location == "path":
            return Wire(path={name: _path_text(self._whole(texts))})
        if location == "header":
            return Wire(headers={name.lower(): [_header_text(self._whole(texts))]})
        whole = isinstance(texts, str) and self.is_content
        pairs = [(self.style.quote(name), self.style.quote(str(texts)))] if whole else write_pairs(self.style, texts)
        named = [(percent_decode(key, plus=location == "query"), text) for key, text in pairs]
        return Wire(query=named) if location == "query" else Wire(cookies=named)

    def _whole(self, texts: Texts) -> str:
        return self.style.quote(str(texts)) if self.is_content else write_text(self.style, texts)

    def _candidates(self, wire: Wire) -> Iterator[Any]:
        """The JSON values that the parameter may stand for, likeliest first; none if it is not there."""
        if self.is_content:
            texts = self._read(wire, "text")
            if texts is not None:
                yield read_json(str(texts).encode("utf-8", "surrogatepass"))
            return
        types = self.view.types
        nested = {"array", "object"} & types if self.view.typed else set[str]()
        if not nested or types - nested - {"null"} or "null" in types:
            texts = self._read(wire, "text") if not nested or self._is_single(wire) else None
            if isinstance(texts, str):
                yield from _scalars(self.view, texts, last_resort=not nested)
        if "array" in nested:
            yield from self._arrays(wire)
        if "object" in nested:
            yield from self._objects(wire)

    def _is_single(self, wire: Wire) -> bool:
        """Whether the parameter is there once, so that it may be a scalar in spite of a schema that also allows more."""
        pairs = wire.query if self.style.location == "query" else wire.cookies
        if self.style.location in ("path", "header"):
            return True
        return sum(name == self.style.wire_name for name, _ in pairs) == 1

    def _arrays(self, wire: Wire) -> Iterator[Any]:
        texts = self._read(wire, "list")
        if texts is not None:
            items = self.view.items()
            yield [_coerce(items, str(text)) for text in texts]
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
            return [_coerce(view.items(), text) for text in texts]
        if len(texts) > 1:
            raise StyleError("names a property twice")
        return _coerce(view, texts[0])

    def _read(self, wire: Wire, shape: Shape) -> Any:
        style = self.style
        if style.location == "path":
            raw = wire.path[style.wire_name]
            return style.unquote(raw) if self.is_content else read_text(style, raw, shape)
        if style.location == "header":
            return self._read_header(wire.headers.get(style.wire_name.lower()), shape)
        pairs = wire.query if style.location == "query" else wire.cookies
        plain = Style(style.wire_name, style.location, "form", explode=True) if self.is_content else style
        return read_pairs(plain, pairs, shape, self._foreign)

    def _read_header(self, lines: list[str] | None, shape: Shape) -> Any:
        if not lines:
            return None
        if shape == "text" and len(lines) > 1:
            raise StyleError("must be given once")
        text = ",".join(lines)
        return text if self.is_content else read_text(self.style, text, shape)

    def _foreign(self, name: str) -> bool:
        if name in self.view.property_names():
            return False
        return name in self._claimed or not self._open

    def _is_closed(self) -> bool:
        return any(schema.get("additionalProperties") is False for schema in self.view.schemas())


def _texts(value: Any) -> Texts:
    if is_array(value):
        return [_text(item) for item in value]
    if is_object(value):
        pairs: Pairs = []
        for name, item in value.items():
            pairs.extend((name, _text(part)) for part in (item if is_array(item) else [item]))
        return pairs
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise StyleError("nests too deeply for a parameter")
    return json.dumps(value)


def _path_text(text: str) -> str:
    if not text:
        raise StyleError("an empty text cannot be a part of a path")
    # A client library would take these two for steps in the path (RFC 3986 §5.2.4).
    return {".": "%2E", "..": "%2E%2E"}.get(text, text)


def _header_text(text: str) -> str:
    if _NOT_IN_HEADER.search(text):
        raise StyleError("holds characters that a header cannot carry")
    return text


def _coerce(view: SchemaView, text: str) -> Any:
    candidates = list(_scalars(view, text, last_resort=True))
    return next((value for value in candidates if view.accepts(value)), candidates[0])


def _scalars(view: SchemaView, text: str, *, last_resort: bool) -> Iterator[Any]:
    """The scalars that a text may stand for: without types in the schema it is text first."""
    order = (
        ("boolean", "integer", "number", "string", "null") if view.typed else ("string", "boolean", "integer", "number")
    )
    found = False
    for type_ in order:
        if type_ in view.types:
            for value in _READ[type_](text):
                found = True
                yield value
    if not found and last_resort:
        yield text


def _integers(text: str) -> Iterator[int]:
    if _INTEGER.fullmatch(text) and len(text) < 4300:
        yield int(text)


def _numbers(text: str) -> Iterator[float]:
    if _NUMBER.fullmatch(text) and abs(float(text)) < float("inf"):
        yield float(text)


_READ: dict[str, Callable[[str], Iterator[Any]]] = {
    "boolean": lambda text: iter([text == "true"] if text in ("true", "false") else []),
    "integer": _integers,
    "number": _numbers,
    "string": lambda text: iter([text]),
    "null": lambda text: iter([None] if text == "null" else []),
}


@cache
def parameter_codecs(operation: Operation[Any]) -> tuple[tuple[Parameter, ParameterCodec], ...]:
    """The parameters of an operation with their codecs, in its order."""
    contract = load_contract(operation.api)
    nodes = contract.find_array(f"{operation.pointer}/parameters")
    places = {(node["in"], _key(node["in"], node["name"])): index for index, node in enumerate(nodes)}
    claimed = _claimed(operation)
    codecs: list[tuple[Parameter, ParameterCodec]] = []
    for parameter in operation.parameters:
        index = places[parameter.location, _key(parameter.location, parameter.wire_name)]
        pointer = f"{operation.pointer}/parameters/{index}"
        style = Style.of(
            parameter.wire_name, parameter.location, parameter.style, parameter.explode, parameter.allow_reserved
        )
        content = parameter.content or next(iter(nodes[index].get("content", ())), None)
        codecs.append((parameter, ParameterCodec(contract, pointer, style, content, claimed)))
    return tuple(codecs)


@cache
def header_codec(api: Api, pointer: str, header: ResponseHeader) -> ParameterCodec:
    """The codec of a response header; `pointer` is that of the response."""
    contract = load_contract(api)
    names = contract.find_object(f"{pointer}/headers")
    name = next(name for name in names if name.lower() == header.wire_name.lower())
    content = next(iter(names[name].get("content", ())), None)
    style = Style.of(header.wire_name, "header", "simple", header.explode)
    return ParameterCodec(contract, pointer + join("headers", name), style, content)


def _key(location: str, name: str) -> str:
    return name.lower() if location == "header" else name


def _claimed(operation: Operation[Any]) -> frozenset[str]:
    """The query names that belong to a parameter or a security scheme."""
    keys = (getattr(scheme, "wire_name", None) for scheme in operation.api.security.values())
    return frozenset(parameter.wire_name for parameter in operation.parameters) | {key for key in keys if key}


def is_missing(value: Any) -> bool:
    """Whether a parameter is not there at all."""
    return isinstance(value, Missing)

"""OpenAPI's runtime expressions (OpenAPI 3.1 §4.8.20.4), as far as they speak of the request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .json.pointer import split
from .json.value import is_array, is_object
from .models.encoding import EncodeError, encode
from .operation import MISSING, Operation, Parameter


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as runtime expressions read it: declared arguments, else the wire."""

    operation: Operation[Any]
    arguments: Mapping[str, Any]
    url: str = ""
    headers: Iterable[tuple[str, str]] = field(default=(), repr=False)

    def value(self, expression: str) -> Any:
        """The JSON value that an expression stands for, or MISSING."""
        if expression == "$url":
            return self.url
        if expression == "$method":
            return self.operation.method

        source, _, remainder = expression.removeprefix("$request.").partition(".")
        if source in ("header", "query", "path"):
            return self._parameter(source, remainder)

        _, _, pointer = expression.partition("#")
        return _value_at(self._body(), pointer)

    def parameters(self) -> dict[str, Any]:
        """The JSON values of the declared parameters that were given, by Python name."""
        found: dict[str, Any] = {}
        for parameter in self.operation.parameters:
            value = self._argument(parameter)
            if not parameter.is_absent(value):
                found[parameter.name] = encode(value)
        return found

    def body(self) -> Any:
        """The JSON value of the body; MISSING when there is none, or when it is not JSON."""
        return self._body()

    def _parameter(self, location: str, name: str) -> Any:
        for parameter in self.operation.parameters:
            if parameter.location == location and _same_name(location, parameter.wire_name, name):
                value = self._argument(parameter)
                return MISSING if parameter.is_absent(value) else encode(value)
        return self._undeclared(location, name)

    def _undeclared(self, location: str, name: str) -> Any:
        if location == "path":
            return MISSING

        pairs = self.headers
        if location == "query":
            pairs = parse_qsl(self.url.partition("?")[2], keep_blank_values=True)
        found = [value for key, value in pairs if _same_name(location, key, name)]
        return found[0] if len(found) == 1 else MISSING

    def _argument(self, parameter: Parameter) -> Any:
        return self.arguments.get(parameter.name, MISSING)

    def _body(self) -> Any:
        body = self.operation.body
        if body is None:
            return MISSING

        value = self.arguments.get(body.name, MISSING)
        try:
            return MISSING if body.is_absent(value) else encode(value)
        except EncodeError:
            return MISSING


def _same_name(location: str, name: str, another: str) -> bool:
    # Only header names are alike in any case (RFC 9110 §5.1).
    if location == "header":
        return name.lower() == another.lower()
    return name == another


def _value_at(value: Any, pointer: str) -> Any:
    for part in split(pointer):
        if is_object(value) and part in value:
            value = value[part]
        elif is_array(value) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING

    return value

"""What went over the wire, as errors and responses show it: without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar, overload

from typing_extensions import override

from .json.value import is_array, is_object

T = TypeVar("T")


class Headers(Mapping[str, str]):
    """Headers by name, without case; repeated lines are joined by commas (RFC 9110 §5.2)."""

    __slots__ = ("_lines",)

    def __init__(self, lines: Iterable[tuple[str, object]] = ()) -> None:
        found: dict[str, tuple[str, str]] = {}
        for name, value in lines:
            key = name.lower()
            text = value if isinstance(value, str) else header_text(value)
            found[key] = (
                (found[key][0], f"{found[key][1]}, {text}") if key in found else (name, text)
            )
        self._lines = found

    @override
    def __getitem__(self, name: str) -> str:
        return self._lines[name.lower()][1]

    @overload
    def get(self, key: str, /) -> str | None: ...

    @overload
    def get(self, key: str, /, default: str) -> str: ...

    @overload
    def get(self, key: str, /, default: T) -> str | T: ...

    @override
    def get(self, key: str, /, default: object = None) -> object:
        """The value of a header, or the default; without an exception on the way."""
        found = self._lines.get(key.lower())
        return default if found is None else found[1]

    def lines(self, name: str) -> list[str]:
        """The value of a header as a list of one; empty if it is absent."""
        return [self[name]] if name in self else []

    @override
    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._lines

    @override
    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._lines.values())

    @override
    def __len__(self) -> int:
        return len(self._lines)

    @override
    def __repr__(self) -> str:
        return f"Headers({sorted(self._lines)})"  # names only: values may be secrets (Set-Cookie)


def header_text(value: object) -> str:
    """A header value as style simple writes it (OpenAPI 3.1 §4.8.12.2)."""
    if isinstance(value, str):
        return value
    if is_array(value):
        return ",".join(header_text(item) for item in value)
    if is_object(value):
        return ",".join(header_text(part) for pair in value.items() for part in pair)
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)

    return value.isoformat() if isinstance(value, date | time) else str(value)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """The request that was sent: its method, and its URL without credentials."""

    method: str
    url: str


@dataclass(frozen=True, slots=True)
class ReceivedResponse:
    """The answer as it came: status, headers, and the body's bytes after content decoding."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)

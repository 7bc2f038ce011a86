"""What went over the wire, as errors and answers show it: no secrets, and no dependency on an HTTP library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


class Headers(Mapping[str, str]):
    """Headers by name, compared without case; repeated lines are joined by a comma (RFC 9110 §5.2)."""

    __slots__ = ("_lines",)

    def __init__(self, headers: Mapping[str, object] | Iterable[tuple[str, object]] = ()) -> None:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        lines: dict[str, tuple[str, str]] = {}
        for name, value in pairs:
            key, text = name.lower(), header_text(value)
            lines[key] = (lines[key][0], f"{lines[key][1]}, {text}") if key in lines else (name, text)
        self._lines = lines

    def __getitem__(self, name: str) -> str:
        return self._lines[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._lines

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"Headers({sorted(self._lines)})"  # names only: values may be secrets (Set-Cookie)


def header_text(value: object) -> str:
    """A header value as style simple writes it (OpenAPI 3.1 §4.8.12.2)."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ",".join(header_text(item) for item in value)
    if isinstance(value, Mapping):
        return ",".join(header_text(part) for pair in value.items() for part in pair)
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """The request that was sent: its method and its URL, where values of secret query parameters read `***`."""

    method: str
    url: str


@dataclass(frozen=True, slots=True)
class ReceivedResponse:
    """The answer as it came: status, headers, and the body's bytes after content decoding."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)

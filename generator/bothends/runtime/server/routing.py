"""From a raw path to the operations at it: exact, concrete before templated (OpenAPI 3.1 §4.8.8.2), never a redirect.

The raw path is split first and decoded after, so that an encoded slash is no separator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from bothends.runtime.operation import Operation

_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Route:
    """One path template with its operations by method."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.operations: dict[str, Operation[Any]] = {}
        segments = path.split("/")
        self._literals = {
            index: segment for index, segment in enumerate(segments) if "{" not in segment
        }
        self._patterns = {
            index: (re.compile(_pattern(segment), re.DOTALL), _VARIABLE.findall(segment))
            for index, segment in enumerate(segments)
            if "{" in segment
        }
        self.order = tuple(_rank(segment) for segment in segments)

    @property
    def allow(self) -> str:
        """The value of Allow: what is documented, and what is answered along with it."""
        methods = [*self.operations, *(["HEAD"] if "GET" in self.operations else []), "OPTIONS"]
        return ", ".join(dict.fromkeys(methods))

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The raw text of each path parameter, or None when the path is another one."""
        for index, literal in self._literals.items():
            if segments[index] != literal and unquote(segments[index]) != literal:
                return None

        found: dict[str, str] = {}
        for index, (pattern, names) in self._patterns.items():
            values = pattern.fullmatch(segments[index])
            if values is None:
                return None
            found.update(zip(names, values.groups(), strict=True))

        return found


class Router:
    """All routes of an API."""

    def __init__(self, operations: Iterable[Operation[Any]]) -> None:
        routes: dict[str, Route] = {}
        for operation in operations:
            routes.setdefault(operation.path, Route(operation.path)).operations[
                operation.method.upper()
            ] = operation
        self._by_length: dict[int, list[Route]] = {}
        for route in sorted(routes.values(), key=lambda route: route.order):
            self._by_length.setdefault(len(route.order), []).append(route)

    def find(self, raw_path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a raw path and the raw texts of its parameters."""
        segments = raw_path.split("/")
        for route in self._by_length.get(len(segments), ()):
            found = route.match(segments)
            if found is not None:
                return route, found

        return None


def _pattern(segment: str) -> str:
    parts = _VARIABLE.split(segment)  # literal, name, literal, name, …
    return "".join("([^/]+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))


def _rank(segment: str) -> tuple[int, int]:
    """Concrete segments first, then those with the most literal text."""
    return (0, 0) if "{" not in segment else (1, -len(_VARIABLE.sub("", segment)))

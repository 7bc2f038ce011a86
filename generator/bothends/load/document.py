"""A loaded contract: plain data that knows where in its text each part stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bothends.diagnostics import Lines, SourceLocation
from bothends.load.positions import Positions
from bothends.openapi.json_value import JsonValue, child
from bothends.openapi.pointer import split


class SourceMap:
    """The text of a document and the positions of its nodes, found when first asked for."""

    def __init__(self, source: str, data: JsonValue, positions: Callable[[], Positions]) -> None:
        self._source = source
        self._data = data
        self._find_positions = positions

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._source)

    @cached_property
    def _positions(self) -> Positions:
        return self._find_positions()

    def locate(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """Line and column of the node at `pointer` (or its nearest ancestor), or of its key."""
        positions = self._positions
        node = positions.find(self._data, pointer)
        return self._lines.locate((positions.keys if key else positions.values)[node])


@dataclass(frozen=True, eq=False)
class Document:
    """Plain JSON data with its source. Treat `data` as read-only: aliases of YAML share one object."""

    path: str
    source: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    source_map: SourceMap = field(repr=False)
    origins: tuple[Mapping[str, str], ...] = field(default=(), repr=False)

    def location_of(self, pointer: str, *, key: bool = False) -> SourceLocation:
        """Where the node at `pointer` begins, or that of its nearest ancestor; with `key`, where its key begins."""
        original = self.original(pointer)
        line, column = self.source_map.locate(original, key=key)
        return SourceLocation(self.path, line, column, original)

    def value_at(self, pointer: str) -> Any:
        """The value at `pointer`; `KeyError` when there is none."""
        value: JsonValue = self.data
        for part in split(pointer):
            value = child(value, part)[1]
        return value

    def with_data(self, data: dict[str, Any], origins: Mapping[str, str]) -> Document:
        """The same source with other data; `origins` maps pointers of the new data to pointers of this one's.

        The longest prefix of a pointer wins; a pointer without any is taken as unchanged.
        """
        return Document(self.path, self.source, data, self.source_map, (*self.origins, origins))

    def original(self, pointer: str) -> str:
        """The pointer in the text as it was loaded."""
        for origins in reversed(self.origins):
            pointer = _translate(pointer, origins)
        return pointer


def _translate(pointer: str, origins: Mapping[str, str]) -> str:
    prefix, rest = pointer, ""
    while prefix not in origins:
        if not prefix:
            return pointer
        prefix, slash, last = prefix.rpartition("/")
        rest = f"{slash}{last}{rest}"

    return origins[prefix] + rest

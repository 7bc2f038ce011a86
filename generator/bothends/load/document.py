"""A loaded contract: plain data that knows where in its text each part stands.

Worked example: the lines 3 and 4 of openapi.yaml are

      /tides:
        get: {responses: {}}

    location_of("/paths/~1tides/get")              ->  openapi.yaml:4:10    the value
    location_of("/paths/~1tides/get", key=True)    ->  openapi.yaml:4:5     the word `get`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bothends.diagnostics import Finding, Lines, SourceLocation
from bothends.load.positions import Places, Positions
from bothends.openapi.json_value import JsonValue, member
from bothends.openapi.pointer import parent, split

_COMPONENTS = ("/components/", "/definitions/", "/parameters/", "/responses/")
"""How the pointers of components begin, in OpenAPI 3 and in Swagger 2.0."""


class SourceMap:
    """The text of a document and the positions of its nodes, found when first asked for."""

    def __init__(
        self,
        source: str,
        data: JsonValue,
        places: Callable[[], Places],
        moved: Mapping[str, str] | None = None,
    ) -> None:
        self._source = source
        self._data = data
        self._find_places = places
        self._moved = moved or {}

    def with_moved(self, moved: Mapping[str, str]) -> SourceMap:
        """The same text, asked by other pointers: `moved` leads from these to those of the text."""
        return SourceMap(self._source, self._data, self._find_places, moved)

    @classmethod
    def of_text(cls, source: str) -> SourceMap:
        """The map of a file that is text and nothing else."""
        positions = Positions()
        positions.add(0)
        return cls(source, source, lambda: positions)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._source)

    @cached_property
    def _places(self) -> Places:
        return self._find_places()

    def locate(self, pointer: str, *, key: bool) -> tuple[int, int]:
        """Line and column of the node at `pointer` (or its nearest ancestor), or of its key."""
        places = self._places.place(self._data, _translate(pointer, self._moved))
        return self._lines.locate(places[key])


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of a bundled contract is written: in which file, and where in it."""

    path: str
    pointer: str
    source_map: SourceMap = field(repr=False)
    lock_path: str = ""
    """For a component: the path of its file from the contract's folder. Names are kept under it."""


@dataclass(frozen=True, eq=False)
class Document:
    """Plain JSON data with its source.

    Treat `data` as read-only: aliases of YAML share one object. Of a contract in several files,
    `data` is all of it and `source` the text of the root; `parts` says by pointer what comes from
    elsewhere, and `unread` which references were not followed, each with a message and a hint.
    A contract of an older version of OpenAPI is known by its pointers in the newer one;
    `text_origins` leads from these to the text.
    """

    path: str
    source: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    source_map: SourceMap = field(repr=False)
    origins: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    text_origins: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part], repr=False)
    unread: Mapping[str, tuple[str, str]] = field(
        default_factory=dict[str, tuple[str, str]], repr=False
    )
    notes: tuple[Finding, ...] = field(default=(), repr=False)

    def location_of(self, pointer: str, *, key: bool = False) -> SourceLocation:
        """Return where in the text the node at `pointer`, or its nearest ancestor, begins.

        Args:
            pointer: A pointer into `data`.
            key: Give the place of the node's key instead, if it has one.
        """
        original = self.original(pointer)
        written = self.pointer_in_text(original)
        part, inner = self.part_of(written)
        if key and written in self.parts and not written.startswith(_COMPONENTS):
            # The key of what comes from another file is in the file that refers to it.
            part, inner = self.part_of(parent(written))
            inner += f"/{written.rpartition('/')[2]}"

        if part is None:
            line, column = self.source_map.locate(inner, key=key)
            return SourceLocation(self.path, line, column, original)

        line, column = part.source_map.locate(inner, key=key)
        return SourceLocation(part.path, line, column, original)

    def part_of(self, written: str) -> tuple[Part | None, str]:
        """Return the part that a pointer of the text is in, or None, and the pointer there."""
        if self.parts:
            prefix, remainder = written, ""
            while prefix not in self.parts and prefix:
                prefix, slash, last = prefix.rpartition("/")
                remainder = f"{slash}{last}{remainder}"
            if (part := self.parts.get(prefix)) is not None:
                return part, part.pointer + remainder

        return None, written

    def value_at(self, pointer: str) -> Any:
        """Return the value at `pointer`. Raises `KeyError` when there is none."""
        value: JsonValue = self.data
        for part in split(pointer):
            value = member(value, part)
        return value

    def with_data(self, data: dict[str, Any], origins: Mapping[str, str]) -> Document:
        """Return the same source with other data.

        Args:
            data: The new data.
            origins: Pointers of the new data → pointers of this one's. The longest prefix of a
                pointer wins; a pointer without any is taken as unchanged.
        """
        return replace(self, data=data, origins=(*self.origins, origins))

    def in_newer_version(
        self,
        data: dict[str, Any],
        origins: Mapping[str, str],
        unread: Mapping[str, tuple[str, str]],
    ) -> Document:
        """Return the same contract in a newer version of OpenAPI.

        From here on it is known by its new pointers: names are kept under them, so they stay when
        the vendor moves to that version. Only locations lead back to the text.

        Args:
            data: The new data.
            origins: Pointers of the new data → pointers of this one's.
            unread: `unread`, by its new pointers.
        """
        text_origins = (*self.text_origins, *self.origins, origins)
        return replace(self, data=data, origins=(), text_origins=text_origins, unread=unread)

    def original(self, pointer: str) -> str:
        """Return the pointer in the contract before it was repaired and normalised."""
        for origins in reversed(self.origins):
            pointer = _translate(pointer, origins)
        return pointer

    def pointer_from_text(self, written: str) -> str:
        """Return the pointer in the data of what stands at a pointer in the text.

        The other way round than `pointer_in_text`, for what has not moved since it was read but by
        a change of the version.
        """
        for origins in (*self.text_origins, *self.origins):
            written = _translate(written, {source: pointer for pointer, source in origins.items()})
        return written

    def pointer_in_text(self, original: str) -> str:
        """Return the pointer in the text: another one if that is of an older version."""
        for origins in reversed(self.text_origins):
            original = _translate(original, origins)
        return original


def _translate(pointer: str, origins: Mapping[str, str]) -> str:
    prefix, remainder = pointer, ""
    while prefix not in origins:
        if not prefix:
            return pointer
        prefix, slash, last = prefix.rpartition("/")
        remainder = f"{slash}{last}{remainder}"

    return origins[prefix] + remainder

"""YAML text to data and positions, from the event stream: no tags, one document.

Example: the events of `{a: &x [1], b: *x}` are a mapping, the key `a`, a sequence with the anchor
`x`, the scalar `1`, the ends of both, the key `b` and an alias. The data is `{"a": [1], "b": [1]}`;
`b` has the position of the alias, and what is in it the positions of the anchor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from bothends.diagnostics import ContractError, Finding
from bothends.load import faults
from bothends.load.document import SourceMap
from bothends.load.limits import (
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_KEYS_LENGTH,
    MAX_NODES,
    MAX_TEXT,
    MAX_WIDTH,
    KeyLengths,
)
from bothends.load.positions import Positions
from bothends.load.scalars import NotFiniteError, resolve_plain
from bothends.load.yaml_events import parse_events
from bothends.openapi.json_value import JsonValue
from bothends.openapi.pointer import join

_MOST_FINDINGS = 50
_Tagged = ScalarEvent | MappingStartEvent | SequenceStartEvent
# What YAML 1.2.2 §5.1 does not count as printable, and half surrogates.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(source: str, path: str) -> tuple[JsonValue, SourceMap]:
    """Return the data of a YAML text and the positions of its nodes.

    Raises:
        ContractError: The text is no YAML, or has values that JSON has not; with all its faults.
    """
    reader = _Reader(source, path)
    data = reader.read()
    positions = reader.positions
    return data, SourceMap(source, data, lambda: positions)


class _StopReadingError(Exception):
    """Nothing after this point can be read sensibly."""


@dataclass(slots=True)
class _Frame:
    """An open mapping or sequence; `key` is set between a key and its value."""

    node: int
    value: dict[str, Any] | list[Any]
    anchor: str | None
    weight_before: int
    key: str | None = None
    key_offset: int | None = None
    levels: int = 1
    keys_length: int = 0

    def add(self, value: JsonValue, levels: int, keys_length: int) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is not None:
            self.value[self.key] = value
            keys_length += len(self.key)
            self.key = self.key_offset = None

        self.levels = max(self.levels, 1 + levels)
        self.keys_length = max(self.keys_length, keys_length)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an alias stands for: how many values, on how many levels, below keys of which length."""

    node: int
    value: JsonValue
    weight: int = 1
    levels: int = 0
    keys_length: int = 0


class _Reader:
    """Builds the data of one document, event by event, and collects what is wrong on the way."""

    def __init__(self, source: str, path: str) -> None:
        self.positions = Positions()
        self._source = source
        self._path = path
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._findings: list[Finding] = []
        self._weight = 0
        self._aliases = 0
        self._keys = KeyLengths()
        self._root: JsonValue = None

    def read(self) -> JsonValue:
        try:
            self._read_events()
        except yaml.YAMLError as error:
            self._report(*_syntax_fault(error, self._source))
        except _StopReadingError:
            pass

        if self._findings:
            raise ContractError(self._findings)

        return self._root

    def _read_events(self) -> None:
        if unprintable := _UNPRINTABLE.search(self._source):
            self._stop(faults.CONTROL, unprintable.start())

        seen = False
        for event in parse_events(self._source):
            if isinstance(event, NodeEvent):
                self._read_node(event, _offset(event))
            elif isinstance(event, CollectionEndEvent):
                frame = self._frames.pop()
                self.positions.close(frame.node)
                weight = self._weight - frame.weight_before
                extent = (weight, frame.levels, frame.keys_length)
                self._put(_Anchor(frame.node, frame.value, *extent), frame.anchor)
            elif isinstance(event, DocumentStartEvent):
                # Other tools read only the first document, and nobody sees that the rest is
                # ignored.
                if seen:
                    self._stop(faults.SEVERAL_DOCUMENTS, _offset(event))
                seen = True

        if not seen:
            self._stop(faults.NO_CONTENT, 0)

    def _read_node(self, event: NodeEvent, offset: int) -> None:
        frame = self._frames[-1] if self._frames else None
        # Tags make values that JSON does not have, such as `!!binary` and `!!set`.
        if isinstance(event, _Tagged) and event.tag is not None:
            self._report(faults.TAG, offset)

        if frame and frame.key is None and isinstance(frame.value, dict):
            self._read_key(frame, event, offset)
            return

        if frame and len(frame.value) >= MAX_WIDTH:
            self._stop(faults.TOO_WIDE, offset)
        if isinstance(event, ScalarEvent) and len(event.value) > MAX_TEXT:
            self._stop(faults.TEXT_TOO_LONG, offset)

        node = self.positions.add(offset, frame.key_offset if frame else None)
        self._weigh(1)

        match event:
            case ScalarEvent():
                self._put(_Anchor(node, self._scalar(event, offset)), event.anchor)
            case MappingStartEvent():
                self._open(_Frame(node, {}, event.anchor, self._weight - 1), offset)
            case SequenceStartEvent():
                self._open(_Frame(node, [], event.anchor, self._weight - 1), offset)
            case _:
                self._put(self._alias(event, node, offset), None)

    def _read_key(self, frame: _Frame, event: NodeEvent, offset: int) -> None:
        if not isinstance(event, ScalarEvent):
            self._stop(faults.KEY_NOT_TEXT, offset)

        key: str = event.value
        # Keys are text, however they look (OpenAPI 3.1 §4.3, the failsafe schema of YAML): `200:`
        # below responses is what everybody writes, and `NULL:` is the name of a property.
        if event.implicit[0] and not key:
            self._report(faults.KEY_NOT_TEXT, offset)
        elif key in frame.value:
            # Keys are unique in YAML (1.2.2 §3.2.1.1); most readers keep the last and say nothing.
            self._report(faults.duplicate_key(key), offset)

        if not self._keys.fit(len(self._frames) - 1, key):
            self._stop(faults.KEYS_TOO_LONG, offset)

        frame.key, frame.key_offset = key, offset
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(len(self.positions), key)

    def _scalar(self, event: ScalarEvent, offset: int) -> JsonValue:
        value: str = event.value
        if not event.implicit[0]:
            if not value.isascii() and _UNPRINTABLE.search(value):
                # libyaml refuses such an escape; PyYAML's own scanner makes half a character of it.
                if any("\ud800" <= character <= "\udfff" for character in value):
                    self._report(faults.LONE_SURROGATE, offset)
            return value

        try:
            return resolve_plain(value)
        except NotFiniteError:
            self._report(faults.NOT_FINITE, offset)
        except ValueError:
            self._report(faults.LONG_NUMBER, offset)

        return value

    def _alias(self, event: Event, node: int, offset: int) -> _Anchor:
        name = getattr(event, "anchor", "")
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._stop(faults.TOO_MANY_ALIASES, offset)

        if name not in self._anchors:
            self._report(faults.UNKNOWN_ALIAS, offset)
            return _Anchor(node, None)

        anchor = self._anchors[name]
        # An alias counts as all that it stands for: nine lines of nested aliases are a billion
        # nodes.
        self._weigh(anchor.weight)
        if len(self._frames) + anchor.levels > MAX_DEPTH:
            self._stop(faults.TOO_DEEP, offset)
        if self._keys.total + anchor.keys_length > MAX_KEYS_LENGTH:
            self._stop(faults.KEYS_TOO_LONG, offset)

        self.positions.aliases[node] = anchor.node
        return anchor

    def _open(self, frame: _Frame, offset: int) -> None:
        self._frames.append(frame)
        if len(self._frames) > MAX_DEPTH:
            self._stop(faults.TOO_DEEP, offset)

    def _put(self, read: _Anchor, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = read
        if self._frames:
            self._frames[-1].add(read.value, read.levels, read.keys_length)
        else:
            self._root = read.value

    def _weigh(self, nodes: int) -> None:
        self._weight += nodes
        if self._weight > MAX_NODES:
            self._stop(faults.TOO_MANY_NODES, 0)

    def _report(self, fault: tuple[str, str, str], offset: int) -> None:
        pointer = join(*(_step(frame) for frame in self._frames))
        self._findings.append(
            faults.fault(
                *fault, path=self._path, source=self._source, offset=offset, pointer=pointer
            )
        )
        # One missing quote makes a fault of each later line.
        if len(self._findings) >= _MOST_FINDINGS:
            raise _StopReadingError

    def _stop(self, fault: tuple[str, str, str], offset: int) -> NoReturn:
        self._report(fault, offset)
        raise _StopReadingError


def _offset(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _step(frame: _Frame) -> str | int:
    return len(frame.value) if isinstance(frame.value, list) else frame.key or ""


def _syntax_fault(error: yaml.YAMLError, source: str) -> tuple[tuple[str, str, str], int]:
    """Return the parser's message, its offset, and the most frequent cause as a hint."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark else 0
    texts = [
        text for text in (getattr(error, "problem", None), getattr(error, "context", None)) if text
    ]
    message = f"This is not YAML: {' '.join(texts) or str(error)}."
    hint = ""

    if "quoted scalar" in message and "end of stream" in message:
        # At the quote, not at the end of the file.
        opened = getattr(error, "context_mark", None)
        offset = opened.index if opened else offset
        message, hint = "This is not YAML: this quote is not closed.", "Close it."
    elif source[offset : offset + 1] == "\t":
        hint = "Indent with spaces; YAML does not take tabs."
    elif "mapping values are not allowed" in message:
        hint = 'A value that contains ": " must be quoted.'
    elif "expected" in message:
        hint = "Often a line above is the cause: its indentation, a bracket, or a quote."

    return ("yaml-syntax", message, hint), offset

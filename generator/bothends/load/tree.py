"""Data built value by value, with the place of each, and without what is wrong in one place.

Example: the second member of `{"a": 1, "a": [2]}` is reported at its key and is left out with all
that is in it: the data is `{"a": 1}`, and no position of `[2]` is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from bothends.diagnostics import ContractError, Finding
from bothends.load import faults
from bothends.load.limits import MAX_DEPTH, MAX_NODES, MAX_TEXT, MAX_WIDTH, KeyLengths
from bothends.load.positions import Positions
from bothends.openapi.json_value import JsonValue
from bothends.openapi.pointer import join

_MOST_FINDINGS = 200


class StopReadingError(Exception):
    """Nothing after this point can be read sensibly; the findings say why."""


@dataclass(slots=True)
class Frame:
    """An open object or array; `key` is set between a key and its value.

    `drops_next` says that the value which comes next, or is being read, is left out.
    """

    node: int
    value: dict[str, Any] | list[Any]
    weight_before: int
    key: str | None = None
    key_offset: int | None = None
    drops_next: bool = False
    levels: int = 1
    keys_length: int = 0

    @property
    def expects_key(self) -> bool:
        """Whether the next node is the key of a member."""
        return self.key is None and isinstance(self.value, dict)

    def add(self, subtree: Subtree) -> None:
        """Add a value, as an item or under the key that came before it."""
        keys_length = subtree.keys_length
        if isinstance(self.value, list):
            self.value.append(subtree.value)
        elif self.key is not None:
            self.value[self.key] = subtree.value
            keys_length += len(self.key)
            self.key = self.key_offset = None

        self.levels = max(self.levels, 1 + subtree.levels)
        self.keys_length = max(self.keys_length, keys_length)

    def drop(self) -> None:
        """Leave a value out, with its key."""
        self.key = self.key_offset = None
        self.drops_next = False


@dataclass(frozen=True, slots=True)
class Subtree:
    """A value that is read: how many values, on how many levels, below keys of which length."""

    node: int
    value: JsonValue
    weight: int = 1
    levels: int = 0
    keys_length: int = 0


class Tree:
    """The data of one document, its positions, and what is wrong with it."""

    def __init__(self, source: str, path: str) -> None:
        self.positions = Positions()
        self.findings: list[Finding] = []
        self.frames: list[Frame] = []
        self.root: JsonValue = None
        self.keys = KeyLengths()
        self._source = source
        self._path = path
        self._weight = 0

    def add_key(self, key: str, offset: int) -> None:
        """The key of the member that comes next."""
        frame = self.frames[-1]
        frame.key, frame.key_offset = key, offset
        # Keys are unique in JSON's objects as in YAML's mappings (RFC 8259 §4, YAML 1.2.2
        # §3.2.1.1); most readers keep the last and say nothing.
        if key in frame.value:
            self.report(faults.duplicate_key(key), offset)
        if not self.keys.fit(len(self.frames) - 1, key):
            self.stop(faults.KEYS_TOO_LONG, offset)

    def add_node(self, offset: int) -> int:
        """The number of a value that begins."""
        frame = self.frames[-1] if self.frames else None
        if frame and len(frame.value) >= MAX_WIDTH:
            self.stop(faults.TOO_WIDE, offset)
        self.weigh(1)
        return self.positions.add(offset, frame.key_offset if frame else None)

    def add_scalar(self, value: JsonValue, offset: int) -> Subtree | None:
        """A text, number, boolean or null; None where it is left out."""
        if isinstance(value, str) and len(value) > MAX_TEXT:
            self.stop(faults.TEXT_TOO_LONG, offset)
        return self.put(Subtree(self.add_node(offset), value))

    def open(self, value: dict[str, Any] | list[Any], offset: int) -> None:
        """The begin of an object or array."""
        self.frames.append(Frame(self.add_node(offset), value, self._weight - 1))
        if len(self.frames) > MAX_DEPTH:
            self.stop(faults.TOO_DEEP, offset)

    def close(self) -> Subtree | None:
        """The end of the innermost object or array; None where it is left out."""
        frame = self.frames.pop()
        self.positions.close(frame.node)
        weight = self._weight - frame.weight_before
        return self.put(Subtree(frame.node, frame.value, weight, frame.levels, frame.keys_length))

    def put(self, subtree: Subtree) -> Subtree | None:
        """Add what is read to the object or array around it; None where it is left out."""
        if not self.frames:
            self.root = subtree.value
        elif self.frames[-1].drops_next:
            self._drop(subtree)
            return None
        else:
            self.frames[-1].add(subtree)
        return subtree

    def _drop(self, subtree: Subtree) -> None:
        frame = self.frames[-1]
        if isinstance(frame.value, dict) and frame.key in frame.value:
            first = frame.value[frame.key]
            last = self.findings[-1]
            # Compared as text: 1 and true are not the same.
            if last.code == "duplicate-key" and json.dumps(first) == json.dumps(subtree.value):
                self.findings[-1] = faults.same_twice(last, frame.key)
        frame.drop()
        self.positions.drop_from(subtree.node)

    def weigh(self, nodes: int) -> None:
        """Count nodes; whatever an alias stands for counts again."""
        self._weight += nodes
        if self._weight > MAX_NODES:
            self.stop(faults.TOO_MANY_NODES, 0)

    def report(self, fault: tuple[str, str, str], offset: int) -> None:
        """Say what is wrong with the value that comes next, or is being read: it is left out."""
        self.add_finding(fault, offset)
        # One missing quote makes a fault of each later line.
        if not self.frames or len(self.findings) >= _MOST_FINDINGS:
            raise StopReadingError
        self.frames[-1].drops_next = True

    def stop(self, fault: tuple[str, str, str], offset: int) -> NoReturn:
        """Say what is wrong with the whole."""
        self.add_finding(fault, offset)
        raise StopReadingError

    def add_finding(self, fault: tuple[str, str, str], offset: int) -> None:
        """Add a finding at the place that was reached."""
        frames = self.frames[:-1] if self.frames and self.frames[-1].expects_key else self.frames
        pointer = join(*map(_step, frames))
        self.findings.append(
            faults.fault(
                *fault, path=self._path, source=self._source, offset=offset, pointer=pointer
            )
        )

    def error(self) -> ContractError:
        """What to raise where the whole cannot be read."""
        return ContractError(self.findings)


def _step(frame: Frame) -> str | int:
    return len(frame.value) if isinstance(frame.value, list) else frame.key or ""

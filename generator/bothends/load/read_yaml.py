"""YAML text to data and positions, from the event stream: no tags, one document.

Example: the events of `{a: &x [1], b: *x}` are a mapping, the key `a`, a sequence with the anchor
`x`, the scalar `1`, the ends of both, the key `b` and an alias. The data is `{"a": [1], "b": [1]}`;
`b` has the position of the alias, and what is in it the positions of the anchor.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

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

from bothends.diagnostics import Finding
from bothends.load import faults
from bothends.load.document import SourceMap
from bothends.load.limits import MAX_ALIASES, MAX_DEPTH, MAX_KEYS_LENGTH
from bothends.load.scalars import NotFiniteError, resolve_plain
from bothends.load.tree import StopReadingError, Subtree, Tree
from bothends.load.yaml_events import parse_events
from bothends.load.yaml_syntax import syntax_fault
from bothends.openapi.json_value import JsonValue

_Tagged = ScalarEvent | MappingStartEvent | SequenceStartEvent
# What YAML 1.2.2 §5.1 does not count as printable, and half surrogates.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(source: str, path: str) -> tuple[JsonValue, SourceMap, tuple[Finding, ...]]:
    """Return the data of a YAML text, the positions of its nodes, and what is wrong in one place.

    What is wrong in one place is not in the data: a value that JSON has not, or the second of two
    members with one name.

    Raises:
        ContractError: The text is no YAML, or reaches a limit; with all its faults.
    """
    tree = Tree(source, path)
    try:
        _Reader(source, tree).read()
    except yaml.YAMLError as error:
        tree.add_finding(*syntax_fault(error, source))
        raise tree.error() from None
    except StopReadingError:
        raise tree.error() from None

    positions = tree.positions
    return tree.root, SourceMap(source, tree.root, lambda: positions), tuple(tree.findings)


class _Reader:
    """Builds the data of one document, event by event."""

    def __init__(self, source: str, tree: Tree) -> None:
        self._source = source
        self._tree = tree
        self._anchors: dict[str, Subtree] = {}
        self._open_anchors: list[str | None] = []
        self._aliases = 0

    def read(self) -> None:
        if unprintable := _UNPRINTABLE.search(self._source):
            self._tree.stop(faults.CONTROL, unprintable.start())

        seen = False
        for event in parse_events(self._source):
            if isinstance(event, NodeEvent):
                self._read_node(event, _offset(event))
            elif isinstance(event, CollectionEndEvent):
                self._anchor(self._open_anchors.pop(), self._tree.close())
            elif isinstance(event, DocumentStartEvent):
                # Other tools read only the first document, and nobody sees that the rest is
                # ignored.
                if seen:
                    self._tree.stop(faults.SEVERAL_DOCUMENTS, _offset(event))
                seen = True

        if not seen:
            self._tree.stop(faults.NO_CONTENT, 0)

    def _read_node(self, event: NodeEvent, offset: int) -> None:
        # Tags make values that JSON does not have, such as `!!binary` and `!!set`.
        if isinstance(event, _Tagged) and event.tag is not None:
            self._tree.report(faults.TAG, offset)

        if self._tree.frames and self._tree.frames[-1].expects_key:
            self._read_key(event, offset)
            return

        match event:
            case ScalarEvent():
                value = self._scalar(event, offset)
                self._anchor(event.anchor, self._tree.add_scalar(value, offset))
            case MappingStartEvent():
                self._open({}, event.anchor, offset)
            case SequenceStartEvent():
                self._open([], event.anchor, offset)
            case _:
                self._read_alias(event, offset)

    def _read_key(self, event: NodeEvent, offset: int) -> None:
        if not isinstance(event, ScalarEvent):
            is_template = self._source.startswith("{{", offset - 1)
            self._tree.stop(faults.TEMPLATE if is_template else faults.KEY_NOT_TEXT, offset)

        key: str = event.value
        self._tree.add_key(key, offset)
        # Keys are text, however they look (OpenAPI 3.1 §4.3, the failsafe schema of YAML): `200:`
        # below responses is what everybody writes, and `NULL:` is the name of a property.
        if event.implicit[0] and not key:
            self._tree.report(faults.KEY_NOT_TEXT, offset)
        if event.anchor is not None:
            self._anchors[event.anchor] = Subtree(len(self._tree.positions), key)

    def _open(self, value: dict[str, Any] | list[Any], anchor: str | None, offset: int) -> None:
        self._open_anchors.append(anchor)
        self._tree.open(value, offset)

    def _scalar(self, event: ScalarEvent, offset: int) -> JsonValue:
        value: str = event.value
        if not event.implicit[0]:
            if not value.isascii() and _UNPRINTABLE.search(value):
                # libyaml refuses such an escape; PyYAML's own scanner makes half a character of it.
                if any("\ud800" <= character <= "\udfff" for character in value):
                    self._tree.report(faults.LONE_SURROGATE, offset)
            return value

        try:
            return resolve_plain(value)
        except NotFiniteError:
            self._tree.report(faults.NOT_FINITE, offset)
        except ValueError:
            self._tree.report(faults.LONG_NUMBER, offset)

        return value

    def _read_alias(self, event: NodeEvent, offset: int) -> None:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._tree.stop(faults.TOO_MANY_ALIASES, offset)

        node = self._tree.add_node(offset)
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            self._tree.report(self._unknown_alias(event.anchor or ""), offset)
            self._anchor(None, self._tree.put(Subtree(node, None)))
            return

        # An alias counts as all that it stands for: nine lines of nested aliases are a billion
        # nodes.
        self._tree.weigh(anchor.weight)
        if len(self._tree.frames) + anchor.levels > MAX_DEPTH:
            self._tree.stop(faults.TOO_DEEP, offset)
        if self._tree.keys.total + anchor.keys_length > MAX_KEYS_LENGTH:
            self._tree.stop(faults.KEYS_TOO_LONG, offset)

        self._tree.positions.aliases[node] = anchor.node
        self._anchor(None, self._tree.put(replace(anchor, node=node)))

    def _unknown_alias(self, name: str) -> tuple[str, str, str]:
        if name in self._open_anchors:
            return faults.alias_inside_itself(name)
        return faults.unknown_alias(name, self._anchors)

    def _anchor(self, name: str | None, subtree: Subtree | None) -> None:
        """Note what aliases may stand for: what is left out, and was in it, is not."""
        if subtree is None:
            known = len(self._tree.positions)
            anchors = self._anchors.items()
            self._anchors = {key: each for key, each in anchors if each.node < known}
        elif name is not None:
            self._anchors[name] = subtree


def _offset(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0

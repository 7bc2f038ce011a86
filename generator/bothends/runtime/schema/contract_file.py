"""`contract.json`, whole or in parts.

A large contract has an index, `contract.index.json`: where each path and each schema component
begins. To judge a request for `/repos/{owner}/{repo}/tags`, that path and the components that it
leads to are read, and not the thirteen megabytes around them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import unquote

from pydantic_core import from_json
from typing_extensions import override

from bothends.runtime.json.pointer import join, split
from bothends.runtime.json.value import is_array, is_object

_DIVIDED = frozenset({"", "/paths", "/components", "/components/schemas"})
"""What has parts and is none."""


def read_contract(package: str) -> WholeContract | DividedContract:
    """Return the contract of a generated package."""
    folder = files(package)
    file, index = folder.joinpath("contract.json"), folder.joinpath("contract.index.json")
    if not index.is_file():
        return WholeContract(json.loads(file.read_text("utf-8")))

    described = _parsed(index.read_bytes())
    return DividedContract(file, described["bytes"], described["parts"])


class WholeContract:
    """A contract that is in memory."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def at(self, pointer: str) -> Any:
        """The node at a pointer; KeyError when there is none."""
        return _descend(self.document, split(pointer))

    def has_schema(self, key: str) -> bool:
        """Whether there is a schema component of this key."""
        return key in self.document.get("components", {}).get("schemas", {})

    def reached(self, _schema: Any) -> dict[str, Any]:
        """A document that has all that a schema leads to."""
        return self.document


class DividedContract:
    """A contract whose parts are read when they are first needed."""

    def __init__(self, file: Traversable, size: int, places: Mapping[str, list[int]]) -> None:
        self.file, self.size, self.places = file, size, places
        self._parts: dict[str, Any] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        """The contract as a whole, for what shows it or walks it."""
        found: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return found

    def at(self, pointer: str) -> Any:
        """The node at a pointer; KeyError when there is none."""
        key = self._part_of(pointer)
        if key is None and pointer in _DIVIDED:
            return _descend(self.document, split(pointer))
        if key is None:
            raise KeyError(pointer)
        return _descend(self._part(key), split(pointer[len(key) :]))

    def has_schema(self, key: str) -> bool:
        """Whether there is a schema component of this key."""
        return join("components", "schemas", key) in self.places

    def reached(self, schema: Any) -> dict[str, Any]:
        """A document that has all that a schema leads to."""
        document: dict[str, Any] = {}
        waiting, seen = [schema], set[str]()
        while waiting:
            for reference in _references(waiting.pop()):
                pointer = unquote(reference.partition("#")[2])
                key = self._part_of(pointer)
                if pointer in seen or key is None:
                    continue
                seen.add(pointer)
                waiting.append(_find(self, pointer))
                _place(document, split(key), self._part(key))

        return document

    def _part_of(self, pointer: str) -> str | None:
        """The pointer of the part that a pointer leads into."""
        parts = split(pointer)
        for length in (3, 2, 1):
            key = join(*parts[:length])
            if len(parts) >= length and key in self.places:
                return key
        return None

    def _part(self, key: str) -> Any:
        if key not in self._parts:
            self._parts[key] = self._read(key)
        return self._parts[key]

    def _read(self, key: str) -> Any:
        offset, length = self.places[key]
        with self.file.open("rb") as stream:
            # An editor or a checkout may have changed the line ends, and all places with them.
            if stream.seek(0, 2) != self.size:
                return _descend(self.document, split(key))
            stream.seek(offset)
            return json.loads(stream.read(length))


class _DiscriminatedContract(DividedContract):
    """A contract in parts where a discriminator chooses."""

    @override
    def _read(self, key: str) -> Any:
        return _with_any_of(super()._read(key))


def where_discriminators_choose(
    contract: WholeContract | DividedContract,
) -> WholeContract | DividedContract:
    """Return the same contract where `oneOf` beside a discriminator is `anyOf`.

    `{kind: cat}` is each of `oneOf: [Cat, Dog]` if neither says which `kind` it has: JSON Schema
    refuses it, and with it each object around. The discriminator says which of them was meant.
    """
    if isinstance(contract, DividedContract):
        return _DiscriminatedContract(contract.file, contract.size, contract.places)
    return WholeContract(_with_any_of(contract.document))


def _with_any_of(node: Any) -> Any:
    if is_array(node):
        return [_with_any_of(item) for item in node]
    if not is_object(node):
        return node

    changed = {name: _with_any_of(value) for name, value in node.items()}
    if "discriminator" in node and is_array(node.get("oneOf")) and "anyOf" not in node:
        changed["anyOf"] = changed.pop("oneOf")
    return changed


def _parsed(index: bytes) -> Any:
    # The parser of pydantic is several times quicker, and knows no half of a surrogate pair.
    try:
        return from_json(index)
    except ValueError:
        return json.loads(index)


def _descend(node: Any, parts: list[str]) -> Any:
    for part in parts:
        node = node[int(part)] if is_array(node) else node[part]
    return node


def _find(contract: DividedContract, pointer: str) -> Any:
    try:
        return contract.at(pointer)
    except (KeyError, IndexError, ValueError, TypeError):
        return None


def _references(node: Any) -> Iterator[str]:
    """The references in a schema, wherever they are; one in an example does no harm."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if is_object(node):
            if isinstance(reference := node.get("$ref"), str):
                yield reference
            waiting += node.values()
        elif is_array(node):
            waiting += node


def _place(document: dict[str, Any], parts: list[str], value: Any) -> None:
    *outer, last = parts
    for part in outer:
        document = document.setdefault(part, {})
    document[last] = value

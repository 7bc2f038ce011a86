"""References by name become pointers: `$id`, `$anchor`, `$dynamicRef` (JSON Schema 2020-12 §8.2).

A generic schema of OpenAPI 3.1 leaves a part open, and whoever refers to it fills the part in:

    Page:     {$dynamicAnchor: item, properties: {items: {items: {$dynamicRef: '#item'}}}}
    UserPage: {$ref: '#/components/schemas/Page', $defs: {item: {$dynamicAnchor: item, $ref: User}}}

`$dynamicRef: '#item'` leads to the outermost schema on the way here that has this anchor: from
`UserPage` it is `User`. So `UserPage` gets a copy of `Page` in which the part is `User`:

    UserPage: {properties: {items: {items: {$ref: '#/components/schemas/User'}}}}

The standard counts scopes by resources, which are schemas with an `$id`. Contracts rarely write
one, so each outermost schema is a scope of its own here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import unquote, urljoin

from bothends.load import Document
from bothends.normalise.repairs.edit import Edit, apply_edits
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below, parent
from bothends.openapi.reference import reference_of, target_of
from bothends.openapi.walk import subschemas

RECURSIVE: Final = "recursive"
"""The anchor of what had none in 2019-09: `$recursiveRef: "#"` leads to the scope's root."""

_WORDS: Final = ("$id", "$anchor", "$dynamicAnchor")


def resolve(document: Document) -> Document:
    """Write each reference by name as a pointer, and remove the names."""
    contract = Contract(document)
    if contract.is_v3_0:
        return document

    schemas = list(contract.nodes("schema"))
    words = {*_WORDS, "$dynamicRef"}
    own_address = document.data.get("$self")
    if not any(words & node.value.keys() for node in schemas) and own_address is None:
        return document

    names = _Names(str(own_address or ""))
    for node in schemas:
        names.add(node)

    edits = [edit for node in schemas for edit in _plain_references(document, names, node)]
    followed = {parent(edit.pointer) for edit in edits}
    unread = {
        pointer: fault for pointer, fault in document.unread.items() if pointer not in followed
    }
    document = replace(apply_edits(document, edits), unread=unread)
    document = _Generics(document, names).fill_in(schemas)

    removed: list[Edit] = []
    for node in schemas:
        keywords = [word for word in _WORDS if isinstance(node.value.get(word), str)]
        removed += [Edit("", below(node.pointer, word), "") for word in keywords]
    return apply_edits(document, removed)


@dataclass(slots=True)
class _Names:
    """The names of schemas: addresses by `$id`, and anchors by the scope that they are in."""

    address: str
    scopes: dict[str, str] = field(default_factory=dict[str, str])
    bases: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    addresses: dict[str, str] = field(default_factory=dict[str, str])
    anchors: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    dynamic: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def add(self, node: Node) -> None:
        """Learn the names of a schema; the one around it comes first."""
        pointer, schema = node.pointer, node.value
        outer = parent(pointer)
        while outer and outer not in self.scopes:
            outer = parent(outer)

        is_outermost = node.parent != "schema" or not outer
        self.scopes[pointer] = pointer if is_outermost else self.scopes[outer]
        self.bases[pointer] = ("", self.address) if is_outermost else self.bases[outer]

        if isinstance(identifier := schema.get("$id"), str):
            address = urljoin(self.bases[pointer][1], identifier).rstrip("#")
            self.scopes[pointer] = pointer
            self.bases[pointer] = pointer, address
            self.addresses.setdefault(address, pointer)

        scope = self.scopes[pointer]
        for word, found in (("$anchor", self.anchors), ("$dynamicAnchor", self.dynamic)):
            if isinstance(name := schema.get(word), str):
                found.setdefault(scope, {}).setdefault(name, pointer)

    def scope_of(self, pointer: str) -> str:
        """The scope that a pointer is in."""
        while pointer and pointer not in self.scopes:
            pointer = parent(pointer)
        return self.scopes.get(pointer, "")

    def anchor(self, name: str, scope: str) -> str | None:
        """The schema with an anchor in a scope, else the first one anywhere."""
        for found in (self.anchors, self.dynamic):
            if name in found.get(scope, {}):
                return found[scope][name]
        for found in (self.anchors, self.dynamic):
            for pointers in found.values():
                if name in pointers:
                    return pointers[name]
        return None


def _plain_references(document: Document, names: _Names, node: Node) -> Iterator[Edit]:
    reference = reference_of(node.value)
    if reference is not None:
        target = _target(document, names, node.pointer, reference)
        if target is not None and f"#{target}" != reference:
            yield Edit("", below(node.pointer, "$ref"), "", f"#{target}")


def _target(document: Document, names: _Names, pointer: str, reference: str) -> str | None:
    """The pointer that a reference leads to; None for one that is not to a named schema."""
    start, base = names.bases[pointer]
    address, _, fragment = urljoin(base, reference).partition("#")
    if reference.startswith("#"):
        fragment = reference[1:]
    elif address in names.addresses:
        start = names.addresses[address]
    elif names.address and address == names.address.partition("#")[0]:
        start = ""
    else:
        return None

    fragment = unquote(fragment)
    if fragment and not fragment.startswith("/"):
        return names.anchor(fragment, start or names.scope_of(pointer))
    try:
        document.value_at(start + fragment)
    except KeyError:
        # Below an `$id`, `#/components/schemas/Tide` has no other plain meaning than this.
        return fragment
    return start + fragment


Filling = Mapping[str, str]
"""The schemas that open parts are filled with, by the name of the part."""

_MOST_COPIES: Final = 1_000
_DEEPEST_COPY: Final = 20
"""A hostile contract doubles its generics at each level, or nests each in the next; beyond these
they stay open."""


class _Generics:
    """Copies generic schemas to where they are filled in."""

    def __init__(self, document: Document, names: _Names) -> None:
        self.written, self.names = document, names
        self.edits: list[Edit] = []
        self._open: dict[str, frozenset[str]] = {}
        self._copies = 0
        self._copied: dict[tuple[str, frozenset[tuple[str, str]]], str] = {}

    def fill_in(self, schemas: list[Node]) -> Document:
        """Fill in what is open, in each outermost schema."""
        made: list[Edit] = []
        for node in schemas:
            if self.names.scopes[node.pointer] != node.pointer:
                continue
            is_resource = isinstance(node.value.get("$id"), str)
            filling = self.names.dynamic.get(node.pointer, {}) if is_resource else {}
            written = self.written.value_at(node.pointer)
            filled = self._filled(written, node.pointer, node.pointer, filling, {})
            if filled != written:
                made.append(Edit("", node.pointer, "", filled, source=node.pointer))
                made += self.edits
            self.edits = []
        return apply_edits(self.written, made) if made else self.written

    def _filled(
        self, schema: Any, source: str, pointer: str, filling: Filling, around: Filling
    ) -> Any:
        """The schema from `source`, as it is at `pointer` where the open parts are filled.

        Who refers to a schema fills its parts; else what is written nearest around a part does.
        """
        if not is_object(schema):
            return schema

        around = {**around, **_own_filling(schema, source)}
        found_here = {**around, **filling}
        # A property may be called `$id`: then its value is a schema, and no text.
        keywords = {word for word in _WORDS if isinstance(schema.get(word), str)}
        result = {word: value for word, value in schema.items() if word not in keywords}
        if isinstance(dynamic := result.pop("$dynamicRef", None), str):
            found = self._dynamic_target(dynamic, source, found_here)
            result["$ref"] = f"#{found}" if found is not None else dynamic

        for keyword, value in result.items():
            result[keyword] = value.copy() if isinstance(value, dict | list) else value
        for slot in subschemas(result, ""):
            inner, where = slot.holder[slot.key], slot.pointer
            if self.names.scopes.get(source + where) != source + where:
                slot.holder[slot.key] = self._filled(
                    inner, source + where, pointer + where, filling, around
                )

        target = target_of(result)
        return result if target is None else self._referred(result, target, pointer, found_here)

    def _dynamic_target(self, reference: str, source: str, filling: Filling) -> str | None:
        """The pointer that `$dynamicRef` leads to where these parts are filled."""
        name = reference.rpartition("#")[2]
        scope = self.names.scope_of(source)
        if not name or name.startswith("/"):
            return _target(self.written, self.names, source, reference)
        # An anchor that is not dynamic is not filled by others (JSON Schema 2020-12 §8.2.3.2).
        if name in self.names.anchors.get(scope, {}):
            return self.names.anchors[scope][name]

        static = scope if name == RECURSIVE else self.names.anchor(name, scope)
        return filling.get(name) or static

    def _referred(
        self, schema: dict[str, Any], target: str, pointer: str, filling: Filling
    ) -> dict[str, Any]:
        """The schema with a copy of what it refers to, if that has parts which are filled here."""
        own = self.names.dynamic.get(self.names.scope_of(target), {})
        open_here = [item for item in filling.items() if item[0] in self._open_parts(target)]
        inside = {name: found for name, found in open_here if own.get(name) != found}

        self._copies += bool(inside)
        is_too_much = self._copies > _MOST_COPIES or len(self._copied) >= _DEEPEST_COPY
        if not inside or is_too_much:
            return schema

        key = target, frozenset(inside.items())
        if key in self._copied:
            return {**schema, "$ref": f"#{self._copied[key]}"}

        self._copied[key] = pointer
        generic = self.written.value_at(target)
        copied = self._filled(generic, target, pointer, filling, {})
        del self._copied[key]  # each place has a class of its own, whatever the order of places
        beside = {word: value for word, value in schema.items() if word != "$ref"}

        if not is_object(copied) or copied.keys() & beside.keys() - {"$defs"}:
            self._note(copied, target, below(pointer, "allOf", 0))
            return {**beside, "allOf": [copied, *beside.get("allOf", ())]}

        if definitions := {**as_object(copied.get("$defs")), **as_object(beside.get("$defs"))}:
            beside["$defs"] = definitions
        self._note(
            {word: value for word, value in copied.items() if word != "$defs"}, target, pointer
        )
        return {**copied, **beside}

    def _note(self, copied: Any, source: str, pointer: str) -> None:
        """Let each part of a copy be located where it is written."""
        for word, value in as_object(copied).items():
            self.edits.append(Edit("", below(pointer, word), "", value, source=below(source, word)))

    def _open_parts(self, pointer: str) -> frozenset[str]:
        """The names of the open parts of a schema, and of all that it refers to."""
        if pointer in self._open:
            return self._open[pointer]

        found, seen, waiting = set[str](), set[str](), [pointer]
        while waiting:
            start = waiting.pop()
            if start in seen:
                continue
            seen.add(start)
            try:
                stack = [self.written.value_at(start)]
            except KeyError:
                continue
            while stack:
                schema = stack.pop()
                if isinstance(dynamic := as_object(schema).get("$dynamicRef"), str):
                    found.add(dynamic.rpartition("#")[2])
                if (target := target_of(schema)) is not None:
                    waiting.append(target)
                stack.extend(slot.holder[slot.key] for slot in subschemas(schema, ""))

        self._open[pointer] = frozenset(found)
        return self._open[pointer]


def _own_filling(schema: dict[str, Any], pointer: str) -> dict[str, str]:
    """The parts that a schema fills, itself and by its `$defs`."""
    found: dict[str, str] = {}
    for name, definition in as_object(schema.get("$defs")).items():
        if isinstance(anchor := as_object(definition).get("$dynamicAnchor"), str):
            found[anchor] = below(pointer, "$defs", name)
    if isinstance(anchor := schema.get("$dynamicAnchor"), str):
        found[anchor] = pointer
    return found

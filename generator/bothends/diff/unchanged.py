"""Leave out what two contracts say in the same words, before anything costly is done with it.

Worked example. The new contract changes `Tide`, and this is all:

    /tides      refers to Tide          kept, because what it refers to differs
    /harbours   refers to Harbour       left out of both contracts, and so is Harbour

Two versions of a large contract differ in a few places of a thousand. Repairing, normalising and
naming the rest costs twenty times as much as reading it. What is left out is equal text that leads
to equal text, so both contracts mean the same by it, whatever that is.

Parts are path items, webhooks and components: what a reference may lead to. Where a contract has
identifiers or anchors, which are not found by their pointer, nothing is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from typing import Any, Final, TypeAlias

from bothends.load import Document
from bothends.openapi.extensions import UNMISTAKABLE, extension_schemas
from bothends.openapi.grammar import GRAMMAR, SWAGGER_GRAMMAR, Kind, Shape
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.reference import local_pointer
from bothends.openapi.walk import operations

_Grammar: TypeAlias = Mapping[Kind, Mapping[str, tuple[Shape, Kind]]]

_DEPTHS: Final = {
    "components": 2,
    "definitions": 1,
    "parameters": 1,
    "paths": 1,
    "responses": 1,
    "webhooks": 1,
}
"""How deep the parts lie below the fields of the root that hold them (2.0 and 3)."""

_COMPARED_WHOLE: Final = frozenset({"externalDocs", "info", "servers", "tags"})
"""Fields of the root that may differ without another meaning of any operation.

The servers of the root are compared by themselves.
"""

_WORDS: Final = frozenset(
    {"$comment", "description", "example", "examples", "externalDocs", "summary"}
)
"""Fields that people read, and no request or reply depends on."""

_READ_FROM_OTHERS: Final = frozenset(
    {"x-collection-format", "x-isnullable", "x-list-delimiter", "x-nullable", "x-sunset"}
)
"""Extensions of other tools that repairs turn into words of the standard, or that are compared."""

_EXAMPLES: Final = "/components/examples/"
_PATHS: Final = ("/paths/", "/webhooks/")
_PATH_REFERENCE: Final = re.compile(r'"#/(?:paths|webhooks)/')
_SCHEMES: Final = "/components/securitySchemes"
_REFERENCE: Final = re.compile(r'"(#/(?:[^"\\]|\\.)*)"')
_WORD: Final = re.compile(r'"([A-Za-z0-9._-]+)"')
_UNFOUND_BY_POINTER: Final = re.compile(
    r'"(?:\$id|\$anchor|\$dynamicAnchor|\$dynamicRef|\$recursiveAnchor|\$recursiveRef)": '
    r'|"\$ref": "(?!#/)'
)


def without_unchanged(old: Document, new: Document) -> tuple[Document, Document] | None:
    """Leave out of both contracts the path items that are the same in both, and what only they use.

    Args:
        old: A contract as it was read, of any version.
        new: The other one.

    Returns:
        Both with what differs, and all that this refers to. The contracts themselves where no part
        can be told to be the same; None where nothing but words differs.
    """
    if _root(old.data) != _root(new.data):
        return old, new

    parts = dict(_parts(old.data)), dict(_parts(new.data))
    has_same_servers = old.data.get("servers") == new.data.get("servers")
    if has_same_servers and _is_same(*parts):
        return None

    seen: dict[int, _Text] = {}
    before, after = _Parts(old.data, parts[0], seen), _Parts(new.data, parts[1], seen)
    if before.has_identifiers or after.has_identifiers:
        return old, new

    changed = {
        pointer
        for pointer in parts[0].keys() | parts[1].keys()
        if not before.has_same_meaning(pointer, after)
    }
    if has_same_servers and not changed:
        return None

    # What is in one contract alone has its users there, and leads to parts that are in both: a
    # class that a removed path used is not gone while another path uses it.
    affected = before.users_of(changed) | after.users_of(changed)
    affected |= _users_of_schemes(old.data, changed)
    used = before.used_by(affected) | after.used_by(affected)
    return _reduced(old, used), _reduced(new, used)


def _users_of_schemes(data: dict[str, Any], changed: Iterable[str]) -> set[str]:
    """A path for each changed scheme of security that asks for it: they are used by their names."""
    names = {split(pointer)[-1] for pointer in changed if parent(pointer) == _SCHEMES}
    found: dict[str, str] = {}
    for pointer, _, _, operation in operations(data) if names else ():
        asked = as_array(operation.get("security", data.get("security")))
        for name in names.intersection(chain.from_iterable(map(as_object, asked))):
            found.setdefault(name, parent(pointer))

    return set(found.values())


def _root(data: Mapping[str, Any]) -> str:
    """What holds for every operation, as text: `1` and `true` are equal in Python."""
    root_fields: dict[str, Any] = {}
    for field, value in data.items():
        # Some tools keep a copy of the contract in an extension.
        if field not in _DEPTHS and field not in _COMPARED_WHOLE and not _is_foreign(field):
            root_fields[field] = value

    return json.dumps(root_fields, sort_keys=True)


def _is_foreign(field: str) -> bool:
    return field.startswith("x-") and not _is_read(field)


def _is_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the parts of two contracts are the same, word for word."""
    if old.keys() != new.keys():
        return False
    # One object where the text was the same: see `RepeatedParts`.
    return all(_is_same_value(part, new[pointer]) for pointer, part in old.items())


def _is_read(extension: str) -> bool:
    """Whether an extension means something here."""
    return (
        extension in extension_schemas()
        or extension.startswith(UNMISTAKABLE)
        or extension.lower() in _READ_FROM_OTHERS
    )


class _Text:
    """A part as text, and the pointers in it."""

    def __init__(self, part: Any) -> None:
        self.text = json.dumps(part, ensure_ascii=False)
        self.has_identifiers = _UNFOUND_BY_POINTER.search(self.text) is not None

    @cached_property
    def pointers(self) -> list[str]:
        """Where the references of the part lead."""
        found = dict.fromkeys(_REFERENCE.findall(self.text))
        # As text of JSON: a quote or a backslash in a key is written with a backslash.
        plain = (json.loads(f'"{each}"') if "\\" in each else each for each in found)
        return [pointer for pointer in map(local_pointer, plain) if pointer]


class _Parts:
    """The parts of a contract as text, by pointer, and what each refers to.

    Args:
        data: The contract.
        parts: Its parts, by pointer.
        seen: The texts of parts by their ids: two contracts may share an object.
    """

    def __init__(self, data: dict[str, Any], parts: dict[str, Any], seen: dict[int, _Text]) -> None:
        self._parts = parts
        self._grammar = SWAGGER_GRAMMAR if "swagger" in data else GRAMMAR
        for part in parts.values():
            if id(part) not in seen:
                seen[id(part)] = _Text(part)

        self._texts = {pointer: seen[id(part)] for pointer, part in parts.items()}
        self.texts = {pointer: found.text for pointer, found in self._texts.items()}
        self.has_identifiers = any(found.has_identifiers for found in self._texts.values())
        self._names: dict[str, list[str]] = {}
        for pointer in self.texts:
            self._names.setdefault(split(pointer)[-1], []).append(pointer)

    def has_same_meaning(self, pointer: str, other: _Parts) -> bool:
        """Whether the part is in both contracts, and the same but for what is said to people."""
        if pointer not in self._parts or pointer not in other._parts:
            return False
        if self.texts[pointer] == other.texts[pointer]:
            return True
        kind = _kind(self._grammar, split(pointer)[:-1])
        return _means_same(self._parts[pointer], other._parts[pointer], kind, self._grammar)

    def users_of(self, parts: Collection[str]) -> set[str]:
        """These parts, and all that lead to one of them."""
        # To look at what each of thousands of parts refers to takes longer than all the rest.
        is_of_paths = all(pointer.startswith(_PATHS) for pointer in parts)
        if is_of_paths and not any(_PATH_REFERENCE.search(text) for text in self.texts.values()):
            return set(parts)

        users: dict[str, list[str]] = {}
        for user in self.texts:
            for pointer in self._used(user):
                if not pointer.startswith(_EXAMPLES):
                    users.setdefault(pointer, []).append(user)
        return _closure(parts, lambda pointer: users.get(pointer, ()))

    def used_by(self, parts: Iterable[str]) -> set[str]:
        """These parts, and all that they lead to."""
        return _closure(parts, self._used)

    @cache  # noqa: B019 (lives as long as one comparison)
    def _used(self, pointer: str) -> set[str]:
        """The parts that a part leads to.

        A base with a discriminator means its heirs too, which refer to it by `allOf`.
        """
        if pointer not in self._texts:
            return set()
        used = set(self._targets(self._texts[pointer]))
        if '"discriminator"' in self.texts[pointer]:
            heirs = _closure([pointer], lambda base: self._heirs.get(base, ()))
            used |= heirs - {pointer}
        return used

    @cached_property
    def _heirs(self) -> dict[str, list[str]]:
        """The parts that refer to each by `allOf`, or beside one."""
        heirs: dict[str, list[str]] = {}
        for pointer, part in self._texts.items():
            if '"allOf"' in part.text:
                for used in set(self._targets(part)):
                    heirs.setdefault(used, []).append(pointer)
        return heirs

    def _targets(self, part: _Text) -> Iterator[str]:
        for found in part.pointers:
            pointer = found
            while pointer and pointer not in self.texts:
                pointer = parent(pointer)
            if pointer:
                yield pointer

        if '"discriminator"' in part.text:
            # A mapping may say the name of a schema alone (OpenAPI 3.1 §4.8.25).
            for word in _WORD.findall(part.text):
                yield from self._names.get(word, ())


def _kind(grammar: _Grammar, path: list[str]) -> str:
    """What the parts below a section of the root are; empty where no object of OpenAPI is."""
    kind = "root"
    for name in path:
        fields = grammar.get(kind, {})
        kind = fields.get(name, fields.get("*", ("one", "")))[1]
    return "path item" if kind == "paths" else kind


def _means_same(old: Any, new: Any, kind: str, grammar: _Grammar) -> bool:
    """Whether two objects of OpenAPI differ in words and other tools' extensions at most.

    The order of their fields counts: names and arguments follow it.
    """
    if not (is_object(old) and is_object(new)) or kind not in grammar:
        return _is_same_value(old, new)

    fields = grammar[kind]
    names = _meaningful(old, fields)
    if [*old] != [*new] and names != _meaningful(new, fields):
        return False

    for name in names:
        item, other = old[name], new[name]
        shape, inner = fields.get(name, fields.get("*", ("one", "")))
        if shape == "list" and is_array(item) and is_array(other):
            pairs = list(zip(item, other, strict=False))
            is_same = len(item) == len(other)
        elif shape == "map" and is_object(item) and is_object(other):
            pairs = list(zip(item.values(), other.values(), strict=False))
            is_same = list(item) == list(other)
        else:
            pairs, is_same = [(item, other)], True

        if not (is_same and all(_means_same(*pair, inner, grammar) for pair in pairs)):
            return False

    return True


def _meaningful(value: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """The fields of an object of OpenAPI but words and other tools' extensions."""
    is_map = "*" in fields
    return [name for name in value if (is_map or name not in _WORDS) and not _is_foreign(name)]


def _is_same_value(old: Any, new: Any) -> bool:
    """Whether two values of JSON are written alike: `1` and `true` are equal in Python."""
    if old is new:
        return True
    if type(old) is not type(new) or old != new:
        return False
    return not isinstance(old, dict | list) or json.dumps(old) == json.dumps(new)


def _closure(parts: Iterable[str], leads_to: Callable[[str], Iterable[str]]) -> set[str]:
    found = set(parts)
    waiting = list(found)
    while waiting:
        for pointer in leads_to(waiting.pop()):
            if pointer not in found:
                found.add(pointer)
                waiting.append(pointer)

    return found


def _parts(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for field, depth in _DEPTHS.items():
        holders = {below("", field): data.get(field)}
        if depth == 2 and is_object(data.get(field)):
            holders = {below("", field, section): data[field][section] for section in data[field]}

        for pointer, holder in holders.items():
            if is_object(holder):
                yield from ((below(pointer, name), holder[name]) for name in holder)


def _reduced(document: Document, used_pointers: set[str]) -> Document:
    """The contract with these parts alone."""
    data = {field: value for field, value in document.data.items() if not _is_foreign(field)}
    for field, depth in _DEPTHS.items():
        if not is_object(data.get(field)):
            continue
        if depth == 1:
            data[field] = _kept(data[field], below("", field), used_pointers)
            continue

        data[field] = {
            section: _kept(holder, below("", field, section), used_pointers)
            for section, holder in data[field].items()
        }

    return document.with_data(data, {})


def _kept(holder: Any, pointer: str, pointers: set[str]) -> Any:
    # Schemes are used by their names, not by references.
    if not is_object(holder) or pointer == _SCHEMES:
        return holder
    return {name: part for name, part in holder.items() if below(pointer, name) in pointers}

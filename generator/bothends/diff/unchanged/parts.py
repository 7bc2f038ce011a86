"""The parts of a contract that a reference may lead to, and where the references in them lead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Final

from bothends.diff.unchanged.same_meaning import Grammar, means_same
from bothends.diff.unchanged.sides import Sides, with_sides
from bothends.openapi.grammar import GRAMMAR, SWAGGER_GRAMMAR
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below, parent, split, unescape
from bothends.openapi.reference import AROUND, local_pointer

DEPTHS: Final = {
    "components": 2,
    "definitions": 1,
    "parameters": 1,
    "paths": 1,
    "responses": 1,
    "webhooks": 1,
}
"""How deep the parts lie below the fields of the root that hold them (2.0 and 3)."""

_EXAMPLES: Final = "/components/examples/"
PATHS: Final = ("/paths/", "/webhooks/")
_PATH_REFERENCE: Final = re.compile(r'"#/(?:paths|webhooks)/')
_REFERENCE: Final = re.compile(r'"(#/(?:[^"\\]|\\.)*)"')
_SEPARATOR: Final = re.compile("[#/]")
_WORD: Final = re.compile(r'"([A-Za-z0-9._-]+)"')
_OTHER_REFERENCE: Final = re.compile(r'"\$ref": "(?!#/)((?:[^"\\]|\\.)*)"')
_LEADS_ELSEWHERE: Final = re.compile(
    r'"(?:\$id|\$anchor|\$dynamicAnchor|\$dynamicRef|\$recursiveAnchor|\$recursiveRef)": '
    # `id` is an identifier there.
    r'|"\$schema": "[^"]*draft-0[34]'
    r'|"\$ref": "#"'
    r'|"#/(?!(?:components/[^/"]+|definitions|parameters|paths|responses|webhooks)/)'
)
"""Identifiers, which are not found by their pointer, and pointers to what is in no part."""


def parts_of(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each part of a contract, by pointer."""
    for field, depth in DEPTHS.items():
        holders = {below("", field): data.get(field)}
        if depth == 2 and is_object(data.get(field)):
            holders = {below("", field, section): data[field][section] for section in data[field]}

        for pointer, holder in holders.items():
            if is_object(holder):
                yield from ((below(pointer, name), holder[name]) for name in holder)


class PartText:
    """A part as text, and the pointers in it."""

    def __init__(self, part: Any) -> None:
        self.text = json.dumps(part, ensure_ascii=False)
        self.leads_elsewhere = _LEADS_ELSEWHERE.search(self.text) is not None

    @cached_property
    def pointers(self) -> list[str]:
        """Where the references of the part lead."""
        found = map(_unquoted, dict.fromkeys(_REFERENCE.findall(self.text)))
        references = [*found, *self._other_references]
        return [pointer for pointer in map(local_pointer, references) if pointer[:1] == "/"]

    @cached_property
    def names(self) -> list[str]:
        """The names of what references that begin otherwise than a pointer may be read as."""
        return [unescape(_SEPARATOR.split(each)[-1]) for each in self._other_references]

    @cached_property
    def _other_references(self) -> list[str]:
        found = dict.fromkeys(_OTHER_REFERENCE.findall(self.text))
        return [_unquoted(each).strip(AROUND) for each in found]


def _unquoted(text: str) -> str:
    """A text as it is written in JSON: a quote or a backslash in it is written with a backslash."""
    return str(json.loads(f'"{text}"')) if "\\" in text else text


class Parts:
    """The parts of a contract as text, by pointer, and what each refers to.

    Args:
        data: The contract.
        parts: Its parts, by pointer.
        seen: The texts of parts by their ids: two contracts may share an object.
    """

    def __init__(
        self, data: dict[str, Any], parts: dict[str, Any], seen: dict[int, PartText]
    ) -> None:
        self.data, self.parts = data, parts
        self._grammar = SWAGGER_GRAMMAR if "swagger" in data else GRAMMAR
        for part in parts.values():
            if id(part) not in seen:
                seen[id(part)] = PartText(part)

        self._texts = {pointer: seen[id(part)] for pointer, part in parts.items()}
        self.texts = {pointer: found.text for pointer, found in self._texts.items()}
        self.lead_elsewhere = any(found.leads_elsewhere for found in self._texts.values())
        # Not as a decorator: that keeps every comparison of a process.
        self._used = cache(self._find_used)
        self._names: dict[str, list[str]] = {}
        for pointer in self.texts:
            self._names.setdefault(split(pointer)[-1], []).append(pointer)

    def with_sides(self, sides: Mapping[str, Sides], seen: dict[int, PartText]) -> Parts:
        """The parts with these sides alone of the path items at these pointers."""
        shortened = {pointer: with_sides(self.parts[pointer], sides[pointer]) for pointer in sides}
        return Parts(self.data, {**self.parts, **shortened}, seen)

    def has_same_meaning(self, pointer: str, other: Parts) -> bool:
        """Whether the part is in both contracts, and the same but for what is said to people."""
        if pointer not in self.parts or pointer not in other.parts:
            return False
        if self.texts[pointer] == other.texts[pointer]:
            return True
        kind = _kind(self._grammar, split(pointer)[:-1])
        return means_same(self.parts[pointer], other.parts[pointer], kind, self._grammar)

    def users_of(self, parts: Collection[str]) -> set[str]:
        """These parts, and all that lead to one of them."""
        # To look at what each of thousands of parts refers to takes longer than all the rest.
        is_of_paths = all(pointer.startswith(PATHS) for pointer in parts)
        if is_of_paths and not any(_PATH_REFERENCE.search(text) for text in self.texts.values()):
            return set(parts)

        users: dict[str, list[str]] = {}
        for user in self.texts:
            for pointer in self._used(user):
                if not pointer.startswith(_EXAMPLES):
                    users.setdefault(pointer, []).append(user)
        return _closure(parts, lambda pointer: users.get(pointer, ()))

    def paths_with(self, pointer: str, paths: Container[str]) -> list[str]:
        """Those of these paths that refer to a part themselves."""
        reference = json.dumps(f"#{pointer}", ensure_ascii=False)
        return [path for path, text in self.texts.items() if path in paths and reference in text]

    def leads_to(self, targets: Container[str]) -> Callable[[Any], bool]:
        """Whether a value of the contract refers to one of these parts itself."""
        return lambda value: any(target in targets for target in self._targets(PartText(value)))

    def used_by(self, parts: Iterable[str]) -> set[str]:
        """These parts, and all that they lead to."""
        return _closure(parts, self._used)

    def _find_used(self, pointer: str) -> set[str]:
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

    def _targets(self, part: PartText) -> Iterator[str]:
        for found in part.pointers:
            pointer = found
            while pointer and pointer not in self.texts:
                pointer = parent(pointer)
            # Repairs read `#/definitions/Tide` as the component of that name where there is one.
            yield from [pointer] if pointer else self._named(split(found)[-1])

        for name in part.names:
            yield from self._named(name)
        if '"discriminator"' in part.text:
            # A mapping may say the name of a schema alone (OpenAPI 3.1 §4.8.25).
            for word in _WORD.findall(part.text):
                yield from self._named(word)

    def _named(self, name: str) -> list[str]:
        return self._names.get(name.strip(AROUND), [])


def _kind(grammar: Grammar, path: list[str]) -> str:
    """What the parts below a section of the root are; empty where no object of OpenAPI is."""
    kind = "root"
    for name in path:
        fields = grammar.get(kind, {})
        kind = fields.get(name, fields.get("*", ("one", "")))[1]
    return "path item" if kind == "paths" else kind


def _closure(parts: Iterable[str], leads_to: Callable[[str], Iterable[str]]) -> set[str]:
    found = set(parts)
    waiting = list(found)
    while waiting:
        for pointer in leads_to(waiting.pop()):
            if pointer not in found:
                found.add(pointer)
                waiting.append(pointer)

    return found

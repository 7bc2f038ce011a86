"""A value made from a schema: the same one each time, and valid, or none.

The maker proposes and the validator judges. Proposals are bounded in number and depth; if none is
valid, there is no value.

Example: `{type: object, required: [id], properties: {id: {type: string}, mail: {format: email}}}`
gives `{"id": "id-1"}`, and in full `{"id": "id-1", "mail": "someone@example.com"}`. Each property
is made by itself, from the keywords that apply to it and from its name; then the object is judged.
If it is refused with both, optional properties are added one by one, and kept if it stays valid.

Judging each part costs a compiled validator for each. So at first only the value as a whole and the
parts whose keywords interact are judged; if that fails, each part is made again and judged.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from weakref import WeakKeyDictionary

from bothends.runtime.json.value import is_among, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.composition import branches, composed
from bothends.runtime.schema.contract import Contract

from .choice import combinations, named_by_discriminator, named_heirs, tagged
from .kept import is_kept, is_sure
from .keywords import (
    Conjunction,
    item_schemas,
    json_types,
    largest,
    names_under,
    own_values,
    property_schemas,
)
from .scalar import names_for, numbers, strings

_DEPTH = 14
_BUDGET = 4000
_PROPOSALS = 64
_LONGEST = 4096
_MOST_SET_APART = 8


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How deep optional properties are filled in, and whether each part is judged."""

    levels: int
    is_careful: bool = False


# A list, its items and the level below them are full. With more levels the answers of a large
# contract have 200 KB.
_FULL = (_Attempt(4), _Attempt(2), _Attempt(2, is_careful=True))
_LEAST = (_Attempt(0), _Attempt(0, is_careful=True))

_known: WeakKeyDictionary[Contract, dict[tuple[str, bool], Any]] = WeakKeyDictionary()


def sample(contract: Contract, pointer: str, *, full: bool = False) -> Any:
    """Return a JSON value that the schema at `pointer` allows, or MISSING if none is found.

    With `full` it has optional properties and one item per array if it can; not properties that are
    not for this direction (`readOnly`, `writeOnly`: JSON Schema 2020-12 Validation §9.4). Each
    value is made once.
    """
    existing = _known.setdefault(contract, {})
    if (pointer, full) not in existing:
        existing[pointer, full] = _make(contract, pointer, _FULL if full else _LEAST)
    return copy.deepcopy(existing[pointer, full])


def _make(contract: Contract, pointer: str, attempts: tuple[_Attempt, ...]) -> Any:
    hidden = "writeOnly" if "/responses/" in pointer else "readOnly"
    for attempt in attempts:
        maker = _Maker(contract, attempt, hidden)
        for value in islice(maker.valid((pointer,), _DEPTH), 4):
            if contract.accepts(pointer, value):
                return value
    return MISSING


class _Maker:
    def __init__(self, contract: Contract, attempt: _Attempt, hidden: str) -> None:
        self._contract, self._attempt, self._hidden = contract, attempt, hidden
        self._budget = _BUDGET
        self._first: dict[tuple[Conjunction, int, str], Any] = {}
        self._known_parts: dict[Conjunction, dict[str, Any]] = {}

    def valid(self, pointers: Conjunction, depth: int, name: str = "") -> Iterator[Any]:
        """Different values that all these schemas allow, for a property of that name."""
        self._budget -= 1
        parts = self._parts(pointers)
        if depth == 0 or self._budget < 0 or any(schema is False for schema in parts.values()):
            return

        schemas = {pointer: schema for pointer, schema in parts.items() if is_object(schema)}
        is_trusted = not self._attempt.is_careful
        is_trusted = is_trusted and all(is_sure(key, schemas[key], parts) for key in schemas)

        found: list[Any] = []
        for value, is_known in islice(self._proposed(pointers, schemas, depth, name), _PROPOSALS):
            if is_among(value, found):
                continue

            # The cheap questions come first: a validator is compiled for each new schema.
            is_valid = is_known or (is_trusted and is_kept(schemas, value))
            if is_valid or self._accepted(pointers, value):
                found.append(value)
                yield value

    def first(self, pointers: Conjunction, depth: int, name: str) -> Any:
        """Return the first of these values, or MISSING.

        It is remembered, because properties share schemas.
        """
        key = (pointers, depth, name)
        if key not in self._first:
            self._first[key] = next(self.valid(pointers, depth, name), MISSING)
        return self._first[key]

    def _accepted(self, pointers: Conjunction, value: Any) -> bool:
        return all(self._contract.accepts(pointer, value) for pointer in pointers)

    def _proposed(
        self, pointers: Conjunction, schemas: dict[str, Any], depth: int, name: str
    ) -> Iterator[tuple[Any, bool]]:
        """Values to try, and whether they are known to be valid."""
        for schema in schemas.values():
            for value in own_values(schema):
                yield value, False

        yield from self._chosen(schemas, depth, name)
        for value in self._plain(pointers, schemas, depth, name):
            yield value, False

    def _parts(self, pointers: Conjunction) -> dict[str, Any]:
        """These schemas, and those that they refer to or are composed of by allOf."""
        if pointers not in self._known_parts:
            self._known_parts[pointers] = composed(self._contract.find, pointers, "allOf")
        return self._known_parts[pointers]

    def _chosen(self, schemas: dict[str, Any], depth: int, name: str) -> Iterator[tuple[Any, bool]]:
        """Yield values of one alternative of each oneOf, anyOf and if.

        They are valid, because they are made of all the schemas at once.
        """
        existing = tuple(schemas)
        for heir, tag in named_heirs(self._contract, schemas):
            for value in islice(self.valid((*existing, heir), depth - 1, name), 4):
                # A tag that is no text, such as `const: 1`, is in the value already.
                if is_object(value):
                    yield tagged(value, tag), False
                    yield value, True

        for chosen in combinations(self._contract, schemas):
            alternatives = tuple(chain.from_iterable(chosen))
            added = [pointer for pointer in alternatives if pointer not in schemas]
            if not added:
                continue

            tags = named_by_discriminator(self._contract, schemas, alternatives)
            for value in islice(self.valid((*existing, *added), depth - 1, name), 4):
                if tags and is_object(value):
                    yield tagged(value, tags), False
                yield value, True

        for value in self._set_apart(schemas, depth, name):
            yield value, False

    def _set_apart(
        self, schemas: dict[str, Any], depth: int, name: str
    ) -> Iterator[dict[str, Any]]:
        """Yield objects of one alternative of a oneOf that all others refuse.

        `{level: 1}` is valid for `{properties: {level: …}}` and for `{properties: {depth: {type:
        number}}}`; `{level: 1, depth: null}` only for the first. Nobody would write it, but a oneOf
        of such alternatives allows no other kind of value.
        """
        for pointer, schema in schemas.items():
            alternatives = branches(pointer, schema, "oneOf")
            for branch in alternatives[:_MOST_SET_APART]:
                value = self.first((branch,), depth - 1, name)
                others = [another for another in alternatives if another != branch]
                if is_object(value):
                    yield self._refused_by(others, value)

    def _refused_by(self, others: list[str], value: dict[str, Any]) -> dict[str, Any]:
        """Return the object with added properties, so that these schemas refuse it."""
        result = dict(value)
        for another in others:
            parts = {key: part for key, part in self._parts((another,)).items() if is_object(part)}
            for name in names_under("properties", parts):
                if name in value or not self._contract.accepts(another, result):
                    continue

                pointers = property_schemas(self._contract, parts, name)
                for wrong in (None, 0, "x"):
                    if not self._accepted(pointers, wrong):
                        result[name] = wrong
                        break
        return result

    def _plain(
        self, pointers: Conjunction, schemas: dict[str, Any], depth: int, name: str
    ) -> Iterator[Any]:
        """Yield values of each JSON type that the schemas allow."""
        for kind in json_types(list(schemas.values())):
            if kind == "object":
                yield from self._objects(pointers, schemas, depth)
            elif kind == "array":
                yield from self._arrays(schemas, depth, name)
            elif kind == "string":
                yield from strings(list(schemas.values()), name)
            elif kind in ("integer", "number"):
                yield from numbers(list(schemas.values()), name, is_integer=kind == "integer")
            elif kind == "boolean":
                yield from (False, True)
            else:
                yield None

    def _objects(
        self, pointers: Conjunction, schemas: dict[str, Any], depth: int
    ) -> Iterator[dict[str, Any]]:
        required = names_under("required", schemas)
        declared: list[str] = []
        for name in names_under("properties", schemas):
            own = property_schemas(self._contract, schemas, name)
            if name in required or not self._is_hidden(own):
                declared.append(name)

        is_full = depth > _DEPTH - self._attempt.levels
        if is_full:
            names = list(dict.fromkeys([*declared, *required]))
            names = names or list(islice(self._free_names(schemas, depth), 1))
            yield from self._object(schemas, names, required, depth)

        for least in self._object(schemas, required, required, depth):
            if is_full:
                yield self._filled(pointers, schemas, declared, least, depth)
            yield least

        for names in self._more_names(schemas, declared, required, depth):
            yield from self._object(schemas, names, [*required, *names], depth)

        yield from self._varied(schemas, [*required, *declared], required, depth)

    def _filled(
        self,
        pointers: Conjunction,
        schemas: dict[str, Any],
        declared: list[str],
        least: dict[str, Any],
        depth: int,
    ) -> dict[str, Any]:
        """Return the object with each optional property that keeps it valid."""
        result = dict(least)
        for name in declared:
            own = property_schemas(self._contract, schemas, name)
            value = self.first(own, depth - 1, name)
            if name not in result and value is not MISSING:
                more = {**result, name: value}
                if self._accepted(pointers, more):
                    result = more
        return result

    def _varied(
        self, schemas: dict[str, Any], names: list[str], required: list[str], depth: int
    ) -> Iterator[dict[str, Any]]:
        """Yield objects that differ in one property: an array may need several (`uniqueItems`)."""
        for least in self._object(schemas, required, required, depth):
            for name in dict.fromkeys(names):
                own = property_schemas(self._contract, schemas, name)
                values = self.valid(own, depth - 1, name)
                for value in islice(values, 32):
                    yield {**least, name: value}

    def _more_names(
        self, schemas: dict[str, Any], declared: list[str], required: list[str], depth: int
    ) -> Iterator[list[str]]:
        """Yield names that an object needs beside the required ones.

        They are enough for `minProperties`, or those of `dependentRequired`.
        """
        least = largest("minProperties", schemas)
        if least > len(required):
            free = islice(self._free_names(schemas, depth), min(least, 64))
            more = [name for name in [*declared, *free] if name not in required]
            yield [*required, *more[: least - len(required)]]

        together = list[str]()
        for schema in schemas.values():
            for name, names in schema.get("dependentRequired", {}).items():
                together += [name, *names]
        if together:
            yield list(dict.fromkeys([*required, *together]))

    def _free_names(self, schemas: dict[str, Any], depth: int) -> Iterator[str]:
        """Yield undeclared names: by `propertyNames` or a pattern, else numbered."""
        rules = [key + "/propertyNames" for key in schemas if "propertyNames" in schemas[key]]
        if rules:
            found = self.valid(tuple(rules), depth - 1)
            names = [name for name in islice(found, 64) if isinstance(name, str)]
            numbered = (f"{name}{number}" for number in range(1, 64) for name in names[:1])
            for name in dict.fromkeys([*names, *numbered]):
                if self._accepted(tuple(rules), name):
                    yield name
            return

        patterns = names_under("patternProperties", schemas)
        others = [schema.get("additionalProperties", True) for schema in schemas.values()]
        if patterns:
            for name in names_for(patterns):
                if any(self._contract.matches(pattern, name) for pattern in patterns):
                    yield name
        elif any(allowed is not False for allowed in others):
            yield from map("property{}".format, range(1, 65))

    def _is_hidden(self, pointers: Conjunction) -> bool:
        parts = self._parts(pointers).values()
        return any(is_object(part) and part.get(self._hidden) is True for part in parts)

    def _object(
        self, schemas: dict[str, Any], names: list[str], required: list[str], depth: int
    ) -> Iterator[dict[str, Any]]:
        result: dict[str, Any] = {}
        for name in names:
            own = property_schemas(self._contract, schemas, name)
            value = self.first(own, depth - 1, name)
            if value is not MISSING:
                result[name] = value
            elif name in required:
                return

        yield result

    def _arrays(self, schemas: dict[str, Any], depth: int, name: str) -> Iterator[list[Any]]:
        least = largest("minItems", schemas)
        if least > _LONGEST:
            return

        if depth > _DEPTH - self._attempt.levels:
            yield from self._array(schemas, max(least, 1), depth, name)

        yield from self._array(schemas, least, depth, name)
        contained = [key + "/contains" for key in schemas if "contains" in schemas[key]]
        if contained:
            item = self.first((*item_schemas(schemas, 0), *contained), depth - 1, name)
            count = largest("minContains", schemas, default=1)
            for remainder in self._array(schemas, max(least - count, 0), depth, name):
                if item is not MISSING:
                    yield [item] * min(count, 64) + remainder
            yield from self._ending_in(contained, schemas, least, count, depth, name)

    def _ending_in(
        self,
        contained: list[str],
        schemas: dict[str, Any],
        least: int,
        count: int,
        depth: int,
        name: str,
    ) -> Iterator[list[Any]]:
        """Yield arrays that end with what they must contain: `prefixItems` say how they begin."""
        prefix = max(len(schema.get("prefixItems", ())) for schema in schemas.values())
        for beginning in self._array(schemas, max(prefix, least - count), depth, name):
            pointers = (*item_schemas(schemas, len(beginning)), *contained)
            item = self.first(pointers, depth - 1, name)
            if item is not MISSING:
                yield beginning + [item] * min(count, 64)

    def _array(
        self, schemas: dict[str, Any], length: int, depth: int, name: str
    ) -> Iterator[list[Any]]:
        is_unique = any(schema.get("uniqueItems") is True for schema in schemas.values())
        items: list[Any] = []
        at_hand: dict[Conjunction, list[Any]] = {}

        for index in range(length):
            pointers = item_schemas(schemas, index)
            if pointers not in at_hand:
                most = length if is_unique else 1
                at_hand[pointers] = list(islice(self.valid(pointers, depth - 1, name), most))

            fresh = at_hand[pointers]
            if is_unique:
                fresh = [value for value in fresh if not is_among(value, items)]
            if not fresh:
                return

            items.append(fresh[0])

        yield items

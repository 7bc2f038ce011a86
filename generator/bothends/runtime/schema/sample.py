"""A value made from a schema: the same one each time, and valid, or none.

The maker proposes and the validator judges. Proposals are bounded in number and depth; where none is valid, none is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object, json_kind, same
from bothends.runtime.operation import MISSING

from .contract import Contract
from .sample_scalar import numbers, strings
from .schema_view import reference

_DEPTH = 12
_FULL_DEPTH = 6
_BUDGET = 4000
_PROPOSALS = 64
_LONGEST = 4096
_KINDS = ("object", "array", "string", "integer", "number", "boolean", "null")

Conjunction = tuple[str, ...]
"""Pointers of schemas that all apply to the value."""


def sample(contract: Contract, pointer: str, *, full: bool = False) -> Any:
    """A JSON value that the schema at `pointer` allows, made from its examples and keywords; MISSING if none is found.

    With `full`, optional properties and one item per array are in it, where that can be had; not those that the
    contract marks as not for this direction (JSON Schema 2020-12 Validation §9.4).
    """
    hidden = "writeOnly" if "/responses/" in pointer else "readOnly"
    return next(_Maker(contract, full=full, hidden=hidden).valid((pointer,), _DEPTH), MISSING)


class _Maker:
    def __init__(self, contract: Contract, *, full: bool, hidden: str) -> None:
        self._contract, self._full, self._hidden, self._budget = contract, full, hidden, _BUDGET

    def valid(self, pointers: Conjunction, depth: int) -> Iterator[Any]:
        """Different values that all these schemas allow."""
        found: list[Any] = []
        for value in islice(self._proposed(pointers, depth), _PROPOSALS):
            if not any(same(value, other) for other in found) and self._accepted(pointers, value):
                found.append(value)
                yield value

    def _accepted(self, pointers: Conjunction, value: Any) -> bool:
        return all(self._contract.accepts(pointer, value) for pointer in pointers)

    def _proposed(self, pointers: Conjunction, depth: int) -> Iterator[Any]:
        self._budget -= 1
        parts = self._parts(pointers)
        if depth == 0 or self._budget < 0 or any(schema is False for schema in parts.values()):
            return

        schemas = {pointer: schema for pointer, schema in parts.items() if is_object(schema)}
        for schema in schemas.values():
            yield from _stated(schema)

        yield from self._chosen(schemas, depth)
        yield from self._plain(schemas, depth)

    def _parts(self, pointers: Conjunction) -> dict[str, Any]:
        """These schemas, and those that they refer to or are composed of by allOf."""
        found: dict[str, Any] = {}
        waiting = list(pointers)
        while waiting:
            pointer = waiting.pop(0)
            if pointer in found:
                continue

            found[pointer] = schema = self._contract.find(pointer)
            if is_object(schema):
                waiting += [reference(schema)] if "$ref" in schema else []
                waiting += [
                    f"{pointer}/allOf/{index}" for index in range(len(schema.get("allOf", ())))
                ]

        return found

    def _chosen(self, schemas: dict[str, Any], depth: int) -> Iterator[Any]:
        """Values of one alternative of each oneOf, anyOf and if."""
        choices = [
            choice for pointer, schema in schemas.items() for choice in _choices(pointer, schema)
        ]
        known = tuple(schemas)

        for chosen in islice(product(*choices), 16) if choices else ():
            added = [pointer for branch in chosen for pointer in branch if pointer not in schemas]
            if added:
                yield from islice(self.valid((*known, *added), depth - 1), 4)

    def _plain(self, schemas: dict[str, Any], depth: int) -> Iterator[Any]:
        for kind in _kinds(list(schemas.values())):
            if kind == "object":
                yield from self._objects(schemas, depth)
            elif kind == "array":
                yield from self._arrays(schemas, depth)
            elif kind == "string":
                yield from strings(list(schemas.values()))
            elif kind in ("integer", "number"):
                yield from numbers(list(schemas.values()), whole=kind == "integer")
            else:
                yield from (False, True) if kind == "boolean" else (None,)

    def _objects(self, schemas: dict[str, Any], depth: int) -> Iterator[Any]:
        required = list(
            dict.fromkeys(
                name for schema in schemas.values() for name in schema.get("required", ())
            )
        )
        named = dict.fromkeys(
            name for schema in schemas.values() for name in schema.get("properties", ())
        )
        declared = [
            name
            for name in named
            if name in required or not self._is_hidden(_property(schemas, name))
        ]
        if self._full and depth > _DEPTH - _FULL_DEPTH:
            yield from self._object(
                schemas, list(dict.fromkeys([*declared, *required])), required, depth
            )

        yield from self._object(schemas, required, required, depth)
        least = max(schema.get("minProperties", 0) for schema in schemas.values())
        more = [name for name in declared if name not in required]
        more += [f"property{number}" for number in range(1, min(int(least), 64) + 1)]
        if least > len(required):
            yield from self._object(
                schemas, [*required, *more[: int(least) - len(required)]], required, depth
            )

        dependent = [schema.get("dependentRequired", {}) for schema in schemas.values()]
        together = [
            name
            for names in dependent
            for name in [*names, *(one for two in names.values() for one in two)]
        ]
        if together:
            yield from self._object(
                schemas, list(dict.fromkeys([*required, *together])), required, depth
            )

    def _is_hidden(self, pointers: Conjunction) -> bool:
        return any(
            is_object(part) and part.get(self._hidden) is True
            for part in self._parts(pointers).values()
        )

    def _object(
        self, schemas: dict[str, Any], names: list[str], required: list[str], depth: int
    ) -> Iterator[Any]:
        made: dict[str, Any] = {}
        for name in names:
            value = next(self.valid(_property(schemas, name), depth - 1), MISSING)
            if value is not MISSING:
                made[name] = value
            elif name in required:
                return

        yield made

    def _arrays(self, schemas: dict[str, Any], depth: int) -> Iterator[Any]:
        least = int(max(schema.get("minItems", 0) for schema in schemas.values()))
        if least > _LONGEST:
            return

        if self._full and depth > _DEPTH - _FULL_DEPTH:
            yield from self._array(schemas, max(least, 1), depth)

        yield from self._array(schemas, least, depth)
        contained = tuple(
            pointer + "/contains" for pointer, schema in schemas.items() if "contains" in schema
        )
        if contained:
            item = next(self.valid((*_item(schemas, 0), *contained), depth - 1), MISSING)
            count = int(max(schema.get("minContains", 1) for schema in schemas.values()))
            for rest in (
                () if item is MISSING else self._array(schemas, max(least - count, 0), depth)
            ):
                yield [item] * min(count, 64) + rest

    def _array(self, schemas: dict[str, Any], length: int, depth: int) -> Iterator[Any]:
        unique = any(schema.get("uniqueItems") is True for schema in schemas.values())
        items: list[Any] = []
        at_hand: dict[Conjunction, list[Any]] = {}

        for index in range(length):
            pointers = _item(schemas, index)
            if pointers not in at_hand:
                at_hand[pointers] = list(
                    islice(self.valid(pointers, depth - 1), length if unique else 1)
                )

            fresh = [
                value
                for value in at_hand[pointers]
                if not unique or not any(same(value, one) for one in items)
            ]
            if not fresh:
                return

            items.append(fresh[0])

        yield items


def _stated(schema: dict[str, Any]) -> list[Any]:
    stated = [schema[word] for word in ("const", "example", "default") if word in schema]
    examples = schema.get("examples", [])
    return [*(examples[:1] if is_array(examples) else []), *stated, *schema.get("enum", [])]


def _choices(pointer: str, schema: dict[str, Any]) -> Iterator[list[Conjunction]]:
    for word in ("oneOf", "anyOf"):
        if word in schema:
            yield [(f"{pointer}/{word}/{index}",) for index in range(len(schema[word]))]
    if "if" in schema:
        otherwise = [(f"{pointer}/else",)] if "else" in schema else []
        yield [(f"{pointer}/if", *([f"{pointer}/then"] if "then" in schema else [])), *otherwise]


def _kinds(schemas: list[dict[str, Any]]) -> list[str]:
    """The types to try: the stated ones, null last; of an unstated type, the one that the keywords speak of."""
    stated = [schema["type"] for schema in schemas if "type" in schema]
    allowed = [[one] if isinstance(one, str) else one for one in stated]
    if allowed:
        named = {kind for some in allowed for kind in some}
        kinds = [
            kind
            for kind in _KINDS
            if kind in named and all(_within(kind, some) for some in allowed)
        ]
        return sorted(
            kinds, key=lambda kind: (kind == "null", *(_rank(kind, some) for some in allowed))
        )

    words = {word for schema in schemas for word in schema}
    if words & {"properties", "required", "minProperties", "additionalProperties"}:
        return ["object"]
    if words & {"items", "prefixItems", "minItems", "contains"}:
        return ["array"]
    if words & {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}:
        return ["integer", "number"]

    examples = [json_kind(value) for schema in schemas for value in schema.get("enum", ())]
    return [*dict.fromkeys(examples), "string", "object", "array", "integer", "boolean", "null"]


def _within(kind: str, allowed: list[str]) -> bool:
    return kind in allowed or (kind == "integer" and "number" in allowed)


def _rank(kind: str, allowed: list[str]) -> int:
    return allowed.index(kind) if kind in allowed else allowed.index("number")


def _property(schemas: dict[str, Any], name: str) -> Conjunction:
    """The schemas of a property: declared ones, else those of undeclared properties. Patterns are left to the judge."""
    found: list[str] = []
    for pointer, schema in schemas.items():
        if name in schema.get("properties", {}):
            found.append(pointer + join("properties", name))
        elif "additionalProperties" in schema:
            found.append(pointer + "/additionalProperties")

    return tuple(found)


def _item(schemas: dict[str, Any], index: int) -> Conjunction:
    found: list[str] = []
    for pointer, schema in schemas.items():
        if index < len(schema.get("prefixItems", ())):
            found.append(f"{pointer}/prefixItems/{index}")
        elif "items" in schema:
            found.append(pointer + "/items")

    return tuple(found)

"""Find where two schemas differ, each time with a schema that has this one difference.

Worked example, of an old and a new schema:

    {properties: {name: {maxLength: 9}}, required: [name]}
    {properties: {name: {maxLength: 5}}, required: [name, age]}

gives two differences: at `/properties/name` the old schema `{maxLength: 9}` and the changed one
`{maxLength: 5}`, and at the top the old schema and the changed one with `required: [name, age]`.
Each is then judged by itself, so that a widening does not hide behind a narrowing elsewhere.

The walk goes down where a larger set inside makes a larger set outside: `properties`, `items`,
`allOf`, `anyOf`, and `oneOf` of different types. Below other `oneOf`, `not` and the like it does
not, and the schema that holds them is the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from bothends.diff.schema.components import Components
from bothends.diff.schema.difference import Branch, Difference, Group, Others, Place
from bothends.diff.schema.plain import NEW, OLD, is_equal, only_part, plain
from bothends.diff.schema.wording import describe_keyword
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow

_DESCENDED: Final = frozenset({"additionalProperties", "items", "allOf", "anyOf", "oneOf"})
_COMPOSITION: Final = frozenset({"allOf", "anyOf", "oneOf"})
_COUNTS_ON_PARTS: Final = {"unevaluatedProperties", "unevaluatedItems"}
"""Keywords that depend on what other parts of the schema evaluated.

A wider part may make the schema narrower.
"""


class Differences:
    """Finds the differences of pairs of schemas of two documents."""

    def __init__(self, old: Any, new: Any, components: Components) -> None:
        self._old = old
        self._new = new
        self._components = components

    def between(self, old_pointer: str, new_pointer: str) -> Iterator[Group]:
        """The differences of two schemas, by their pointers in the two documents."""
        yield from self._between(Place((old_pointer, new_pointer)), set())

    def _between(self, place: Place, seen: set[Place]) -> Iterator[Group]:
        """The differences at one place; what is met again inside is not looked at again."""
        old_pointer, new_pointer = place.pair
        old_value = self._old.value_at(old_pointer)
        new_value = self._new.value_at(new_pointer)
        old_value, old_pointer = _only_part(old_value, old_pointer)
        new_value, new_pointer = _only_part(new_value, new_pointer)
        old_plain, new_plain = plain(old_value, OLD), plain(new_value, NEW)
        if self._components.is_same(old_plain, new_plain):
            return

        if _is_only_reference(old_plain) or _is_only_reference(new_plain):
            old_value, old_pointer = follow(self._old.value_at, old_value, old_pointer)
            new_value, new_pointer = follow(self._new.value_at, new_value, new_pointer)
            old_value, old_pointer = _only_part(old_value, old_pointer)
            new_value, new_pointer = _only_part(new_value, new_pointer)
            old_plain, new_plain = plain(old_value, OLD), plain(new_value, NEW)
            if self._components.is_same(old_plain, new_plain):
                return

        place = replace(place, pair=(old_pointer, new_pointer))
        # A component may be a part of several wholes, which declare other names beside it.
        key = replace(place, path=())
        if key in seen:
            return

        if not (is_object(old_plain) and is_object(new_plain)):
            complete = place.difference("the schema changed", old_plain, new_plain)
            yield Group(complete, (complete,))
            return

        seen.add(key)
        yield from self._of_objects(place, (old_plain, new_plain), seen)

    def _of_objects(
        self, place: Place, schemas: tuple[dict[str, Any], dict[str, Any]], seen: set[Place]
    ) -> Iterator[Group]:
        old, new = schemas
        if _is_rebuilt(old, new):
            # One by one, its properties would all be gone, and each change would say the same.
            rebuilt = [key for key in dict.fromkeys([*old, *new]) if key != "properties"]
            differing = [key for key in rebuilt if not is_equal(old.get(key), new.get(key))]
            message = "; ".join(describe_keyword(k, old.get(k), new.get(k)) for k in differing)
            change = place.difference(message, old, new)
            yield Group(change, (change,))
            return

        kinds = [self._components.kinds(schema) for schema in schemas]
        if all(kinds) and not kinds[0] & kinds[1]:
            # No value is of both: what else differs says nothing more.
            declared = [as_array(schema.get("type")) or [schema.get("type")] for schema in schemas]
            words = [
                types if types != [None] else sorted(each)
                for types, each in zip(declared, kinds, strict=True)
            ]
            types = [" or ".join(map(str, each)) for each in words]
            change = place.difference(f"the type was {types[0]}, is {types[1]}", old, new)
            yield Group(change, (change,))
            return

        parts = list(self._properties(place, schemas))
        descents = [
            place.below("properties", (name, name), (name,))
            for name in as_object(old.get("properties"))
            if name in as_object(new.get("properties"))
        ]

        # Keywords that speak of the same value are judged together: an exclusive bound may have
        # become an inclusive one, a `const` an `enum` of one.
        local = list[str]()
        for keyword in dict.fromkeys([*old, *new]):
            is_in_both = keyword in old and keyword in new
            if keyword == "properties" or (is_in_both and is_equal(old[keyword], new[keyword])):
                continue

            inner = self._inner(keyword, place, old, new)
            if inner is None:
                local.append(keyword)
            else:
                descents += inner

        if "required" in local and len(local) > 1:
            local.remove("required")
            parts += self._local(place, schemas, ["required"])
        parts += self._local(place, schemas, local)

        if parts:
            message = "; ".join(part.message for part in parts)
            changed = _in_new_frame(old, new, local)
            yield Group(place.difference(message, old, changed), tuple(parts))

        for inner_place in descents:
            yield from self._between(inner_place, seen)

    def _local(
        self, place: Place, schemas: tuple[dict[str, Any], dict[str, Any]], keywords: list[str]
    ) -> Iterator[Difference]:
        """The difference of some keywords of one schema, if there is any."""
        old, new = schemas
        changed = {key: value for key, value in old.items() if key not in keywords}
        changed |= {key: new[key] for key in keywords if key in new}

        if keywords and not self._components.is_same(old, changed):
            texts = [describe_keyword(key, old.get(key), new.get(key)) for key in keywords]
            yield place.difference("; ".join(texts), old, changed)

    def _inner(
        self, keyword: str, place: Place, old: dict[str, Any], new: dict[str, Any]
    ) -> list[Place] | None:
        """The pairs of subschemas to go down to; None where the keyword is compared as a whole."""
        if keyword not in _DESCENDED or keyword not in old or keyword not in new:
            return None
        if keyword == "items":
            return self._items(place, old, new)
        if keyword == "additionalProperties":
            return self._others(place, old, new)
        if _COUNTS_ON_PARTS & {*old, *new}:
            return None

        waiting = list(range(len(new[keyword])))
        apart: list[int] = []
        for index, part in enumerate(old[keyword]):
            same = [
                pointer
                for pointer in waiting
                if self._components.is_same(part, new[keyword][pointer])
            ]
            if same:
                waiting.remove(same[0])
            else:
                apart.append(index)

        if len(apart) != len(waiting):
            return None

        pairs = list(zip(apart, waiting, strict=True))
        if keyword == "oneOf" and not self._is_exclusive(old[keyword], new[keyword], pairs):
            return None
        names = self._names_beside(place, old, new)
        inner = [place.below(keyword, steps, ()) for steps in pairs]
        if keyword == "allOf":
            return [replace(part, names=names) for part in inner]
        return [
            replace(part, names=names, path=(*place.path, Branch(*part.pair))) for part in inner
        ]

    def _items(self, place: Place, old: dict[str, Any], new: dict[str, Any]) -> list[Place] | None:
        first, second = (len(as_array(schema.get("prefixItems"))) for schema in (old, new))
        # `items` speaks of what follows those of `prefixItems`.
        if first != second:
            return None
        return [place.below("items", (None, None), (first,))]

    def _others(self, place: Place, old: dict[str, Any], new: dict[str, Any]) -> list[Place] | None:
        sides = (old, new)
        is_schema = all(is_object(schema["additionalProperties"]) for schema in sides)
        declared = [as_object(schema.get("properties")).keys() for schema in sides]
        patterns = [as_object(schema.get("patternProperties")).keys() for schema in sides]
        # It speaks of those that these two do not name.
        if not is_schema or declared[0] != declared[1] or patterns[0] != patterns[1]:
            return None
        step = Others(frozenset(declared[0]))
        return [place.below("additionalProperties", (None, None), (step,))]

    def _names_beside(
        self, place: Place, old: dict[str, Any], new: dict[str, Any]
    ) -> frozenset[str] | None:
        """What the parts of a value may have, since others of its parts declare it."""
        declared = [self._components.declared(schema) for schema in (old, new)]
        if place.names is None or declared[0] is None or declared[1] is None:
            return None
        return place.names | declared[0] | declared[1]

    def _is_exclusive(self, old: list[Any], new: list[Any], pairs: list[tuple[int, int]]) -> bool:
        """Whether no value fits two alternatives, before and after and with some of each.

        Then `oneOf` is `anyOf`, and a larger alternative makes a larger whole.
        """
        kinds = [list(map(self._components.kinds, alternatives)) for alternatives in (old, new)]
        if any(kinds[0][before] != kinds[1][after] for before, after in pairs):
            return False
        return all(map(_are_apart, kinds))

    def _properties(
        self, place: Place, schemas: tuple[dict[str, Any], dict[str, Any]]
    ) -> Iterator[Difference]:
        """Properties that are gone, new or renamed."""
        old, new = schemas
        of_old, of_new = as_object(old.get("properties")), as_object(new.get("properties"))
        gone = [name for name in of_old if name not in of_new]
        added = [name for name in of_new if name not in of_old]
        renamed = self._renamed(of_old, of_new, gone, added)

        for name, another in renamed.items():
            message = f"property `{name}` became `{another}`"
            without = {key: item for key, item in of_old.items() if key != name}
            changed = {**old, "properties": {**without, another: of_new[another]}}
            if name in as_array(old.get("required")):
                required = [another if key == name else key for key in old["required"]]
                changed["required"] = required
            yield place.difference(message, old, changed)

        for name in gone:
            if name not in renamed:
                without = {key: item for key, item in of_old.items() if key != name}
                changed = {**old, "properties": without}
                yield place.difference(f"property `{name}` is gone", old, changed)

        for name in added:
            if name not in renamed.values():
                changed = {**old, "properties": {**of_old, name: of_new[name]}}
                yield place.difference(f"property `{name}` is new", old, changed)

    def _renamed(
        self, of_old: dict[str, Any], of_new: dict[str, Any], gone: list[str], added: list[str]
    ) -> dict[str, str]:
        """Properties that kept their schema and got a name much like the old one."""
        renamed: dict[str, str] = {}
        for name in gone:
            alike = [
                another
                for another in added
                if another not in renamed.values()
                and self._components.is_same(of_old[name], of_new[another])
            ]
            # A rename is told as one change, or the report would hide it in a removal and an
            # addition.
            close = get_close_matches(name, alike, n=1, cutoff=0.75)
            if close:
                renamed[name] = close[0]

        return renamed


def _in_new_frame(old: dict[str, Any], new: dict[str, Any], local: list[str]) -> dict[str, Any]:
    """The old schema with all differences of this level, and with its own schemas inside."""
    changed = {key: value for key, value in old.items() if key not in (*local, "required")}
    changed |= {key: new[key] for key in (*local, "required") if key in new}

    if "properties" in old or "properties" in new:
        of_old = as_object(old.get("properties"))
        of_new = as_object(new.get("properties"))
        changed["properties"] = {name: of_old.get(name, schema) for name, schema in of_new.items()}
    return changed


def _are_apart(kinds: list[frozenset[str]]) -> bool:
    """Whether no two of some schemas share a type; each must have one."""
    return all(kinds) and len(frozenset[str]().union(*kinds)) == sum(map(len, kinds))


def _is_rebuilt(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether an object became a union or a composition, or the other way round."""
    is_object_alone = [
        "properties" in schema and not _COMPOSITION & schema.keys() for schema in (old, new)
    ]
    is_composed = [
        "properties" not in schema and bool(_COMPOSITION & schema.keys()) for schema in (old, new)
    ]
    return (is_object_alone[0] and is_composed[1]) or (is_object_alone[1] and is_composed[0])


def _only_part(schema: Any, pointer: str) -> tuple[Any, str]:
    """The one part that says all of a schema, and its pointer; else the schema itself."""
    while (keyword := only_part(plain(schema, OLD))) is not None:
        schema, pointer = schema[keyword][0], below(pointer, keyword, 0)
    return schema, pointer


def _is_only_reference(schema: Any) -> bool:
    """Whether a plain schema is a reference without keywords beside it."""
    return is_object(schema) and set(schema) == {"$ref"}

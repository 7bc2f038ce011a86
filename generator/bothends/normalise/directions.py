"""Properties that are required in one direction only: `readOnly`, `writeOnly` in OpenAPI 3.0.

Example: `User: {required: [id, mail], properties: {id: {readOnly: true}, mail: {}}}` is what
requests and replies refer to. Replies go on to require both; requests refer to `User.request`,
which requires `mail` only (OpenAPI 3.0.4 §4.7.24.2).

A request without a required `readOnly` property is right, and one with it too: it "SHOULD NOT be
sent", and whoever owns the value may ignore it (JSON Schema 2020-12 Validation §9.4). A `writeOnly`
property "SHOULD NOT be sent" in a reply and "is never present" there: our servers do not send it.

A component that messages of one direction are made of says what holds in that direction. One that
both are made of, and that differs between them, says what holds in replies; requests refer to a
variant of it, `User.request`, whose class is `UserRequest`. `components/x-variants` says which
component a variant is of. In 3.1 the two keywords are annotations, and `required` means what it
says, so nothing of this applies.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from bothends.load import Document
from bothends.openapi.discriminator import MOST_HEIRS, all_heirs, direct_heirs, discriminator_of
from bothends.openapi.json_value import as_array, as_object, copied, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import VARIANTS, schema_key, schema_reference
from bothends.openapi.walk import Slot, all_schemas, schema_uses, subschemas

# Below these a schema says more about the same object, so its `required` may name properties of the
# whole.
_TOGETHER = ("allOf", "anyOf", "oneOf")

_DESCRIBING = frozenset(("$ref", "allOf", "properties"))
"""The keywords that say what properties a schema's object has."""


class Direction(Enum):
    """Which way a message goes."""

    REQUEST = "request"
    REPLY = "reply"


class _Marked(NamedTuple):
    """The names of the properties of an object that are marked."""

    read_only: frozenset[str]
    write_only: frozenset[str]

    def is_required(self, name: str, direction: Direction) -> bool:
        """Whether `required` takes effect on a property in a direction."""
        hidden = self.read_only if direction is Direction.REQUEST else self.write_only
        return name not in hidden


_NOTHING = _Marked(frozenset(), frozenset())


def split_directions(document: Document) -> Document:
    """Apply `required` in the right direction, for a contract written in OpenAPI 3.0."""
    schemas = [slot.holder[slot.key] for slot in all_schemas(document.data)]
    if not any(_is(schema, "readOnly") or _is(schema, "writeOnly") for schema in schemas):
        return document

    data = copied(document.data)
    return document.with_data(data, _Splitter(data).run())


def _is(schema: Any, word: str) -> bool:
    return is_object(schema) and schema.get(word) is True


class _Splitter:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.written: dict[str, Any] = data["components"]["schemas"]
        heirs = direct_heirs(self.written)
        self.references = {key: set(self.referred(schema)) for key, schema in self.written.items()}
        for key, schema in self.written.items():
            # A value of the base is one of its heirs, which only the discriminator tells.
            named = all_heirs(heirs, key) if discriminator_of(schema) else []
            self.references[key] |= {*named} - {key} if len(named) <= MOST_HEIRS else set()
        self.uses: dict[Direction, list[Slot]] = {direction: [] for direction in Direction}
        for slot in schema_uses(data):
            if not slot.pointer.startswith("/components/schemas/"):
                # /paths/{path}/{method}/responses/…
                is_reply = split(slot.pointer)[3] == "responses"
                self.uses[Direction.REPLY if is_reply else Direction.REQUEST].append(slot)

        self.marks: dict[int, tuple[Any, _Marked]] = {}
        """What is marked in each schema, by its id: each is asked three times."""
        self.variants: dict[str, str] = {}
        """The key of the variant for requests, by the key of the component."""

    def run(self) -> dict[str, str]:
        """Rewrite the data; gives the places that the variants come from."""
        reached = {direction: self.reached(direction) for direction in Direction}
        for key in self.differing(reached[Direction.REQUEST] & reached[Direction.REPLY]):
            self.variants[key] = self.variant_key(f"{key}.request")

        schemas: dict[str, Any] = {}
        for key, schema in self.written.items():
            schemas[key] = schema
            if key in reached[Direction.REPLY]:
                schemas[key] = self.rewritten(schema, Direction.REPLY)
            elif key in reached[Direction.REQUEST]:
                schemas[key] = self.rewritten(schema, Direction.REQUEST)
            if key in self.variants:
                schemas[self.variants[key]] = self.rewritten(schema, Direction.REQUEST)

        for direction, slots in self.uses.items():
            for slot in slots:
                slot.holder[slot.key] = self.rewritten(slot.holder[slot.key], direction)

        components = self.data["components"]
        components["schemas"] = schemas
        if self.variants:
            components[VARIANTS] = {variant: key for key, variant in self.variants.items()}

        parent = "/components/schemas"
        return {
            below(parent, variant): below(parent, key) for key, variant in self.variants.items()
        }

    def variant_key(self, expected: str) -> str:
        # The contract may have a component of this very name.
        key, number = expected, 2
        while key in self.written or key in self.variants.values():
            key, number = f"{expected}.{number}", number + 1
        return key

    def reached(self, direction: Direction) -> set[str]:
        """The components that messages of a direction are made of."""
        waiting: list[str] = []
        for slot in self.uses[direction]:
            waiting += self.referred(slot.holder[slot.key])

        found = set[str]()
        while waiting:
            if (key := waiting.pop()) not in found:
                found.add(key)
                waiting += self.references[key]

        return found

    def differing(self, reached: set[str]) -> list[str]:
        """The components that differ between requests and replies, or refer to one that does."""
        users: dict[str, list[str]] = {}
        found = set[str]()
        for key in reached:
            for inner in self.references[key]:
                users.setdefault(inner, []).append(key)

            schema = self.written[key]
            request = self.rewritten(schema, Direction.REQUEST)
            if request != self.rewritten(schema, Direction.REPLY):
                found.add(key)

        waiting = list(found)
        while waiting:
            new = [user for user in users.get(waiting.pop(), ()) if user not in found]
            found.update(new)
            waiting.extend(new)

        return [key for key in self.written if key in found]

    def referred(self, schema: Any) -> Iterator[str]:
        """The components that a schema refers to."""
        stack = [schema]
        while stack:
            schema = stack.pop()
            if (key := self.key_of(schema)) is not None:
                yield key
            stack.extend(slot.holder[slot.key] for slot in subschemas(schema, ""))

    def key_of(self, schema: Any) -> str | None:
        key = schema_key(schema)
        return key if key in self.written else None

    def rewritten(self, schema: Any, direction: Direction, outer: _Marked = _NOTHING) -> Any:
        """The schema as it holds in a direction, down to what it refers to."""
        if not is_object(schema):
            return schema

        own = self.marked(schema)
        outer = _Marked(outer.read_only | own.read_only, outer.write_only | own.write_only)
        result = dict(schema)

        if is_array(names := schema.get("required")):
            required = [name for name in names if outer.is_required(str(name), direction)]
            result["required"] = required
            if not required:
                del result["required"]

        for slot in self.inside(result):
            inner = slot.holder[slot.key]
            keyword = split(slot.pointer)[0]
            # A reply with a password in it is worse than one that lacks it, so `writeOnly` is
            # forbidden.
            is_hidden = direction is Direction.REPLY and self.says(inner, "writeOnly")
            if is_hidden and keyword == "properties":
                slot.holder[slot.key] = False
                continue

            describing = outer if keyword in _TOGETHER else _NOTHING
            slot.holder[slot.key] = self.rewritten(inner, direction, describing)

        if direction is Direction.REQUEST:
            self.redirect(result)
        return result

    def inside(self, result: dict[str, Any]) -> list[Slot]:
        """The schemas inside a schema, in holders that may be written to.

        What is below `not` describes nothing.
        """
        for keyword, value in result.items():
            result[keyword] = copy.copy(value)
        return [slot for slot in subschemas(result, "") if slot.pointer != "/not"]

    def redirect(self, schema: dict[str, Any]) -> None:
        """Let all references of the schema lead to the variants for requests."""
        key = self.key_of(schema)
        if key is not None and key in self.variants:
            schema["$ref"] = self.reference(key)

        if is_object(discriminator := schema.get("discriminator")):
            mapping = dict(self.mapped(schema, discriminator))
            schema["discriminator"] = {**discriminator, "mapping": mapping}
            if not mapping:
                del schema["discriminator"]["mapping"]

    def mapped(
        self, schema: dict[str, Any], discriminator: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """The mapping of a discriminator (3.0.4 §4.7.25): values do not carry a variant's key."""
        declared = as_object(discriminator.get("mapping"))
        members = [*as_array(schema.get("oneOf")), *as_array(schema.get("anyOf"))]
        references = [as_object(member).get("$ref") for member in members]

        for key in self.variants:
            points_there = any(self.points_to(target, key) for target in declared.values())
            if self.reference(key) in references and not points_there:
                yield key, self.reference(key)

        for value, target in declared.items():
            variants = [key for key in self.variants if self.points_to(target, key)]
            yield value, self.reference(variants[0]) if variants else target

    def points_to(self, target: Any, key: str) -> bool:
        return target in (key, schema_reference(key))

    def reference(self, key: str) -> str:
        return schema_reference(self.variants[key])

    def marked(self, schema: dict[str, Any]) -> _Marked:
        """Return the marked properties of a schema's object, through `allOf` and references."""
        if _DESCRIBING.isdisjoint(schema):
            return _NOTHING
        # With the schema itself: the id of what is gone is given to something else.
        if id(schema) not in self.marks:
            self.marks[id(schema)] = schema, self.find_marked(schema)
        return self.marks[id(schema)][1]

    def find_marked(self, schema: dict[str, Any]) -> _Marked:
        read_only, write_only = set[str](), set[str]()
        for part in self.parts(schema):
            for name, described in as_object(part.get("properties")).items():
                if self.says(described, "readOnly"):
                    read_only.add(name)
                elif self.says(described, "writeOnly"):
                    write_only.add(name)

        return _Marked(frozenset(read_only), frozenset(write_only))

    def says(self, schema: Any, word: str) -> bool:
        # Most properties are described where they stand.
        if is_object(schema) and "$ref" not in schema and "allOf" not in schema:
            return _is(schema, word)
        return any(_is(part, word) for part in self.parts(schema))

    def parts(self, schema: Any) -> Iterator[dict[str, Any]]:
        """Yield the schemas that apply together: the schema, its reference, its `allOf`."""
        waiting, seen = [schema], set[str]()
        while waiting:
            part = waiting.pop()
            if not is_object(part):
                continue

            yield part
            if (key := self.key_of(part)) is not None and key not in seen:
                seen.add(key)
                waiting.append(self.written[key])

            waiting.extend(as_array(part.get("allOf")))

"""A property that two parts of a schema describe by two classes gets a class that is both.

    Resource: {properties: {attributes: {$ref: Attributes}}}
    Article:  {allOf: [{$ref: Resource}, {properties: {attributes: {$ref: ArticleAttributes}}}]}

`attributes` of an article obeys both, and Python has no type for "both". So the contract says it
once more, which changes nothing of what is valid:

    Article:  {allOf: [..., {properties: {attributes: {$ref: Article.attributes}}}]}
    Article.attributes: {allOf: [{$ref: Attributes}, {$ref: ArticleAttributes}]}

The same for the items of lists, and for a property that another part describes as one of its
`additionalProperties`: `_links` of HAL are a map of links beside a class that names some of them.
Properties of a new class may meet again; they get one as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from bothends.load import Document
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.reference import schema_key, schema_reference

_NO_MAP: Final = {"$ref", "properties", "allOf", "anyOf", "oneOf", "enum", "const"}
_MOST: Final = 500
"""A hostile contract has classes that meet at every level; beyond this they stay apart."""


def make_classes(document: Document) -> Document:
    """Add a component for each property that is of several classes at once."""
    meeting = _Meeting(document.data["components"]["schemas"])
    meeting.run()
    if not meeting.made:
        return document

    components = {**document.data["components"], "schemas": meeting.schemas}
    return document.with_data({**document.data, "components": components}, {})


_Described = dict[tuple[str, bool], dict[str, None]]
"""The components that describe a property, or the items of one, each once and in order."""


class _Others(NamedTuple):
    """What a part says of all properties that it does not declare."""

    declared: frozenset[str]
    is_item: bool
    target: str


class _Meeting:
    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self.schemas = dict(schemas)
        self.made = 0
        self._described: dict[str, _Described] = {}
        self._others: dict[str, list[_Others]] = {}
        self._maps: dict[str, Any] = {}
        # The new classes on the way to a new class, by what they are made of: one that contains
        # itself is made once.
        self._known: dict[str, dict[frozenset[str], str]] = {}
        # The classes of the contract that each new one is made of, whatever new ones are between.
        self._elements: dict[str, frozenset[str]] = {}
        self._extended: dict[str, set[str]] = {}
        self._waiting = list(schemas)

    def run(self) -> None:
        for key in self._waiting:  # new classes come to its end
            for inner in self._in_order(key):
                self._settle(inner)

    def _in_order(self, key: str) -> list[str]:
        """The components that a component is made of, inner ones first, and itself."""
        found, seen, stack = dict[str, None](), set[str](), [key]
        while stack:
            one = stack[-1]
            if one not in seen and one not in self._described:
                seen.add(one)
                stack.extend(self._bases(one))
                continue

            # All that it extends is found, or it is on the way to itself.
            stack.pop()
            if one in seen:
                found.setdefault(one)
        return list(found)

    def _settle(self, key: str) -> None:
        """Learn what describes the properties of a component, and add a class where several do."""
        described = self._described[key] = self._found(key) if self.made < _MOST else {}
        added: dict[str, Any] = {}
        for (name, is_item), classes in described.items():
            # Two dictionaries have a type that is both.
            if len(classes) < 2 or self.made >= _MOST or self._maps.keys() >= classes.keys():
                continue
            extended = set[str]().union(*map(self._ancestors, classes))
            # An heir of a class with a discriminator would be chosen wherever that class is used.
            every = (as_object(self.schemas.get(one)) for one in extended.union(classes))
            is_chosen = any("discriminator" in schema for schema in every)
            lowest = [one for one in classes if one not in extended]
            if len(lowest) > 1 and not is_chosen:
                lowest = [self._class_of(key, name, lowest)]
                reference = {"$ref": schema_reference(lowest[0])}
                added[name] = {"items": reference} if is_item else reference
            described[name, is_item] = dict.fromkeys(lowest)

        if added:
            schema = self.schemas[key]
            parts = [*as_array(schema.get("allOf")), {"properties": added}]
            self.schemas[key] = {**schema, "allOf": parts}

    def _found(self, key: str) -> _Described:
        """What describes the properties of a component by its parts, all of which hold at once."""
        found: _Described = {}
        others: list[_Others] = []
        for part in self._parts(key):
            base = schema_key(part) or ""
            others += self._others.get(base, [])
            for place, classes in self._described.get(base, {}).items():
                found.setdefault(place, {}).update(classes)

            declared = as_object(part.get("properties"))
            for name, schema in declared.items():
                is_item, target = self._target(schema)
                if target is not None:
                    found.setdefault((name, is_item), {})[target] = None

            # Which names a pattern describes is not looked into.
            is_item, target = self._target(part.get("additionalProperties"))
            if target is not None and "patternProperties" not in part:
                others.append(_Others(frozenset(declared), is_item, target))

        self._others[key] = list(dict.fromkeys(others))
        for declared_names, is_item, target in self._others[key]:
            for (name, is_of_items), classes in found.items():
                if is_of_items is is_item and name not in declared_names:
                    classes[target] = None
        return found

    def _target(self, schema: Any) -> tuple[bool, str | None]:
        """The class or map of a value, or of its items; with whether it is of items."""
        items = as_object(schema).get("items")
        return is_object(items), self._class(items if is_object(items) else schema)

    def _class_of(self, key: str, name: str, classes: list[str]) -> str:
        """The key of the component that is all of these classes."""
        known = self._known.get(key, {})
        # Of `Pier.of: Pier and Berth` and `Berth.of: Berth and Pier` both is the first once more.
        elements = frozenset[str]().union(*(self._elements.get(one, {one}) for one in classes))
        if (existing := known.get(elements)) is not None:
            return existing

        self.made += 1
        made = free_key(f"{key}.{name}", self.schemas)
        parts = [self._maps.get(one, {"$ref": schema_reference(one)}) for one in classes]
        self.schemas[made] = {"allOf": parts}
        self._known[made] = {**known, elements: made}
        self._elements[made] = elements
        self._waiting.append(made)
        return made

    def _parts(self, key: str) -> Iterator[dict[str, Any]]:
        """The schema of a component and the members of its `allOf`, at any depth."""
        stack = [self.schemas[key]]
        while stack:
            part = stack.pop()
            if is_object(part):
                yield part
                stack.extend(reversed(as_array(part.get("allOf"))))

    def _bases(self, key: str) -> list[str]:
        """The components that a component extends itself."""
        if key not in self.schemas:
            return []  # a map that is written where it is used
        keys = map(schema_key, self._parts(key))
        return [base for base in keys if base is not None and base in self.schemas]

    def _class(self, schema: Any) -> str | None:
        """The class that values of a schema are of."""
        members = as_array(as_object(schema).get("allOf"))
        # OpenAPI 3.0 has no siblings of `$ref`: a description stands beside an `allOf` of one.
        if len(members) == 1 and "properties" not in schema:
            schema = members[0]

        if _is_map(schema):
            inline = f"map {json.dumps(schema, sort_keys=True)}"
            self._maps[inline] = schema
            return inline

        key, seen = schema_key(schema), set[str]()
        while key is not None and key in self.schemas and key not in seen:
            if _is_map(self.schemas[key]):
                self._maps[key] = {"$ref": schema_reference(key)}
                return key
            if self._is_class(self.schemas[key]):
                return key
            seen.add(key)
            key = schema_key(self.schemas[key])
        return None

    def _is_class(self, schema: Any) -> bool:
        if not is_object(schema) or {"enum", "const", "oneOf", "anyOf"} & schema.keys():
            return False
        declared = schema.get("type", "object")
        is_an_object = "object" in (declared if is_array(declared) else [declared])
        return is_an_object and bool(schema.get("properties") or schema.get("allOf"))

    def _ancestors(self, key: str) -> set[str]:
        if key in self._extended:
            return self._extended[key]

        found, waiting = set[str](), [key]
        while waiting:
            one = waiting.pop()
            if one in self._extended:
                found |= self._extended[one]
                continue
            new = set(self._bases(one)) - found
            found |= new
            waiting.extend(new)
        self._extended[key] = found
        return found


def _is_map(described: Any) -> bool:
    """Whether a schema is that of a dictionary whose values it describes."""
    schema: dict[str, Any] = as_object(described)
    if _NO_MAP & schema.keys():
        return False
    others: dict[str, Any] = as_object(schema.get("additionalProperties"))
    return schema.get("type", "object") == "object" and bool(others)

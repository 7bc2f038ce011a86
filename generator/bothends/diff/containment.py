"""Does a schema accept every value of another? Decided by set algebra, never by sampling.

Both contracts' components go into one document, each name with its side in front, so that one
schema may hold parts of both:

    {"$ref": "#/components/schemas/Tide"} of the old contract → {"$ref": "#/$defs/old:Tide"}

An object that declares properties and says nothing of others is open: JSON Schema allows any other
property. Callers do not send what is not documented, so the contained schema is closed first,
unless the team compares an open world. Without that, a new optional property would break every
caller who happened to send it already with another type.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jsonschema_rs as rs

from bothends.diff.closing import CLOSED, PART, closed, closed_in, declared
from bothends.diff.formats import unformatted, with_marks
from bothends.diff.wire_text import Text, read_from_text, with_written, without_null
from bothends.openapi.annotations import ANNOTATIONS
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.reference import component_key as name_at
from bothends.openapi.reference import schema_key

OLD: Final = "old"
NEW: Final = "new"

_BEYOND_ALGEBRA: Final = (
    rs.ValidationError,
    rs.ReferencingError,
    rs.canonical.CanonicalizationError,
)
"""A schema that cannot be read, such as a pattern of another dialect: nothing is claimed of it."""

_DATA: Final = frozenset({"const", "dependentRequired", "enum"})
_COMPOSITION: Final = ("allOf", "anyOf", "oneOf")
_REFERENCE: Final = re.compile(r'"\$ref": ("(?:[^"\\]|\\.)*")')
_MOST_SUBTRACTED: Final = 20_000
"""Characters of two schemas that are subtracted: the time grows with their product."""

_MOST_COMPONENTS: Final = 4_000
"""Components that the schemas of one question may reach. Beyond it nothing is claimed."""

_FEW_COMPONENTS: Final = 300
_STACK: Final = 512 * 1024 * 1024
"""Bytes of stack: a chain of 1,500 components overflows the usual 8 MB, and ends the program."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pair of schemas alone does not say of how its values are sent and read.

    Args:
        names: The properties that the schemas around declare for the same value; None where one
            of them speaks of all others.
        text: Which scalars travel as text, where any text may be a number.
        asserts_formats: Whether the reader holds texts to their format.
        is_segment: Whether the value is one of a path, where an empty text has no form.
    """

    names: frozenset[str] | None = frozenset()
    text: Text = Text.NONE
    asserts_formats: bool = True
    is_segment: bool = False


_ALONE: Final = Frame()


class Schemas:
    """The component schemas of both contracts, and the questions about sets of values.

    Args:
        old: The component schemas of the old contract.
        new: The component schemas of the new contract.
        open_world: Whether undeclared properties of open objects count as values.
    """

    def __init__(
        self, old: Mapping[str, Any], new: Mapping[str, Any], *, open_world: bool = False
    ) -> None:
        self._open_world = open_world
        self._components = {
            component_key(side, name): (schema, side)
            for side, schemas in ((OLD, old), (NEW, new))
            for name, schema in schemas.items()
        }
        self._changed, self._rewritten = self._find_changed(old, new)

    def is_same(self, old: Any, new: Any) -> bool:
        """Whether two plain schemas, one of each side, are equal down to their components."""
        if _without_sides(old) != _without_sides(new):
            return False
        return not any(name in self._changed for name in _names(old))

    def is_same_text(self, pointer: str) -> bool:
        """Whether a component is the same on both sides in every word, with all that it reaches."""
        name = name_at(pointer)
        key = component_key(OLD, name) if name is not None else ""
        return key in self._components and key not in self._rewritten

    def kinds(self, schema: Any) -> frozenset[str]:
        """The types of JSON that a plain schema bounds its values to; none where it names none."""
        return self._kinds(schema, frozenset())

    def _kinds(self, schema: Any, seen: frozenset[str]) -> frozenset[str]:
        if not is_object(schema):
            return frozenset()
        if "type" in schema:
            listed = schema["type"] if is_array(schema["type"]) else [schema["type"]]
            # Each integer is a number.
            return frozenset("number" if kind == "integer" else str(kind) for kind in listed)
        if "const" in schema or "enum" in schema:
            values = [schema["const"]] if "const" in schema else as_array(schema["enum"])
            return frozenset(map(_kind_of, values))

        name = _name(schema)
        parts = as_array(schema.get("allOf"))
        if name is not None and name not in seen:
            parts = [*parts, self._component(name)]
            seen |= {name}
        # Each part bounds the whole, each alternative a part of it.
        bounds = list(filter(None, (self._kinds(part, seen) for part in parts)))
        for keyword in ("anyOf", "oneOf"):
            alternatives = [self._kinds(item, seen) for item in as_array(schema.get(keyword))]
            if alternatives and all(alternatives):
                bounds.append(frozenset[str]().union(*alternatives))
        return frozenset[str].intersection(*bounds) if bounds else frozenset()

    def declared(self, schema: Any) -> frozenset[str] | None:
        """The properties that a plain schema declares; None where it speaks of all others."""
        names = declared(schema, self._component, set())
        return None if names is None else frozenset(names)

    def contains(self, larger: Any, smaller: Any, frame: Frame = _ALONE) -> bool | None:
        """Whether a plain schema accepts every value of another; None where that is not decided."""
        # What both say of a property in the same words decides nothing, and costs most.
        shorter = trimmed(larger, smaller)
        if shorter != (larger, smaller) and self._decide(*shorter, frame):
            return True
        return self._decide(larger, smaller, frame)

    def _decide(self, larger: Any, smaller: Any, frame: Frame) -> bool | None:
        # Asymmetric on purpose: only the set that is to be contained is what callers really send.
        inner = smaller
        if not self._open_world:
            inner = closed_in(smaller, frame.names, self._component)
        outer = self.with_definitions(larger)
        outer = with_marks(outer, is_larger=True) if frame.asserts_formats else unformatted(outer)
        outer = read_from_text(outer, frame.text)
        inner = with_marks(self.with_definitions(inner), is_larger=False)
        inner = without_null(inner) if frame.text in (Text.ALL, Text.FIELDS) else inner
        if frame.is_segment and is_object(inner):
            inner = {**inner, "minLength": max(1, inner.get("minLength", 1))}
        reached = max(len(as_object(side.get("$defs"))) for side in map(as_object, (outer, inner)))
        if reached > _MOST_COMPONENTS:
            return None

        answer = _contains(outer, inner, is_deep=reached > _FEW_COMPONENTS)
        if not answer and frame.text is Text.ALL and self._is_scalar(smaller):
            written = with_written(outer, lambda larger, texts: _contains(larger, texts) is True)
            if written is not outer and _contains(written, inner):
                return True
        return answer

    def _is_scalar(self, schema: Any) -> bool:
        """Whether no value of a plain schema is an array or an object."""
        kinds = self.kinds(schema)
        return bool(kinds) and not kinds & {"array", "object"}

    def difference(self, larger: Any, smaller: Any) -> Any:
        """Return a plain schema of the values that only the smaller schema accepts.

        False, which no value fits, where they are beyond the algebra, or too large for it: of two
        schemas of fifty properties each, each with a schema of its own, it takes minutes.
        """
        outer = self.with_definitions(larger)
        if len(json.dumps([outer, self.with_definitions(smaller)])) > _MOST_SUBTRACTED:
            return False

        inner = self.documented(smaller)
        try:
            return _canonical(inner).subtract(_canonical(outer)).to_json_schema()
        except _BEYOND_ALGEBRA:
            return False

    def with_definitions(self, schema: Any) -> Any:
        """The schema with all components that it reaches, as a document of its own."""
        if not is_object(schema):
            return schema
        return {**schema, "$defs": {name: self._component(name) for name in self._reached(schema)}}

    def _reached(self, schema: Any) -> list[str]:
        found = dict.fromkeys(_names(schema))
        waiting = list(found)
        while waiting:
            for name in _names(self._component(waiting.pop())):
                if name not in found:
                    found[name] = None
                    waiting.append(name)

        return list(found)

    @cache  # noqa: B019 (lives as long as one comparison)
    def _component(self, name: str) -> Any:
        """A component by its key; `closed-` and `part-` in front say how it is used."""
        if name.startswith(CLOSED):
            remainder = name.removeprefix(CLOSED)
            is_part = remainder.startswith(PART)
            component = self._component(remainder.removeprefix(PART))
            return closed(component, self._component, is_part=is_part)
        if name not in self._components:
            return True
        return plain(*self._components[name])

    def documented(self, schema: Any) -> Any:
        """The values of a plain schema that are sent, as a document of its own."""
        return self.with_definitions(
            schema if self._open_world else closed(schema, self._component, is_part=False)
        )

    def _find_changed(
        self, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> tuple[set[str], set[str]]:
        """Find the components that differ between the sides, or that reach one that does.

        First those that allow other values, then those that differ in any word.
        """
        changed, rewritten = set[str](), set[str]()
        users: dict[str, list[str]] = {}
        for name in old.keys() | new.keys():
            keys = [component_key(side, name) for side in (OLD, NEW)]
            texts = [json.dumps(schemas[name]) if name in schemas else "" for schemas in (old, new)]
            # As text first: most are the same, and it takes a hundredth of the time.
            if texts[0] != texts[1]:
                rewritten |= set(keys)
                forms = [_without_sides(self._component(key)) for key in keys]
                if not all(texts) or forms[0] != forms[1]:
                    changed |= set(keys)

            for side, key, text in zip((OLD, NEW), keys, texts, strict=True):
                for used in set(_REFERENCE.findall(text)):
                    target = schema_key({"$ref": json.loads(used)})
                    users.setdefault(component_key(side, str(target)), []).append(key)

        return _with_users(changed, users), _with_users(rewritten, users)


def _with_users(names: set[str], users: Mapping[str, list[str]]) -> set[str]:
    """Some components, and all that reach one of them."""
    found = set(names)
    waiting = list(names)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)

    return found


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    return "array" if is_array(value) else "object"


def trimmed(larger: Any, smaller: Any) -> tuple[Any, Any]:
    """Two schemas without what both say of a property or an item in the same words.

    Where the shorter larger one contains the shorter smaller one, so it is with the two: what is
    left out bounds both alike. The reverse does not hold, since a property may allow no value.
    """
    if not (is_object(larger) and is_object(smaller)):
        return larger, smaller

    container, contained = dict(larger), dict(smaller)
    # A format bounds texts alone: of two types, it bounds the two schemas differently.
    is_one_type = is_equal(larger.get("type"), smaller.get("type"))
    if is_one_type and "format" in container and container["format"] == contained.get("format"):
        del container["format"], contained["format"]
    # Items are what follows those of `prefixItems`.
    places = [len(as_array(schema.get("prefixItems"))) for schema in (larger, smaller)]
    if "items" in larger and "items" in smaller and places[0] == places[1]:
        if is_equal(larger["items"], smaller["items"]):
            container["items"] = contained["items"] = True

    first, second = as_object(container.get("properties")), as_object(contained.get("properties"))
    same = [name for name in first if name in second and is_equal(first[name], second[name])]
    if same:
        container["properties"] = {**first, **dict.fromkeys(same, True)}
        contained["properties"] = {**second, **dict.fromkeys(same, True)}
    return container, contained


def is_equal(first: Any, second: Any) -> bool:
    """Whether two values of JSON are equal: `1` and `true` are equal in Python."""
    if first != second:
        return False
    texts = [json.dumps(value, sort_keys=True) for value in (first, second)]
    return texts[0] == texts[1]


def _canonical(schema: Any) -> rs.CanonicalSchema:
    return rs.canonicalize(schema, draft=rs.Draft202012, offline=True)


def _contains(outer: Any, inner: Any, *, is_deep: bool = False) -> bool | None:
    """Whether one schema that brings its definitions contains another; None where nobody knows."""
    try:
        if is_deep:
            answer = _deep_worker().submit(_covers, outer, inner).result()
        else:
            answer = _covers(outer, inner)
    # A pattern of another dialect cannot be canonicalised; "unknown" is the honest verdict (law 7).
    except _BEYOND_ALGEBRA:
        return None

    if answer == rs.canonical.Containment.YES:
        return True
    # The library answers UNKNOWN as well; reading it as no would call a harmless change breaking.
    return False if answer == rs.canonical.Containment.NO else None


def _covers(outer: Any, inner: Any) -> rs.canonical.Containment:
    return _canonical(outer).covers(_canonical(inner))


@cache
def _deep_worker() -> ThreadPoolExecutor:
    """One thread with a stack that chains of components fit: the library recurses along them."""
    usual = threading.stack_size(_STACK)
    try:
        worker = ThreadPoolExecutor(1)
        worker.submit(int).result()  # now, or the thread has the usual stack
    finally:
        threading.stack_size(usual)

    return worker


def component_key(side: str, name: str) -> str:
    """Build the key of a component in the common document, in characters a URI may hold."""
    # OpenAPI allows names such as `Tide.V2` and repairs keep stranger ones; a `/` or `%` would
    # change the pointer.
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", name)
    return f"{side}:{safe}"


def only_part(schema: Any) -> str | None:
    """The keyword of a plain schema that is one part or alternative, and says nothing more."""
    if not is_object(schema) or len(schema) != 1:
        return None
    keyword = next(iter(schema))
    return keyword if keyword in _COMPOSITION and len(as_array(schema[keyword])) == 1 else None


def plain(schema: Any, side: str) -> Any:
    """The schema without annotations, its references with the side in front."""
    if not is_object(schema):
        return schema

    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS or keyword.startswith("x-"):
            continue
        if keyword == "$ref":
            result[keyword] = f"#/$defs/{component_key(side, str(schema_key(schema)))}"
        elif keyword in _DATA:
            result[keyword] = value
        elif keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            result[keyword] = {name: plain(item, side) for name, item in as_object(value).items()}
        elif is_array(value):
            result[keyword] = [plain(item, side) for item in value]
        else:
            result[keyword] = plain(value, side)

    return result


def _name(schema: Any) -> str | None:
    reference = schema.get("$ref") if is_object(schema) else None
    return reference.removeprefix("#/$defs/") if isinstance(reference, str) else None


def _names(schema: Any) -> Iterator[str]:
    """The components that a plain schema refers to, itself or inside."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if is_array(node):
            stack.extend(node)
        elif is_object(node):
            name = _name(node)
            if name is not None:
                yield name
            stack.extend(value for keyword, value in node.items() if keyword not in _DATA)


def _without_sides(schema: Any) -> Any:
    """A plain schema in a form that compares equal where both sides say the same."""
    if is_array(schema):
        return [_without_sides(item) for item in schema]
    if not is_object(schema):
        return schema if not isinstance(schema, bool) else ("bool", schema)
    if (step := only_part(schema)) is not None:
        return _without_sides(schema[step][0])

    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "$ref" and isinstance(value, str):
            result[keyword] = value.partition(":")[2]
        elif keyword in ("required", "type") and is_array(value):
            result[keyword] = sorted(map(str, value))
        else:
            result[keyword] = _without_sides(value)

    return result

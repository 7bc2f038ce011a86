"""Values of a schema, drawn without any part of the comparison: what decides whether a verdict is true.

Worked example. Of two contracts, `name` has `maxLength: 9` in one and 5 in the other. A value of the
whole request is drawn by walking the schema; where the walk comes to the schema of `name`, it takes
a value near the bounds of either side, such as a text of six characters. The two validators then say
which contract allows it.

Callers send what is documented: a drawn object has a property that is not declared only where the
schema speaks of others.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any, TypeAlias

from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import split

Schema: TypeAlias = Any

NOTHING = object()
"""No value could be drawn."""

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_DEEPEST = 7
_OTHERS = ("additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties")
_FORMATS: dict[str, tuple[Any, ...]] = {
    "byte": ("", "AAAA"),
    "date": ("2024-02-29", "1999-12-31"),
    "date-time": ("2024-02-29T12:00:00Z", "1999-12-31T23:59:59.5+02:00"),
    "duration": ("P1D", "PT5M"),
    "email": ("a@example.org", "somebody.else@example.org"),
    "hostname": ("a", "example.org"),
    "ipv4": ("10.0.0.1", "192.168.1.254"),
    "ipv6": ("::1", "2001:db8::1"),
    "time": ("12:00:00Z", "23:59:59+02:00"),
    "uri": ("https://example.org", "urn:x:y"),
    "uri-reference": ("", "/a", "https://example.org/a?b"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000"),
}
_USUAL: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, 1.5, 100, 2**31, 2**31 - 1, 2**63, -(2**63), 1.0),
    *("", "a", "b", "A", "1", "-", " ", "é", "null", "true", "abc", "a" * 12, "a" * 300),
    *([], [None], ["a"], ["a", "a"], [0], [0, 1], [[]], [{}], {}),
)


class Sampler:
    """Draws values of the schemas of one normalised document.

    Args:
        data: The document.
        draw: The source of chance.
        focus: The schema whose values are taken from `pool` most of the time.
        pool: Values near what was changed.
    """

    def __init__(
        self,
        data: dict[str, Any],
        draw: random.Random,
        focus: Schema = NOTHING,
        pool: tuple[Any, ...] = (),
    ) -> None:
        self._data = data
        self._draw = draw
        self._focus = focus
        self._pool = pool

    def value(self, schema: Schema, depth: int = 0) -> Any:
        """One value that the schema may allow; the validators decide whether it does."""
        if depth > _DEEPEST + 3:
            return NOTHING
        parts = list(self.parts(schema, set()))
        if self._pool and self._draw.random() < 0.8:
            if any(part is self._focus for part in parts):
                return self._draw.choice(self._pool)

        merged = _merged([part for part in parts if is_object(part)])
        if any(part is False for part in parts):
            return NOTHING
        if "const" in merged:
            return merged["const"]
        if as_array(merged.get("enum")):
            return self._draw.choice(merged["enum"])
        return self._of_type(merged, depth)

    def parts(self, schema: Schema, seen: set[int]) -> Iterator[Schema]:
        """The schemas that together describe one value, a choice made at each union."""
        if not is_object(schema):
            yield schema
            return
        if id(schema) in seen:
            return

        seen.add(id(schema))
        yield schema
        if isinstance(schema.get("$ref"), str):
            yield from self.parts(self.at(schema["$ref"].removeprefix("#")), seen)
        for part in as_array(schema.get("allOf")):
            yield from self.parts(part, seen)
        for keyword in ("anyOf", "oneOf"):
            if as_array(schema.get(keyword)):
                yield from self.parts(self._draw.choice(schema[keyword]), seen)

        if "if" in schema:
            branch = schema.get(self._draw.choice(("then", "else")), True)
            yield from self.parts({"allOf": [schema["if"], branch]}, seen)
        for inner in as_object(schema.get("dependentSchemas")).values():
            if self._draw.random() < 0.5:
                yield from self.parts(inner, seen)

    def at(self, pointer: str) -> Schema:
        """The node at a pointer."""
        node: Any = self._data
        for step in split(pointer):
            node = node[int(step)] if is_array(node) else node[step]
        return node

    def _of_type(self, merged: dict[str, Any], depth: int) -> Any:
        allowed = merged.get("type", _implied(merged))
        kind = self._draw.choice([allowed] if isinstance(allowed, str) else list(allowed) or TYPES)
        match kind:
            case "null":
                return None
            case "boolean":
                return self._draw.random() < 0.5
            case "integer" | "number":
                return self._draw.choice(_numbers(merged, kind))
            case "string":
                return self._text(merged)
            case "array":
                return self._items(merged, depth)
            case _:
                return self._object(merged, depth)

    def _text(self, merged: dict[str, Any]) -> str:
        texts = [*_FORMATS.get(str(merged.get("format")), ())]
        if "pattern" in merged:
            texts += list(matching(str(merged["pattern"]), self._draw))
        if texts:
            return str(self._draw.choice(texts))

        shortest = int(merged.get("minLength", 0))
        longest = int(merged.get("maxLength", shortest + 12))
        length = self._draw.choice((shortest, min(shortest + 1, longest), longest))
        return "".join(self._draw.choice("abz019-_ ") for _ in range(min(length, 3000)))

    def _items(self, merged: dict[str, Any], depth: int) -> Any:
        fewest = int(merged.get("minItems", 0))
        most = int(merged.get("maxItems", max(fewest, 3)))
        size = self._draw.choice((fewest, min(fewest + 1, most), min(most, fewest + 3)))
        if depth > _DEEPEST:
            size = fewest
        first = as_array(merged.get("prefixItems"))
        others = [merged.get("items", merged.get("unevaluatedItems", True))]
        if "contains" in merged:
            others.append(merged["contains"])

        found = [
            self.value(first[index] if index < len(first) else self._draw.choice(others), depth + 1)
            for index in range(min(size, 40))
        ]
        return NOTHING if any(item is NOTHING for item in found) else found

    def _object(self, merged: dict[str, Any], depth: int) -> Any:
        required = set(map(str, as_array(merged.get("required"))))
        share = self._draw.choice((0.0, 0.5, 1.0)) if depth <= _DEEPEST else 0.0
        found: dict[str, Any] = {}
        for name, schema in as_object(merged.get("properties")).items():
            if name in required or self._draw.random() < share:
                found[name] = self.value(schema, depth + 1)
        for name in required - found.keys():
            found[name] = self.value(self._others(merged, name), depth + 1)
        if self._draw.random() < share and any(keyword in merged for keyword in _OTHERS):
            for name in self._names(merged):
                found[name] = self.value(self._others(merged, name), depth + 1)

        found = {name: item for name, item in found.items() if item is not NOTHING}
        return found if required <= found.keys() else NOTHING

    def _names(self, merged: dict[str, Any]) -> list[str]:
        """Names of properties that the schema does not declare, and speaks of."""
        names = ["x", "other", "n1", "n-2", "longer name", "zzz"]
        for pattern in as_object(merged.get("patternProperties")):
            names += list(matching(pattern, self._draw))
        if is_object(merged.get("propertyNames")):
            drawn = [self.value({"type": "string", **merged["propertyNames"]}) for _ in range(3)]
            names += [name for name in drawn if isinstance(name, str)]
        return self._draw.sample(names, self._draw.choice((1, 1, 2, 3)))

    def _others(self, merged: dict[str, Any], name: str) -> Schema:
        for pattern, schema in as_object(merged.get("patternProperties")).items():
            if is_found(pattern, name):
                return schema
        return merged.get("additionalProperties", merged.get("unevaluatedProperties", True))


def pool_of(samplers: list[tuple[Sampler, Schema]]) -> tuple[Any, ...]:
    """Values near the bounds of some schemas, which may be the old and the new one of a place."""
    found = list(_USUAL)
    for sampler, schema in samplers:
        drawn = [sampler.value(schema) for _ in range(24)]
        found += [value for value in drawn if value is not NOTHING] * 2
        for part in sampler.parts(schema, set()):
            if is_object(part):
                found += _near(part)
        found += [larger for value in drawn[:6] for larger in _beside(value)]

    return tuple(found)


def is_documented(sampler: Sampler, schema: Schema, value: Any) -> bool:
    """Whether an object has those properties only that some part of the schema declares."""
    parts = [part for part in _all_parts(sampler, schema, set()) if is_object(part)]
    if is_array(value):
        inner = [
            part[keyword]
            for part in parts
            for keyword in ("items", "contains", "unevaluatedItems")
            if keyword in part
        ]
        inner += [item for part in parts for item in as_array(part.get("prefixItems"))]
        return not inner or all(is_documented(sampler, {"anyOf": inner}, item) for item in value)
    if not is_object(value):
        return True

    declared: dict[str, list[Schema]] = {}
    others: list[Schema] = []
    for part in parts:
        for name, item in as_object(part.get("properties")).items():
            declared.setdefault(name, []).append(item)
        for name in as_array(part.get("required")):
            declared.setdefault(name, [])
        for name, needed in as_object(part.get("dependentRequired")).items():
            for each in (name, *needed):
                declared.setdefault(each, [])
        others += as_object(part.get("patternProperties")).values()
        others += [part[keyword] for keyword in _OTHERS[:1] if keyword in part]

    says_of_others = any(keyword in part for part in parts for keyword in _OTHERS)
    if declared and not says_of_others and not value.keys() <= declared.keys():
        return False
    return all(
        is_documented(sampler, {"anyOf": declared.get(name) or others}, item)
        for name, item in value.items()
    )


def _all_parts(sampler: Sampler, schema: Schema, seen: set[int]) -> Iterator[Schema]:
    if not is_object(schema) or id(schema) in seen:
        return
    seen.add(id(schema))
    yield schema
    if isinstance(schema.get("$ref"), str):
        yield from _all_parts(sampler, sampler.at(schema["$ref"].removeprefix("#")), seen)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in as_array(schema.get(keyword)):
            yield from _all_parts(sampler, part, seen)
    for keyword in ("if", "then", "else", "not"):
        yield from _all_parts(sampler, schema.get(keyword), seen)
    for part in as_object(schema.get("dependentSchemas")).values():
        yield from _all_parts(sampler, part, seen)


def _implied(merged: dict[str, Any]) -> tuple[str, ...]:
    """The types that keywords speak of, where none is named."""
    if "properties" in merged or "required" in merged or "additionalProperties" in merged:
        return ("object",)
    if "items" in merged or "maxItems" in merged or "minItems" in merged:
        return ("array",)
    if "maxLength" in merged or "minLength" in merged or "pattern" in merged:
        return ("string",)
    if "maximum" in merged or "minimum" in merged or "multipleOf" in merged:
        return ("number",)
    return TYPES


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema that is about as narrow as all parts together."""
    merged: dict[str, Any] = {}
    for part in parts:
        for keyword, value in part.items():
            merged[keyword] = _both(keyword, merged[keyword], value) if keyword in merged else value

    return merged


def _both(keyword: str, first: Any, second: Any) -> Any:
    if keyword in ("properties", "patternProperties"):
        both = {name: {"allOf": [first[name], second[name]]} for name in first if name in second}
        return {**first, **second, **both}
    if keyword == "required":
        return [*first, *second]
    if keyword == "type":
        kinds = [[item] if isinstance(item, str) else list(item) for item in (first, second)]
        kinds = [[*kind, "integer"] if "number" in kind else kind for kind in kinds]
        return [kind for kind in kinds[0] if kind in kinds[1]] or first
    if keyword == "enum":
        return [item for item in first if item in second] or first
    if keyword.startswith("min") or keyword == "exclusiveMinimum":
        return max(first, second)
    if keyword.startswith("max") or keyword == "exclusiveMaximum":
        return min(first, second)
    if keyword in ("items", "additionalProperties"):
        return {"allOf": [first, second]}
    return second


def _numbers(schema: dict[str, Any], kind: str) -> list[Any]:
    step = schema.get("multipleOf", 1 if kind == "integer" else 0.5)
    bounds = [
        schema[keyword]
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        if keyword in schema
    ]
    around = [bound + offset for bound in bounds for offset in (0, step, -step)]
    found = [*around, 0, step, -step, 7 * step]
    if kind == "number":
        return found
    return [int(number) for number in found if int(number) == number] or [0]


def _near(part: dict[str, Any]) -> list[Any]:
    """Values on both sides of the bounds that a schema sets itself."""
    found = [*as_array(part.get("enum"))]
    if "const" in part:
        found.append(part["const"])
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        if isinstance(part.get(keyword), int | float):
            limit = part[keyword]
            found += [limit, limit + 1, limit - 1, limit + 0.5, limit * 2, limit * 3]
    for keyword in ("minLength", "maxLength"):
        if isinstance(part.get(keyword), int):
            sizes = [max(0, part[keyword] + offset) for offset in (-1, 0, 1)]
            found += ["a" * min(size, 70_000) for size in sizes]
    return found + [*_FORMATS.get(str(part.get("format")), ())] * 2


def _beside(value: Any) -> Iterator[Any]:
    """A value with a little more or less of it."""
    if isinstance(value, str):
        yield from (value + "a", value[1:], value.upper(), value * 2)
    if is_array(value) and value:
        yield from (value[1:], [*value, value[0]], [*value, *value, *value])
    if is_object(value):
        yield from ({key: value[key] for key in value if key != name} for name in [*value])
        yield from ({**value, name: None} for name in [*value])


def is_found(pattern: str, text: str) -> bool:
    """Whether Python finds the pattern; not where it cannot read it."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def matching(pattern: str, draw: random.Random) -> Iterator[str]:
    """A few texts that a pattern may match: literals, sets, repetitions and alternatives of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Python's own reader of patterns, which has no types.
        parser: Any = import_module("re._parser")
        try:
            tree = parser.parse(pattern)
        except re.error:
            return

    for _ in range(8):
        text = "".join(_drawn(tree, draw))
        if is_found(pattern, text):
            yield text


def _drawn(tree: Any, draw: random.Random) -> Iterator[str]:
    for operation, argument in tree:
        match str(operation):
            case "LITERAL":
                yield chr(argument)
            case "NOT_LITERAL" | "ANY":
                yield draw.choice("ab1 ")
            case "IN":
                yield _of_set(argument, draw)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                fewest, most, inner = argument
                most = min(int(most), int(fewest) + 3)
                for _ in range(draw.choice((int(fewest), most, (int(fewest) + most) // 2))):
                    yield from _drawn(inner, draw)
            case "SUBPATTERN":
                yield from _drawn(argument[-1], draw)
            case "BRANCH":
                yield from _drawn(draw.choice(argument[1]), draw)
            case _:
                pass


def _of_set(items: Any, draw: random.Random) -> str:
    kinds = {"DIGIT": "0159", "WORD": "aZ_9", "SPACE": " ", "NOT_DIGIT": "ab", "NOT_SPACE": "a1"}
    if str(items[0][0]) == "NEGATE":
        return draw.choice("ab1-é")

    operation, argument = draw.choice(items)
    if str(operation) == "RANGE":
        return chr(draw.choice((argument[0], argument[1], sum(argument) // 2)))
    if str(operation) == "LITERAL":
        return chr(argument)
    return draw.choice(kinds.get(str(argument).removeprefix("CATEGORY_"), "a"))

"""Contracts of random compositions, and values that they may allow.

    components:
      schemas:
        A: {properties: {a: {type: integer}}, oneOf: [{$ref: '#/components/schemas/B'}, {}]}
        B: {properties: {b: {enum: [x, 1]}}, required: [b], discriminator: {propertyName: kind}}

and {"a": 2, "b": "x"} for `A`. Values follow the schema where they can; the contract judges them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

KEYS = ("A", "B", "C", "D")
NAMES = ("a", "b", "c", "kind", "from", "x-y")
WORDS = ("A", "B", "x", "Left", "Right")
_SCALARS: list[Any] = [
    {"type": "string"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": ["string", "null"]},
    {"type": ["integer", "string"]},
    {"type": "string", "format": "date"},
    {"type": "string", "enum": ["A", "B"]},
    {"enum": ["x", 1, None]},
    {"const": "B"},
    {"const": 1},
    {"const": None},
    {},
    True,
]
_LEAVES: list[Any] = [None, True, 1, 2.5, "A", "B", "x", "2026-01-02", [], {}]


def contract_of(schemas: dict[str, Any]) -> dict[str, Any]:
    """A contract with one operation, which takes the first of the schemas and answers with it."""
    content = {"application/json": {"schema": reference(next(iter(schemas)))}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Composed", "version": "1"},
        "paths": {
            "/echo": {
                "post": {
                    "operationId": "echo",
                    "requestBody": {"required": True, "content": content},
                    "responses": {"200": {"description": "The same.", "content": content}},
                }
            }
        },
        "components": {"schemas": schemas},
    }


def reference(key: str) -> dict[str, str]:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{key}"}


@st.composite
def compositions(draw: st.DrawFn) -> dict[str, Any]:
    """Component schemas, the first of which is composed of the others."""
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    family = draw(_families()) if draw(st.integers(0, 3)) == 0 else {}
    everything = (*keys, *family)
    scopes = {key: Scope(everything, everything[n + 1 :]) for n, key in enumerate(keys)}
    return {key: draw(_compound(scope, 3)) for key, scope in scopes.items()} | family


@st.composite
def _families(draw: st.DrawFn) -> dict[str, Any]:
    """A base with a discriminator, its heirs `Left` and `Right`, and `Low` that extends `Left`."""
    scope = Scope(("Low", "Left", "Right", "Base"), ())
    kind = draw(st.sampled_from([{"type": "string"}, {"enum": ["Left", "Right", "Low", "Base"]}]))
    family: dict[str, Any] = {}
    for key, base in (("Low", "Left"), ("Left", "Base"), ("Right", "Base")):
        own = draw(_objects(scope, 1))
        if draw(st.booleans()):
            own["properties"]["kind"] = {"const": key}
        family[key] = {"allOf": [reference(base), own]}

    properties = {"kind": kind, "c": draw(_composed(scope.inside, 1))}
    family["Base"] = {"type": "object", "required": ["kind"], "properties": properties}
    family["Base"]["discriminator"] = {"propertyName": "kind"}
    return family


class Scope(NamedTuple):
    """What a schema may refer to: inside of it anything, in its place only what leads not back."""

    below: tuple[str, ...]
    here: tuple[str, ...]

    @property
    def inside(self) -> Scope:
        """The scope of a property or an item."""
        return Scope(self.below, self.below)


def _composed(scope: Scope, depth: int) -> st.SearchStrategy[Any]:
    leaves = st.sampled_from([*_SCALARS, *map(reference, scope.here * 3)])
    if depth == 0:
        return leaves
    return _compound(scope, depth) | leaves


def _compound(scope: Scope, depth: int) -> st.SearchStrategy[Any]:
    return st.one_of(
        _objects(scope, depth),
        _objects(scope, depth),
        _unions(scope, depth),
        st.builds(lambda parts: {"allOf": parts}, _parts(scope, depth)),
        st.builds(
            lambda item: {"type": "array", "items": item}, _composed(scope.inside, depth - 1)
        ),
    )


def _parts(scope: Scope, depth: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(_composed(scope, depth - 1), min_size=1, max_size=3)


@st.composite
def _unions(draw: st.DrawFn, scope: Scope, depth: int) -> dict[str, Any]:
    word = draw(st.sampled_from(("anyOf", "oneOf")))
    if not scope.here or not draw(st.booleans()):
        return {word: draw(_parts(scope, depth))}

    names = draw(st.lists(st.sampled_from(scope.here), min_size=1, max_size=3, unique=True))
    union: dict[str, Any] = {word: [reference(name) for name in names]}
    if draw(st.booleans()):
        union["discriminator"] = {"propertyName": "kind"}
        if draw(st.booleans()):
            union["discriminator"]["mapping"] = {"x": names[0]}
    return union


@st.composite
def _objects(draw: st.DrawFn, scope: Scope, depth: int) -> dict[str, Any]:
    """An object, with a composition beside its properties or without."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    schema: dict[str, Any] = {name: draw(_composed(scope.inside, depth - 1)) for name in names}
    schema = {"properties": schema}
    if draw(st.integers(0, 4)):
        schema["type"] = "object"
    if required := draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)):
        schema["required"] = required

    match draw(st.integers(0, 6)):
        case 0:
            schema["additionalProperties"] = False
        case 1:
            schema["additionalProperties"] = draw(_composed(scope.inside, 0))
        case 2:
            schema["patternProperties"] = {"^x": draw(_composed(scope.inside, 0))}
        case _:
            pass

    match draw(st.integers(0, 5)):
        case 0:
            schema |= draw(_unions(scope, depth))
        case 1:
            schema["allOf"] = draw(_parts(scope, depth))
        case 2 if scope.here:
            schema |= reference(draw(st.sampled_from(scope.here)))
        case _:
            pass

    return schema


@st.composite
def values(draw: st.DrawFn, schemas: dict[str, Any], schema: Any, depth: int = 5) -> Any:
    """A value that the schema may allow; whether it does is the contract's to say."""
    if not isinstance(schema, dict) or depth == 0 or not schema:
        return draw(st.sampled_from(_LEAVES))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))

    parts = list(schema.get("allOf", ()))
    if "$ref" in schema:
        parts.append(schemas[schema["$ref"].rpartition("/")[2]])
    unions = [schema[word] for word in ("anyOf", "oneOf") if word in schema]
    parts += [draw(st.sampled_from(members)) for members in unions]

    drawn = [draw(values(schemas, part, depth - 1)) for part in parts]
    kind = schema.get("type", "object" if "properties" in schema else "")
    if kind == "object":
        drawn.insert(0, draw(_fields(schemas, schema, depth)))
    elif kind:
        drawn.insert(0, draw(_single(schemas, schema, kind, depth)))

    if drawn and all(isinstance(value, dict) for value in drawn):
        return {name: value for each in reversed(drawn) for name, value in each.items()}
    return draw(st.sampled_from(drawn or _LEAVES))


@st.composite
def _fields(draw: st.DrawFn, schemas: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    required = schema.get("required", ())
    found: dict[str, Any] = {}
    for name, described in schema.get("properties", {}).items():
        if name in required or draw(st.booleans()):
            found[name] = draw(values(schemas, described, depth - 1))

    others = schema.get("additionalProperties", True)
    for name in required:
        if name not in found:
            found[name] = draw(values(schemas, others, depth - 1))
    if others is not False and draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from((*NAMES, "more")))
        found.setdefault(name, draw(values(schemas, others, depth - 1)))
    return found


@st.composite
def _single(
    draw: st.DrawFn, schemas: dict[str, Any], schema: dict[str, Any], kind: Any, depth: int
) -> Any:
    if isinstance(kind, list):
        kind = draw(st.sampled_from(kind))
    if kind == "array":
        items = values(schemas, schema.get("items", True), depth - 1)
        return draw(st.lists(items, max_size=2))
    if kind == "string":
        return "2026-01-02" if "format" in schema else draw(st.sampled_from(WORDS))

    options: dict[str, list[Any]] = {
        "integer": [1, 2],
        "number": [1, 2.5],
        "boolean": [True],
        "null": [None],
    }
    return draw(st.sampled_from(options[kind]))

"""Break and just keep each keyword of a JSON body's schema, all properties present."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.prove.oracle.refusal import BODY
from bothends.prove.probes.probe import ACCEPTED, Expect, Probe, ProbeContext
from bothends.prove.values.replace import Steps, abbreviate, replace_at
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.sample.value import sample

_MOST = 200
_DEEP = 12
_LONGEST = 5000
_WRONG: tuple[Any, ...] = (None, True, 1, 0.5, "text", [], {})


def probes(context: ProbeContext) -> Iterator[Probe]:
    """The document alone says for each what is to come."""
    if not context.valid.is_json:
        return

    contract = load_contract(context.operation.api)
    complete = sample(contract, context.valid.schema, full=True)
    body = context.valid.body if complete is MISSING else complete
    seen: set[str] = set()

    for path, word, value in _changed(contract, context.valid.schema, body, (), _DEEP):
        name = f"{'/'.join(map(str, path)) or 'the body'}: {word} {abbreviate(value)}"
        if name in seen or len(seen) == _MOST:
            continue
        seen.add(name)
        sent = replace_at(body, path, value)
        expected = ACCEPTED if context.valid.accepts(sent) else Expect.refused(BODY)
        yield Probe(name, context.valid.with_json(sent), expected)


def _changed(
    contract: Contract, pointer: str, value: Any, path: Steps, depth: int
) -> Iterator[tuple[Steps, str, Any]]:
    """Propose values for each pointer in a body, on both sides of a keyword there."""
    schema = contract.find(pointer)
    if not is_object(schema) or not depth:
        return

    if "$ref" in schema:
        yield from _changed(contract, schema["$ref"].removeprefix("#"), value, path, depth - 1)

    for word in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(word, ()))):
            yield from _changed(contract, f"{pointer}/{word}/{index}", value, path, depth - 1)

    for word, another in _sides(contract, schema, value):
        yield path, word, another

    if is_object(value):
        for name in schema.get("properties", {}).keys() & value.keys():
            inner = pointer + join("properties", name)
            yield from _changed(contract, inner, value[name], (*path, name), depth - 1)
    elif is_array(value) and value:
        yield from _changed(contract, f"{pointer}/items", value[0], (*path, 0), depth - 1)


def _sides(contract: Contract, schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    """For each keyword of one schema values that break it, and the last that keeps it."""
    if "type" in schema:
        yield from (("type", item) for item in _WRONG)

    if "enum" in schema or "const" in schema:
        declared = schema.get("enum", [schema.get("const")])
        for item in declared[:5]:
            yield "enum", item
        for item in declared[:1]:
            yield "enum", f"{item} not stated" if isinstance(item, str) else [item]

    if isinstance(value, str):
        yield from _texts(contract, schema, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _numbers(schema, value)
    elif is_array(value):
        yield from _lists(schema, value)
    elif is_object(value):
        yield from _objects(schema, value)


def _texts(contract: Contract, schema: dict[str, Any], value: str) -> Iterator[tuple[str, Any]]:
    for word, step in (("minLength", -1), ("maxLength", 1)):
        for size in {schema[word], schema[word] + step} if word in schema else ():
            if 0 <= size <= _LONGEST:
                yield word, (value * (size // max(len(value), 1) + 1) or "x" * size)[:size]

    if "pattern" in schema:
        wrong = (
            "",
            "~",
            value + "~",
            "~" + value,
            value + "\n",
            value.swapcase(),
            value * 2,
            value[:-1],
            "\u0663",
        )
        broken = [text for text in wrong if not contract.matches(schema["pattern"], text)]
        yield from (("pattern", text) for text in broken[:4])

    if "format" in schema:
        yield from (("format", text) for text in ("~", "", value + " ", value[:-1]))


def _numbers(schema: dict[str, Any], value: float) -> Iterator[tuple[str, Any]]:
    for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if word in schema:
            bound = schema[word]
            yield from ((word, item) for item in (bound - 1, bound, bound + 1))

    if "multipleOf" in schema:
        yield "multipleOf", value + schema["multipleOf"] / 2
        yield "multipleOf", value + schema["multipleOf"]


def _lists(schema: dict[str, Any], value: list[Any]) -> Iterator[tuple[str, Any]]:
    for word, step in (("minItems", -1), ("maxItems", 1)):
        for size in {schema[word], schema[word] + step} if word in schema else ():
            if 0 <= size <= _LONGEST and (value or not size):
                yield word, (value * (size // max(len(value), 1) + 1))[:size]
    if schema.get("uniqueItems") and value:
        yield "uniqueItems", [*value, value[0]]


def _objects(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in schema.get("required", []):
        yield f"required {name}", {key: item for key, item in value.items() if key != name}

    for word in ("additionalProperties", "unevaluatedProperties"):
        if word in schema:
            yield from ((word, {**value, "undeclaredHere": item}) for item in _WRONG[2:])

    if "minProperties" in schema:
        yield "minProperties", dict(list(value.items())[: max(schema["minProperties"] - 1, 0)])

    if "maxProperties" in schema and schema["maxProperties"] < _LONGEST:
        more = range(max(schema["maxProperties"] + 1 - len(value), 0))
        yield "maxProperties", {**value, **{f"undeclared{index}": "text" for index in more}}

"""JSON values by which lenient parsers differ from the schema, at every place of a valid body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.prove.oracle.refusal import BODY
from bothends.prove.probes.probe import ACCEPTED, Expect, Probe, ProbeContext
from bothends.prove.values.replace import Steps, abbreviate, replace_at
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.schema_view import SchemaView

_MOST_PLACES = 25
_TEXTS = (
    "",
    "0",
    "1",
    "true",
    "null",
    " ",
    "\x00",
    "é",
    "e\u0301",
    "\U0001f600",
    "x" * 300,
    "2020-01-01",
    "a@b.test",
)
_NUMBERS = (
    0,
    -1,
    1,
    1.0,
    0.5,
    1.5,
    7.5,
    99.5,
    -0.0,
    1e300,
    2**31,
    -(2**31) - 1,
    2**63 - 1,
    2**63,
    -(2**63),
    -(2**63) - 1,
    10**30,
)
_OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    {"": None},
    {"undeclaredHere": 1},
)


def probes(context: ProbeContext) -> Iterator[Probe]:
    """The contract layer says for each whether it is valid; the server has to agree."""
    if not context.valid.is_json:
        return

    seen: set[str] = set()
    for name, value in _variants(context):
        if name in seen:
            continue
        seen.add(name)
        expect = ACCEPTED if context.valid.accepts(value) else Expect.refused(BODY)
        yield Probe(name, context.valid.with_json(value), expect)

    if context.operation.body is not None and context.operation.body.required:
        yield Probe("no body at all", context.valid.request.with_body(b""), Expect.refused(BODY))


def _variants(context: ProbeContext) -> Iterator[tuple[str, Any]]:
    for path in list(_places(context.valid.body, ()))[:_MOST_PLACES]:
        where = "/".join(map(str, path)) or "the body"
        for value in (*_TEXTS, *_NUMBERS, *_OTHERS):
            yield f"{where} is {abbreviate(value)}", replace_at(context.valid.body, path, value)

        yield from _changed(context, path, where)
        present = _value_at(context.valid.body, path)

        for value in context.subject.constants:
            if isinstance(present, str) == isinstance(value, str) and isinstance(
                present, str | int | float
            ):
                yield (
                    f"{where} is {abbreviate(value)}",
                    replace_at(context.valid.body, path, value),
                )


def _changed(context: ProbeContext, path: Steps, where: str) -> Iterator[tuple[str, Any]]:
    """What depends on the value that is there: one less, one more, another case, twice."""
    body = context.valid.body
    value = _value_at(body, path)
    if isinstance(value, str):
        for label, text in (
            ("lower", value.lower()),
            ("upper", value.upper()),
            ("spaced", f" {value}"),
        ):
            yield (
                f"{where} in {label} case" if label != "spaced" else f"{where} after a space",
                replace_at(body, path, text),
            )

    if is_object(value):
        for name in value:
            yield (
                f"{where} without {name}",
                replace_at(body, path, {key: entry for key, entry in value.items() if key != name}),
            )
        for name in _declared(context, path):
            yield f"{where} with {name} null", replace_at(body, path, {**value, name: None})
            recased = {
                key.swapcase() if key == name else key: entry for key, entry in value.items()
            }
            yield f"{where} with {name} in another case", replace_at(body, path, recased)

    if is_array(value) and value:
        yield f"{where} with an item twice", replace_at(body, path, [*value, value[0]])
        for size in sorted(_sizes(context)):
            yield f"{where} with {size} items", replace_at(body, path, [value[0]] * size)
            yield (
                f"{where} with {size} different items",
                replace_at(body, path, _distinct(value[0], size)),
            )


def _distinct(item: Any, size: int) -> list[Any]:
    if isinstance(item, str):
        return [item + str(index) for index in range(size)]
    return [item + index for index in range(size)] if isinstance(item, int) else [item] * size


def _sizes(context: ProbeContext) -> set[int]:
    """Lengths on both sides of each bound that the contract has for arrays."""
    found: set[int] = {0, 2}
    for schema in SchemaView(
        load_contract(context.operation.api), (context.valid.schema,)
    ).schemas():
        for part in (schema, *schema.get("properties", {}).values()):
            for word in ("minItems", "maxItems"):
                if is_object(part) and word in part:
                    found |= {max(int(part[word]) - 1, 0), int(part[word]), int(part[word]) + 1}

    return {size for size in found if size <= 5000}


def _declared(context: ProbeContext, path: Steps) -> list[str]:
    view = SchemaView(load_contract(context.operation.api), (context.valid.schema,))
    for step in path:
        view = view.items() if isinstance(step, int) else view.property(step)
    # Objects of real contracts have hundreds of properties; thirty show every kind of mistake.
    return view.property_names()[:30]


def _places(value: Any, steps: Steps) -> Iterator[Steps]:
    yield steps
    if is_object(value):
        for name, item in value.items():
            yield from _places(item, (*steps, name))
    elif is_array(value) and value:
        yield from _places(value[0], (*steps, 0))


def _value_at(value: Any, path: Steps) -> Any:
    for step in path:
        value = value[step]
    return value

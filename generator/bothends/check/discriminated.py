"""Check that `oneOf` takes the values that its discriminator tells apart (OpenAPI 3.1 §4.8.25).

    Pet: {oneOf: [{$ref: Cat}, {$ref: Dog}], discriminator: {propertyName: kind}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}}}

A discriminator says which schema is meant and changes nothing about what is valid. With `Dog`
alike, `{"kind": "Cat"}` fits both, and exactly one may fit: every natural value is refused.
Contracts are written so all the time. A finding shows such a value, which was judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.reference import SCHEMAS, schema_key
from bothends.openapi.schema_cost import MOST, SchemaCost
from bothends.runtime.operation import MISSING
from bothends.runtime.schema import contract as runtime
from bothends.runtime.schema.sample.value import sample

_MOST_UNIONS: Final = 100
_MOST_MEMBERS: Final = 12
"""Making a value takes a millisecond or more; real unions have up to a hundred members."""


def check_discriminated(contract: Contract) -> Iterator[Problem]:
    """Unions whose alternatives are told apart by a discriminator only, one problem for each."""
    judge = runtime.Contract(contract.document.data)
    cost = SchemaCost(contract.document)
    tried = 0
    for node in contract.written_schemas():
        keys = [schema_key(member) for member in as_array(node.value.get("oneOf"))]
        name = as_object(node.value.get("discriminator")).get("propertyName")
        members = [key for key in keys if key is not None][:_MOST_MEMBERS]
        if not isinstance(name, str) or len(members) < 2 or cost.count(node.pointer) > MOST:
            continue
        if _are_told_apart(contract, members, name):
            continue

        tried += 1
        if tried > _MOST_UNIONS:
            return
        yield from _overlap(judge, node, members, name)


def _are_told_apart(contract: Contract, members: list[str], name: str) -> bool:
    """Whether each alternative lists values of the property: the usual case, seen at once."""
    components = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    for key in members:
        schema = as_object(components.get(key))
        described = as_object(as_object(schema.get("properties")).get(name))
        if "const" not in described and "enum" not in described:
            return False
    return True


def _overlap(
    judge: runtime.Contract, node: Node, members: list[str], name: str
) -> Iterator[Problem]:
    for key in members:
        for value in _natural_values(judge, key, name, _value(node, key)):
            fitting = [each for each in members if judge.accepts(below(SCHEMAS, each), value)]
            if key in fitting and len(fitting) > 1:
                named = " and ".join(fitting[:2])
                yield Problem(
                    below(node.pointer, "discriminator"),
                    f"{shorten(value)} fits {named}, so `oneOf` refuses it: "
                    "a discriminator decides nothing about what is valid.",
                    f"Say in each alternative what `{name}` is there, such as "
                    f"`{name}: {{const: {_value(node, key)}}}`, or write `anyOf`.",
                    key=True,
                )
                return


def _natural_values(
    judge: runtime.Contract, key: str, name: str, value: str
) -> Iterator[dict[str, Any]]:
    """Values of an alternative as its author means them, first one with what is required only."""
    for full in (False, True):
        made = sample(judge, below(SCHEMAS, key), full=full)
        if made is not MISSING and is_object(made):
            yield {**made, name: value}


def _value(node: Node, key: str) -> str:
    mapping = as_object(as_object(node.value.get("discriminator")).get("mapping"))
    targets = (key, f"#{below(SCHEMAS, key)}")
    return next((str(value) for value, to in mapping.items() if to in targets), key)

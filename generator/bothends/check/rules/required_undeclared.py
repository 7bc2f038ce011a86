"""`required` names a property that no schema of the value declares.

Why: where it is misspelt, the property that was meant is optional, and every value without the
misspelt one is refused. Where it is described nowhere, any value of it is allowed, and nobody knows
what to send.

Bad:

    required: [heigth]
    properties: {height: {type: number}}

Better:

    required: [height]
    properties: {height: {type: number}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bothends.diagnostics import Severity
from bothends.nearest import nearest
from bothends.openapi.circles import circles
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem
from bothends.openapi.reference import reference_of, target_of

SEVERITY = Severity.WARNING
_PARTS: Final = ("allOf", "anyOf", "oneOf")
_PART: Final = ("if", "then", "else", "not")
_CONDITIONS: Final = frozenset({"if", "not"})
"""What only asks for a property does not need it to be there."""


def check(contract: Contract) -> Iterator[Problem]:
    """Names in `required` that are near a declared property, or that are described nowhere."""
    described = _DescribedNames(contract)
    for node in contract.nodes("schema"):
        declared = as_object(node.value.get("properties"))
        required = as_array(node.value.get("required"))
        taken = set(map(str, required))
        free = [str(name) for name in declared if str(name) not in taken]
        for index, name in enumerate(required):
            if name in declared or not isinstance(name, str):
                continue

            pointer = below(node.pointer, "required", index)
            if near := nearest(name, free, 0.75):
                message = f'"{name}" is required, and there is no such property.'
                yield Problem(pointer, message, f'Did you mean "{near}"?')
            elif not described.has(node.pointer, name):
                yield Problem(
                    pointer,
                    f'"{name}" is required and described nowhere: any value of it is allowed.',
                    "Describe it in `properties`.",
                    severity=Severity.INFO,
                )


class _DescribedNames:
    """The properties that the schemas of one value describe: those that parts and wholes share."""

    def __init__(self, contract: Contract) -> None:
        values = {node.pointer: node.value for node in contract.nodes("schema", "reference")}
        uses: dict[str, set[str]] = {pointer: set() for pointer in values}
        for pointer, schema in values.items():
            for part in _applied_schemas(schema, pointer):
                uses[pointer].add(part)
                uses.setdefault(part, set()).add(pointer)

        self._values = values
        self._groups = circles(uses)
        self._names: dict[frozenset[str], frozenset[str] | None] = {}

    def has(self, pointer: str, name: str) -> bool:
        """Whether a property is described for the values of a schema, as far as it can be known."""
        kinds = self._values[pointer].get("type", "object")
        if "object" not in (kinds if is_array(kinds) else [kinds]):
            return True  # `keyword-of-other-type` says so
        if _CONDITIONS.intersection(split(pointer)):
            return True
        group = self._groups.get(pointer, frozenset({pointer}))
        if group not in self._names:
            self._names[group] = self._find_names(group)
        names = self._names[group]
        return names is None or name in names

    def _find_names(self, group: frozenset[str]) -> frozenset[str] | None:
        """The properties that some schemas declare; None where one of them speaks of all others."""
        names = set[str]()
        for schema in (as_object(self._values.get(pointer, True)) for pointer in group):
            if _speaks_of_others(schema):
                return None
            names |= as_object(schema.get("properties")).keys()
            names.add(str(as_object(schema.get("discriminator")).get("propertyName")))
        return frozenset(names)


def _applied_schemas(schema: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """The schemas that a schema applies to the same value."""
    if (target := target_of(schema)) is not None:
        yield target
    for keyword in _PARTS:
        yield from (
            below(pointer, keyword, index) for index, _ in enumerate(as_array(schema.get(keyword)))
        )
    yield from (below(pointer, keyword) for keyword in _PART if is_object(schema.get(keyword)))
    dependent = as_object(schema.get("dependentSchemas"))
    yield from (below(pointer, "dependentSchemas", name) for name in dependent)


def _speaks_of_others(schema: Mapping[str, Any]) -> bool:
    """Whether a schema describes properties by no name, or refers to what is not looked at."""
    if "patternProperties" in schema or "$dynamicRef" in schema:
        return True
    if reference_of(schema) is not None and target_of(schema) is None:
        return True
    # `false` is for the rule that says what no value satisfies.
    return any(
        schema.get(keyword) is not None
        for keyword in ("additionalProperties", "unevaluatedProperties")
    )

"""A property that only goes one way should not be required in the other.

Why: in OpenAPI 3.0 `required` took effect on a `readOnly` property in replies only, and on a
`writeOnly` one in requests only. In 3.1 both are annotations (OpenAPI 3.1.1 §4.8.24.4, JSON Schema
2020-12 Validation §9.4): a required `readOnly` property must be sent in each request, and a
required `writeOnly` one in each reply.

Bad:

    components:
      schemas:
        Person: {type: object, required: [id, name], properties: {id: {readOnly: true}, name: {}}}

Better:

    components:
      schemas:
        NewPerson: {type: object, required: [name], properties: {id: {readOnly: true}, name: {}}}
        Person: {allOf: [{$ref: '#/components/schemas/NewPerson'}], required: [id]}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.grammar import Kind
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.reference import references_in

SEVERITY = Severity.WARNING
_WAYS = (("readOnly", "request body", "request"), ("writeOnly", "response", "reply"))


def check(contract: Contract) -> Iterator[Problem]:
    """Find required properties that the schema marks for the other direction.

    Only schemas that messages of this direction are made of count.
    """
    # OpenAPI 3.0.3 §4.7.24.2: there `required` has an effect on the one direction only.
    if contract.is_v3_0:
        return

    for word, kind, message in _WAYS:
        found = list(_required(contract, word))
        reached = _reached(contract, kind) if found else set[str]()
        for schema, pointer, name in found:
            if _above(schema) & reached:
                text = (
                    f"{name!r} is {word}, and required in each {message} all the same "
                    "(since OpenAPI 3.1)."
                )
                yield Problem(
                    pointer,
                    text,
                    f"Require it in a schema of its own, that no {message} refers to.",
                )


def _required(contract: Contract, word: str) -> Iterator[tuple[str, str, str]]:
    for node in contract.nodes("schema"):
        properties = as_object(node.value.get("properties"))
        for index, name in enumerate(as_array(node.value.get("required"))):
            if (
                isinstance(name, str)
                and contract.resolve(properties.get(name), "")[0].get(word) is True
            ):
                yield node.pointer, below(node.pointer, "required", index), name


def _reached(contract: Contract, kind: Kind) -> set[str]:
    """Collect the pointers of all objects that describe messages of a kind."""
    waiting = [node.pointer for node in contract.nodes(kind)]
    found = set[str]()

    while waiting:
        pointer = waiting.pop()
        if pointer not in found:
            found.add(pointer)
            try:
                waiting.extend(references_in(contract.document.value_at(pointer)))
            except KeyError:
                continue

    return found


def _above(pointer: str) -> set[str]:
    """A place and all that it lies in."""
    parts = pointer.split("/")
    return {"/".join(parts[:length]) for length in range(2, len(parts) + 1)}

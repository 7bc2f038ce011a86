"""A link must lead to an operation of the contract, and give parameters that it has.

Why: a link that leads nowhere is followed by nobody (OpenAPI 3.1 §4.8.20). Programs that follow
links, as proofs do, leave it out without a word.

Bad:

    links: {get: {operationId: getRom, parameters: {room: $response.body#/id}}}

Better:

    links: {get: {operationId: getRoom, parameters: {roomId: $response.body#/id}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.nearest import listed, nearest
from bothends.openapi.contract import Contract, Node, Operation
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING

_PARAMETER_LOCATIONS: Final = ("path", "query", "header", "cookie", "querystring")


def check(contract: Contract) -> Iterator[Problem]:
    """Links to operations or parameters that are not there."""
    links = list(contract.nodes("link"))
    if not links:
        return

    by_id = {str(each.value.get("operationId")): each for each in contract.operations}
    by_id.pop("None", None)
    by_pointer = {each.pointer: each for each in contract.operations}
    for link in links:
        operation_id, reference = link.value.get("operationId"), link.value.get("operationRef")
        if isinstance(operation_id, str):
            operation = by_id.get(operation_id)
            if operation is None:
                near = nearest(operation_id, list(by_id))
                hint = f"Did you mean {near}?" if near else f"There are: {listed(list(by_id))}."
                message = f'The link leads to operationId "{operation_id}", which no operation has.'
                yield Problem(below(link.pointer, "operationId"), message, hint)
        elif isinstance(reference, str) and reference.startswith("#"):
            operation = by_pointer.get(reference.removeprefix("#"))
            if operation is None:
                near = nearest(reference, [f"#{pointer}" for pointer in by_pointer])
                hint = f"Did you mean {near}?" if near else "Mind that / in a path is written ~1."
                message = f"The link leads to {reference}, and no operation is there."
                yield Problem(below(link.pointer, "operationRef"), message, hint)
        else:
            continue  # an operation of another document, or none at all: legality speaks of that

        if operation is not None:
            yield from _missing_parameters(contract, link, operation)


def _missing_parameters(contract: Contract, link: Node, operation: Operation) -> Iterator[Problem]:
    """Parameters of a link that its operation has not."""
    declared = [own for own, _ in contract.parameters(operation) if "name" in own]
    names = list(dict.fromkeys(str(own["name"]) for own in declared))
    for name in as_object(link.value.get("parameters")):
        if any(name in (own["name"], f"{own.get('in')}.{own['name']}") for own in declared):
            continue

        label = f"{operation.method.upper()} {operation.path}"
        # `path.roomId` tells two parameters of one name apart.
        head, _, tail = name.partition(".")
        near = nearest(tail if head in _PARAMETER_LOCATIONS else name, names)
        hint = f'Did you mean "{near}"?' if near else f"It has: {listed(names) or 'none'}."
        message = f'{label} has no parameter "{name}", so this link gives it in vain.'
        yield Problem(below(link.pointer, "parameters", name), message, hint, key=True)

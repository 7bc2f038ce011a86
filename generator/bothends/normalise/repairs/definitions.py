"""Schemas inside a schema of OpenAPI 3.0, which has no place for them but the components.

    Pet:
      properties: {tag: {$ref: '#/components/schemas/Pet/definitions/Tag'}}
      definitions: {Tag: …}

is how a file of JSON Schema arrives in a contract of several files. `Tag` becomes the component
`Pet.Tag`, and what refers to it refers to that.
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.normalise.hoist import legal_key
from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.reference import schema_reference, target_of

_WORDS = ("$defs", "definitions")


def repair_definitions(contract: Contract) -> Iterator[Edit]:
    """Find definitions in schemas of OpenAPI 3.0, and the references into them."""
    if not contract.is_v3_0:
        return

    moved = dict(_moved(contract))
    for place, pointer in moved.items():
        value = contract.document.value_at(place)
        yield Edit("definitions", pointer, "", value, source=place)
    for node in contract.nodes("reference", "schema"):
        target = target_of(node.value) or ""
        place = _holder(target, moved)
        if not place:
            continue
        reference = f"#{moved[place]}{target.removeprefix(place)}"
        yield Edit("definitions", below(node.pointer, "$ref"), "", reference)
        # The reference may stand in what is moved itself.
        if source := _holder(node.pointer, moved):
            pointer = moved[source] + node.pointer.removeprefix(source)
            yield Edit("definitions", below(pointer, "$ref"), "", reference)

    for holder in dict.fromkeys(map(parent, moved)):
        message = f'OpenAPI 3.0 has no "{split(holder)[-1]}" in a schema; they are components.'
        yield Edit("definitions", holder, message, hint="Write them below `components: schemas:`.")


def _moved(contract: Contract) -> Iterator[tuple[str, str]]:
    """Each definition with the place of the component that it becomes."""
    components = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    used = set(components)
    for node in contract.nodes("schema"):
        way = split(node.pointer)
        owner = way[2] if way[:2] == ["components", "schemas"] else "schema"
        for word in _WORDS:
            for name in as_object(node.value.get(word)):
                key = free_key(legal_key(f"{owner}.{name}"), used)
                used.add(key)
                place = below(node.pointer, word, name)
                yield place, schema_reference(key).removeprefix("#")


def _holder(pointer: str, moved: dict[str, str]) -> str:
    """The definition that a pointer leads into, or to."""
    while pointer and pointer not in moved:
        pointer = parent(pointer)
    return pointer

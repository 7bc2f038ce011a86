"""What a schema refers to becomes a component, wherever it is written, so that it has a class.

    paths: {/a: {get: {operationId: getA, responses: {'200': {… schema: {type: object, …}}}}}}
    properties: {whole: {$ref: '#/paths/~1a/get/responses/200/content/application~1json/schema'}}

becomes

    paths: {/a: {get: {… schema: {$ref: '#/components/schemas/getA.responses.200'}}}}
    properties: {whole: {$ref: '#/components/schemas/getA.responses.200'}}

The key says where the schema is written; names are kept under that place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.load import Document
from bothends.normalise.hoist import legal_key, spoken_steps
from bothends.normalise.repairs.edit import Edit, apply_edits
from bothends.openapi.contract import Contract, operations_in
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.reference import component_key, schema_reference, target_of

_ROUNDS = 8
"""A place that no grammar knows may refer to the next one; deeper chains are not followed."""


def make_components(document: Document) -> Document:
    """Move each schema that is referred to and is no component to `components/schemas`."""
    for _ in range(_ROUNDS):
        contract = Contract(document)
        targets = sorted(_targets(contract), key=lambda pointer: (-pointer.count("/"), pointer))
        if not targets:
            break
        document = apply_edits(document, _moves(contract, targets))
    return document


def _targets(contract: Contract) -> set[str]:
    """The pointers of the schemas that are referred to where they are written."""
    found = set[str]()
    for node in contract.nodes("reference"):
        target = target_of(node.value)
        if target is None or contract.kind_needed_at(node.pointer) != "schema":
            continue
        if component_key(target) is None and target and _is_schema(contract, target):
            found.add(target)
    return found


def _is_schema(contract: Contract, pointer: str) -> bool:
    try:
        value = contract.document.value_at(pointer)
    except KeyError:
        return False
    return isinstance(value, dict | bool) and contract.kinds.get(pointer, "schema") == "schema"


def _moves(contract: Contract, targets: list[str]) -> Iterator[Edit]:
    document = contract.document
    components = as_object(document.data.get("components"))
    used = set(as_object(components.get("schemas")))
    if "schemas" not in components:
        yield Edit("", "/components", "", {**components, "schemas": {}})

    names = {
        operation_pointer: str(operation.get("operationId") or f"{method}.{path}")
        for path, item in as_object(document.data.get("paths")).items()
        for method, operation_pointer, operation in operations_in(item, below("/paths", path))
    }
    keys: dict[str, str] = {}
    for target in sorted(targets):
        expected = legal_key(".".join(_words(document.data, target, names)))
        keys[target] = free_key(expected, used)
        used.add(keys[target])

    # The deepest first: a part that is a component of its own is only referred to by the next.
    values: dict[str, Any] = {target: document.value_at(target) for target in targets}
    parts: dict[str, list[str]] = {}
    for target in keys:
        parts.setdefault(_nearest(target, keys), []).append(target)
    for target in targets:
        for part in parts.get(target, ()):
            way = split(part[len(target) :])
            values[target] = _replaced(values[target], way, keys[part])
    for target in sorted(targets):
        pointer = below("/components/schemas", keys[target])
        yield Edit("", pointer, "", values[target], source=target)
    for target in targets:
        yield Edit("", target, "", {"$ref": schema_reference(keys[target])})
    yield from _references(contract, keys)


def _nearest(pointer: str, keys: dict[str, str]) -> str:
    """The innermost of these places that holds a pointer; empty if none does."""
    pointer = parent(pointer)
    while pointer and pointer not in keys:
        pointer = parent(pointer)
    return pointer


def _replaced(value: Any, way: list[str], key: str) -> Any:
    if not way:
        return {"$ref": schema_reference(key)}
    if is_object(value):
        return {**value, way[0]: _replaced(value.get(way[0]), way[1:], key)}
    if is_array(value) and way[0].isdecimal() and int(way[0]) < len(value):
        index = int(way[0])
        return [*value[:index], _replaced(value[index], way[1:], key), *value[index + 1 :]]
    return value


def _references(contract: Contract, keys: dict[str, str]) -> Iterator[Edit]:
    for node in contract.nodes("reference"):
        target = target_of(node.value)
        if target not in keys:
            continue
        pointer = below(node.pointer, "$ref")
        # A reference with parts of its own may be referred to as well: then it is moved with them.
        if node.pointer not in keys:
            yield Edit("", pointer, "", schema_reference(keys[target]))
        outer = node.pointer
        while outer:
            if outer in keys:
                moved = below("/components/schemas", keys[outer]) + pointer[len(outer) :]
                yield Edit("", moved, "", schema_reference(keys[target]))
            outer = parent(outer)


def _words(data: dict[str, Any], pointer: str, names: dict[str, str]) -> list[str]:
    """Where a schema is written, in words: the operation or component, then the way down."""
    parts = split(pointer)
    if parts[0] == "components" and len(parts) > 2:
        return [parts[2], *spoken_steps(parts[3:])]

    target = next((start for start in names if pointer.startswith(f"{start}/")), None)
    if target is None:
        return parts[1:] or parts

    steps = split(pointer[len(target) :])
    if steps[0] == "parameters" and len(steps) > 1:
        listed = data["paths"][parts[1]][parts[2]]["parameters"]
        steps[1] = str(as_object(listed[int(steps[1])]).get("name"))
    return [names[target], *spoken_steps(steps)]

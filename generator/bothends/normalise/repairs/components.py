"""Component keys with characters that OpenAPI 3.1 §4.8.7 forbids: `Page[Tide]`, `Tide`1`.

The component is kept under a key of legal characters, and every reference and discriminator
follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import reference_of, target_of

_ILLEGAL = re.compile(r"[^A-Za-z0-9._-]+")
_SECTIONS: Final = (
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "mediaTypes",
)


def repair_component_keys(contract: Contract) -> Iterator[Edit]:
    """Find the keys that are not legal, and everything that refers to them."""
    components = as_object(contract.document.data.get("components"))
    renamed: dict[str, str] = {}
    for section in _SECTIONS:
        used = set(as_object(components.get(section)))
        for key in as_object(components.get(section)):
            if _ILLEGAL.search(key):
                expected = _ILLEGAL.sub("_", key).strip("_") or "component"
                new_key = free_key(expected, used, "_")
                used.add(new_key)
                renamed[below("/components", section, key)] = new_key
                yield Edit(
                    "component-key",
                    below("/components", section, key),
                    f'The key "{key}" is read as "{new_key}".',
                    new_key=new_key,
                    hint="Keys of components have only letters, digits, '.', '-' and '_'.",
                )

    if renamed:
        yield from _references(contract.document.data, "", renamed)
        yield from _requirements(contract, renamed)


def _requirements(contract: Contract, renamed: dict[str, str]) -> Iterator[Edit]:
    """What asks for a security scheme names it by its key."""
    for node in contract.nodes("root", "operation"):
        for index, requirement in enumerate(as_array(node.value.get("security"))):
            for key in as_object(requirement):
                new_key = renamed.get(below("/components/securitySchemes", key))
                if new_key is not None:
                    pointer = below(node.pointer, "security", index, key)
                    yield Edit("component-key", pointer, "", new_key=new_key)


def _references(node: Any, pointer: str, renamed: dict[str, str]) -> Iterator[Edit]:
    if is_array(node):
        for index, member in enumerate(node):
            yield from _references(member, below(pointer, index), renamed)
        return
    if not is_object(node):
        return

    if (target := target_of(node)) is not None and (moved := _moved(target, renamed)) != target:
        yield Edit("component-key", below(pointer, "$ref"), "", f"#{moved}")
    if is_object(node.get("discriminator")):
        yield from _mapping(node, pointer, renamed)

    for key, value in node.items():
        yield from _references(value, below(pointer, key), renamed)


def _mapping(schema: dict[str, Any], pointer: str, renamed: dict[str, str]) -> Iterator[Edit]:
    """The values that a discriminator has on the wire do not change with the keys."""
    mapping = dict(as_object(schema["discriminator"].get("mapping")))
    before = dict(mapping)
    for value, target in mapping.items():
        if isinstance(target, str):
            by_key = below("/components/schemas", target)
            moved = _moved(target.removeprefix("#") if target.startswith("#/") else by_key, renamed)
            mapping[value] = f"#{moved}" if moved not in (target, by_key, target[1:]) else target

    members = [*as_array(schema.get("oneOf")), *as_array(schema.get("anyOf"))]
    for reference in filter(None, map(reference_of, members)):
        target = target_of({"$ref": reference}) or ""
        moved = _moved(target, renamed)
        if moved != target and f"#{moved}" not in mapping.values():
            mapping[split(target)[-1]] = f"#{moved}"

    if mapping != before:
        yield Edit("component-key", below(pointer, "discriminator", "mapping"), "", mapping)


def _moved(target: str, renamed: dict[str, str]) -> str:
    """The pointer after the keys were renamed."""
    head, remainder = "/".join(target.split("/")[:4]), target.split("/")[4:]
    if head not in renamed:
        return target
    return "/".join([head.rpartition("/")[0], renamed[head], *remainder])

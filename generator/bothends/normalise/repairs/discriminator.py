"""Mappings of discriminators that lead to nothing (OpenAPI 3.1 §4.8.25, 3.0 §4.7.25).

    discriminator: {propertyName: kind, mapping: {low: LowTide}}    # components.schemas has LowWater

A target is the name of a component schema or a reference to one; the entry above is left out. A
target with a character that no name has (`./tide`, `tides.yaml#/Tide`) refers to another document:
that is legal, and not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from bothends.nearest import nearest
from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, join, parent, split
from bothends.openapi.reference import local_pointer

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FILE = re.compile(r".*\.(json|ya?ml)", re.IGNORECASE)


def repair_discriminators(contract: Contract) -> Iterator[Edit]:
    """Find targets of mappings that are neither the name of a schema nor a reference to one."""
    names = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    references: frozenset[str] | None = None

    for node in contract.nodes("discriminator"):
        for value, target in as_object(node.value.get("mapping")).items():
            if not isinstance(target, str) or target in names or _is_elsewhere(target):
                continue
            references = _references(contract) if references is None else references
            if unquote(target) not in references:
                yield Edit(
                    "mapping",
                    below(node.pointer, "mapping", value),
                    f'"{target}" is no schema of the contract; '
                    f'the value "{value}" is not told apart.',
                    is_loss=True,
                    hint=_hint(target, names),
                )


def _is_elsewhere(target: str) -> bool:
    """Whether a target refers to another document.

    What could be a name as well is one (3.1.1 §4.8.25.3), but a file.
    """
    if not target or target.startswith("#"):
        return False
    return _FILE.fullmatch(target) is not None or _NAME.fullmatch(target) is None


def _references(contract: Contract) -> frozenset[str]:
    """All references that lead to a schema: by its pointer, or by its anchor."""
    nodes = list(contract.nodes("schema", "reference"))
    anchors = {
        f"#{anchor}" for node in nodes if isinstance(anchor := node.value.get("$anchor"), str)
    }
    return frozenset(anchors | {f"#{node.pointer}" for node in nodes} | set(_of_booleans(contract)))


def _of_booleans(contract: Contract) -> Iterator[str]:
    """References to component schemas that are only `true` or `false`."""
    schemas = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    return (
        f"#{below('/components/schemas', name)}"
        for name, schema in schemas.items()
        if isinstance(schema, bool)
    )


def _hint(target: str, names: Mapping[str, object]) -> str:
    """The closest of the schemas, in the form that the target has; else what to do."""
    path = local_pointer(target) if target.startswith("#/") else ""
    near = nearest("".join(split(path)[-1:]) if path else target, names)
    if not near:
        return "Write the name of a schema of components.schemas, or a reference: #/components/schemas/Name."
    return f"Did you mean #{parent(path)}{join(near)}?" if path else f"Did you mean {near}?"

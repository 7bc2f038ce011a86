"""A document seen as OpenAPI: its objects by kind, its operations, its references.

Worked example: `paths: {/tides: {get: {responses: {}}}}`. `nodes("operation")` yields

    Node(kind="operation", pointer="/paths/~1tides/get", value={…}, parent="path item")

A kind follows from the place (`grammar.py`), never from the content: what stands at a place for a
schema is one, whatever is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from bothends.openapi.bounds import Bounds
from bothends.openapi.document import ContractDocument
from bothends.openapi.grammar import GRAMMAR, METHODS, Kind
from bothends.openapi.json_value import JsonValue, as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import SCHEMAS, VARIANTS, follow, reference_of


class Node(NamedTuple):
    """One object of the contract; `parent` is the kind of the object that holds it."""

    kind: Kind
    pointer: str
    value: dict[str, Any]
    parent: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of `paths` with the path item that it stands in."""

    pointer: str
    path: str
    method: str
    value: dict[str, Any]
    item: dict[str, Any]
    item_pointer: str


class Contract:
    """Read-only view.

    Tolerates any nonsense in the data, since it is made before the contract is known to be legal.
    """

    def __init__(self, document: ContractDocument, bounds: Bounds | None = None) -> None:
        self.document = document
        self.bounds = bounds or Bounds()
        version = str(document.data.get("openapi", ""))
        self.is_v3_0 = version.startswith("3.0")
        self.is_v3_2 = version.startswith("3.2")

    def nodes(self, *kinds: Kind) -> Iterator[Node]:
        """All objects of these kinds, in the order of the contract.

        What is only a reference is of kind `reference`.
        """
        for kind in kinds:
            yield from self._walked.by_kind.get(kind, ())

    def written_schemas(self) -> Iterator[Node]:
        """The schemas that a person wrote: not the variants for requests, which normalising makes."""
        variants = {below(SCHEMAS, key) for key in self._variants}
        for node in self.nodes("schema"):
            if "/".join(node.pointer.split("/")[:4]) not in variants:
                yield node

    def request_variant(self, pointer: str) -> str:
        """Return the pointer of a schema in its component's variant for requests, or ""."""
        for variant, key in self._variants.items():
            written = below(SCHEMAS, key)
            if pointer == written or pointer.startswith(f"{written}/"):
                return below(SCHEMAS, variant) + pointer.removeprefix(written)
        return ""

    @property
    def _variants(self) -> dict[str, Any]:
        return as_object(as_object(self.document.data.get("components")).get(VARIANTS))

    def all_nodes(self) -> Iterator[Node]:
        """All objects of the contract, kind by kind, without those that are only references."""
        return self.nodes(*(kind for kind in self._walked.by_kind if kind != "reference"))

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of the object at each pointer; what is only a reference has none."""
        return {node.pointer: node.kind for node in self.all_nodes()}

    def kind_needed_at(self, pointer: str) -> Kind:
        """Return the kind of object that the reference at a pointer must lead to."""
        return self._walked.needed.get(pointer, "")

    def misplaced_schemas(self) -> list[tuple[str, Any]]:
        """Find each value, with its pointer, that is no schema where one belongs."""
        return self._walked.misplaced

    @cached_property
    def operations(self) -> list[Operation]:
        """The operations of `paths`, with path items followed where they are references."""
        found: list[Operation] = []
        for path, declared in as_object(self.document.data.get("paths")).items():
            item, pointer = self.resolve(declared, below("", "paths", path))
            for method, operation_pointer, value in operations_in(item, pointer):
                found.append(Operation(operation_pointer, path, method, value, item, pointer))
        return found

    def parameters(self, operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
        """Return an operation's parameters and those of its path item that it does not replace."""
        seen: set[tuple[Any, Any]] = set()
        for holder, holder_pointer in (
            (operation.value, operation.pointer),
            (operation.item, operation.item_pointer),
        ):
            for index, declared in enumerate(as_array(holder.get("parameters"))):
                parameter, pointer = self.resolve(
                    declared, below(holder_pointer, "parameters", index)
                )
                key = (str(parameter.get("in")), str(parameter.get("name")))
                if parameter and key not in seen:
                    seen.add(key)
                    yield parameter, pointer

    def resolve(self, value: Any, pointer: str) -> tuple[dict[str, Any], str]:
        """Follow local references from `value`; an empty object when they lead nowhere."""
        found, pointer = follow(self.document.value_at, value, pointer)
        return ({} if reference_of(found) else as_object(found)), pointer

    @cached_property
    def _walked(self) -> _Walked:
        # Repairs, checks and normalising look at one document one after the other.
        if (walked := _walks.get(self.document)) is None:
            walked = _walks[self.document] = _walk(self.document.data, is_v3_0=self.is_v3_0)
        return walked


class _Walked(NamedTuple):
    """What a walk through a document finds.

    Args:
        by_kind: The objects of each kind, in the order of the contract.
        needed: The kind of object that each reference must lead to, by its pointer.
        misplaced: What is no schema where one belongs, with its pointer.
    """

    by_kind: dict[Kind, list[Node]]
    needed: dict[str, Kind]
    misplaced: list[tuple[str, Any]]


_walks: Final = WeakKeyDictionary[ContractDocument, _Walked]()
"""The walk through each document that is in use: its data never changes."""


def _walk(data: JsonValue, *, is_v3_0: bool) -> _Walked:
    walked = _Walked({}, {}, [])
    stack: list[tuple[Kind, str, JsonValue, Kind]] = [("root", "", data, "")]
    while stack:
        kind, pointer, value, parent = stack.pop()
        if not isinstance(value, dict):
            if kind == "schema" and not isinstance(value, bool):
                walked.misplaced.append((pointer, value))
            continue

        if kind != "paths" and reference_of(value) is not None:
            walked.by_kind.setdefault("reference", []).append(
                Node("reference", pointer, value, parent)
            )
            walked.needed[pointer] = kind
            # OpenAPI 3.1 lets a schema say more beside its reference; elsewhere the reference
            # is all there is.
            if kind not in ("schema", "path item") or is_v3_0:
                continue

        walked.by_kind.setdefault(kind, []).append(Node(kind, pointer, value, parent))
        stack.extend(reversed([(*child, kind) for child in children(kind, pointer, value)]))

    return walked


def operations_in(item: Any, pointer: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The operations of a path item as a person wrote it: method, pointer and Operation Object."""
    fields = as_object(item)
    for method in METHODS:
        if isinstance(fields.get(method), dict):
            yield method, below(pointer, method), fields[method]
    for method, operation in as_object(fields.get("additionalOperations")).items():
        if isinstance(operation, dict):
            operation_pointer = below(pointer, "additionalOperations", method)
            yield method.lower(), operation_pointer, operation


def children(
    kind: Kind, pointer: str, value: dict[str, Any]
) -> Iterator[tuple[Kind, str, JsonValue]]:
    """The objects that one object of a contract holds, by the grammar: kind, pointer, value."""
    fields = GRAMMAR[kind]
    if "*" in fields:
        inner = fields["*"][1]
        for key, item in value.items():
            if not key.startswith("x-"):
                yield inner, below(pointer, key), item
        return

    for field, item in value.items():
        if field not in fields:
            continue

        shape, inner = fields[field]
        child_pointer = below(pointer, field)

        if shape == "one":
            yield inner, child_pointer, item
        elif shape == "list":
            for index, member in enumerate(as_array(item)):
                yield inner, below(child_pointer, index), member
        else:
            for key, member in as_object(item).items():
                yield inner, below(child_pointer, key), member

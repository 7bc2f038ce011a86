"""Decide how far a fault reaches, so that everything else is still generated.

For example, the path `/tides/{id` has a brace that is never closed, which is an error at this path.
`is_local` says that the rest can be generated. `unusable` lists the path with that finding, and
`without` removes it, so that `GET /harbours` is generated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from bothends.diagnostics import Finding, Severity
from bothends.load import OF_ONE_PLACE, Document
from bothends.openapi.contract import operations_in
from bothends.openapi.grammar import NEWER_WEBHOOKS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import INTERNAL_ERROR
from bothends.openapi.reference import SCHEMAS, component_of, mapped_in, references_in

# Once each error stopped the contract: four real ones lost all of 191 operations to a slip that no
# operation depended on.
_SPOILS_NOTHING: Final = {
    "default-invalid",
    "empty-body-invalid",
    "example-invalid",
    "extension-shape",
    INTERNAL_ERROR,
    "operation-id-repeated",
    "pagination-impossible",
}
"""Wrong, and the contract should be repaired; what is generated does not depend on it."""

# A reference carries the fault on: who uses a broken schema cannot be generated either.
_OVER_BUDGET: Final = {
    "alternatives-multiply",
    "chain-too-long",
    "nesting-by-reference",
    "part-too-large",
    "sharing-multiplies",
}
"""Too large: what only these lead to is left out with them, as it may be most of the contract."""

SPOILS_ITS_USERS: Final = {
    *_OVER_BUDGET,
    *OF_ONE_PLACE,
    "external-reference",
    "illegal-openapi",
    "path-template",
}
"""What is written here cannot be generated, and nothing that refers to it."""


_WITHIN: Final = {
    "info": 1,
    "tags": 0,
    "externalDocs": 0,
    "paths": 1,
    "webhooks": 1,
    NEWER_WEBHOOKS: 1,
    "components": 2,
}
"""Below these root fields, at this depth or deeper, a fault costs at most one part.

The part is a path item or a component.
"""


_OF_PATH_ITEMS: Final = ("paths", "webhooks", NEWER_WEBHOOKS)
"""The root fields that hold path items."""

_PATH_ITEMS: Final = tuple(f"/{section}/" for section in _OF_PATH_ITEMS)


def is_local(finding: Finding) -> bool:
    """Whether anything can be generated: the finding is a warning, or reaches some parts only."""
    if finding.severity is not Severity.ERROR or finding.code in _SPOILS_NOTHING:
        return True

    parts = split(finding.location.pointer) if finding.location else []
    if finding.code not in SPOILS_ITS_USERS or not parts:
        return False
    return len(parts) > _WITHIN.get(parts[0], len(parts))


def unusable(document: Document, findings: Iterable[Finding]) -> Mapping[str, Finding]:
    """Map the pointer of each part that cannot be generated to the finding to blame.

    The parts are operations, path items and component schemas.
    """
    wrong: dict[str, Finding] = {}
    for finding in findings:
        if finding.location and finding.code in SPOILS_ITS_USERS:
            wrong[finding.location.pointer] = finding
    if not wrong:
        return {}

    # A repair may have renamed a key above the fault: `get` where the contract has `GET`.
    blame = _Blame(document, wrong, document.original)
    found: dict[str, Finding] = {}
    for pointer in _candidate_parts(document):
        error = blame.find(pointer)
        if error is not None:
            found[pointer] = error

    return {**found, **_only_below(document, found)}


def users_of(document: Document, pointer: str, fault: Finding) -> Mapping[str, Finding]:
    """Map a component schema and all that leads to it, operations too, to the fault in it."""
    blame = _Blame(document, {pointer: fault}, str)
    return {part: fault for part in _candidate_parts(document) if blame.find(part) is not None}


def _only_below(document: Document, refused: Mapping[str, Finding]) -> dict[str, Finding]:
    """Map the schemas that only what is over a budget leads to, to the finding to blame.

    A union of 2,000 schemas is refused before 2,000 classes are made.
    """
    over = [pointer for pointer, finding in refused.items() if finding.code in _OVER_BUDGET]
    schemas = {
        pointer for pointer in _candidate_parts(document) if pointer.startswith(f"{SCHEMAS}/")
    }
    below_them = _led_to(document, over) & schemas - refused.keys()
    if not below_them:
        return {}

    kept = {"/components/pathItems", "/components/callbacks"}
    kept.update(pointer for pointer in _candidate_parts(document) if pointer not in refused)
    kept = _led_to(document, kept - below_them)
    return dict.fromkeys(sorted(below_them - kept), refused[over[0]])


def _led_to(document: Document, starts: Iterable[str]) -> set[str]:
    """The places that others refer to, directly or through more references, with the others."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        try:
            node = document.value_at(waiting.pop())
        except KeyError:
            continue
        for target in (*references_in(node), *mapped_in(node)):
            component = component_of(target)
            if component not in found:
                found.add(component)
                waiting.append(component)
    return found


def without(document: Document, unusable: Mapping[str, Finding]) -> Document:
    """Return the contract without its unusable parts and without references to them."""
    if not unusable:
        return document

    data = dict(document.data)

    for pointer in unusable:
        *path, last = split(pointer)
        holder = data
        for part in path:
            holder[part] = dict(holder[part])
            holder = holder[part]
        del holder[last]

    for section in _OF_PATH_ITEMS:
        emptied = {path for field, path, *_ in map(split, unusable) if field == section}
        items = as_object(data.get(section))
        empty = {path for path in emptied if not any(operations_in(items.get(path), ""))}
        if empty:
            data[section] = {path: item for path, item in items.items() if path not in empty}
    return document.with_data(data, {})


def _candidate_parts(document: Document) -> Iterator[str]:
    for section in _OF_PATH_ITEMS:
        for path, item in as_object(document.data.get(section)).items():
            pointer = below("", section, path)
            places = [operation_pointer for _, operation_pointer, _ in operations_in(item, pointer)]
            yield from places or [pointer]

    schemas = as_object(as_object(document.data.get("components")).get("schemas"))
    yield from (below("/components/schemas", name) for name in schemas)


class _Blame:
    """Finds what is wrong in what a part refers to; each part of the contract is entered once.

    `to_written` gives, for a pointer into the document, the one that `wrong` may have.
    """

    def __init__(
        self, document: Document, wrong: Mapping[str, Finding], to_written: Callable[[str], str]
    ) -> None:
        self._document, self._wrong, self._to_written = document, wrong, to_written
        self._known: dict[str, Finding | None] = {}

    def find(self, start: str) -> Finding | None:
        """The first finding at `start`, above it in its path item, or in what it refers to."""
        waiting = [start]
        if start.startswith(_PATH_ITEMS):
            item = "/".join(start.split("/")[:3])
            item_written = self._to_written(item)
            if (
                error := self._wrong.get(item_written)
                or self._wrong.get(below(item_written, "$ref"))
                or self._fault_inside(below(item, "parameters"))
            ):
                return error
            waiting.append(below(item, "parameters"))

        came_from: dict[str, str] = dict.fromkeys(waiting, "")
        while waiting:
            pointer = waiting.pop()
            earlier = self._known.get(pointer)
            if error := earlier or self._fault_inside(pointer):
                while pointer:
                    self._known[pointer] = error
                    pointer = came_from[pointer]
                return error
            if pointer in self._known:
                continue

            try:
                targets = list(references_in(self._document.value_at(pointer)))
            except KeyError:
                continue
            for target in targets:
                if target not in came_from:
                    came_from[target] = pointer
                    waiting.append(target)

        # None of these leads to a fault, so whatever leads to them need not look again.
        self._known.update(dict.fromkeys(came_from))
        return None

    def _fault_inside(self, pointer: str) -> Finding | None:
        inside = f"{self._to_written(pointer)}/"
        for wrong_pointer, finding in self._wrong.items():
            if f"{wrong_pointer}/".startswith(inside):
                return finding
        return None

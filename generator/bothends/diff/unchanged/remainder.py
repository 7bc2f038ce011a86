"""Leave out what two contracts say in the same words, before anything costly is done with it.

Worked example. The new contract changes `Tide`, and this is all:

    /tides      refers to Tide          kept, because what it refers to differs
    /harbours   refers to Harbour       left out of both contracts, and so is Harbour

Two versions of a large contract differ in a few places of a thousand. Repairing, normalising and
naming the rest costs twenty times as much as reading it. What is left out is equal text that leads
to equal text, so both contracts mean the same by it, whatever that is.

Of an operation that is the same in both and leads to a change, the sides that lead to none are left
out, too: see `sides`.

Parts are path items, webhooks and components: what a reference may lead to. Where a contract has
identifiers or anchors, which are not found by their pointer, or references that lead to another
place than a part, nothing is left out. A reference to nothing counts as one to each part of its
name, because repairs may read it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from bothends.diff.operation.taken_paths import Templates
from bothends.diff.unchanged.namesakes import namesakes
from bothends.diff.unchanged.parts import DEPTHS, PATHS, Parts, PartText, parts_of
from bothends.diff.unchanged.same_meaning import is_foreign, is_same_value
from bothends.diff.unchanged.sides import changed_sides, moved_parameters
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.reference import SCHEMAS
from bothends.openapi.walk import operations

_COMPARED_WHOLE: Final = frozenset({"externalDocs", "info", "servers", "tags"})
"""Fields of the root that may differ without another meaning of any operation.

The servers of the root are compared by themselves.
"""

_SCHEMES: Final = "/components/securitySchemes"


def without_unchanged(old: Document, new: Document) -> tuple[Document, Document] | None:
    """Leave out of both contracts the path items that are the same in both, and what only they use.

    Args:
        old: A contract as it was read, of any version.
        new: The other one.

    Returns:
        Both with what differs, and all that this refers to. The contracts themselves where no part
        can be told to be the same; None where nothing but words differs.
    """
    if _root(old.data) != _root(new.data) or _has_misplaced(old.data) or _has_misplaced(new.data):
        return old, new

    parts = dict(parts_of(old.data)), dict(parts_of(new.data))
    has_same_servers = old.data.get("servers") == new.data.get("servers")
    has_same_extensions = is_same_value(_extensions(old.data), _extensions(new.data))
    if has_same_servers and has_same_extensions and _is_same(*parts):
        return None

    seen: dict[int, PartText] = {}
    before, after = Parts(old.data, parts[0], seen), Parts(new.data, parts[1], seen)
    if before.lead_elsewhere or after.lead_elsewhere:
        return old, new

    changed = {
        pointer
        for pointer in parts[0].keys() | parts[1].keys()
        if not before.has_same_meaning(pointer, after)
    }
    if has_same_servers and not changed:
        return None

    # A class that gets another name changes whatever refers to it.
    changed |= namesakes(parts, changed)
    # What is in one contract alone has its users there, and leads to parts that are in both: a
    # class that a removed path used is not gone while another path uses it.
    affected = before.users_of(changed) | after.users_of(changed)
    affected |= _users_of_schemes(old.data, changed)
    whole = changed | _taken_from(old.data, changed)
    affected |= whole
    sides = {
        pointer: changed_sides(before.parts[pointer], before.leads_to(affected))
        | changed_sides(after.parts[pointer], after.leads_to(affected))
        for pointer in affected - whole
        if pointer.startswith(PATHS)
    }
    affected |= _other_users(before, after, affected)
    before, after = before.with_sides(sides, seen), after.with_sides(sides, seen)
    used = before.used_by(affected) | after.used_by(affected)
    return _reduced(old, before, used, sides), _reduced(new, after, used, sides)


def _other_users(before: Parts, after: Parts, affected: set[str]) -> set[str]:
    """A path for each response that what is affected uses in one of the contracts alone.

    Its class is there as long as any operation has the response. So it is with the classes inside
    other parts of operations; that of a schema needs no user.
    """
    unchanged = {path for path in before.parts.keys() - affected if path.startswith(PATHS)}
    found: set[str] = set()
    for pointer in before.used_by(affected) ^ after.used_by(affected):
        if not pointer.startswith((SCHEMAS, *PATHS)):
            found.update(after.paths_with(pointer, unchanged)[:1])
    return found


def _users_of_schemes(data: dict[str, Any], changed: Iterable[str]) -> set[str]:
    """A path for each changed scheme of security that asks for it: they are used by their names."""
    names = {split(pointer)[-1] for pointer in changed if parent(pointer) == _SCHEMES}
    found: dict[str, str] = {}
    for pointer, _, _, operation in operations(data) if names else ():
        asked = as_array(operation.get("security", data.get("security")))
        for name in names.intersection(chain.from_iterable(map(as_object, asked))):
            found.setdefault(name, parent(pointer))

    return set(found.values())


def _taken_from(old: dict[str, Any], changed: Iterable[str]) -> set[str]:
    """The paths of a contract that a new one takes requests from, being more concrete."""
    paths = as_object(old.get("paths"))
    templates = Templates(paths)
    found: set[str] = set()
    for pointer in changed:
        path = split(pointer)[-1]
        if parent(pointer) == "/paths" and path not in paths:
            found.update(templates.less_concrete(path))

    return {below("/paths", template) for template in found}


def _root(data: Mapping[str, Any]) -> str:
    """What holds for every operation, as text: `1` and `true` are equal in Python."""
    root_fields: dict[str, Any] = {}
    for field, value in data.items():
        # Some tools keep a copy of the contract in an extension.
        if field not in DEPTHS and field not in _COMPARED_WHOLE and not is_foreign(field):
            root_fields[field] = value

    return json.dumps(root_fields, sort_keys=True)


def _extensions(data: Mapping[str, Any]) -> dict[str, Any]:
    """The foreign ones of the root: they mean nothing by themselves.

    A reference may lead into one.
    """
    found: dict[str, Any] = {}
    for field, value in data.items():
        if is_foreign(field):
            found[field] = value
    return found


def _has_misplaced(data: Mapping[str, Any]) -> bool:
    """Whether something stands below the paths that is none: repairs read `components` there."""
    paths = as_object(data.get("paths"))
    return not all(path.startswith(("/", "x-")) for path in paths)


def _is_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the parts of two contracts are the same, word for word."""
    if old.keys() != new.keys():
        return False
    # One object where the text was the same: see `RepeatedParts`.
    return all(is_same_value(part, new[pointer]) for pointer, part in old.items())


def _reduced(
    document: Document, parts: Parts, used_pointers: set[str], shortened: Iterable[str]
) -> Document:
    """The contract with these parts alone."""
    data = {field: value for field, value in document.data.items() if not is_foreign(field)}
    for field, depth in DEPTHS.items():
        if not is_object(data.get(field)):
            continue
        if depth == 1:
            data[field] = _used_of(data[field], below("", field), parts.parts, used_pointers)
            continue

        data[field] = {
            section: _used_of(holder, below("", field, section), parts.parts, used_pointers)
            for section, holder in data[field].items()
        }

    moved: dict[str, str] = {}
    for pointer in shortened:
        written = document.value_at(pointer)
        moved |= moved_parameters(pointer, written, parts.parts[pointer])
    return document.with_data(data, moved)


def _used_of(holder: Any, pointer: str, parts: Mapping[str, Any], pointers: set[str]) -> Any:
    # Schemes are used by their names, not by references.
    if not is_object(holder) or pointer == _SCHEMES:
        return holder
    pointers_of = {name: below(pointer, name) for name in holder}
    return {name: parts[part] for name, part in pointers_of.items() if part in pointers}

"""Pointers inside one file of a contract: the next reference on the way, anchors, values.

Example: `tides.yaml` is `{get: {$ref: 'get.yaml'}}`. The pointer `/get/responses/200` leads through
a reference, so the way goes on in another file:

    next_reference(file, "/get/responses/200", is_root=False)
    → ("get.yaml", "/responses/200")
"""

from __future__ import annotations

from typing import Any

from bothends.load.bundle.linked_files import LinkedFile, LinkedFiles, ReferenceFault
from bothends.openapi.json_value import is_array, is_object, member
from bothends.openapi.pointer import below, join, split
from bothends.openapi.reference import reference_of


def next_reference(file: LinkedFile, pointer: str, *, is_root: bool) -> tuple[str, str] | None:
    """Return the reference at a pointer or on the way to it, and the rest of the way.

    Returns:
        None if the pointer leads to something that is no reference.

    Raises:
        ReferenceFault: The file has nothing at the pointer.
    """
    node: Any = file.data
    parts = split(pointer)
    for index, part in enumerate(parts):
        # In 3.1 keywords may stand beside `$ref`, and a pointer may lead to them.
        if (reference := reference_of(node)) is not None and part not in node:
            return reference, join(*parts[index:])
        try:
            node = member(node, part)
        except KeyError:
            if is_root:
                # `check` says what is missing in the root.
                return None
            raise ReferenceFault(f"{file.display_path} has nothing at #{pointer}.") from None

    reference = reference_of(node)
    if reference is None or set(node) != {"$ref"} or (is_root and reference.startswith("#")):
        return None
    # A component of the root keeps its own name, also where it is no more than a reference.
    return None if is_root and pointer.startswith("/components/") else (reference, "")


def locate(files: LinkedFiles, reference: str, within: LinkedFile) -> tuple[LinkedFile, str]:
    """Follow a reference, and those that are on its way or at its end, to what is none.

    Returns:
        The file, and the pointer in it.

    Raises:
        ReferenceFault: It leads nowhere, or in a ring.
    """
    file, pointer = files.find(reference, within)
    seen = {(file.path, pointer)}
    while True:
        if pointer and not pointer.startswith("/"):
            pointer = _anchor_pointer(file, pointer)
        onward = next_reference(file, pointer, is_root=file is files.root)
        if onward is None:
            return file, pointer

        reference, remainder = onward
        file, pointer = files.find(reference, file)
        pointer += remainder
        if (file.path, pointer) in seen:
            raise ReferenceFault(f"{reference} refers, by way of others, to itself.")
        seen.add((file.path, pointer))


def _anchor_pointer(file: LinkedFile, name: str) -> str:
    """The pointer of the schema with this `$anchor` (JSON Schema 2020-12 §8.2.2)."""
    stack: list[tuple[Any, str]] = [(file.data, "")]
    while stack:
        node, pointer = stack.pop()
        if is_object(node):
            if name in (node.get("$anchor"), node.get("$dynamicAnchor")):
                return pointer
            stack.extend((item, below(pointer, key)) for key, item in node.items())
        elif is_array(node):
            stack.extend((item, below(pointer, index)) for index, item in enumerate(node))

    raise ReferenceFault(f"{file.display_path} has no anchor {name}.")


def value_at(data: Any, pointer: str) -> Any:
    """Return the value at a pointer of a file; KeyError if there is none."""
    for part in split(pointer):
        data = member(data, part)
    return data

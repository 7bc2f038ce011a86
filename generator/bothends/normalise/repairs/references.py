"""References that lead to nothing, or to what is not read: any value is allowed in their place.

Contracts that are cut out of a large repository refer to parameters and error responses of files
that did not come along; their operations are there without. What refers to a path item or an
operation outside of the contract is left as it is: nothing would remain of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bothends.nearest import nearest
from bothends.normalise.repairs.edit import Edit, Left
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, join, parent, split
from bothends.openapi.reference import AROUND, local_pointer, reference_of
from bothends.runtime.article import with_article

_ANYTHING: Final[dict[str, Any]] = {"*/*": {"schema": {}}}
# What is read in place of a reference to nothing, by the kind of object that is needed; others are
# left out.
_INSTEAD: Final[dict[str, Any]] = {
    "schema": {},
    "response": {"description": "Undocumented.", "content": _ANYTHING},
    "request body": {"content": _ANYTHING},
    "header": {"schema": {}},
    "path item": {},
}

# Parts of an operation, which is sent and answered without them as well.
_PARTS: Final = (*_INSTEAD.keys() - {"path item"}, "parameter", "example", "link", "callback")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_.-]+")
_WITHOUT_LIMITS: Final = frozenset(
    {"$ref", "summary", "description", "title", "example", "examples", "externalDocs", "default"}
    | {"deprecated", "nullable", "readOnly", "writeOnly", "xml"}
)
"""What may stand beside a reference unsaid; of `nullable`, a rule says it."""
_UNREAD: Final = "This refers to another document: {}."
_BUNDLE: Final = "References are followed inside the contract's folder; save the document there."

_SECTIONS: Final = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "request body": "requestBodies",
    "header": "headers",
    "example": "examples",
    "link": "links",
}


def repair_references(contract: Contract) -> Iterator[Edit]:
    """Find references to nothing, and references that lead only from one to the next."""
    anchors = {
        f"#{node.value['$anchor']}" for node in contract.nodes("schema") if "$anchor" in node.value
    }
    ending = set[str]()
    for node in contract.nodes("reference"):
        if not node.pointer:  # The structure says that the root is none.
            continue
        yield from _siblings(contract, node)
        reference = node.value["$ref"]
        if reference in anchors:
            continue
        # Without the spaces or typographic quotes around it, it may lead somewhere.
        plain = reference.strip(AROUND)
        if plain != reference and plain[:2] == "#/" and _exists(contract, local_pointer(plain)):
            message = f"{shorten(reference)} is read as {plain}."
            yield Edit("reference", below(node.pointer, "$ref"), message, plain)
            continue
        if not reference.startswith("#"):
            yield from _outside(contract, node)
            continue
        if intended := _intended(contract, node):
            message = f"{reference} is read as {intended}."
            yield Edit("reference", below(node.pointer, "$ref"), message, intended)
        elif not _leads_somewhere(contract, node, ending):
            yield _edit(contract, node)


def _outside(contract: Contract, node: Node) -> Iterator[Edit]:
    """A reference to another document that was not read, or the bare key of a component."""
    reference, kind = node.value["$ref"], contract.kind_needed_at(node.pointer)
    pointer = reference if reference.startswith("/") else ""
    if _BARE_KEY.fullmatch(reference) and kind in _SECTIONS:
        pointer = below("/components", _SECTIONS[kind], reference)
    if pointer and _exists(contract, pointer):
        message = f"{reference} is read as #{pointer}."
        yield Edit("reference", below(node.pointer, "$ref"), message, f"#{pointer}")
        return

    if kind not in _PARTS:
        return
    message, hint = contract.document.unread.get(node.pointer, (_UNREAD.format(reference), _BUNDLE))
    reading = _reading(kind)
    beside = {key: value for key, value in node.value.items() if key != "$ref"}
    yield Edit(
        "reference",
        node.pointer,
        f"{message.rstrip('.')}; {reading}.",
        {**_INSTEAD[kind], **beside} if kind in _INSTEAD else Left.OUT,
        source=below(node.pointer, "$ref"),
        is_loss=True,
        code="dangling-reference",
        hint=hint,
    )


def _siblings(contract: Contract, node: Node) -> Iterator[Edit]:
    """What limits something beside a reference, and is ignored (OpenAPI 3.1 §4.8.23.1)."""
    kind = contract.kind_needed_at(node.pointer)
    if kind not in _PARTS or (kind == "schema" and not contract.is_v3_0):
        return

    for name in node.value:
        if name in _WITHOUT_LIMITS or name.startswith("x-"):
            continue
        hint = "Write it in what the reference leads to, or write that out here."
        if kind == "schema":
            hint = f"Write `allOf: [{{$ref: …}}]` in place of `$ref`, and {name} beside it."
        message = f'"{name}" beside `$ref` is ignored.'
        pointer = below(node.pointer, name)
        code = "reference-siblings"
        yield Edit("reference", pointer, message, code=code, hint=hint, at_key=True)


def _intended(contract: Contract, node: Node) -> str:
    """Return the component that a dangling `#/definitions/Tide` or `#Tide` names, or ""."""
    target = local_pointer(node.value["$ref"])
    section = _SECTIONS.get(contract.kind_needed_at(node.pointer))
    if section is None or not target or _exists(contract, target):
        return ""
    pointer = below("/components", section, (split(target)[-1:] or [target])[0])
    return f"#{pointer}" if _exists(contract, pointer) and pointer != target else ""


def _leads_somewhere(contract: Contract, node: Node, ending: set[str]) -> bool:
    target = local_pointer(node.value["$ref"])
    if target and not target.startswith("/"):
        return False
    try:
        value = contract.document.value_at(target)
    except KeyError:
        return False

    if not isinstance(value, dict | bool) or _other_kind(contract, node, target):
        return False
    return not (set(node.value) == {"$ref"} and _is_circle(contract, node.pointer, target, ending))


def _is_circle(contract: Contract, start: str, target: str, ending: set[str]) -> bool:
    """Whether bare references lead from one to the next and back.

    A schema may well contain itself. `ending` collects what is known to be in no circle, so that
    a chain of references is followed once, and not from each of its links.
    """
    seen = set[str]()
    while target not in seen:
        if target == start:
            return True
        if target in ending:
            break
        seen.add(target)
        try:
            value = contract.document.value_at(target)
        except KeyError:
            break
        reference = reference_of(value)
        if reference is None or set(value) != {"$ref"}:
            break
        target = local_pointer(reference)
    else:
        return False

    ending |= seen
    return False


def _other_kind(contract: Contract, node: Node, target: str) -> str:
    """The kind of the object at the end of a reference, if another is needed there; else ""."""
    needed = contract.kind_needed_at(node.pointer)
    if needed not in _SECTIONS:
        return ""
    kind = contract.kinds.get(target, needed)
    return "" if kind in (needed, "reference") else kind


def _reading(kind: str) -> str:
    is_value = kind in _INSTEAD and kind != "path item"
    return "any value is allowed here" if is_value else "it is left out"


def _edit(contract: Contract, node: Node) -> Edit:
    kind = contract.kind_needed_at(node.pointer)
    reference: str = node.value["$ref"]
    target = local_pointer(reference)
    found = contract.document.value_at(target) if _exists(contract, target) else None
    reading = _reading(kind)
    other_kind = _other_kind(contract, node, target)
    if found is not None and (other_kind or not isinstance(found, dict | bool)):
        noun = other_kind or "plain value"
        message = (
            f"{reference} leads to {with_article(noun)}, not to {with_article(kind)}; {reading}."
        )
        section = _SECTIONS.get(kind)
        hint = f"Refer to a {kind}: #/components/{section}/NAME." if section else ""
    elif found is not None:
        is_alone = target == node.pointer
        way = "" if is_alone else ", by way of others,"
        message = f"{reference} refers{way} to itself; {reading}."
        hint = f"Let {'it' if is_alone else 'one of them'} say what it is."
    else:
        message = f"Nothing is at {reference}; {reading}."
        hint = _suggest(contract, target)

    # A description beside the broken reference still describes the place.
    beside = {key: value for key, value in node.value.items() if key != "$ref"}
    value: Any = {**_INSTEAD[kind], **beside} if kind in _INSTEAD else Left.OUT
    return Edit(
        "reference",
        node.pointer,
        message,
        value,
        source=below(node.pointer, "$ref"),
        is_loss=True,
        code="dangling-reference",
        hint=hint,
    )


def _exists(contract: Contract, pointer: str) -> bool:
    if pointer and not pointer.startswith("/"):  # an anchor, and not a pointer to the root
        return False
    try:
        contract.document.value_at(pointer)
    except KeyError:
        return False
    return True


def _suggest(contract: Contract, target: str) -> str:
    """The closest name among the neighbours of what is missing."""
    holder = parent(target) if target.startswith("/") else ""
    if not holder or not _exists(contract, holder):
        return "References look like #/components/schemas/Name."

    neighbours = as_object(contract.document.value_at(holder))
    expected = "".join(split(target)[-1:])
    near = nearest(expected, neighbours)
    return f"Did you mean #{holder}{join(near)}?" if near else ""

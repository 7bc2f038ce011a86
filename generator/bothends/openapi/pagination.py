"""How the pages of an operation follow each other: `x-pagination`, or a link to itself.

A link tells which parameter takes which part of a page (OpenAPI 3.1 §4.8.20); `x-pagination` tells
the same, and the other ways that APIs have: counting items, counting pages, and `Link: <…>;
rel=next` (RFC 8288).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from bothends.openapi.contract import Contract, Operation
from bothends.openapi.json_value import as_array, as_object, types_of
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import local_pointer

EXTENSION = "x-pagination"
By = Literal["cursor", "offset", "page", "link"]
WAYS: Final[tuple[By, ...]] = ("cursor", "offset", "page", "link")


@dataclass(frozen=True, slots=True)
class Paging:
    """The paging at a pointer: `parameter` asks for a page, the others are expressions."""

    pointer: str
    by: By
    parameter: str = ""
    cursor: str = ""
    items: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: its schema, resolved, and whether each page has it."""

    schema: dict[str, Any]
    pointer: str
    is_required: bool


def find_paging(contract: Contract, operation: Operation) -> Paging | None:
    """What the contract states of an operation's pages, right or wrong.

    None where it states nothing.
    """
    declared = as_object(operation.value.get(EXTENSION))
    pointer, items = below(operation.pointer, EXTENSION), str(declared.get("items", ""))

    for by in WAYS:
        if by in declared:
            if by == "cursor":
                parameter = str(declared.get("parameter", ""))
                return Paging(pointer, by, parameter, str(declared["cursor"]), items)
            # A link is followed as it is (RFC 8288), so no parameter asks for the page.
            parameter = str(declared[by]) if by != "link" else ""
            return Paging(pointer, by, parameter, "", items)

    for link, link_at in _own_links(contract, operation):
        parameters = as_object(link.get("parameters"))
        from_reply = [name for name in parameters if str(parameters[name]).startswith("$response.")]
        changed = {name: parameters[name] for name in from_reply}
        # Where two parameters change, nothing says which of them is the cursor.
        if len(changed) == 1:
            ((parameter, cursor),) = changed.items()
            return Paging(
                below(link_at, "parameters", parameter), "cursor", parameter, str(cursor), items
            )

    return None


def page_parameter(
    contract: Contract, operation: Operation, name: str
) -> tuple[dict[str, Any], str] | None:
    """The parameter that a key of a link names: `after` or `query.after`."""
    location, _, own = name.partition(".")
    for parameter, pointer in contract.parameters(operation):
        if parameter.get("name") == name or (parameter.get("in"), parameter.get("name")) == (
            location,
            own,
        ):
            return parameter, pointer
    return None


def page_items(contract: Contract, operation: Operation, pointer: str) -> Part | None:
    """The array of items in a page: the one at the pointer, else the page itself, else its only array."""
    if pointer:
        found = find_part(contract, operation, pointer)
        return found if found is not None and is_list(found.schema) else None

    page = find_part(contract, operation, "$response.body")
    if page is None or is_list(page.schema):
        return page

    holders = _holders(contract, page.schema, "")
    names = dict.fromkeys(
        name for holder, _ in holders for name in as_object(holder.get("properties"))
    )
    parts = [_step(contract, page, name) for name in names]
    lists = [part for part in parts if part and is_list(part.schema)]
    # Two arrays in a page leave open which has the items, and a guess yields the wrong ones.
    return next(iter(lists)) if len(lists) == 1 else None


def find_part(contract: Contract, operation: Operation, expression: str) -> Part | None:
    """The part of a success that an expression speaks of (OpenAPI 3.1 §4.8.20.4)."""
    reply, pointer = _success(contract, operation)
    if expression.startswith("$response.header."):
        return _header(contract, reply, pointer, expression.removeprefix("$response.header."))

    for media_type, media in as_object(reply.get("content")).items():
        # An expression points into a body by JSON Pointer (OpenAPI 3.1 §4.8.20.4).
        if "json" not in media_type:
            continue

        schema, where = contract.resolve(
            as_object(media).get("schema"), below(pointer, "content", media_type, "schema")
        )
        found: Part | None = Part(schema, where, is_required=True)
        for name in split(expression.partition("#")[2]):
            found = _step(contract, found, name) if found is not None else None

        return found

    return None


def is_list(schema: dict[str, Any]) -> bool:
    """Whether a schema is that of an array."""
    return "array" in types_of(schema)


def _own_links(contract: Contract, operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
    reply, pointer = _success(contract, operation)
    for name, declared in as_object(reply.get("links")).items():
        link, link_at = contract.resolve(declared, below(pointer, "links", name))
        own = operation.value.get("operationId")
        is_named = own is not None and link.get("operationId") == own
        if is_named or local_pointer(str(link.get("operationRef", ""))) == operation.pointer:
            yield link, link_at


def _success(contract: Contract, operation: Operation) -> tuple[dict[str, Any], str]:
    replies = as_object(operation.value.get("responses"))
    status = next((status for status in replies if status.startswith("2")), "")
    pointer = below(operation.pointer, "responses", status)
    return contract.resolve(replies.get(status), pointer)


def _header(contract: Contract, reply: dict[str, Any], pointer: str, name: str) -> Part | None:
    for declared, value in as_object(reply.get("headers")).items():
        # Names of fields are the same in capitals and in small letters (RFC 9110 §5.1).
        if declared.lower() == name.lower():
            header, current = contract.resolve(value, below(pointer, "headers", declared))
            schema, where = contract.resolve(header.get("schema"), below(current, "schema"))
            return Part(schema, where, is_required=header.get("required") is True)
    return None


def _step(contract: Contract, part: Part, name: str) -> Part | None:
    for schema, pointer in _holders(contract, part.schema, part.pointer):
        if name in as_object(schema.get("properties")):
            written = schema["properties"][name]
            found, where = contract.resolve(written, below(pointer, "properties", name))
            holders = [holder for holder, _ in _holders(contract, part.schema, "")]
            is_required = any(name in as_array(holder.get("required")) for holder in holders)
            return Part(found, where, part.is_required and is_required)
    return None


def _holders(
    contract: Contract, schema: dict[str, Any], pointer: str
) -> list[tuple[dict[str, Any], str]]:
    """A schema, and those that it is composed of."""
    parts = [(schema, pointer)]
    for index, declared in enumerate(as_array(schema.get("allOf"))):
        found, where = contract.resolve(declared, below(pointer, "allOf", index))
        parts += _holders(contract, found, where)
    return parts

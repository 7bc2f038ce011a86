"""How far an error of a contract reaches: what does not depend on the wrong part can be generated all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bothends.check.grammar import METHODS
from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.load.json_value import as_object, is_array, is_object
from bothends.load.pointer import below, split

_SPOILS_NOTHING: Final = {"example-invalid", "default-invalid", "operation-id-repeated"}
"""Wrong, and the contract should be repaired; what is generated does not depend on it."""

_SPOILS_ITS_USERS: Final = {
    "dangling-reference",
    "external-reference",
    "illegal-openapi",
    "path-parameter",
    "pattern-invalid",
}
"""What is written here cannot be generated, and nothing that refers to it."""

_ONLY_TOLD: Final = {"info", "tags", "externalDocs"}
"""Fields of the root that no code depends on."""


def is_narrow(error: Finding) -> bool:
    """Whether anything can be generated in spite of the error."""
    if error.code in _SPOILS_NOTHING:
        return True
    parts = split(error.place.pointer) if error.place else []
    return (
        error.code in _SPOILS_ITS_USERS
        and bool(parts)
        and (parts[0] in _ONLY_TOLD or (parts[0] in ("paths", "components", "webhooks") and len(parts) > 1))
    )


def spoiled(document: Document, findings: Iterable[Finding]) -> Mapping[str, Finding]:
    """The operations and component schemas that cannot be generated, by pointer, each with the error to blame."""
    wrong = {
        finding.place.pointer: finding
        for finding in findings
        if finding.place and finding.severity is Severity.ERROR and finding.code in _SPOILS_ITS_USERS
    }
    if not wrong:
        return {}
    blamed: dict[str, Finding] = {}
    for pointer in _candidates(document):
        if error := _blame(document, pointer, wrong):
            blamed[pointer] = error
    return blamed


def _candidates(document: Document) -> Iterator[str]:
    for path, item in as_object(document.data.get("paths")).items():
        yield from (
            below("/paths", path, method)
            for method in METHODS
            if method in as_object(item) or "$ref" in as_object(item)
        )
    schemas = as_object(as_object(document.data.get("components")).get("schemas"))
    yield from (below("/components/schemas", name) for name in schemas)


def _blame(document: Document, start: str, wrong: Mapping[str, Finding]) -> Finding | None:
    """The first error at `start`, above it in its path item, or in anything that it refers to."""
    seen, waiting = set[str](), [start]
    if start.startswith("/paths/"):
        item = "/".join(start.split("/")[:3])
        if error := wrong.get(item) or wrong.get(below(item, "$ref")) or _inside(below(item, "parameters"), wrong):
            return error
        waiting.append(below(item, "parameters"))
    while waiting:
        pointer = waiting.pop()
        if pointer in seen:
            continue
        seen.add(pointer)
        if error := _inside(pointer, wrong):
            return error
        try:
            waiting.extend(_references(document.at(pointer)))
        except KeyError:
            continue
    return None


def _inside(pointer: str, wrong: Mapping[str, Finding]) -> Finding | None:
    return next((e for at, e in wrong.items() if at == pointer or at.startswith(f"{pointer}/")), None)


def _references(node: Any) -> Iterator[str]:
    stack = [node]
    while stack:
        node = stack.pop()
        if is_array(node):
            stack.extend(node)
        elif is_object(node):
            if isinstance(reference := node.get("$ref"), str) and reference.startswith("#/"):
                yield reference[1:]
            stack.extend(node.values())

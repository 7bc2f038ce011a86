"""The part of a contract that a package is made of, chosen by selectors.

    tag:repos                 operations with a tag
    path:/repos/{owner}/*     operations whose path matches, with * for any text
    path:GET /repos/{owner}   the one of a method
    method:get                operations of a method
    operation:repos/list-*    operations by operationId
    schema:Tide               `only`: the schema, with or without an operation that uses it;
                              `skip`: operations that lead to the schema

An operation is generated if a selector of `only` names it, or there is none of operations, and no
selector of `skip` does. Schemas that nothing generated leads to are left out.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape
from typing import Any, Final

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.load import Document
from bothends.openapi.discriminator import direct_heirs, discriminator_of
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import split
from bothends.openapi.reference import VARIANTS, local_pointer
from bothends.openapi.walk import operations

KINDS: Final = ("tag", "path", "method", "operation", "schema")
EVERYTHING: Final = "all"
_SCHEMAS: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Selected:
    """The chosen part of a contract, and the pointers of the operations that were left out."""

    document: Document
    left_out: frozenset[str]


def select(document: Document, only: Sequence[str], skip: Sequence[str]) -> Selected:
    """Return the part of a normalised contract that the selectors choose.

    Raises:
        ContractError: A selector is none, or names nothing in the contract.
    """
    if not only and not skip:
        return Selected(document, frozenset())

    contract = _Contract(document.data)
    if faults := [fault for text in (*only, *skip) if (fault := contract.fault(text))]:
        raise ContractError(faults)

    schemas = [text for text in only if text.startswith("schema:")]
    selected = set[str]()
    for pointer, words in contract.operations.items():
        if _is_chosen(words, only, skip) and not contract.leads_to(pointer, skip):
            selected.add(pointer)

    return Selected(
        document.with_data(contract.reduced(selected, schemas), {}),
        frozenset(contract.operations.keys() - selected),
    )


def selector_of(pointer: str) -> str:
    """The selector of one operation, and of no other, by its pointer."""
    _, path, method = split(pointer)
    return f"path:{method.upper()} {escape(path)}"


def is_selected(document: Document, pointer: str, only: Sequence[str], skip: Sequence[str]) -> bool:
    """Whether selectors choose an operation, by its pointer in a contract as written."""
    section, *parts = split(pointer)
    if section != "paths" or len(parts) != 2:
        return True
    path, method = parts
    return _is_chosen(_words_of(path, method, as_object(document.value_at(pointer))), only, skip)


def _is_chosen(
    words: Mapping[str, Sequence[str]], only: Sequence[str], skip: Sequence[str]
) -> bool:
    return (not only or _names_one(only, words)) and not _names_one(skip, words)


def _words_of(path: str, method: str, operation: dict[str, Any]) -> Mapping[str, Sequence[str]]:
    """What selectors may name an operation by."""
    return {
        "tag": [str(tag) for tag in as_array(operation.get("tags"))],
        "path": [path, f"{method.upper()} {path}"],
        # `get` is what the contract has, `GET` what people say.
        "method": [method.lower(), method.upper()],
        "operation": [str(operation["operationId"])] if "operationId" in operation else [],
    }


def _names_one(selectors: Sequence[str], words: Mapping[str, Sequence[str]]) -> bool:
    for selector in selectors:
        kind, _, pattern = selector.partition(":")
        # `fnmatch` ignores case on Windows, and names of a contract differ by case.
        if any(fnmatchcase(word, pattern) for word in words.get(kind, ())):
            return True
    return False


class _Contract:
    """A normalised contract: what selectors may name in it, and what its parts lead to."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._schemas = as_object(as_object(data.get("components")).get("schemas"))
        self._heirs = direct_heirs(self._schemas)
        self._nodes = {pointer: node for pointer, *_, node in operations(data)}
        self.operations: dict[str, Mapping[str, Sequence[str]]] = {}
        for pointer, path, method, node in operations(data):
            self.operations[pointer] = _words_of(path, method, node)

    def fault(self, selector: str) -> Finding | None:
        """Return what is wrong with a selector."""
        kind, colon, pattern = selector.partition(":")
        if not colon or kind not in KINDS:
            near = difflib.get_close_matches(kind, KINDS, n=1)
            hint = f"did you mean `{near[0]}:{pattern}`?" if near and colon else ""
            return _unknown(
                f"{selector!r} is no selector: it begins with {', '.join(KINDS)} and a colon", hint
            )

        words = self._words(kind)
        if any(fnmatchcase(word, pattern) for word in words):
            return None
        near = difflib.get_close_matches(pattern, words, n=1, cutoff=0.5)
        return _unknown(
            f"the contract has no {kind} {pattern!r}",
            f"did you mean `{kind}:{near[0]}`?" if near else "",
        )

    def leads_to(self, pointer: str, selectors: Sequence[str]) -> bool:
        """Whether an operation leads to a schema that a selector names."""
        patterns = [text.partition(":")[2] for text in selectors if text.startswith("schema:")]
        if not patterns:
            return False
        reached = self._reached([self._nodes[pointer]])
        return any(fnmatchcase(name, pattern) for name in reached for pattern in patterns)

    def reduced(self, pointers: set[str], schemas: Sequence[str]) -> dict[str, Any]:
        """Return the contract with these operations, and the schemas that they and `schemas` use."""
        left_out = self._nodes.keys() - pointers
        paths: dict[str, Any] = {}
        for path, item in as_object(self._data.get("paths")).items():
            gone = {split(p)[2] for p in left_out if split(p)[1] == path}
            has_operations = any(split(p)[1] == path for p in pointers)
            if has_operations:
                paths[path] = {key: value for key, value in item.items() if key not in gone}

        roots: list[Any] = list(paths.values())
        roots += [{"$ref": _SCHEMAS + name} for name in self._schemas if _is_named(name, schemas)]
        reached = self._reached(roots)
        components = dict(as_object(self._data.get("components")))
        components.setdefault("schemas", {})
        for section in ("schemas", VARIANTS):
            items = as_object(components.get(section)).items()
            if section in components:
                components[section] = {name: value for name, value in items if name in reached}
        return {**self._data, "paths": paths, "components": components}

    def _words(self, kind: str) -> list[str]:
        if kind == "schema":
            return list(self._schemas)
        found = (word for words in self.operations.values() for word in words[kind])
        return list(dict.fromkeys(found))

    def _reached(self, roots: Sequence[Any]) -> set[str]:
        found, waiting = set[str](), list(roots)
        while waiting:
            for name in _references(waiting.pop()):
                if name in self._schemas and name not in found:
                    found.add(name)
                    waiting += [self._schemas[name], *self._members(name)]
        return found

    def _members(self, name: str) -> list[Any]:
        """The schemas that a discriminator chooses among, which nothing else may refer to."""
        discriminator = discriminator_of(self._schemas[name])
        if not discriminator:
            return []

        mapped = [str(value) for value in as_object(discriminator.get("mapping")).values()]
        targets = [value if "/" in value else _SCHEMAS + value for value in mapped]
        targets += [_SCHEMAS + heir for heir in self._heirs.get(name, ())]
        return [{"$ref": target} for target in targets]


def _is_named(name: str, selectors: Sequence[str]) -> bool:
    return any(fnmatchcase(name, selector.partition(":")[2]) for selector in selectors)


def _references(root: Any) -> Iterator[str]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if is_object(node):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(_SCHEMAS):
                yield split(local_pointer(reference))[2]
            waiting += node.values()
        elif is_array(node):
            waiting += node


def _unknown(message: str, hint: str) -> Finding:
    return Finding("selector-unknown", Severity.ERROR, message, hint=hint)

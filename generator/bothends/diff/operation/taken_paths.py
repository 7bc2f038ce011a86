"""Requests that a new, more concrete path takes from a templated one (OpenAPI 3.1 §4.8.8.2).

Worked example. `GET /users/{id}` answers a request for `/users/me` as well, if "me" may be an id.
Once there is a path `/users/me`, its own operations answer: another one if it has GET, none if not.
It is a note, as a changed default is: the words of new paths are hardly ever the ids of old things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bothends.diff.change import Change, Direction, Effect, Verdict
from bothends.diff.operation.pairing import Found, without_names
from bothends.diff.operation.parameters import parameters_by_key, style_of
from bothends.diff.schema.wire_text import readings
from bothends.load import Document
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.runtime.schema.contract import Contract

_END: Final = "/"
"""The key of the paths that end at a node: no segment has a slash."""


class Templates:
    """The paths of a contract by their segments: thousands meet thousands of new ones."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        for path in paths:
            node = self._root
            for segment in path.split("/"):
                node = node.setdefault(without_names(segment), {})
            node.setdefault(_END, []).append(path)

    def less_concrete(self, path: str) -> list[str]:
        """The paths that have parameters where this one has texts."""
        nodes = [self._root]
        for segment in path.split("/"):
            keys = [without_names(segment)]
            if "{" not in segment:
                keys.append("{}")
            nodes = [node[key] for node in nodes for key in keys if key in node]

        templates = [template for node in nodes for template in node.get(_END, ())]
        return [template for template in templates if texts_of_parameters(template, path)]


def texts_of_parameters(template: str, path: str) -> dict[int, str]:
    """What a more concrete path has for parameters, by segment; empty for any other path."""
    segments, literals = template.split("/"), path.split("/")
    if len(segments) != len(literals):
        return {}

    texts: dict[int, str] = {}
    for index, (segment, literal) in enumerate(zip(segments, literals, strict=True)):
        if without_names(segment) == without_names(literal):
            continue
        if without_names(segment) != "{}" or "{" in literal:
            return {}
        texts[index] = literal

    return texts


def compare_taken_paths(
    old: Document, new: Document, pairs: list[tuple[Found | None, Found | None]]
) -> Iterator[Change]:
    """Find the requests of operations that both contracts have, and a new path takes."""
    old_shapes = {without_names(path) for path in as_object(old.data.get("paths"))}
    added = [
        path for path in as_object(new.data.get("paths")) if without_names(path) not in old_shapes
    ]
    if not added:
        return

    templates = Templates(as_object(old.data.get("paths")))
    takers = defaultdict[str, list[str]](list)
    for path in added:
        for template in templates.less_concrete(path):
            takers[template].append(path)

    contract = Contract(old.data)
    for before, after in pairs:
        if before is None or after is None or before.is_sent_by_vendor:
            continue
        template = before.subject.partition(" ")[2]
        for path in takers.get(template, ()):
            texts = texts_of_parameters(template, path)
            if _are_allowed(old, contract, before, texts):
                yield _path_taken((old, new), before, after, path)


def _path_taken(
    documents: tuple[Document, Document], before: Found, after: Found, path: str
) -> Change:
    old, new = documents
    method = before.subject.partition(" ")[0]
    pointer = below("/paths", path)
    is_answered = method.lower() in as_object(new.value_at(pointer))
    request = f"{method} {path}"
    message = f"`{path}` is a path of its own now"
    return Change(
        "operation-path-taken",
        (after.subject,),
        f"{message}: {request} is {'another operation' if is_answered else 'refused'}",
        Direction.REQUEST,
        Effect.NONE if is_answered else Effect.NARROWS,
        Verdict.NOTE,
        old.location_of(before.pointer),
        new.location_of(pointer),
    )


def _are_allowed(
    document: Document, contract: Contract, found: Found, texts: dict[int, str]
) -> bool:
    """Whether the parameters of an operation may have these texts."""
    operation = document.value_at(found.pointer)
    segments = found.subject.partition(" ")[2].split("/")
    by_name = {
        parameter["name"]: (pointer, parameter)
        for pointer, parameter in parameters_by_key(operation, found.pointer).values()
        if parameter["in"] == "path"
    }
    for index, text in texts.items():
        pointer, parameter = by_name.get(segments[index][1:-1], ("", {}))
        if "schema" not in parameter or not style_of(parameter).startswith("simple"):
            return False
        schema = below(found.pointer + pointer, "schema")
        if not any(contract.accepts(schema, value) for value in readings(text)):
            return False

    return True

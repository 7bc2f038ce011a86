"""Extensions with a name of ours: `x-pagination` may be another tool's and is checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from bothends.diagnostics import Severity
from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import explain
from bothends.openapi.extensions import UNMISTAKABLE, extension_schemas
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem
from bothends.runtime.article import with_article


def repair_extensions(contract: Contract) -> Iterator[Edit]:
    """Leave out what has the name of an extension of ours and another shape or place.

    Read the long spelling.
    """
    schemas = extension_schemas()
    long_names = {UNMISTAKABLE + name.removeprefix("x-"): name for name in schemas}
    for node in contract.all_nodes():
        for key in node.value:
            name = long_names.get(key, key)
            if key[:2] == "x-" and name in schemas:
                yield from _read(node, key, name, schemas[name])


def _read(node: Node, key: str, name: str, schema: dict[str, Any]) -> Iterator[Edit]:
    pointer = below(node.pointer, key)
    problems = list(_problems(node, pointer, name, schema))
    is_ours = key != name
    for problem in problems if is_ours else problems[:1]:
        says = "" if is_ours else f" It is taken for another tool's {name}, and ignored."
        yield Edit(
            "extension",
            pointer,
            problem.message + says,
            source=problem.pointer,
            code="extension-shape",
            severity=Severity.ERROR if is_ours else Severity.WARNING,
            hint=problem.hint
            or ("" if is_ours else f"If it is ours, write {UNMISTAKABLE}{name[2:]}."),
        )

    if not problems and key != name:
        yield Edit("extension", pointer, "", new_key=name)


def _problems(node: Node, pointer: str, name: str, schema: dict[str, Any]) -> Iterator[Problem]:
    errors = jsonschema_rs.iter_errors(schema, node.value[split(pointer)[-1]], offline=True)
    yield from explain(errors, pointer)

    allowed = schema.get("x-bothends-on")
    if allowed and node.kind not in allowed:
        yield Problem(
            pointer,
            f"{name} has no meaning on {with_article(node.kind)}; "
            f"it belongs on: {', '.join(allowed)}.",
            key=True,
        )

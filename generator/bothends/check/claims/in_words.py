"""Where a constraint stands, for people: the operation, the part of it, and the keyword.

/paths/~1tides/get/parameters/0/schema/minimum     GET /tides, parameter limit: minimum
/paths/~1tides/post/requestBody/required           POST /tides, body: required
/webhooks/tideTurned/post/requestBody/required     webhook tideTurned, body: required
/components/schemas/Tide/properties/id/minLength   schema Tide, id: minLength
"""

from __future__ import annotations

from typing import Final

from bothends.openapi.contract import Contract
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import join, split
from bothends.openapi.problem import Problem

# What leads from one name to the next.
_BETWEEN: Final = frozenset({"schema", "properties", "content", "patternProperties", "headers"})
_OF_A_CALLBACK: Final = 4
_PARTS: Final = {
    "headers": "header",
    "parameters": "parameter",
    "requestBodies": "body",
    "responses": "response",
    "schemas": "schema",
}


def constraint_in_words(contract: Contract, problem: Problem) -> str:
    """Return the words for the place of a constraint; the pointer where there are none."""
    steps = split(problem.pointer)
    *_, word, last = ("", *steps)
    keyword = last
    inner = steps[:-1]
    if word == "required" and last.isdecimal():
        required = as_array(contract.document.value_at(join(*steps[:-1])))
        keyword = f"{required[int(last)]} is required"
        inner = steps[:-2]

    if inner[:1] == ["components"] and len(inner) > 2:
        head, inner = f"{_PARTS.get(inner[1], inner[1])} {inner[2]}", inner[3:]
    elif inner[:1] in (["paths"], ["webhooks"]) and len(inner) > 2:
        head, inner = _operation_and_part(contract, inner)
    else:
        return problem.pointer

    path = _path_of_names(inner)
    return f"{head}, {path}: {keyword}" if path else f"{head}: {keyword}"


def _operation_and_part(contract: Contract, steps: list[str]) -> tuple[str, list[str]]:
    """The operation and its part in words, and the steps below them."""
    section, path, field, *inner = steps
    label = path if section == "paths" else f"webhook {path}"
    if field not in METHODS:
        inner = [field, *inner]
    elif section == "paths":
        label = f"{field.upper()} {path}"
    if inner[:1] == ["callbacks"] and len(inner) > _OF_A_CALLBACK:
        # Its name, its expression, and the one method that it nearly always has.
        label, inner = f"{label}, callback {inner[1]}", inner[_OF_A_CALLBACK:]

    if inner[:1] == ["parameters"] and len(inner) > 1:
        prefix = steps[: len(steps) - len(inner) + 2]
        parameter = as_object(contract.document.value_at(join(*prefix)))
        return f"{label}, parameter {parameter.get('name', inner[1])}", inner[2:]
    if inner[:1] == ["requestBody"]:
        return f"{label}, body", inner[1:]
    if inner[:1] == ["responses"] and len(inner) > 1:
        return f"{label}, {inner[1]}", inner[2:]
    return label, inner


def _path_of_names(steps: list[str]) -> str:
    """The names on the way, `message.parts[]`; the words of OpenAPI between them are left out."""
    path, is_name = "", False
    for step in steps:
        if is_name:
            path += f".{step}"
        elif step in ("items", "prefixItems"):
            path += "[]"
        elif step not in _BETWEEN and "/" not in step:
            path += f".{step}"
        is_name = not is_name and step in ("properties", "patternProperties", "headers")
    return path.removeprefix(".")

"""Our extensions of OpenAPI, held to the JSON Schema of them that ships with the program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from bothends.check.explain import explain
from bothends.check.problem import Problem
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below


@cache
def extension_schemas() -> dict[str, dict[str, Any]]:
    """Each extension's name and the schema of its value."""
    text = files("bothends.check").joinpath("extensions.schema.json").read_text("utf-8")
    schemas: dict[str, dict[str, Any]] = json.loads(text)["$defs"]
    return schemas


def check_extensions(contract: Contract) -> Iterator[Problem]:
    """Extensions of ours that have the wrong shape or stand on the wrong kind of object."""
    for pointer, kind, name, value in _uses(contract):
        schema = extension_schemas()[name]
        extension_pointer = below(pointer, name)
        yield from explain(
            jsonschema_rs.iter_errors(schema, value, offline=True), extension_pointer
        )

        allowed = schema.get("x-bothends-on")
        if allowed and kind not in allowed:
            yield Problem(
                extension_pointer,
                f"{name} has no meaning on a {kind}; it stands on: {', '.join(allowed)}.",
                key=True,
            )


def check_on_invalid(contract: Contract) -> Iterator[Problem]:
    """`x-on-invalid` must name a documented reply and, if any, examples of it."""
    for operation in contract.operations:
        if stated := as_object(operation.value.get("x-on-invalid")):
            yield from _on_invalid(contract, operation, stated)


def _on_invalid(
    contract: Contract, operation: Operation, stated: dict[str, Any]
) -> Iterator[Problem]:
    pointer = below(operation.pointer, "x-on-invalid")
    status = str(stated.get("status"))
    replies = as_object(operation.value.get("responses"))

    key = next((key for key in (status, f"{status[:1]}XX", "default") if key in replies), None)
    if key is None:
        yield Problem(
            below(pointer, "status"),
            f"The operation documents no reply {status}.",
            f"It documents {', '.join(replies)}.",
        )
        return

    reply, _ = contract.resolve(replies[key], "")
    names = _example_names(reply)
    known = f"It has: {', '.join(names)}." if names else "It has no named examples."

    for location, name in _named(pointer, stated):
        if isinstance(name, str) and name not in names:
            yield Problem(location, f'The reply {key} has no example named "{name}".', known)


def _named(pointer: str, stated: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Where an example is named, and its name."""
    if "example" in stated:
        yield below(pointer, "example"), stated["example"]
    for keyword, name in as_object(stated.get("examples")).items():
        yield below(pointer, "examples", keyword), name


def _example_names(reply: dict[str, Any]) -> list[str]:
    media_types = as_object(reply.get("content")).values()
    return [name for media in media_types for name in as_object(as_object(media).get("examples"))]


def _uses(contract: Contract) -> Iterator[tuple[str, str, str, Any]]:
    known = extension_schemas().keys()
    for node in contract.all_nodes():
        for name in known & node.value.keys():
            yield node.pointer, node.kind, name, node.value[name]

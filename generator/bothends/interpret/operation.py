"""One operation: its parameters, body, replies and security."""

from __future__ import annotations

import re
from typing import Any

from bothends import ir
from bothends.interpret.body import build_body
from bothends.interpret.overlap import note_overlaps
from bothends.interpret.parameter import build_parameter
from bothends.interpret.refused import Refused
from bothends.interpret.reply import build_replies
from bothends.interpret.schema import Schemas
from bothends.interpret.security import build_requirements
from bothends.interpret.server import build_own_servers
from bothends.interpret.unsendable import note_unsendable
from bothends.load import Document
from bothends.openapi.header_names import IGNORED_HEADERS
from bothends.openapi.json_value import as_array, is_object
from bothends.openapi.pointer import below

# Header parameters of these names shall be ignored (OpenAPI 3.1 §4.8.12).


def build_operation(
    document: Document,
    schemas: Schemas,
    *,
    pointer: str,
    path: str,
    method: str,
    unknown_schemes: frozenset[str],
) -> ir.Operation:
    """Build the operation at the pointer `at`.

    Raises `Refused` when it cannot be generated whole.
    """
    operation: dict[str, Any] = document.value_at(pointer)
    return ir.Operation(
        name=ir.UNNAMED,
        constant=ir.UNNAMED,
        wire_name=str(operation.get("operationId") or f"{method} {path}"),
        pointer=pointer,
        method=method.upper(),
        path=path,
        summary=str(operation.get("summary", "")),
        description=str(operation.get("description", "")),
        deprecated=operation.get("deprecated") is True,
        parameters=_parameters(schemas, operation, pointer, path),
        body=build_body(schemas, operation.get("requestBody"), below(pointer, "requestBody")),
        replies=build_replies(schemas, operation.get("responses"), below(pointer, "responses")),
        security=build_requirements(document, operation, pointer, unknown_schemes),
        servers=build_own_servers(document, operation, pointer),
        tag=_tag(operation, path),
    )


_VERSION = re.compile(r"v?\d[\d.]*|api", re.IGNORECASE)


def _tag(operation: dict[str, Any], path: str) -> str:
    """Return the first tag of an operation, else the first part of its path that says something.

    `/v1/accounts/{id}` is about `accounts`: a version or a parameter would group nothing.
    """
    tags = [str(tag) for tag in as_array(operation.get("tags")) if re.search(r"\w", str(tag))]
    if tags:
        return tags[0]

    fixed = [part for part in path.split("/") if part and "{" not in part]
    return next((part for part in fixed if not _VERSION.fullmatch(part)), "root")


def _parameters(
    schemas: Schemas, operation: dict[str, Any], pointer: str, path: str
) -> tuple[ir.Parameter, ...]:
    declared = as_array(operation.get("parameters"))
    heeded: list[Any] = []
    built: list[ir.Parameter] = []
    for index, parameter in enumerate(declared):
        if not _is_ignored(parameter):
            heeded.append(parameter)
            built.append(build_parameter(schemas, parameter, below(pointer, "parameters", index)))

    note_overlaps(schemas, heeded, built)
    note_unsendable(schemas, built)
    in_path = {parameter.wire_name for parameter in built if parameter.location == "path"}

    for parameter in built:
        if parameter.location == "path" and "{" + parameter.wire_name + "}" not in path:
            raise Refused(
                "path-parameter", parameter.pointer, f"the path has no {{{parameter.wire_name}}}"
            )

    for part in path.split("{")[1:]:
        # A client could only send the braces themselves.
        if (name := part.partition("}")[0]) not in in_path:
            raise Refused(
                "path-parameter", pointer, f"{{{name}}} of the path is not declared as a parameter"
            )

    return tuple(built)


def _is_ignored(parameter: Any) -> bool:
    return (
        is_object(parameter)
        and parameter.get("in") == "header"
        and str(parameter.get("name", "")).lower() in IGNORED_HEADERS
    )

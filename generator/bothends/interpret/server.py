"""Servers and their variables."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below


def build_servers(document: Document) -> tuple[ir.Server, ...]:
    """The servers of the API, in the order of the contract.

    `/` when it names none (OpenAPI 3.1 §4.8.1).
    """
    declared: list[Any] = document.data.get("servers") or [{"url": "/"}]
    return _servers(declared, "/servers")


def build_own_servers(
    document: Document, operation: dict[str, Any], pointer: str
) -> tuple[ir.Server, ...]:
    """Return the servers of an operation or its path (OpenAPI 3.1 §4.8.9, §4.8.10)."""
    declared: list[Any] = as_array(operation.get("servers"))
    if declared == document.data.get("servers"):
        return ()
    return _servers(declared, below(pointer, "servers"))


def _servers(declared: list[Any], pointer: str) -> tuple[ir.Server, ...]:
    found: list[ir.Server] = []
    for index, server in enumerate(declared):
        if is_object(server):
            found.append(_server(server, below(pointer, index)))
    return tuple(found)


def _server(server: dict[str, Any], pointer: str) -> ir.Server:
    url = str(server.get("url", "/"))
    variables: list[ir.Variable] = []
    for name, variable in as_object(server.get("variables")).items():
        variables.append(
            ir.Variable(
                name=ir.UNNAMED,
                wire_name=name,
                pointer=below(pointer, "variables", name),
                # `default: 443` is a number in YAML, and a variable is text (OpenAPI 3.1 §4.8.6).
                default=str(variable.get("default", "")),
                choices=tuple(map(str, as_array(variable.get("enum")))),
                description=str(variable.get("description", "")),
            )
        )

    return ir.Server(
        name=ir.UNNAMED,
        wire_name=str(server.get("name") or server.get("description") or url),
        pointer=pointer,
        url=url,
        variables=tuple(variables),
        description=str(server.get("description", "")),
    )

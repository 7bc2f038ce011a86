"""Servers and their variables."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.load import Document
from bothends.load.pointer import below


def build_servers(document: Document) -> tuple[ir.Server, ...]:
    """The servers of the API, in the order of the contract; `/` when it names none (OpenAPI 3.1 §4.8.1)."""
    declared: list[Any] = document.data.get("servers") or [{"url": "/"}]
    return tuple(
        _server(server, below("/servers", index)) for index, server in enumerate(declared) if isinstance(server, dict)
    )


def _server(server: dict[str, Any], at: str) -> ir.Server:
    url = str(server.get("url", "/"))
    variables: dict[str, Any] = server.get("variables") or {}
    return ir.Server(
        name=ir.UNNAMED,
        wire_name=str(server.get("name") or server.get("description") or url),
        at=at,
        url=url,
        variables=tuple(
            ir.Variable(
                name=ir.UNNAMED,
                wire_name=name,
                at=below(at, "variables", name),
                default=str(variable.get("default", "")),
                choices=tuple(str(choice) for choice in variable.get("enum") or ()),
                description=str(variable.get("description", "")),
            )
            for name, variable in variables.items()
        ),
        description=str(server.get("description", "")),
    )

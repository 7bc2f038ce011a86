"""`server.py`: the interface that a handler implements, and the ASGI app around it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.methods import MethodView, handler_method
from bothends.emit.part import Part
from bothends.emit.signature import offers_choice, runtime_of, types_of
from bothends.emit.types import Imports, Side, imports


@dataclass(frozen=True, slots=True)
class ServerView:
    """What the template `server.py.jinja` receives."""

    header: str
    imports: Imports
    operations: ir.Identifier
    create_app: ir.Identifier
    name: ir.Identifier
    methods: tuple[MethodView, ...]


def emit_server(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of the server module of a part."""
    view = server_view(
        part, contract_path, runtime={"Answer", "App", "AppOptions"}, typing={"Protocol", "Unpack"}
    )
    return templates.get_template("server.py.jinja").render(view=view)


def server_view(
    part: Part, contract_path: str, *, runtime: AbstractSet[str], typing: AbstractSet[str]
) -> ServerView:
    """Return the handler methods of a part, and their imports beside those that are named."""
    api = part.api
    types = [type_ for operation in api.operations for type_ in types_of(operation)]
    for operation in api.operations:
        runtime |= runtime_of(operation, Side.STORED, Side.REPLIED)
    if any(map(offers_choice, api.operations)):
        typing |= {"Literal"}

    return ServerView(
        header=header(api, contract_path, "the server's side"),
        imports=imports(types, typing=typing, runtime=runtime),
        operations=part.operations,
        create_app=part.create_app,
        name=api.name,
        methods=tuple(map(handler_method, api.operations)),
    )

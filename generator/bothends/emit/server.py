"""`server.py`: the interface that a handler implements, and the ASGI app around it."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.methods import MethodView, handler_method
from bothends.emit.signature import offers_choice, runtime_of, types_of
from bothends.emit.types import Imports, Side, imports


@dataclass(frozen=True, slots=True)
class ServerView:
    """What the template `server.py.jinja` receives."""

    header: str
    imports: Imports
    name: ir.Identifier
    methods: tuple[MethodView, ...]


def emit_server(api: ir.Api, shown: str, templates: Environment) -> str:
    """The text of `server.py`."""
    view = ServerView(
        header=header(api, shown, "the server's side"),
        imports=imports(
            (of for o in api.operations for of in types_of(o)),
            typing={"Protocol", "Unpack"}
            | ({"Literal"} if any(map(offers_choice, api.operations)) else set()),
            runtime={"Answer", "App", "AppOptions"}.union(
                *(runtime_of(o, Side.HELD, Side.GIVEN) for o in api.operations)
            ),
        ),
        name=api.name,
        methods=tuple(map(handler_method, api.operations)),
    )
    return templates.get_template("server.py.jinja").render(view=view)

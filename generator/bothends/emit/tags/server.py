"""`server/`: the handler interface, in a module for each group, and the ASGI app around it."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.methods import MethodView
from bothends.emit.part import Part
from bothends.emit.server import server_view
from bothends.emit.types import Imports


@dataclass(frozen=True, slots=True)
class TagsServerView:
    """What the template `tags_server.jinja` receives."""

    header: str
    name: ir.Identifier
    create_app: ir.Identifier
    groups: tuple[ir.Group, ...]


@dataclass(frozen=True, slots=True)
class HandlerView:
    """What the template `tags_handler.jinja` receives."""

    header: str
    imports: Imports
    prefix: ir.Identifier
    methods: tuple[MethodView, ...]


def emit_server_package(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of `server/__init__.py`."""
    api = part.api
    subject = header(api, contract_path, "the server's side")
    view = TagsServerView(subject, api.name, part.create_app, api.groups)
    return templates.get_template("tags_server.jinja").render(view=view)


def emit_group_handler(
    part: Part, group: ir.Group, contract_path: str, templates: Environment
) -> str:
    """Return the text of the handler module of a group; `part` has its operations alone."""
    subject = header(part.api, contract_path, f"the server's side of {group.name}")
    flat_view = server_view(
        part, contract_path, runtime={"Answer"}, typing={"Protocol", "TYPE_CHECKING"}
    )
    view = HandlerView(subject, flat_view.imports, group.prefix, flat_view.methods)
    return templates.get_template("tags_handler.jinja").render(view=view)

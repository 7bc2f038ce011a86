"""`operations/`: the records of a group, with what names a model or an error behind a lambda.

    REPOS_LIST_TAGS: Operation[list[models.Tag]] = DeferredOperation(
        api=API, id="repos/list-tags", name="repos_list_tags", method="GET", path="/repos/…/tags",
        details=lambda: OperationDetails(replies={"200": Reply(Json(list[models.Tag]))}),
    )

`models` is a package that loads a module when a class of it is read. The router needs the method
and the path only, so a server of a thousand operations starts without a model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.operations import (
    OperationsView,
    OperationView,
    SharedHeaders,
    operation_types,
    operation_view,
    operations_view,
    runtime_names,
    shared_headers,
)
from bothends.emit.package import ModuleView, module_views
from bothends.emit.part import Part, with_servers_alone
from bothends.emit.source import Code, literal
from bothends.emit.types import Imports, imports

_OWN = ("api", "id", "name", "method", "path")


@dataclass(frozen=True, slots=True)
class DeferredView:
    """One record: the arguments that are there at once, and those of its details."""

    constant: ir.Identifier
    result: Code
    own: tuple[tuple[ir.Identifier, Code], ...]
    fields: tuple[tuple[ir.Identifier, Code], ...]


@dataclass(frozen=True, slots=True)
class GroupOperationsView:
    """What the template `tags_operations.jinja` receives."""

    header: str
    imports: Imports
    runtime: tuple[ir.Identifier, ...]
    headers: SharedHeaders
    operations: tuple[DeferredView, ...]


@dataclass(frozen=True, slots=True)
class TagsOperationsView:
    """What the template `tags_api.jinja` receives."""

    header: str
    runtime: tuple[ir.Identifier, ...]
    title: str
    servers: tuple[Code, ...]
    operation_servers: tuple[Code, ...]
    are_webhooks: bool
    security: tuple[tuple[str, Code], ...]
    is_folder: bool
    modules: tuple[ModuleView, ...]


def emit_operations_package(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of `operations/__init__.py`: the API, and where each record is."""
    api = part.api
    flat_view: OperationsView = operations_view(with_servers_alone(part), contract_path)
    names: dict[str, list[str]] = {str(group.name): [] for group in api.groups}
    for operation in api.operations:
        names[operation.group].append(str(operation.constant))

    has_variables = any(server.variables for server in api.every_server)
    of_servers = {ir.Identifier("Variable")} if has_variables else set[ir.Identifier]()
    view = TagsOperationsView(
        header=flat_view.header,
        runtime=tuple(sorted(runtime_names(replace(api, operations=())) | of_servers)),
        title=flat_view.title,
        servers=flat_view.servers,
        operation_servers=flat_view.operation_servers,
        are_webhooks=flat_view.are_webhooks,
        security=flat_view.security,
        is_folder=True,
        modules=module_views(names),
    )
    return templates.get_template("tags_api.jinja").render(view=view)


def emit_group_operations(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of the operations module of a group; `part` has its operations alone."""
    operations = tuple(map(_qualified, part.api.operations))
    types = [type_ for operation in operations for type_ in operation_types(operation)]
    headers = shared_headers(operations)
    views = tuple(_deferred(operation, headers) for operation in operations)
    has_any = any("Any" in view.result.split(" | ") for view in views)
    needed = imports(types, typing={"Any"} if has_any else ())
    runtime = runtime_names(replace(part.api, operations=operations)) - {ir.Identifier("Api")}
    runtime |= set(map(ir.Identifier, ("DeferredOperation", "OperationDetails", "Operation")))

    view = GroupOperationsView(
        header=header(part.api, contract_path, "operations as data"),
        imports=needed,
        runtime=tuple(sorted({*runtime, *needed.runtime})),
        headers=headers,
        operations=views,
    )
    return templates.get_template("tags_operations.jinja").render(view=view)


def _deferred(operation: ir.Operation, headers: SharedHeaders) -> DeferredView:
    record: OperationView = operation_view(operation, headers)
    own = [(name, value) for name, value in record.fields if name in _OWN]
    own.append((ir.Identifier("call"), literal(f"{operation.group}.{operation.member}")))
    own += [(name, Code(f"lambda: {value}")) for name, value in record.fields if name == "errors"]
    fields = [(name, value) for name, value in record.fields if name not in (*_OWN, "errors")]
    return DeferredView(record.constant, record.result, tuple(own), tuple(fields))


def _qualified(operation: ir.Operation) -> ir.Operation:
    """The operation with its models as `models.Tide` and its errors as `errors.GetTideNotFound`."""
    body = operation.body
    if isinstance(body, ir.Body):
        body = replace(body, contents=_contents(body.contents))
    return replace(
        operation,
        parameters=tuple(replace(p, type=_type(p.type)) for p in operation.parameters),
        body=body,
        replies=tuple(map(_reply, operation.replies)),
    )


def _reply(reply: ir.Reply) -> ir.Reply:
    contents = reply.contents
    return replace(
        reply,
        name=ir.Identifier(f"errors.{reply.name}"),
        contents=contents if isinstance(contents, ir.NoBody) else _contents(contents),
        headers=tuple(replace(h, type=_type(h.type)) for h in reply.headers),
    )


def _contents(contents: tuple[ir.Content, ...]) -> tuple[ir.Content, ...]:
    return tuple(replace(content, type=_type(content.type)) for content in contents)


def _type(type_: ir.Type) -> ir.Type:
    match type_:
        case ir.Named(name=name):
            return replace(type_, name=ir.Identifier(f"models.{name}"))
        case ir.Array(item=item):
            return ir.Array(_type(item))
        case ir.Map(value=value):
            return ir.Map(_type(value))
        case ir.Stream(item=item):
            return ir.Stream(_type(item))
        case ir.Union(members=members):
            return ir.Union(tuple(map(_type, members)))
        case _:
            return type_

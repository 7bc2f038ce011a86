"""`client/`: the client with a group for each tag, and a module of methods for each group."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jinja2 import Environment

from bothends import ir
from bothends.emit import prose
from bothends.emit.client import CredentialView, VariableView, client_view, method_runtime_names
from bothends.emit.header import header
from bothends.emit.methods import MethodView, client_method, iterator_method
from bothends.emit.part import Part, with_servers_alone
from bothends.emit.signature import gives_bytes, offers_choice, types_of
from bothends.emit.source import Code
from bothends.emit.types import Imports, imports

_ENDS = ((False, Code("")), (True, Code("Async")))


@dataclass(frozen=True, slots=True)
class GroupProperty:
    """A property of the client: its names, the module of its class, and the class itself."""

    name: ir.Identifier
    names: tuple[ir.Identifier, ...]
    prefix: ir.Identifier
    docstring: str


@dataclass(frozen=True, slots=True)
class TagsClientView:
    """What the template `tags_client.jinja` receives."""

    header: str
    typing: tuple[ir.Identifier, ...]
    runtime: tuple[ir.Identifier, ...]
    name: ir.Identifier
    docstring: str
    credentials: tuple[CredentialView, ...]
    server_type: Code
    server: str
    offers_servers: bool
    has_keywords: bool
    variables: tuple[VariableView, ...]
    ends: tuple[tuple[bool, Code], ...]
    groups: tuple[GroupProperty, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """What the template `tags_group.jinja` receives."""

    header: str
    imports: Imports
    module: ir.Identifier
    name: ir.Identifier
    owner: ir.Identifier
    docstring: str
    has_bytes: bool
    ends: tuple[tuple[bool, Code], ...]
    methods: tuple[MethodView, ...]
    iterators: tuple[MethodView, ...]


def emit_client_package(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of `client/__init__.py`."""
    api = part.api
    # Those with servers of their own may need keywords of the constructor for variables.
    flat_view = client_view(with_servers_alone(part), contract_path)
    kinds = {kind for c in flat_view.credentials for kind in (c.type, c.async_type)}
    # What the methods need stands in the modules of the groups.
    typing = {"TYPE_CHECKING", "Unpack"}
    if flat_view.offers_servers or any("Literal" in v.type for v in flat_view.variables):
        typing.add("Literal")

    view = TagsClientView(
        header=flat_view.header,
        typing=_identifiers(typing),
        runtime=_identifiers({"AsyncClient", "AsyncOptions", "Client", "Options", *kinds}),
        name=api.name,
        docstring=flat_view.docstring,
        credentials=flat_view.credentials,
        server_type=flat_view.server_type,
        server=flat_view.server,
        offers_servers=flat_view.offers_servers,
        has_keywords=flat_view.has_keywords,
        variables=flat_view.variables,
        ends=_ENDS,
        groups=tuple(map(_property, api.groups)),
    )
    return templates.get_template("tags_client.jinja").render(view=view)


def emit_group(part: Part, group: ir.Group, contract_path: str, templates: Environment) -> str:
    """Return the text of the client module of a group; `part` has its operations alone."""
    api = part.api
    operations = tuple(map(_as_member, api.operations))
    paged = [(o, o.pages) for o in operations if isinstance(o.pages, ir.Pages)]
    types = [type_ for operation in operations for type_ in types_of(operation, is_client=True)]
    typing = {"TYPE_CHECKING"}
    if any(map(offers_choice, operations)):
        typing.add("Literal")
    types += [pages.item for _, pages in paged]
    runtime = {"AsyncOperationGroup", "AsyncRawResponses", "OperationGroup", "RawResponses"}
    iterators = [iterator_method(operation, pages) for operation, pages in paged]

    view = GroupView(
        header=header(api, contract_path, f"client methods of {group.name}"),
        imports=imports(
            types,
            typing=typing,
            runtime=runtime.union(*map(method_runtime_names, operations)),
            iterators={"AsyncIterator", "Iterator"} if paged else (),
        ),
        module=group.name,
        name=group.prefix,
        owner=group.prefix,
        docstring=_docstring(group),
        has_bytes=any(map(gives_bytes, operations)),
        ends=_ENDS,
        methods=tuple(map(client_method, operations)),
        iterators=tuple(iterators),
    )
    return templates.get_template("tags_group.jinja").render(view=view)


def _as_member(operation: ir.Operation) -> ir.Operation:
    """The operation by the names that it has in its group."""
    pages = operation.pages
    if isinstance(pages, ir.Pages):
        pages = replace(pages, name=pages.member)
    return replace(operation, name=operation.member, pages=pages)


def _property(group: ir.Group) -> GroupProperty:
    names = (group.name, *group.aliases)
    return GroupProperty(group.name, names, group.prefix, _docstring(group))


def _docstring(group: ir.Group) -> str:
    text = group.description or f"Operations of {group.name}"
    return prose.wrap(prose.sentence(prose.one_paragraph(text)), indent=8)


def _identifiers(names: set[str]) -> tuple[ir.Identifier, ...]:
    return tuple(ir.Identifier(name) for name in sorted(names))

"""Names the whole API at once and writes the names into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

from bothends import ir
from bothends.ir import Identifier
from bothends.load import Document
from bothends.name import groups, lock_keys, scopes, words
from bothends.name.lock import Lock
from bothends.name.lost import Lost, layout_changed, lost_operations
from bothends.name.scope import settle
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below


@dataclass(frozen=True, slots=True)
class Named:
    """A named API.

    `names` are its names by lock key: the next `names.lock`. `lost` are the operations that the
    lock knows, so they were generated before, and that the API lacks.
    """

    api: ir.Api
    names: Mapping[str, Identifier]
    lost: Lost


def name(
    draft: ir.Api,
    document: Document,
    written: Document,
    lock: Lock,
    package: str,
    layout: str = "auto",
    left_out: frozenset[str] = frozenset(),
) -> Named:
    """Name every node of the draft.

    Args:
        draft: The unnamed API.
        document: The normalised contract that the draft was built from.
        written: The contract as a person wrote it; the keys of the lock are its pointers.
        lock: The names of earlier generations.
        package: The name of the generated package.
        layout: The setting: `flat`, `tags` or `auto`.
        left_out: Pointers of operations that a selection leaves out: their names are kept.

    Raises:
        ContractError: The lock gives one name to two places, or a name that is reserved.
    """
    lock_key = cache(partial(lock_keys.stable, document, written))

    def title(pointer: str) -> str:
        return str(as_object(document.value_at(pointer)).get("title") or "")

    methods = _settle(scopes.method_scope(draft), lock)
    own = _settle(scopes.own_scope(package), lock)
    by_tags = groups.choose_layout(layout, lock, draft) == "tags"
    grouped: dict[str, Identifier] = {}
    group_classes: dict[str, Identifier] = {}
    if by_tags:
        grouped = _grouped(draft, methods, lock)
        group_classes = _settle(groups.class_scope(draft, own["/info"], grouped), lock)

    prefixes = group_classes.values()
    module = scopes.module_scope(draft, own["/info"], lock_key, methods, title, prefixes)
    classes = own | _settle(module, lock)
    names = methods | classes | grouped | group_classes
    # Fields come after classes: they must not hide one.
    for scope in scopes.scopes(draft, lock_key, frozenset(classes.values())):
        names |= _settle(scope, lock)

    lost = lost_operations(draft, {*methods, *left_out}, lock)
    lost = replace(lost, findings=(*layout_changed(lock, by_tags=by_tags), *lost.findings))
    if left_out:
        # With another selection they are generated again, under the names that they had.
        names = {key: Identifier(name) for key, name in lock.names.items()} | names

    if not by_tags:
        return Named(_Namer(names, draft, lock_key).api(), names, lost)

    exported = frozenset(classes.values())
    names |= _settle(groups.module_scope(draft, lock_key, methods, exported), lock)
    api = groups.arrange(_Namer(names, draft, lock_key).api(), names, document, lock_key)
    return Named(api, names, lost)


def _grouped(draft: ir.Api, methods: Mapping[str, Identifier], lock: Lock) -> dict[str, Identifier]:
    """The names of the layout by tags that operations have, beside those of the flat one."""
    names = _settle(groups.group_scope(draft), lock)
    homes = groups.homes(draft, names, lock)
    names |= homes | groups.group_aliases(draft, homes, names, lock)
    for scope in groups.member_scopes(draft, homes, methods):
        names |= _settle(scope, lock)
    return names


def _settle(scope: scopes.Scope, lock: Lock) -> dict[str, Identifier]:
    return settle(scope.requests, lock, scope.reserved, scope.make)


class _Namer:
    """Copies the draft with every node's name written in."""

    def __init__(
        self, names: Mapping[str, Identifier], draft: ir.Api, lock_key: Callable[[str], str]
    ) -> None:
        self.names = names
        self.draft = draft
        self.lock_key = lock_key
        self.components = {component.pointer: component for component in draft.components}

    def component(self, pointer: str) -> Identifier:
        return self.names[scopes.component_lock_key(self.lock_key, self.components[pointer])]

    def api(self) -> ir.Api:
        draft = self.draft
        schemes = [replace(s, name=self.names[s.pointer]) for s in draft.security_schemes]
        return replace(
            draft,
            name=self.names["/info"],
            servers=tuple(map(self.server, draft.servers)),
            security_schemes=tuple(schemes),
            webhook_name=scopes.webhook_name(self.names["/info"]),
            operations=tuple(map(self.operation, draft.operations)),
            webhooks=tuple(map(self.operation, draft.webhooks)),
            models=tuple(map(self.model, draft.models)),
            aliases=tuple(map(self.alias, draft.aliases)),
        )

    def server(self, server: ir.Server) -> ir.Server:
        return self.named_server(server, self.names[scopes.server_key(server)])

    def own_server(self, server: ir.Server) -> ir.Server:
        """Return the server of one operation, named like the API's server of that environment.

        A client chooses a server by the names of the API's servers; no other name can be spelled.
        """
        environments = {
            scopes.environment(s): self.names[scopes.server_key(s)] for s in self.draft.servers
        }
        name = scopes.environment(server)
        return self.named_server(server, environments.get(name, name))

    def named_server(self, server: ir.Server, name: Identifier) -> ir.Server:
        variables: list[ir.Variable] = []
        for variable in server.variables:
            key = scopes.variable_key(variable.wire_name)
            variables.append(replace(variable, name=self.names[key]))
        return replace(server, name=name, variables=tuple(variables))

    def operation(self, operation: ir.Operation) -> ir.Operation:
        pointer = operation.pointer
        method = self.names[pointer]
        body = operation.body

        parameters = [self.parameter(pointer, parameter) for parameter in operation.parameters]

        return replace(
            operation,
            name=method,
            constant=words.constant(method),
            parameters=tuple(parameters),
            body=self.body(body, pointer) if isinstance(body, ir.Body) else body,
            replies=tuple(self.reply(operation, reply) for reply in operation.replies),
            servers=tuple(map(self.own_server, operation.servers)),
            pages=self.pages(operation),
        )

    def parameter(self, pointer: str, parameter: ir.Parameter) -> ir.Parameter:
        key = lock_keys.parameter(pointer, parameter.location, parameter.wire_name)
        return replace(parameter, name=self.names[key], type=self.type(parameter.type))

    def pages(self, operation: ir.Operation) -> ir.Pages | ir.NoPages:
        pages = operation.pages
        if isinstance(pages, ir.NoPages):
            return pages
        name = self.names[scopes.iterator_key(operation)]
        return replace(pages, name=name, item=self.type(pages.item))

    def body(self, body: ir.Body, pointer: str) -> ir.Body:
        choice = ir.UNNAMED
        if body.is_chosen:
            choice = self.names[below(pointer, "requestBody", "content")]

        return replace(
            body,
            name=self.names[below(pointer, "requestBody")],
            contents=self.contents(body.contents),
            passed=tuple(map(self.type, body.passed)),
            choice=choice,
        )

    def reply(self, operation: ir.Operation, reply: ir.Reply) -> ir.Reply:
        pointer = scopes.reply_key(operation, reply)
        contents = reply.contents
        if not isinstance(contents, ir.NoBody):
            contents = self.contents(contents)

        headers: list[ir.Header] = []
        for header in reply.headers:
            name = self.names[below(pointer, "headers", header.wire_name)]
            headers.append(replace(header, name=name, type=self.type(header.type)))

        return replace(
            reply,
            name=ir.UNNAMED if reply.is_success else self.names[pointer],
            contents=contents,
            headers=tuple(headers),
        )

    def contents(self, contents: tuple[ir.Content, ...]) -> tuple[ir.Content, ...]:
        return tuple(replace(content, type=self.type(content.type)) for content in contents)

    def model(self, model: ir.Model) -> ir.Model:
        pointer = self.lock_key(model.pointer)
        properties: list[ir.Property] = []
        for declared in model.properties:
            name = self.names[below(pointer, "properties", declared.wire_name)]
            properties.append(replace(declared, name=name, type=self.type(declared.type)))

        return replace(
            model,
            name=self.component(model.pointer),
            properties=tuple(properties),
            others=self.type(model.others) if model.others is not None else None,
        )

    def alias(self, alias: ir.Alias) -> ir.Alias:
        return replace(alias, name=self.component(alias.pointer), type=self.type(alias.type))

    def type(self, type_: ir.Type) -> ir.Type:
        match type_:
            case ir.Named():
                return replace(type_, name=self.component(type_.target))
            case ir.Array():
                return ir.Array(self.type(type_.item))
            case ir.Map():
                return ir.Map(self.type(type_.value))
            case ir.Stream():
                return ir.Stream(self.type(type_.item))
            case ir.Union():
                return ir.Union(tuple(map(self.type, type_.members)))
            case _:
                return type_

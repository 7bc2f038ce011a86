"""Names the whole API at once and writes the names into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from bothends import ir
from bothends.ir import Identifier
from bothends.load import Document
from bothends.name import lock_keys, scopes, words
from bothends.name.lock import Lock
from bothends.name.lost import Lost, lost_operations
from bothends.name.scope import settle
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below


@dataclass(frozen=True, slots=True)
class Named:
    """A named API, and the names by place: the next `names.lock`.

    `lost` is what the lock knows, so it was generated before, and is not in the API.
    """

    api: ir.Api
    names: Mapping[str, Identifier]
    lost: Lost


def name(draft: ir.Api, document: Document, written: Document, lock: Lock, package: str) -> Named:
    """Name every node of the draft.

    `document` is the normalised contract that the draft was built from, `written` the contract as a person wrote it,
    `package` what the generated package is called. Raises `ContractError` when the lock gives one name to two places.
    """

    @cache
    def lock_key(pointer: str) -> str:
        return lock_keys.stable(document, written, pointer)

    def title(pointer: str) -> str:
        return str(as_object(document.value_at(pointer)).get("title") or "")

    methods = _settle(scopes.method_scope(draft), lock)
    names = dict(methods)
    own = _settle(scopes.own_scope(package), lock)
    classes = own | _settle(
        scopes.module_scope(draft, own["/info"], lock_key, methods, title), lock
    )
    names |= classes
    for scope in scopes.scopes(draft, lock_key, frozenset(classes.values())):
        names |= _settle(scope, lock)

    lost = lost_operations(draft, methods, lock)
    return Named(_Namer(names, draft, lock_key).api(), names, lost)


def _settle(scope: scopes.Scope, lock: Lock) -> dict[str, Identifier]:
    return settle(scope.claims, lock, scope.reserved, scope.make)


class _Namer:
    """Copies the draft with every node's name written in."""

    def __init__(
        self, names: Mapping[str, Identifier], draft: ir.Api, lock_key: Callable[[str], str]
    ) -> None:
        self.names = names
        self.draft = draft
        self.lock_key = lock_key

    def component(self, pointer: str) -> Identifier:
        return self.names[scopes.component_lock_key(self.lock_key, pointer)]

    def api(self) -> ir.Api:
        draft = self.draft
        return replace(
            draft,
            name=self.names["/info"],
            servers=tuple(map(self.server, draft.servers)),
            security_schemes=tuple(
                replace(s, name=self.names[s.pointer]) for s in draft.security_schemes
            ),
            webhook_name=scopes.webhook_name(self.names["/info"]),
            operations=tuple(map(self.operation, draft.operations)),
            webhooks=tuple(map(self.operation, draft.webhooks)),
            models=tuple(map(self.model, draft.models)),
            aliases=tuple(
                replace(a, name=self.component(a.pointer), type=self.type(a.type))
                for a in draft.aliases
            ),
        )

    def server(self, server: ir.Server) -> ir.Server:
        return self.named(server, self.names[scopes.server_place(server)])

    def own_server(self, server: ir.Server) -> ir.Server:
        """A server of one operation has the name of the API's server of that environment; nobody spells any other."""
        environments = {
            scopes.environment(s): self.names[scopes.server_place(s)] for s in self.draft.servers
        }
        name = scopes.environment(server)
        return self.named(server, environments.get(name, name))

    def named(self, server: ir.Server, name: Identifier) -> ir.Server:
        return replace(
            server,
            name=name,
            variables=tuple(
                replace(variable, name=self.names[scopes.variable_place(variable.wire_name)])
                for variable in server.variables
            ),
        )

    def operation(self, operation: ir.Operation) -> ir.Operation:
        pointer = operation.pointer
        method = self.names[pointer]
        body = operation.body

        return replace(
            operation,
            name=method,
            constant=words.constant(method),
            parameters=tuple(
                replace(
                    parameter,
                    name=self.names[
                        lock_keys.parameter(pointer, parameter.location, parameter.wire_name)
                    ],
                    type=self.type(parameter.type),
                )
                for parameter in operation.parameters
            ),
            body=self.body(body, pointer) if isinstance(body, ir.Body) else body,
            replies=tuple(self.reply(operation, reply) for reply in operation.replies),
            servers=tuple(map(self.own_server, operation.servers)),
            pages=self.pages(operation),
        )

    def pages(self, operation: ir.Operation) -> ir.Pages | ir.NoPages:
        pages = operation.pages
        if isinstance(pages, ir.NoPages):
            return pages
        name = self.names[scopes.iterator_place(operation)]
        return replace(pages, name=name, item=self.type(pages.item))

    def body(self, body: ir.Body, pointer: str) -> ir.Body:
        return replace(
            body,
            name=self.names[below(pointer, "requestBody")],
            contents=self.contents(body.contents),
            choice=self.names[below(pointer, "requestBody", "content")]
            if body.is_chosen
            else ir.UNNAMED,
        )

    def reply(self, operation: ir.Operation, reply: ir.Reply) -> ir.Reply:
        pointer = scopes.reply_place(operation, reply)
        return replace(
            reply,
            name=ir.UNNAMED if reply.is_success else self.names[pointer],
            contents=reply.contents
            if isinstance(reply.contents, ir.NoBody)
            else self.contents(reply.contents),
            headers=tuple(
                replace(
                    header,
                    name=self.names[below(pointer, "headers", header.wire_name)],
                    type=self.type(header.type),
                )
                for header in reply.headers
            ),
        )

    def contents(self, contents: tuple[ir.Content, ...]) -> tuple[ir.Content, ...]:
        return tuple(replace(content, type=self.type(content.type)) for content in contents)

    def model(self, model: ir.Model) -> ir.Model:
        pointer = self.lock_key(model.pointer)
        return replace(
            model,
            name=self.component(model.pointer),
            properties=tuple(
                replace(
                    p,
                    name=self.names[below(pointer, "properties", p.wire_name)],
                    type=self.type(p.type),
                )
                for p in model.properties
            ),
            others=self.type(model.others) if model.others is not None else None,
        )

    def type(self, of: ir.Type) -> ir.Type:
        match of:
            case ir.Named():
                return replace(of, name=self.component(of.target))
            case ir.Array():
                return ir.Array(self.type(of.item))
            case ir.Map():
                return ir.Map(self.type(of.value))
            case ir.Stream():
                return ir.Stream(self.type(of.item))
            case ir.Union():
                return ir.Union(tuple(map(self.type, of.members)))
            case _:
                return of

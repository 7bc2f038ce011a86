"""Every scope of a package, and what its places would like to be called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bothends import ir
from bothends.ir import Identifier
from bothends.name import lock_keys, reserved, words
from bothends.name.scope import Claim
from bothends.name.statuses import phrase
from bothends.openapi.pointer import below, split


@dataclass(frozen=True, slots=True)
class Scope:
    """Names that must differ from each other and from the reserved ones."""

    claims: tuple[Claim, ...]
    reserved: frozenset[str]
    make: Callable[[str], Identifier] = Identifier


def method_scope(api: ir.Api) -> Scope:
    """The operations, as methods of client and handler."""
    claims = tuple(
        Claim(
            operation.pointer,
            (
                _free(operation.wire_name, reserved.METHODS),
                _free(f"{operation.method} {operation.path}", reserved.METHODS),
            ),
            operation.wire_name,
        )
        for operation in api.every_operation
    )
    iterators = tuple(
        Claim(iterator_place(operation), (_iterator(operation.wire_name),), operation.wire_name)
        for operation in api.every_operation
        if isinstance(operation.pages, ir.Pages)
    )
    return Scope(claims + iterators, reserved.METHODS)


_OWN_RESERVED = frozenset(
    name.removesuffix("Client").removesuffix("Handler")
    for name in reserved.MODULE
    if name.endswith(("Client", "Handler"))
)
"""Own names that would make `Client` of ours the runtime's: of `Async`, `AsyncClient`."""


def own_scope(package: str) -> Scope:
    """The API's own name, which is used composed only: `HarbourClient`."""
    return Scope((Claim("/info", (words.class_name(package),)),), _OWN_RESERVED, ir.ClassName)


def webhook_name(own: str) -> ir.ClassName:
    """What client and handler of webhooks are called by: `HarbourWebhookClient`."""
    return ir.ClassName(f"{own}Webhook")


def module_scope(
    api: ir.Api,
    own: str,
    lock_key: Callable[[str], str],
    methods: Mapping[str, Identifier],
    title: Callable[[str], str],
) -> Scope:
    """What a package exports beside what is called by the API's own name: classes of components and of documented errors."""
    claims = list[Claim]()
    for component in api.components:
        plain = words.class_name(component.wire_name)
        pointer = component_lock_key(lock_key, component.pointer)
        message = title(component.pointer) if pointer != lock_key(component.pointer) else ""
        expected = (plain, words.class_name(f"{plain}_schema"))
        claims.append(
            Claim(
                pointer,
                (words.class_name(message), *expected) if message else expected,
                component.wire_name,
            )
        )

    for operation in api.every_operation:
        for reply in operation.replies:
            if not reply.is_success:
                message = words.class_name(f"{methods[operation.pointer]}_{phrase(reply.status)}")
                claims.append(
                    Claim(
                        reply_place(operation, reply),
                        (message, words.class_name(f"{message}_error")),
                    )
                )

    used = {
        own,
        *_client_classes(own),
        f"{own}Handler",
        *_client_classes(webhook_name(own)),
        f"{webhook_name(own)}Handler",
        *(method.upper() for method in methods.values()),
    }
    return Scope(tuple(claims), reserved.MODULE | reserved.BUILTINS | used, ir.ClassName)


def _client_classes(own: str) -> list[str]:
    """The classes of a client module: the clients and their views."""
    names = [f"{own}{end}" for end in ("Client", "RawResponses", "StreamingResponses")]
    return [*names, *(f"Async{name}" for name in names)]


def argument_scope(operation: ir.Operation) -> Scope:
    """The arguments of one method."""
    pointer = operation.pointer
    claims = [
        Claim(
            lock_keys.parameter(pointer, parameter.location, parameter.wire_name),
            (
                _free(parameter.wire_name, reserved.ARGUMENTS),
                _free(f"{parameter.wire_name} {parameter.location}", reserved.ARGUMENTS),
            ),
            parameter.wire_name,
        )
        for parameter in operation.parameters
    ]

    if isinstance(operation.body, ir.Body):
        claims.append(
            Claim(below(pointer, "requestBody"), (Identifier("body"), Identifier("request_body")))
        )
        if operation.body.is_chosen:
            expected = (Identifier("content_type"), Identifier("body_content_type"))
            claims.append(Claim(below(pointer, "requestBody", "content"), expected))

    return Scope(tuple(claims), reserved.ARGUMENTS)


def field_scope(model: ir.Model, lock_key: Callable[[str], str], classes: frozenset[str]) -> Scope:
    """The fields of one class. One that is called like a class would hide it from the annotations after it."""
    used = reserved.FIELDS | classes
    return Scope(
        tuple(
            Claim(
                below(lock_key(model.pointer), "properties", expected.wire_name),
                (_free(expected.wire_name, used), words.verbatim(expected.wire_name)),
                expected.wire_name,
            )
            for expected in model.properties
        ),
        used,
    )


def header_scope(operation: ir.Operation, reply: ir.Reply) -> Scope:
    """The headers of one reply."""
    pointer = reply_place(operation, reply)
    return Scope(
        tuple(
            Claim(below(pointer, "headers", header.wire_name), (words.variable(header.wire_name),))
            for header in reply.headers
        ),
        frozenset(),
    )


def constructor_scope(api: ir.Api) -> Scope:
    """The keywords of a client's constructor: credentials, and server variables (one for all servers of that name)."""
    claims = [
        Claim(
            scheme.pointer,
            (words.variable(scheme.wire_name), words.variable(f"{scheme.wire_name} credentials")),
            scheme.wire_name,
        )
        for scheme in api.security_schemes
    ]
    variables = dict.fromkeys(
        variable.wire_name for server in api.every_server for variable in server.variables
    )
    claims += [
        Claim(variable_place(name), (words.variable(name), words.variable(f"server {name}")), name)
        for name in variables
    ]

    return Scope(tuple(claims), reserved.CONSTRUCTOR)


def server_scope(api: ir.Api) -> Scope:
    """What the servers are called when one is chosen."""
    return Scope(
        tuple(
            Claim(server_place(server), (environment(server), _server_name(server.url)))
            for server in api.servers
        ),
        frozenset(),
    )


def component_lock_key(lock_key: Callable[[str], str], pointer: str) -> str:
    """The key of a class or alias: where the schema is written.

    An object in place has the key of its title, given or not: where it is written itself may be the key of a field.
    """
    written = lock_key(pointer)
    is_component = len(split(written)) == 3 and written.startswith("/components/schemas/")
    return written if is_component else below(written, "title")


def reply_place(operation: ir.Operation, reply: ir.Reply) -> str:
    """The key of a reply: below its operation, even where several operations share what is declared elsewhere."""
    return below(operation.pointer, "responses", reply.status)


def iterator_place(operation: ir.Operation) -> str:
    """The key of the method that iterates over all items of an operation, however its pages are declared."""
    return below(operation.pointer, "x-pagination")


def variable_place(wire_name: str) -> str:
    """The key of a server variable: the same for each server that has it."""
    return below("/servers", "variables", wire_name)


def server_place(server: ir.Server) -> str:
    """The key of a server: its URL, which does not change when the list is reordered."""
    return below("/servers", server.url)


def scopes(api: ir.Api, lock_key: Callable[[str], str], classes: frozenset[str]) -> Iterator[Scope]:
    """Every scope that depends on none but the module's, whose names are `classes`."""
    yield constructor_scope(api)
    yield server_scope(api)

    for operation in api.every_operation:
        yield argument_scope(operation)
        for reply in operation.replies:
            yield header_scope(operation, reply)

    for model in api.models:
        yield field_scope(model, lock_key, classes)


def _free(text: str, used: frozenset[str]) -> Identifier:
    """The name that the text asks for, with an underscore where it is spoken for: `list_`, as people write it."""
    name = words.variable(text)
    return words.variable(text, after="_") if name in used else name


def _iterator(wire_name: str) -> Identifier:
    """`listTides` gives pages, `iterate_tides` the tides in them."""
    return words.variable(f"iterate_{words.variable(wire_name).removeprefix('list_')}")


def _server_name(text: str) -> Identifier:
    """A server without words of its own is the default one; of a URL, the scheme tells nothing."""
    message = re.sub(r"^https?://", "", text)
    return words.variable(message if re.search(r"\w", message) else "default")


def environment(server: ir.Server) -> Identifier:
    """What a server would be called: the same for servers of one environment, such as production."""
    return _server_name(_first_words(server.wire_name))


def _first_words(text: str) -> str:
    """A server's description up to its first punctuation: `Production (EU)` is `Production EU`, not a sentence."""
    return re.split(r"[.,:;]\s|\n", text.strip(), maxsplit=1)[0][:60]

"""The scopes of a package: which names must differ, and the spellings that each place asks for.

Worked example: the parameters of `GET /tides/{id}` are `id` in the path, `id` in the query and
`class`. They are one scope, because they are arguments of one method:

    parameter      asks for       else
    id (path)      id             id_path
    id (query)     id             id_query
    class          class_         class_query      `class` is a keyword of Python

`scope.settle` gives each place the first of its spellings that no other place of the scope has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from bothends import ir
from bothends.ir import Identifier
from bothends.name import lock_keys, reserved, words
from bothends.name.scope import NameRequest
from bothends.name.statuses import phrase
from bothends.openapi.pointer import below, split


@dataclass(frozen=True, slots=True)
class Scope:
    """Names that must differ from each other and from the reserved ones."""

    requests: tuple[NameRequest, ...]
    reserved: frozenset[str]
    make: Callable[[str], Identifier] = Identifier


def method_scope(api: ir.Api) -> Scope:
    """The operations, as methods of client and handler."""
    methods: list[NameRequest] = []
    iterators: list[NameRequest] = []
    for operation in api.every_operation:
        wire_name, method = operation.wire_name, operation.method.lower()
        without_id = f"{method} {operation.path}"
        with_signs = f"{method} {words.path_with_signs(operation.path)}"
        ways = (
            wire_name,
            without_id,
            with_signs if wire_name == without_id else words.with_signs(wire_name),
            with_signs,
            with_signs.replace("_", " underscore "),
        )
        spellings = tuple(_free(way, reserved.METHODS) for way in ways)
        methods.append(NameRequest(operation.pointer, spellings, wire_name))

        if isinstance(operation.pages, ir.Pages):
            # `listTides` returns a page, `iterate_tides` yields the tides of all pages.
            items = words.variable(wire_name).removeprefix("list_")
            spelling = words.variable(f"iterate_{items}")
            iterators.append(NameRequest(iterator_key(operation), (spelling,), wire_name))

    return Scope((*methods, *iterators), reserved.METHODS)


# API names whose client would have the name of a class of the runtime: `Async` (`AsyncClient`).
_OWN_RESERVED = frozenset(
    name.removesuffix("Client").removesuffix("Handler")
    for name in reserved.MODULE
    if name.endswith(("Client", "Handler"))
)


def own_scope(package: str) -> Scope:
    """The API's own name, which is only used as a part of others: `HarbourClient`."""
    return Scope((NameRequest("/info", (words.class_name(package),)),), _OWN_RESERVED, ir.ClassName)


def webhook_name(own: str) -> ir.ClassName:
    """Return the first part of the webhooks' class names: `HarbourWebhookClient`."""
    return ir.ClassName(f"{own}Webhook")


def module_scope(
    api: ir.Api,
    own: str,
    lock_key: Callable[[str], str],
    methods: Mapping[str, Identifier],
    title: Callable[[str], str],
    prefixes: Iterable[str] = (),
) -> Scope:
    """The classes that a package exports: those of components and of documented errors.

    Args:
        api: The API whose names are chosen.
        own: The API's own name. Clients and handlers are called by it, so their names are used; the
            name alone is no class, and a component `Kiln` of the package `kiln` has it.
        lock_key: The key in `names.lock` of a pointer.
        methods: The method names by pointer; a documented error is called after its method.
        title: The `title` of the schema at a pointer, or the empty string.
        prefixes: What the classes of each group begin with, in the layout by tags.
    """
    requests = list[NameRequest]()
    operations = {operation.pointer: operation for operation in api.every_operation}
    for component in _without_numbers(api.components, lock_key):
        plain = words.class_name(component.wire_name)
        key = component_lock_key(lock_key, component)
        own_key = component_lock_key(lock_key, replace(component, variant_of=""))
        spellings = [plain, words.class_name(f"{plain}_schema")]
        # An inline object has no name in the contract: its title is closer to its author's words
        # than the name that hoisting made of its place.
        if own_key != lock_key(component.pointer) and (text := title(component.pointer)):
            text = f"{text} request" if component.variant_of else text
            spellings.insert(0, words.class_name(text))
        if own_key == lock_key(component.pointer):
            spellings += _class_names_with_signs(component.wire_name)
        elif operation := operations.get(below("", *split(own_key)[:3])):
            after_method = _class_name_after_method(component, operation, methods)
            spellings[-1:-1] = [after_method] if after_method else []
        requests.append(NameRequest(key, spellings, component.wire_name))

    for operation in api.every_operation:
        for reply in operation.replies:
            if not reply.is_success:
                name = words.class_name(f"{methods[operation.pointer]}_{phrase(reply.status)}")
                spellings = [name, words.class_name(f"{name}_error")]
                requests.append(NameRequest(reply_key(operation, reply), spellings))

    grouped = chain.from_iterable(map(_group_classes, prefixes))
    used = {
        *grouped,
        *classes_of_api(own),
        *(method.upper() for method in methods.values()),
    }
    return Scope(tuple(requests), reserved.MODULE | reserved.BUILTINS | used, ir.ClassName)


def _class_names_with_signs(wire_name: str) -> list[ir.ClassName]:
    """`foo-bar` beside `FooBar` and `foo_bar`: `FooDashBar`; beside `Foo_Bar`, `foo_bar` itself."""
    with_signs = words.class_name(words.with_signs(wire_name))
    is_written = wire_name.isidentifier() and wire_name.isascii() and "_" in wire_name.strip("_")
    written = [ir.ClassName(words.verbatim(wire_name))] if is_written else []
    # The last one is numbered where each of them is taken.
    return [with_signs, *written, words.class_name(f"{words.class_name(wire_name)}_schema")]


def _without_numbers(
    components: Iterable[ir.Model | ir.Alias], lock_key: Callable[[str], str]
) -> Iterator[ir.Model | ir.Alias]:
    """The components, with names that lack the number of some inline objects.

    Inline objects of `/a/b` and `/a_b` are `get._a_b.200` and `get._a_b.200.2`; their methods are
    told apart by a word, and so are they. Those of one operation keep the number.
    """
    places = {item.wire_name: split(lock_key(item.pointer))[:3] for item in components}
    for item in components:
        stem, _, number = item.wire_name.rpartition(".")
        is_numbered = number.isdecimal() and stem in places
        is_of_another = is_numbered and places[stem] != places[item.wire_name]
        yield replace(item, wire_name=stem) if is_of_another else item


def _class_name_after_method(
    component: ir.Model | ir.Alias,
    operation: ir.Operation,
    methods: Mapping[str, Identifier],
) -> ir.ClassName | None:
    """The name of an inline object of `/a-b` with what tells its method from that of `/a/b`."""
    name = words.class_name(component.wire_name)
    for written in (operation.wire_name, f"{operation.method} {operation.path}"):
        if name.startswith(start := words.class_name(written)):
            return words.class_name(f"{methods[operation.pointer]} {name[len(start) :]}")
    return None


def classes_of_api(own: str) -> list[str]:
    """The classes of clients, their views and handlers: of the API, and of its webhooks."""
    found: list[str] = []
    for part in (own, webhook_name(own)):
        names = [f"{part}{end}" for end in ("Client", "RawResponses", "StreamingResponses")]
        found += [*names, *(f"Async{name}" for name in names), f"{part}Handler"]
    return found


def _group_classes(prefix: str) -> list[str]:
    """The classes of a group: its own, their views, and its part of the handler."""
    names = [f"{prefix}{end}" for end in ("", "RawResponses", "StreamingResponses")]
    return [*names, *(f"Async{name}" for name in names), f"{prefix}Handler"]


def argument_scope(operation: ir.Operation) -> Scope:
    """The arguments of one method."""
    pointer = operation.pointer
    requests: list[NameRequest] = []
    for parameter in operation.parameters:
        wire_name = parameter.wire_name
        spellings: tuple[Identifier, ...] = (
            _free(wire_name, reserved.ARGUMENTS),
            _free(f"{wire_name} {parameter.location}", reserved.ARGUMENTS),
            _free(words.with_signs(wire_name), reserved.ARGUMENTS),
            words.verbatim(wire_name),
        )
        key = lock_keys.parameter(pointer, parameter.location, wire_name)
        requests.append(NameRequest(key, spellings, wire_name))

    if isinstance(operation.body, ir.Body):
        spellings = (Identifier("body"), Identifier("request_body"))
        requests.append(NameRequest(below(pointer, "requestBody"), spellings))
        if operation.body.is_chosen:
            spellings = (Identifier("content_type"), Identifier("body_content_type"))
            requests.append(NameRequest(below(pointer, "requestBody", "content"), spellings))

    return Scope(tuple(requests), reserved.ARGUMENTS)


def field_scope(key: str, wire_names: Iterable[str], used: frozenset[str]) -> Scope:
    """The fields of the classes of one component, whose key in `names.lock` is `key`."""
    requests: list[NameRequest] = []
    for wire_name in wire_names:
        written = words.verbatim(wire_name)
        written = words.verbatim(f"{wire_name}_") if written in used else written
        spelled = _free(words.with_signs(wire_name), used)
        spellings = (_free(wire_name, used), written, spelled, written)
        requests.append(NameRequest(below(key, "properties", wire_name), spellings, wire_name))
    return Scope(tuple(requests), used)


def header_scope(operation: ir.Operation, reply: ir.Reply) -> Scope:
    """The headers of one reply."""
    requests: list[NameRequest] = []
    for header in reply.headers:
        name = header.wire_name
        key = below(reply_key(operation, reply), "headers", name)
        spellings = (words.variable(name), words.variable(words.with_signs(name)))
        requests.append(NameRequest(key, spellings, name))
    return Scope(tuple(requests), frozenset())


def constructor_scope(api: ir.Api) -> Scope:
    """The keywords of a client's constructor: credentials and server variables.

    Servers that have a variable of the same name share one keyword for it.
    """
    requests: list[NameRequest] = []
    for scheme in api.security_schemes:
        name = scheme.wire_name
        spellings = (
            words.variable(name),
            words.variable(f"{name} credentials"),
            words.variable(words.with_signs(name)),
            words.verbatim(name),
        )
        requests.append(NameRequest(scheme.pointer, spellings, name))

    variables: dict[str, None] = {}
    for server in api.every_server:
        variables |= dict.fromkeys(variable.wire_name for variable in server.variables)
    for name in variables:
        ways = (words.variable(name), words.variable(f"server {name}"))
        requests.append(NameRequest(variable_key(name), ways, name))

    return Scope(tuple(requests), reserved.CONSTRUCTOR)


def server_scope(api: ir.Api) -> Scope:
    """The names by which a client chooses one of the servers."""
    requests: list[NameRequest] = []
    for server in api.servers:
        # Of `http://tides.example` and `https://tides.example` the scheme alone differs.
        spellings = (environment(server), _server_name(server.url), words.variable(server.url))
        requests.append(NameRequest(server_key(server), spellings))
    return Scope(tuple(requests), frozenset())


def component_lock_key(lock_key: Callable[[str], str], component: ir.Model | ir.Alias) -> str:
    """Return the key of a class or alias: the place where its schema is written.

    An inline object has the key of its `title`, whether it has a title or not: the key of its own
    place may be that of a field. The key of a variant for requests is below that of its component.
    """
    key = lock_key(component.pointer)
    if len(split(key)) != 3 or not key.startswith("/components/schemas/"):
        key = below(key, "title")
    return below(key, "x-request") if component.variant_of else key


def reply_key(operation: ir.Operation, reply: ir.Reply) -> str:
    """Return the key of a reply, below its operation.

    A component that several operations refer to gives each of them an error class of its own.
    """
    return below(operation.pointer, "responses", reply.status)


def iterator_key(operation: ir.Operation) -> str:
    """Return the key of the method that iterates over the items of all pages."""
    return below(operation.pointer, "x-pagination")


def variable_key(wire_name: str) -> str:
    """Return the key of a server variable, which is the same for each server that has it."""
    return below("/servers", "variables", wire_name)


def server_key(server: ir.Server) -> str:
    """Return the key of a server: its URL, because positions change with the order."""
    return below("/servers", server.url)


def scopes(api: ir.Api, lock_key: Callable[[str], str], classes: frozenset[str]) -> Iterator[Scope]:
    """Yield the scopes of arguments, headers, fields, servers and the constructor.

    `classes` are the names that the module's scope gave.
    """
    yield constructor_scope(api)
    yield server_scope(api)

    for operation in api.every_operation:
        yield argument_scope(operation)
        for reply in operation.replies:
            yield header_scope(operation, reply)

    wire_names: dict[str, list[str]] = {}
    for model in api.models:
        names = [declared.wire_name for declared in model.properties]
        wire_names.setdefault(lock_key(model.pointer), []).extend(names)

    # A class name is used up: in a class body, a field `tide` of the name of the class `tide` would
    # hide the class from the annotations after it.
    used = reserved.FIELDS | classes
    for key, names in wire_names.items():
        yield field_scope(key, names, used)


def _free(text: str, used: frozenset[str]) -> Identifier:
    """Return the name made of the text, with an underscore if it is used (PEP 8: `list_`)."""
    name = words.variable(text)
    return words.variable(text, after="_") if name in used else name


def _server_name(text: str) -> Identifier:
    """Return the name of a server from its description or URL; one without words is `default`."""
    plain = re.sub(r"^https?://", "", text)
    return words.variable(plain if re.search(r"\w", plain) else "default")


def environment(server: ir.Server) -> Identifier:
    """Return the name of a server's environment, such as `production`, from its description.

    Descriptions are often sentences: the name ends at the first punctuation, or after 60
    characters. `Production (EU). Use it with care.` gives `production_eu`.
    """
    first_words = re.split(r"[.,:;]\s|\n", server.wire_name.strip(), maxsplit=1)[0][:60]
    return _server_name(first_words)

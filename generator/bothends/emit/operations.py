"""`operations.py`: the record of each operation, the only generated file that knows wire names.

Worked example: `GET /tides/{day}` with a parameter `day` in the path and an optional `max-level` in
the query is one record. Arguments that a record has by default are left out: `required` of a path,
`style`, `explode`, the type `str`.

    Operation(api=API, id="listTides", name="list_tides", method="GET", path="/tides/{day}",
              parameters=(Path("day", "day"), Query("max_level", "max-level", required=False)), …)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeAlias

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.part import Part
from bothends.emit.signature import result_type
from bothends.emit.source import Code, literal, literal_tuple
from bothends.emit.types import Imports, annotation, imports

_DEFAULT_STYLE: Final = {
    "path": "simple",
    "query": "form",
    "querystring": "form",
    "header": "simple",
    "cookie": "form",
}
_TEXT: Final = ir.Scalar(ir.Kind.STRING)
"""The type of a parameter or header that the runtime assumes when none is given."""
_SCHEMES: Final = {
    "basic": "Basic",
    "bearer": "Bearer",
    "apiKey": "ApiKey",
    "digest": "Digest",
    "http": "HttpScheme",
}
_CALLS: Final = {
    "path": "Path",
    "query": "Query",
    "querystring": "QueryString",
    "header": "Header",
    "cookie": "Cookie",
}


SharedHeaders: TypeAlias = Mapping[Code, ir.Identifier]
"""The constant of each response header that more than one reply has."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """One record: its name in Python, and the arguments of its constructor by keyword."""

    constant: ir.Identifier
    result: Code
    fields: tuple[tuple[ir.Identifier, Code], ...]


@dataclass(frozen=True, slots=True)
class OperationsView:
    """What the template `operations.py.jinja` receives."""

    header: str
    imports: Imports
    runtime: tuple[ir.Identifier, ...]
    errors: tuple[ir.Identifier, ...]
    title: str
    servers: tuple[Code, ...]
    operation_servers: tuple[Code, ...]
    are_webhooks: bool
    security: tuple[tuple[str, Code], ...]
    is_folder: bool
    headers: SharedHeaders
    operations: tuple[OperationView, ...]


def emit_operations(part: Part, contract_path: str, templates: Environment) -> str:
    """Return the text of `operations.py`, or of `webhook_operations.py`."""
    view = operations_view(part, contract_path)
    return templates.get_template("operations.py.jinja").render(view=view)


def operations_view(part: Part, contract_path: str) -> OperationsView:
    """Return the records of a part, and what they are made of."""
    api = part.api
    headers = shared_headers(api.operations)
    views = tuple(operation_view(operation, headers) for operation in api.operations)
    types = [type_ for operation in api.operations for type_ in operation_types(operation)]
    has_any = any("Any" in view.result.split(" | ") for view in views)
    needed = imports(types, typing={"Any"} if has_any else ())
    errors: list[ir.Identifier] = []
    for operation in api.operations:
        errors += [reply.name for reply in operation.replies if not reply.is_success]

    own_servers = [server for operation in api.operations for server in operation.servers]
    security = [(scheme.wire_name, _scheme(scheme)) for scheme in api.security_schemes]
    return OperationsView(
        header=header(api, contract_path, "its operations as data"),
        imports=needed,
        runtime=tuple(sorted(runtime_names(api) | set(needed.runtime))),
        errors=tuple(sorted(errors)),
        title=api.title,
        servers=tuple(map(_server, api.servers)),
        operation_servers=tuple(dict.fromkeys(map(_server, own_servers))),
        are_webhooks=part.are_webhooks,
        security=tuple(security),
        is_folder=False,
        headers=headers,
        operations=views,
    )


def operation_types(operation: ir.Operation) -> list[ir.Type]:
    """Every type that the record of an operation mentions."""
    types = [parameter.type for parameter in operation.parameters]
    types += [header.type for reply in operation.replies for header in reply.headers]
    types += [content.type for content in _contents(operation)]

    return [*types, result_type(operation)]


def _contents(operation: ir.Operation) -> list[ir.Content]:
    """Every media type of the body and of the replies."""
    found: list[ir.Content] = []
    if isinstance(operation.body, ir.Body):
        found += operation.body.contents
    for reply in operation.replies:
        if not isinstance(reply.contents, ir.NoBody):
            found += reply.contents

    return found


def runtime_names(api: ir.Api) -> set[ir.Identifier]:
    """Return what the records of the API's operations need of the runtime."""
    used = {"Api", "Operation", "Server"}
    used |= {"Variable" for server in api.every_server if server.variables}
    used |= {_SCHEMES[scheme.kind] for scheme in api.security_schemes}

    for operation in api.operations:
        used.add("Reply")
        used |= {_CALLS[parameter.location] for parameter in operation.parameters}
        used |= {content.kind.value for content in _contents(operation)}
        if isinstance(operation.body, ir.Body):
            used.add("Body")
        if isinstance(operation.pages, ir.Pages):
            used.add("Pages")
        if any(reply.headers for reply in operation.replies):
            used.add("ResponseHeader")

    return set(map(ir.Identifier, used))


def _server(server: ir.Server) -> Code:
    variables = _tuple(map(_variable, server.variables))
    return call("Server", literal(server.name), literal(server.url), variables=variables)


def _variable(variable: ir.Variable) -> Code:
    return call(
        "Variable",
        literal(variable.name),
        literal(variable.wire_name),
        default=literal(variable.default),
        enum=_tuple(map(literal, variable.choices)),
    )


def _scheme(scheme: ir.SecurityScheme) -> Code:
    details = [text for text in (scheme.location, scheme.wire_key) if text]
    return call(_SCHEMES[scheme.kind], literal(scheme.name), *map(literal, details))


def shared_headers(operations: Iterable[ir.Operation]) -> SharedHeaders:
    """Return a private constant for each response header that several replies describe alike.

    A vendor repeats a handful of headers on every reply (a trace id, the rate limits): written out
    they are most of the records. A header typed by a model stays where it is, because a constant
    of the module would load the model when a server starts.
    """
    described = [
        item for operation in operations for reply in operation.replies for item in reply.headers
    ]
    loads_nothing = [item for item in described if not imports([item.type]).models]
    counted = Counter(map(_header, loads_nothing))

    constants: dict[Code, ir.Identifier] = {}
    for item in loads_nothing:
        code = _header(item)
        if counted[code] == 1 or code in constants:
            continue

        # The same name in another type takes a number: RateLimit-Reset is an integer in one reply
        # and a fraction in another.
        stem = f"_{item.name.strip('_').upper()}"
        numbered = (f"{stem}_{number}" for number in count(2))
        constant = stem
        while constant in constants.values():
            constant = next(numbered)
        constants[code] = ir.Identifier(constant)

    return constants


def operation_view(operation: ir.Operation, headers: SharedHeaders) -> OperationView:
    """Return the record of one operation, which uses the constants of the shared headers."""
    keyed = [parameter for parameter in operation.parameters if parameter.idempotency_key]
    replies = [(literal(reply.status), _reply(reply, headers)) for reply in operation.replies]
    failures = [reply for reply in operation.replies if not reply.is_success]
    errors = [(literal(reply.status), Code(reply.name)) for reply in failures]
    fields: dict[str, Code | None] = {
        "api": Code("API"),
        "id": literal(operation.wire_name),
        "name": literal(operation.name),
        "method": literal(operation.method),
        "path": literal(operation.path),
        "parameters": _tuple(map(_parameter, operation.parameters)),
        "body": _body(operation.body),
        "replies": _dict(replies),
        "errors": _dict(errors),
        "security": _tuple(map(literal_tuple, operation.security)),
        "servers": _tuple(map(_server, operation.servers)),
        "idempotency_key": literal(keyed[0].name) if keyed else None,
        "pages": _pages(operation),
    }

    return OperationView(
        constant=operation.constant,
        result=_result(operation),
        fields=tuple((ir.Identifier(name), value) for name, value in fields.items() if value),
    )


def _pages(operation: ir.Operation) -> Code | None:
    pages = operation.pages
    if isinstance(pages, ir.NoPages):
        return None

    turned = ""
    for parameter in operation.parameters:
        if (parameter.location, parameter.wire_name) == ("query", pages.parameter):
            turned = parameter.name

    return call(
        "Pages",
        literal(pages.items),
        literal(pages.by),
        parameter=_unless("", turned),
        cursor=_unless("", pages.cursor),
    )


def _result(operation: ir.Operation) -> Code:
    """The type of the result; a stream is `Any`, because its class differs in the async client."""
    result = result_type(operation)
    members = result.members if isinstance(result, ir.Union) else (result,)
    if not any(isinstance(member, ir.Stream) for member in members):
        return annotation(result)

    # The others stay: mypy's `warn_return_any` objects to a method that returns plain Any.
    others = [annotation(member) for member in members if not isinstance(member, ir.Stream)]
    return Code(" | ".join([*others, "Any"]))


def _parameter(parameter: ir.Parameter) -> Code:
    arguments = [literal(parameter.name), literal(parameter.wire_name)]
    if parameter.type != _TEXT:
        arguments.append(annotation(parameter.type))

    return call(
        _CALLS[parameter.location],
        *arguments,
        required=_unless(True, parameter.required),
        style=_unless(_DEFAULT_STYLE[parameter.location], parameter.style),
        explode=_unless(parameter.style == "form", parameter.explode),
        allow_reserved=_unless(False, parameter.allow_reserved),
        content=_unless("", parameter.media_type),
        deprecated=_unless(False, parameter.deprecated),
        nullable=_unless(False, parameter.nullable),
    )


def _body(body: ir.Body | ir.NoBody) -> Code | None:
    if isinstance(body, ir.NoBody):
        return None

    media = _tuple(map(_content, body.contents))
    return call(
        "Body",
        literal(body.name),
        media or Code("()"),
        required=_unless(False, body.required),
        content_type=literal(body.choice) if body.is_chosen else None,
        nullable=_unless(False, body.nullable),
    )


_MEDIA_TYPES: Final = {
    ir.MediaKind.JSON: "application/json",
    ir.MediaKind.YAML: "application/yaml",
    ir.MediaKind.XML: "application/xml",
    ir.MediaKind.TEXT: "text/plain",
    ir.MediaKind.BINARY: "application/octet-stream",
    ir.MediaKind.FORM: "application/x-www-form-urlencoded",
    ir.MediaKind.MULTIPART: "multipart/form-data",
    ir.MediaKind.MULTIPART_LIST: "multipart/mixed",
    ir.MediaKind.JSON_LINES: "application/jsonl",
    ir.MediaKind.EVENTS: "text/event-stream",
}
"""The media type that each record has when none is given."""


def _content(content: ir.Content) -> Code:
    is_plain_text = content.kind is ir.MediaKind.TEXT and content.type == _TEXT
    arguments: list[Code] = []
    if content.kind is not ir.MediaKind.BINARY and not is_plain_text:
        arguments.append(annotation(content.type))
    if content.kind is ir.MediaKind.XML:
        arguments.append(literal(content.root))

    return call(
        content.kind.value,
        *arguments,
        files=_tuple(map(literal, content.files)),
        media_type=_unless(_MEDIA_TYPES[content.kind], content.wire_name),
    )


def _reply(reply: ir.Reply, shared: SharedHeaders) -> Code:
    media: list[Code] = []
    if not isinstance(reply.contents, ir.NoBody):
        media += map(_content, reply.contents)

    codes = map(_header, reply.headers)
    return call(
        "Reply",
        *media,
        headers=_tuple(shared.get(code, code) for code in codes),
        empty=literal(reply.empty_body) if reply.has_empty_body else None,
    )


def _header(header: ir.Header) -> Code:
    arguments = [literal(header.name), literal(header.wire_name)]
    if header.type != _TEXT:
        arguments.append(annotation(header.type))
    return call(
        "ResponseHeader",
        *arguments,
        required=_unless(False, header.required),
        explode=_unless(False, header.explode),
    )


def call(function: str, *positional: Code, **named: Code | None) -> Code:
    """A call of a name of the generator's own vocabulary; arguments that are None are left out."""
    keywords = [f"{name}={value}" for name, value in named.items() if value is not None]
    return Code(f"{function}({', '.join([*positional, *keywords])})")


def _unless(default: str | bool, value: str | bool) -> Code | None:
    """The value as an argument; None, so left out, if the record has it by default."""
    if value == default:
        return None
    return literal(value)


def _tuple(items: Any) -> Code | None:
    entries = "".join(f"{item}, " for item in items)
    return Code(f"({entries})") if entries else None


def _dict(items: Any) -> Code | None:
    entries = "".join(f"{key}: {value}, " for key, value in items)
    return Code(f"{{{entries}}}") if entries else None

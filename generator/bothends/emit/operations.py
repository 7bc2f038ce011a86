"""`operations.py`: the record of each operation, the only generated file that knows wire names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.signature import result_type
from bothends.emit.source import Code, literal, literal_tuple
from bothends.emit.types import Imports, annotation, imports

_DEFAULT_STYLE: Final = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_TEXT: Final = ir.Scalar(ir.Kind.STRING)
"""The type of a parameter or header that the runtime assumes when none is given."""
_CALLS: Final = {"path": "Path", "query": "Query", "header": "Header", "cookie": "Cookie"}


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
    has_own_servers: bool
    security: tuple[tuple[str, Code], ...]
    operations: tuple[OperationView, ...]


def emit_operations(api: ir.Api, shown: str, templates: Environment) -> str:
    """The text of `operations.py`."""
    views = tuple(_operation(operation) for operation in api.operations)
    needed = imports(
        (of for operation in api.operations for of in _types(operation)),
        typing={"Any"} if any("Any" in view.result.split(" | ") for view in views) else (),
    )
    view = OperationsView(
        header=header(api, shown, "its operations as data"),
        imports=needed,
        runtime=tuple(sorted({*_runtime_names(api), *needed.runtime})),
        errors=tuple(
            sorted(
                reply.name for o in api.operations for reply in o.replies if not reply.is_success
            )
        ),
        title=api.title,
        servers=tuple(map(_server, api.servers)),
        has_own_servers=any(operation.servers for operation in api.operations),
        security=tuple((scheme.wire_name, _scheme(scheme)) for scheme in api.security_schemes),
        operations=views,
    )

    return templates.get_template("operations.py.jinja").render(view=view)


def _types(operation: ir.Operation) -> list[ir.Type]:
    types = [parameter.type for parameter in operation.parameters]
    types += [header.type for reply in operation.replies for header in reply.headers]
    types += [content.type for content in _contents(operation)]
    return [*types, result_type(operation)]


def _contents(operation: ir.Operation) -> list[ir.Content]:
    """Every media type of the body and of the replies."""
    messages = [
        message.contents
        for message in (operation.body, *operation.replies)
        if not isinstance(message, ir.NoBody)
    ]
    return [
        content
        for contents in messages
        if not isinstance(contents, ir.NoBody)
        for content in contents
    ]


def _runtime_names(api: ir.Api) -> tuple[ir.Identifier, ...]:
    used = {"Api", "Operation", "Server"}
    used |= {"Variable" for server in api.every_server if server.variables}
    used |= {_scheme_class(scheme) for scheme in api.security_schemes}

    for operation in api.operations:
        used |= {_CALLS[parameter.location] for parameter in operation.parameters}
        used |= {"Reply"} | ({"Body"} if isinstance(operation.body, ir.Body) else set())
        used |= {content.kind.value for content in _contents(operation)}
        used |= {"Pages"} if isinstance(operation.pages, ir.Pages) else set()
        used |= {"ResponseHeader" for reply in operation.replies if reply.headers}

    return tuple(ir.Identifier(name) for name in sorted(used))


def _server(server: ir.Server) -> Code:
    variables = [
        call(
            "Variable",
            literal(v.name),
            literal(v.wire_name),
            default=literal(v.default),
            enum=_enum(v),
        )
        for v in server.variables
    ]
    return call("Server", literal(server.name), literal(server.url), variables=_tuple(variables))


def _enum(variable: ir.Variable) -> Code | None:
    return literal_tuple(variable.choices) if variable.choices else None


def _scheme_class(scheme: ir.SecurityScheme) -> str:
    return {"basic": "Basic", "bearer": "Bearer", "apiKey": "ApiKey", "http": "HttpScheme"}[
        scheme.kind
    ]


def _scheme(scheme: ir.SecurityScheme) -> Code:
    stated = [text for text in (scheme.location, scheme.wire_key) if text]
    return call(_scheme_class(scheme), literal(scheme.name), *map(literal, stated))


def _operation(operation: ir.Operation) -> OperationView:
    errors = [reply for reply in operation.replies if not reply.is_success]
    keyed = [parameter for parameter in operation.parameters if parameter.idempotency_key]
    fields: dict[str, Code | None] = {
        "api": Code("API"),
        "id": literal(operation.wire_name),
        "name": literal(operation.name),
        "method": literal(operation.method),
        "path": literal(operation.path),
        "parameters": _tuple(map(_parameter, operation.parameters)),
        "body": _body(operation.body) if isinstance(operation.body, ir.Body) else None,
        "replies": _dict((literal(reply.status), _reply(reply)) for reply in operation.replies),
        "errors": _dict((literal(reply.status), Code(reply.name)) for reply in errors),
        "security": _tuple(map(literal_tuple, operation.security)),
        "servers": _tuple(map(_server, operation.servers)),
        "idempotency_key": literal(keyed[0].name) if keyed else None,
        "pages": _pages(operation, operation.pages)
        if isinstance(operation.pages, ir.Pages)
        else None,
    }

    return OperationView(
        constant=operation.constant,
        result=_result(operation),
        fields=tuple((ir.Identifier(name), value) for name, value in fields.items() if value),
    )


def _pages(operation: ir.Operation, pages: ir.Pages) -> Code:
    turned = [
        p.name
        for p in operation.parameters
        if (p.location, p.wire_name) == ("query", pages.parameter)
    ]
    return call(
        "Pages",
        literal(pages.items),
        literal(pages.by),
        parameter=literal(turned[0]) if turned else None,
        cursor=literal(pages.cursor) if pages.cursor else None,
    )


def _result(operation: ir.Operation) -> Code:
    """What a call gives; in place of a stream anything: the sync client gives another than the async one."""
    result = result_type(operation)
    members = result.members if isinstance(result, ir.Union) else (result,)
    if not any(isinstance(member, ir.Stream) for member in members):
        return annotation(result)

    others = [annotation(member) for member in members if not isinstance(member, ir.Stream)]
    return Code(
        " | ".join([*others, "Any"])
    )  # the others stay: mypy objects to what returns nothing but Any as a union


def _parameter(parameter: ir.Parameter) -> Code:
    is_default = parameter.style == _DEFAULT_STYLE[parameter.location]
    return call(
        _CALLS[parameter.location],
        literal(parameter.name),
        literal(parameter.wire_name),
        *(() if parameter.type == _TEXT else (annotation(parameter.type),)),
        required=None if parameter.required else literal(False),
        style=None if is_default else literal(parameter.style),
        explode=None
        if parameter.explode == (parameter.style == "form")
        else literal(parameter.explode),
        allow_reserved=literal(True) if parameter.allow_reserved else None,
        content=literal(parameter.media_type) if parameter.media_type else None,
        deprecated=literal(True) if parameter.deprecated else None,
        nullable=literal(True) if parameter.nullable else None,
    )


def _body(body: ir.Body) -> Code:
    media = _tuple(map(_content, body.contents))
    return call(
        "Body",
        literal(body.name),
        media or Code("()"),
        required=literal(True) if body.required else None,
        content_type=literal(body.choice) if body.is_chosen else None,
        nullable=literal(True) if body.nullable else None,
    )


_MEDIA_TYPES: Final = {
    ir.MediaKind.JSON: "application/json",
    ir.MediaKind.TEXT: "text/plain",
    ir.MediaKind.BINARY: "application/octet-stream",
    ir.MediaKind.FORM: "application/x-www-form-urlencoded",
    ir.MediaKind.MULTIPART: "multipart/form-data",
    ir.MediaKind.JSON_LINES: "application/jsonl",
    ir.MediaKind.EVENTS: "text/event-stream",
}
"""The media type that each record has when none is given."""


def _content(content: ir.Content) -> Code:
    is_implied = content.kind is ir.MediaKind.BINARY or (
        content.kind is ir.MediaKind.TEXT and content.type == _TEXT
    )
    return call(
        content.kind.value,
        *(() if is_implied else (annotation(content.type),)),
        files=literal_tuple(content.files) if content.files else None,
        media_type=None
        if content.wire_name == _MEDIA_TYPES[content.kind]
        else literal(content.wire_name),
    )


def _reply(reply: ir.Reply) -> Code:
    media = () if isinstance(reply.contents, ir.NoBody) else tuple(map(_content, reply.contents))
    headers = [
        call(
            "ResponseHeader",
            literal(header.name),
            literal(header.wire_name),
            *(() if header.type == _TEXT else (annotation(header.type),)),
            required=literal(True) if header.required else None,
            explode=literal(True) if header.explode else None,
        )
        for header in reply.headers
    ]
    return call(
        "Reply",
        *media,
        headers=_tuple(headers),
        empty=literal(reply.empty_body) if reply.has_empty_body else None,
    )


def call(function: str, *positional: Code, **named: Code | None) -> Code:
    """A call of a name of the generator's own vocabulary; arguments that are None are left out."""
    given = [f"{name}={value}" for name, value in named.items() if value is not None]
    return Code(f"{function}({', '.join([*positional, *given])})")


def _tuple(items: Any) -> Code | None:
    listed = list(items)
    return Code("(" + "".join(f"{item}, " for item in listed) + ")") if listed else None


def _dict(items: Any) -> Code | None:
    listed = list(items)
    return (
        Code("{" + "".join(f"{key}: {value}, " for key, value in listed) + "}") if listed else None
    )

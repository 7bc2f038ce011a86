"""`client.py`: the synchronous and the asynchronous client, from one template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jinja2 import Environment

from bothends import ir
from bothends.emit import prose
from bothends.emit.header import header
from bothends.emit.methods import MethodView, client_method, iterator_method
from bothends.emit.part import Part
from bothends.emit.signature import gives_bytes, offers_choice, runtime_of, types_of
from bothends.emit.source import Code, literal
from bothends.emit.types import Imports, Side, imports

_CREDENTIAL: Final = {
    "basic": "Login",
    "digest": "DigestLogin",
    "bearer": "Secret",
    "apiKey": "Secret",
    "http": "Secret",
}
_LONGEST_URL: Final = 200


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A keyword for the credentials of one security scheme."""

    name: ir.Identifier
    wire_name: str
    type: Code
    async_type: Code


@dataclass(frozen=True, slots=True)
class VariableView:
    """A keyword for a server variable.

    Its default is None where servers disagree: then each has its own.
    """

    name: ir.Identifier
    wire_name: str
    type: Code
    default: Code


@dataclass(frozen=True, slots=True)
class ClientView:
    """What the template `client.py.jinja` receives."""

    header: str
    imports: Imports
    operations: ir.Identifier
    name: ir.Identifier
    owner: ir.Identifier
    docstring: str
    credentials: tuple[CredentialView, ...]
    server_type: Code
    server: str
    offers_servers: bool
    has_keywords: bool
    variables: tuple[VariableView, ...]
    has_bytes: bool
    ends: tuple[tuple[bool, Code], ...]
    methods: tuple[MethodView, ...]
    iterators: tuple[MethodView, ...]


def emit_client(part: Part, display_path: str, templates: Environment) -> str:
    """The text of the client module of a part."""
    view = client_view(part, display_path)
    return templates.get_template("client.py.jinja").render(view=view)


def client_view(part: Part, display_path: str) -> ClientView:
    """The clients of a part with all their methods."""
    api = part.api
    credentials = tuple(map(_credential, api.security_schemes))
    variables = _variables(api)
    literals = len(api.servers) > 1 or any(v.type.startswith("Literal") for v in variables)
    literals = literals or any(map(offers_choice, api.operations))
    types: list[ir.Type] = []
    iterators: list[MethodView] = []
    for operation in api.operations:
        types += types_of(operation, is_client=True)
        if isinstance(operation.pages, ir.Pages):
            types.append(operation.pages.item)
            iterators.append(iterator_method(operation, operation.pages))

    servers = ", ".join(literal(server.name) for server in api.servers)

    return ClientView(
        header=header(api, display_path, "its clients"),
        imports=imports(
            types,
            typing={"Unpack", "Literal"} if literals else {"Unpack"},
            runtime=_runtime_names(api, credentials),
            iterators={"AsyncIterator", "Iterator"} if iterators else (),
        ),
        operations=part.operations,
        name=api.name,
        owner=ir.Identifier(f"{api.name}Client"),
        docstring=_class_docstring(api),
        credentials=credentials,
        server_type=Code(f"Literal[{servers}]"),
        server=api.default_server.name,
        offers_servers=len(api.servers) > 1,
        has_keywords=bool(credentials or variables or len(api.servers) > 1),
        variables=variables,
        ends=((False, Code("")), (True, Code("Async"))),
        has_bytes=any(map(gives_bytes, api.operations)),
        methods=tuple(map(client_method, api.operations)),
        iterators=tuple(iterators),
    )


def _credential(scheme: ir.SecurityScheme) -> CredentialView:
    kind = _CREDENTIAL[scheme.kind]
    return CredentialView(scheme.name, scheme.wire_name, Code(kind), Code(f"Async{kind}"))


def _runtime_names(api: ir.Api, credentials: tuple[CredentialView, ...]) -> set[str]:
    used = {"AsyncClient", "AsyncOptions", "Client", "Options"}
    used |= {"AsyncRawResponses", "RawResponses"}
    for credential in credentials:
        used |= {credential.type, credential.async_type}
    return used.union(*map(method_runtime_names, api.operations))


def method_runtime_names(operation: ir.Operation) -> set[str]:
    """What the methods of an operation need of the runtime, those of the response views too."""
    own = runtime_of(operation, Side.PASSED, Side.RECEIVED, Side.RECEIVED_ASYNC)
    return _view_names(operation) | own


def _view_names(operation: ir.Operation) -> set[str]:
    raw = {"RawResponse"} if operation.deprecated else {"AsyncRawMethod", "RawMethod"}
    if not gives_bytes(operation):
        return raw

    classes = {"AsyncStreamingResponses", "StreamingResponses"}
    if operation.deprecated:
        return raw | classes | {"AsyncDownloadContext", "DownloadContext"}
    return raw | classes | {"AsyncStreamingMethod", "StreamingMethod"}


def _variables(api: ir.Api) -> tuple[VariableView, ...]:
    found: dict[str, list[ir.Variable]] = {}
    for server in api.every_server:
        for variable in server.variables:
            found.setdefault(variable.wire_name, []).append(variable)
    return tuple(map(_variable, found.values()))


def _variable(alike: list[ir.Variable]) -> VariableView:
    first, *others = alike
    choices = dict.fromkeys(choice for variable in alike for choice in variable.choices)
    is_listed = all(variable.choices for variable in alike)
    kind = f"Literal[{', '.join(map(literal, choices))}]" if is_listed else "str"
    if all(variable.default == first.default for variable in others):
        return VariableView(first.name, first.wire_name, Code(kind), literal(first.default))
    return VariableView(first.name, first.wire_name, Code(f"{kind} | None"), Code("None"))


def _scheme_text(scheme: ir.SecurityScheme) -> str:
    text = scheme.description or _kind_text(scheme)
    source = f"Or a `ClientCredentials` that fetches tokens from {scheme.token_url}"
    return prose.joined(text, source) if scheme.token_url else text


def _kind_text(scheme: ir.SecurityScheme) -> str:
    match scheme.kind:
        case "basic":
            return "User name and password."
        case "digest":
            return "User name and password, of which a digest is sent (RFC 7616)."
        case "bearer":
            return "A bearer token."
        case "apiKey":
            where = "query parameter" if scheme.location == "query" else scheme.location
            return f"The {where} `{scheme.wire_key}`."
        case "http":
            return f"What follows `{scheme.wire_key}` in the header `Authorization`."


def _class_docstring(api: ir.Api) -> str:
    entries = [(scheme.name, _scheme_text(scheme)) for scheme in api.security_schemes]
    if len(api.servers) > 1:
        listed = "; ".join(f"`{server.name}` is {server.url}" for server in api.servers)
        more = (
            "An operation with servers of its own is sent to that of this name, else to its first"
        )
        entries.append(
            (
                ir.Identifier("server"),
                prose.joined(
                    f"Which server to call. {listed}",
                    more if any(len(o.servers) > 1 for o in api.operations) else "",
                ),
            )
        )

    described = set[str]()
    for server in api.every_server:
        # Not whole if it is long: each of its variables repeats it.
        url = server.url
        if len(url) > _LONGEST_URL:
            url = f"{url[:_LONGEST_URL]}…"

        for variable in server.variables:
            # Servers that have a variable of the same name share its argument.
            if variable.wire_name not in described:
                described.add(variable.wire_name)
                part = f"The part `{{{variable.wire_name}}}` of {url}"
                entries.append((variable.name, variable.description or part))

    entries.append(
        (ir.Identifier("options"), "What every client takes: see `bothends.runtime.Options`.")
    )

    return "\n\n".join(
        filter(
            None,
            (
                prose.wrap(
                    prose.sentence(f"A client of {prose.one_paragraph(api.title) or api.name}"),
                    indent=4,
                ),
                prose.paragraphs(api.description, indent=4),
                prose.section("Args", entries, indent=4),
            ),
        )
    )

"""The records that a generated package states its API in: data, nothing else.

Client, server, tests and proofs read the same record of an operation. Every record that stands for
something on the wire has its Python `name` and its `wire_name`; only these records know both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal

from typing_extensions import TypeVar, override

if TYPE_CHECKING:
    from .errors import DocumentedError

ResultT_co = TypeVar("ResultT_co", covariant=True, default=Any)

Location = Literal["path", "query", "header", "cookie"]


class MissingType(Enum):
    """The one value `MISSING`: nothing is there, which is not the same as null."""

    MISSING = "missing"

    @override
    def __repr__(self) -> str:
        return self.name


MISSING: Final = MissingType.MISSING


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a server's address."""

    name: str
    wire_name: str
    default: str
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """An address that the API is reached at; `{variables}` stand in its URL by wire name."""

    name: str
    url: str
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Basic:
    """HTTP basic authentication (RFC 7617).

    The name of a scheme is that of the client's argument for it.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token in the Authorization header (RFC 6750)."""

    name: str

    word: ClassVar[str] = "Bearer"


@dataclass(frozen=True, slots=True)
class Digest:
    """HTTP digest (RFC 7616): a client answers the challenge of a server."""

    name: str

    word: ClassVar[str] = "Digest"


@dataclass(frozen=True, slots=True)
class HttpScheme:
    """Another scheme of the Authorization header (RFC 9110 §11.4): its word and a credential."""

    name: str
    word: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header, a query parameter or a cookie."""

    name: str
    location: Literal["header", "query", "cookie"]
    wire_name: str


SecurityScheme = Basic | Bearer | Digest | HttpScheme | ApiKey


@dataclass(frozen=True, slots=True, eq=False)
class Api:
    """What all operations of a package share. `package` is where its contract.json lies.

    `operation_servers`: all servers that some of them have of their own.
    `are_webhooks`: whether the vendor sends them (OpenAPI 3.1 §4.8.1, §4.8.18).
    """

    package: str
    title: str
    servers: tuple[Server, ...] = ()
    security: Mapping[str, SecurityScheme] = field(default_factory=dict[str, SecurityScheme])
    operation_servers: tuple[Server, ...] = ()
    are_webhooks: bool = False

    @property
    def name(self) -> str:
        """The last part of the package's name, as it stands in log names and messages."""
        own = self.package.rpartition(".")[2]
        return f"{own}.webhooks" if self.are_webhooks else own

    def module(self, role: str) -> str:
        """The full name of a module of the package: `client`, `server` or `operations`."""
        return f"{self.package}.{'webhook_' if self.are_webhooks else ''}{role}"

    @property
    def app_factory(self) -> str:
        """The name of the function of the server module that makes the ASGI application."""
        return "create_webhook_app" if self.are_webhooks else "create_app"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation (OpenAPI 3.1 §4.8.12).

    `style` and `explode` are None where they are the default.

    `nullable`: None is null and MISSING is absent; elsewhere None stands for a parameter that is
    absent.
    """

    name: str
    wire_name: str
    type: Any = str
    required: bool = True
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    content: str | None = None
    deprecated: bool = False
    nullable: bool = False

    location: ClassVar[Location]

    @property
    def absent(self) -> Literal[MissingType.MISSING] | None:
        """What stands for the parameter where it is not given."""
        return MISSING if self.nullable else None

    def is_absent(self, value: Any) -> bool:
        """Whether an argument says that the parameter is not given."""
        return value is MISSING or (value is None and not self.nullable and not self.required)


@dataclass(frozen=True, slots=True)
class Path(Parameter):
    """A part of the path."""

    location: ClassVar[Location] = "path"


@dataclass(frozen=True, slots=True)
class Query(Parameter):
    """A part of the query string."""

    location: ClassVar[Location] = "query"


@dataclass(frozen=True, slots=True)
class Header(Parameter):
    """A request header; its name is compared without case."""

    location: ClassVar[Location] = "header"


@dataclass(frozen=True, slots=True)
class Cookie(Parameter):
    """A cookie of the request."""

    location: ClassVar[Location] = "cookie"


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON representation and its type, under application/json or a +json media type."""

    type: Any
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Yaml:
    """A JSON value as YAML, and its type (RFC 9512)."""

    type: Any
    media_type: str = "application/yaml"


@dataclass(frozen=True, slots=True)
class Xml:
    """A JSON value as XML, its type, and the name of the root element.

    How each property is written, the contract's `xml` objects say.
    """

    type: Any
    root: str
    media_type: str = "application/xml"


@dataclass(frozen=True, slots=True)
class Text:
    """Text in UTF-8: the type of the one value that it stands for."""

    type: Any = str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Binary:
    """Bytes as they are."""

    media_type: str = "application/octet-stream"

    type: ClassVar[Any] = bytes


@dataclass(frozen=True, slots=True)
class Form:
    """An object as an HTML form sends it.

    How each property is written, the contract's `encoding` says.
    """

    type: Any
    media_type: str = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Multipart:
    """An object in parts, one for each property or item of it (RFC 7578).

    `files` are the properties that are a `File`.
    """

    type: Any
    files: tuple[str, ...] = ()
    media_type: str = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A stream of JSON values, one to a line; the type is that of one of them."""

    type: Any
    media_type: str = "application/jsonl"


@dataclass(frozen=True, slots=True)
class Events:
    """A stream of server-sent events; the type is that of one of them."""

    type: Any
    media_type: str = "text/event-stream"


MediaType = Json | Yaml | Xml | Text | Binary | Form | Multipart | JsonLines | Events


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: one or more representations, in the order of the contract.

    `content_type` is the argument that says which of them it is in, where the type of the value
    does not tell. `nullable`: None is null and MISSING is absent; elsewhere None stands for a body
    that is absent.
    """

    name: str
    media: tuple[MediaType, ...]
    required: bool = False
    content_type: str | None = None
    nullable: bool = False

    @property
    def absent(self) -> Literal[MissingType.MISSING] | None:
        """What stands for the body where there is none."""
        return MISSING if self.nullable else None

    def is_absent(self, value: Any) -> bool:
        """Whether an argument says that there is no body."""
        return value is MISSING or (value is None and not self.nullable and not self.required)


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """A documented header of a reply; always of style simple (OpenAPI 3.1 §4.8.21)."""

    name: str
    wire_name: str
    type: Any = str
    required: bool = False
    explode: bool = False


@dataclass(frozen=True, slots=True, init=False)
class Reply:
    """A documented reply.

    Without media it has no body; `empty` is the value that a blank body stands for.
    """

    media: tuple[MediaType, ...]
    headers: tuple[ResponseHeader, ...]
    empty: Any

    def __init__(
        self, *media: MediaType, headers: Iterable[ResponseHeader] = (), empty: Any = MISSING
    ) -> None:
        object.__setattr__(self, "media", media)
        object.__setattr__(self, "headers", tuple(headers))
        object.__setattr__(self, "empty", empty)


@dataclass(frozen=True, slots=True)
class Pages:
    """How the pages of an operation follow each other.

    `items` points at the items in the body of a page.

    The argument `parameter` asks for another page: by the `cursor` that the page before holds (a
    runtime expression), by the number of items (`offset`) or of pages (`page`) before it. By
    `link`, the header Link has the next page's URL.
    """

    items: str
    by: Literal["cursor", "offset", "page", "link"]
    parameter: str = ""
    cursor: str = ""


@dataclass(frozen=True, eq=False)  # slots and a generic do not go together in a frozen class
class Operation(Generic[ResultT_co]):
    """One operation of the contract; the type parameter is what a call of it gives.

    `replies` and `errors` are keyed by status as the contract writes it: "404", "4XX" or "default".
    `security` is a choice (outer) of sets (inner) of scheme names: empty means that no credentials
    are asked for, an empty set that none are needed. `servers` are its own, instead of those of the
    API. `call` is how a client has the method in the layout by tags, `repos.list_tags`; elsewhere
    the client's method has the `name` of the handler's.
    """

    api: Api
    id: str
    name: str
    method: str
    path: str
    # By factories: a plain default would be an attribute of the class, which `DeferredOperation`
    # must not find in place of its own.
    parameters: tuple[Parameter, ...] = field(default_factory=tuple[Parameter, ...])
    body: Body | None = field(default_factory=lambda: None)
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    errors: Mapping[str, type[DocumentedError[Any]]] = field(
        default_factory=dict[str, "type[DocumentedError[Any]]"]
    )
    security: tuple[tuple[str, ...], ...] = field(default_factory=tuple[tuple[str, ...], ...])
    servers: tuple[Server, ...] = field(default_factory=tuple[Server, ...])
    idempotency_key: str | None = field(default_factory=lambda: None)
    pages: Pages | None = field(default_factory=lambda: None)
    call: str = ""

    @cached_property
    def pointer(self) -> str:
        """The JSON pointer of the operation in contract.json."""
        path = self.path.replace("~", "~0").replace("/", "~1")
        return f"/paths/{path}/{self.method.lower()}"

    @override
    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}>"


@dataclass(frozen=True, slots=True)
class OperationDetails:
    """What an operation says beside its method and path: the fields of the same names."""

    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[Server, ...] = ()
    idempotency_key: str | None = None
    pages: Pages | None = None


class DeferredOperation(Operation[ResultT_co]):
    """An operation whose details are made when they are first read.

    They name models and errors, and reading those names imports their modules: a package of a
    thousand operations imports what a program uses.
    """

    def __init__(
        self,
        api: Api,
        id: str,  # noqa: A002 (the field)
        name: str,
        method: str,
        path: str,
        call: str,
        details: Callable[[], OperationDetails],
        errors: Callable[[], Mapping[str, type[DocumentedError[Any]]]] = dict,
    ) -> None:
        fields = {"api": api, "id": id, "name": name, "method": method, "path": path, "call": call}
        self.__dict__.update(fields, _details=details, _errors=errors)

    if not TYPE_CHECKING:  # a type checker would let any attribute pass

        def __getattr__(self, name: str) -> Any:
            """Make the details, or the errors, which few calls need."""
            if name == "errors":
                value = self.__dict__["errors"] = self.__dict__["_errors"]()
                return value
            if name not in OperationDetails.__slots__:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

            details = self.__dict__["_details"]()
            self.__dict__.update(
                (slot, getattr(details, slot)) for slot in OperationDetails.__slots__
            )
            return self.__dict__[name]


def method_of(client: Any, operation: Operation[Any], view: str = "") -> Any:
    """Return the method that calls an operation, of a client or of its view `with_raw_response`."""
    group, _, member = operation.call.rpartition(".")
    path = (group, view, member or operation.name)
    return attrgetter(".".join(filter(None, path)))(client)


def documented(status: int, table: Mapping[str, Any]) -> str | None:
    """The key of `table` that documents a status: exact, range, then default (OpenAPI 3.1 §4.8.16).

    A `default` beside documented successes is the error of the operation, by the custom of all who
    write contracts: a success is never read by it.
    """
    for key in (str(status), f"{status // 100}XX"):
        if key in table:
            return key

    is_error = status // 100 == 2 and any(key.startswith("2") for key in table)
    return "default" if "default" in table and not is_error else None


def status_of(key: str, table: Mapping[str, Any]) -> int | None:
    """The first status that `table` documents under `key`.

    None where all of its statuses are documented apart.

    What stands beside documented successes as `default` is an error.
    """
    if key.isdigit():
        return int(key)

    is_error = any(another.startswith("2") for another in table)
    hundreds = ("5", "4", "3") if is_error else ("2", "3", "4", "5")
    starts = hundreds if key == "default" else (key[0],)
    found = (int(start) * 100 + step for start in starts for step in range(100))

    return next((status for status in found if documented(status, table) == key), None)

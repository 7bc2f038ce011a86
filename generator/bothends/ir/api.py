"""The API as a whole: servers, security schemes, operations and their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from bothends.ir.identifiers import UNNAMED, ClassName, Identifier
from bothends.ir.models import Alias, Model
from bothends.ir.types import Type


@dataclass(frozen=True, slots=True)
class Variable:
    """A server variable (OpenAPI 3.1 §4.8.6)."""

    name: Identifier
    wire_name: str
    pointer: str
    default: str
    choices: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL with `{variables}` in it (OpenAPI 3.1 §4.8.5). `wire_name` is its description."""

    name: Identifier
    wire_name: str
    pointer: str
    url: str
    variables: tuple[Variable, ...]
    description: str


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """How a caller proves who it is (OpenAPI 3.1 §4.8.27).

    `location` is set for `apiKey` only. `wire_key` is the name of the key, or the scheme word of an
    `http` credential (RFC 9110 §11.1). `token_url` is where a client gets tokens (OAuth 2.0), or
    empty.
    """

    name: Identifier
    wire_name: str
    pointer: str
    kind: Literal["basic", "digest", "bearer", "apiKey", "http"]
    location: str
    wire_key: str
    description: str
    token_url: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query, header or cookie parameter (OpenAPI 3.1 §4.8.12), or a whole query string.

    `media_type` is set if it has `content`. `nullable` says that it may be absent and may be null,
    and that the two differ on the wire.
    """

    name: Identifier
    wire_name: str
    pointer: str
    location: Literal["path", "query", "querystring", "header", "cookie"]
    type: Type
    required: bool
    nullable: bool
    has_default: bool
    default: Any
    style: str
    explode: bool
    allow_reserved: bool
    media_type: str
    description: str
    rules: tuple[str, ...]
    deprecated: bool
    idempotency_key: bool


class MediaKind(StrEnum):
    """The codec of a media type. The values are the names of the records in `operations.py`."""

    JSON = "Json"
    YAML = "Yaml"
    XML = "Xml"
    TEXT = "Text"
    BINARY = "Binary"
    FORM = "Form"
    MULTIPART = "Multipart"
    MULTIPART_LIST = "MultipartList"
    JSON_LINES = "JsonLines"
    EVENTS = "Events"


@dataclass(frozen=True, slots=True)
class Content:
    """One media type of a body or a reply (OpenAPI 3.1 §4.8.14).

    `files` are the properties of a form that are files, or such positions of a list in parts.
    `note` is a sentence for the docstring of content that is carried as it is, and not held to its
    schema. `root` is the name of the root element of XML.
    """

    wire_name: str
    pointer: str
    kind: MediaKind
    type: Type
    files: tuple[str, ...]
    note: str = ""
    root: str = ""

    @property
    def is_range(self) -> bool:
        """Whether it is a range of media types: `image/*`."""
        return "*" in self.wire_name

    @property
    def is_open(self) -> bool:
        """Whether the caller completes it: a range, or parts with a boundary of their own."""
        is_parts = self.wire_name.lower().startswith("multipart/")
        return self.is_range or (is_parts and self.kind is MediaKind.BINARY)


@dataclass(frozen=True, slots=True)
class NoBody:
    """A message that has no body."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request (OpenAPI 3.1 §4.8.13).

    `is_chosen` says that the caller chooses the media type, because the value's type does not
    decide it; `choice` is the argument for that. `nullable` says that it may be absent and may be
    null. `passed` are the types of `contents` as replies have them: an answer can be changed and
    sent.
    """

    name: Identifier
    pointer: str
    contents: tuple[Content, ...]
    required: bool
    nullable: bool
    description: str
    rules: tuple[str, ...]
    is_chosen: bool
    choice: Identifier = UNNAMED
    passed: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """A response header (OpenAPI 3.1 §4.8.21)."""

    name: Identifier
    wire_name: str
    pointer: str
    type: Type
    required: bool
    explode: bool
    description: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One documented reply (OpenAPI 3.1 §4.8.17). `status` is `"200"`, `"4XX"` or `"default"`.

    `name` is the class of the error that a caller gets; a success has none.
    """

    name: Identifier
    pointer: str
    # Not a number, because `4XX` and `default` are none (OpenAPI 3.1 §4.8.16).
    status: str
    contents: tuple[Content, ...] | NoBody
    headers: tuple[Header, ...]
    description: str
    has_empty_body: bool
    empty_body: Any

    @property
    def is_success(self) -> bool:
        """Whether the caller gets the body as the method's result."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class NoPages:
    """An operation without pages, as far as the contract says."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How the pages of an operation follow each other.

    `name` is the method that iterates over all items, `items` the pointer of the items in a page.
    The query parameter `parameter` (empty for `link`) asks for another page. `cursor` is the
    runtime expression of its value in the page before, if it is a cursor.
    """

    name: Identifier
    pointer: str
    items: str
    item: Type
    by: Literal["cursor", "offset", "page", "link"]
    parameter: str
    cursor: str
    member: Identifier = UNNAMED


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path (OpenAPI 3.1 §4.8.10).

    `security` is a list of alternatives, each a set of schemes. `servers` are its own, and empty if
    it uses those of the API. In the layout by tags a client has it as `client.group.member(...)`,
    where `group` is made of `tag`; the handler has all operations by `name`.
    """

    name: Identifier
    constant: Identifier
    wire_name: str
    pointer: str
    method: str
    path: str
    summary: str
    description: str
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: Body | NoBody
    replies: tuple[Reply, ...]
    security: tuple[tuple[str, ...], ...]
    servers: tuple[Server, ...]
    pages: Pages | NoPages = field(default=NoPages())
    tag: str = ""
    group: Identifier = UNNAMED
    member: Identifier = UNNAMED


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag, in the layout by tags (OpenAPI 3.1 §4.8.22).

    `prefix` begins the names of its classes. `aliases` are further names for the same group: those
    of the tags that `names.lock` knows under another name.
    """

    name: Identifier
    prefix: ClassName
    description: str
    aliases: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of the contract for which nothing is generated, and the named reason.

    `subject` is the pointer of that part: an operation, a path item, a webhook or a callback.
    `pointer` is the place of the reason, which may be in a component that several operations share.
    `hint` says what a person can do, if the reason alone does not.
    """

    subject: str
    pointer: str
    code: str
    operation: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of the contract that is left out of an operation: `code` names the reason."""

    code: str
    pointer: str
    reason: str
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """Everything that `emit` needs to know.

    `operations` are the requests that the user of the API sends; `webhooks` are those that the
    vendor sends, callbacks among them. `webhook_name` begins the names of their client and handler.
    `groups` are the groups of operations in the layout by tags; the flat layout has none.
    """

    name: Identifier
    title: str
    version: str
    description: str
    servers: tuple[Server, ...]
    security_schemes: tuple[SecurityScheme, ...]
    operations: tuple[Operation, ...]
    webhooks: tuple[Operation, ...]
    models: tuple[Model, ...]
    aliases: tuple[Alias, ...]
    refusals: tuple[Refusal, ...] = field(default=())
    losses: tuple[Loss, ...] = field(default=())
    webhook_name: Identifier = field(default=UNNAMED)
    layout: Literal["flat", "tags"] = "flat"
    groups: tuple[Group, ...] = field(default=())

    @property
    def default_server(self) -> Server:
        """The server that is called if none is chosen: the first. There is always one (§4.8.1)."""
        return next(iter(self.servers))

    @property
    def every_server(self) -> tuple[Server, ...]:
        """The servers of the API, then those of single operations."""
        return (
            *self.servers,
            *(server for operation in self.operations for server in operation.servers),
        )

    @property
    def every_operation(self) -> tuple[Operation, ...]:
        """The operations of both directions."""
        return (*self.operations, *self.webhooks)

    @property
    def components(self) -> tuple[Model | Alias, ...]:
        """The schemas that have a name of their own."""
        return (*self.models, *self.aliases)

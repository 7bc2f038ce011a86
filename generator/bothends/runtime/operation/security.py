"""Security schemes (OpenAPI 3.1 §4.8.27), as a client and a server apply them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


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

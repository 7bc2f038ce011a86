"""Parameters of an operation, by where they stand in a request (OpenAPI 3.1 §4.8.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from .missing import MISSING, MissingType

Location = Literal["path", "query", "querystring", "header", "cookie"]


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
class QueryString(Parameter):
    """The whole query string, in the media type `content` (OpenAPI 3.2 §4.12.1)."""

    location: ClassVar[Location] = "querystring"


@dataclass(frozen=True, slots=True)
class Header(Parameter):
    """A request header; its name is compared without case."""

    location: ClassVar[Location] = "header"


@dataclass(frozen=True, slots=True)
class Cookie(Parameter):
    """A cookie of the request."""

    location: ClassVar[Location] = "cookie"

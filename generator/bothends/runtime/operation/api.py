"""What all operations of a package share: its title and the addresses that it is reached at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .security import SecurityScheme


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

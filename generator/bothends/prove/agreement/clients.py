"""The package's own clients, made with the credentials of a proof."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from bothends.prove.credentials import Credentials
from bothends.runtime import Api, Operation
from bothends.runtime.operation import Basic


def client_class(api: Api, kind: type[Any]) -> type[Any]:
    """The package's own client, sync or async."""
    module = import_module(f"{api.package}.client")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__
    )


def make_client(operation: Operation[Any], kind: type[Any], **options: Any) -> Any:
    """A client with credentials for the operation, that tries once and holds answers to the contract."""
    return client_class(operation.api, kind)(
        **credential_arguments(operation, kind), **{"retries": 0, "responses": "strict", **options}
    )


def credential_arguments(operation: Operation[Any], kind: type[Any]) -> dict[str, Any]:
    """The arguments of the client's constructor that carry what the operation asks for."""
    chosen = next(iter(operation.security), ())
    secrets = Credentials.made_up(operation.api).secrets
    names = _credential_names(client_class(operation.api, kind)) if chosen else {}
    found: dict[str, Any] = {}
    for scheme in chosen:
        secret = secrets[scheme]
        is_login = isinstance(operation.api.security[scheme], Basic)
        found[names[scheme]] = tuple(secret.split(":", 1)) if is_login else secret
    return found


def _credential_names(cls: type[Any]) -> dict[str, str]:
    """The constructor's argument for each security scheme: seen by giving it, for the names are the package's own."""
    found: dict[str, str] = {}
    for name, parameter in inspect.signature(cls).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is None:
            held: Any = cls(**{name: "seen"}, app=_no_app)._credentials.given
            found |= dict.fromkeys(held, name)
    return found


async def _no_app(*_: Any) -> None:
    """An app that is never called."""

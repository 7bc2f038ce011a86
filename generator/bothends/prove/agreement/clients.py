"""The package's own clients, made with the credentials of a proof."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from bothends.prove.wire.credentials import Credentials
from bothends.runtime import Api, Operation
from bothends.runtime.operation import Basic


def client_class(api: Api, kind: type[Any]) -> type[Any]:
    """The package's own client, sync or async."""
    module = import_module(api.module("client"))
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    # The module imports the class of the runtime that its own one is made of.
    own = [value for value in classes if value.__module__ == module.__name__]
    return next(value for value in own if issubclass(value, kind))


def make_client(operation: Operation[Any], kind: type[Any], **options: Any) -> Any:
    """Make a client with credentials, without retries, that holds answers to the contract."""
    return client_class(operation.api, kind)(
        **credential_arguments(operation), **{"retries": 0, "responses": "strict", **options}
    )


def credential_arguments(operation: Operation[Any]) -> dict[str, Any]:
    """The arguments of the client's constructor that carry what the operation asks for."""
    chosen = next(iter(operation.security), ())
    secrets = Credentials.made_up(operation.api).secrets
    found: dict[str, Any] = {}

    for scheme in chosen:
        secret, existing = secrets[scheme], operation.api.security[scheme]
        found[existing.name] = (
            tuple(secret.split(":", 1)) if isinstance(existing, Basic) else secret
        )
    return found

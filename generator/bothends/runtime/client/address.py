"""Where a client's requests go: a server of the contract with its variables, or a base URL that the user gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bothends.runtime.operation import Api, Server

IN_PROCESS = "http://localhost"
_VARIABLE = re.compile(r"\{([^{}]*)\}")


def choose_address(
    api: Api, server: str, variables: Mapping[str, str], base_url: str | None, *, in_process: bool
) -> str:
    """The URL that all paths are appended to, without a slash at its end. ValueError for what cannot be an address.

    An app in process is addressed at its root, without the path of the contract's server: base URL and mount are the
    user's to choose.
    """
    if base_url is None and in_process:
        return IN_PROCESS
    address = server_url(_named(api, server), variables) if base_url is None else base_url
    return _checked(address)


def server_url(server: Server, variables: Mapping[str, str]) -> str:
    """The URL of a server with its variables (by Python name) filled in."""
    values: dict[str, str] = {}
    for variable in server.variables:
        value = variables.get(variable.name, variable.default)
        if variable.enum and value not in variable.enum:
            raise ValueError(f"{variable.name} must be one of {', '.join(variable.enum)}")
        if re.search(r"[\s@?#\\]", value):
            raise ValueError(f"{variable.name} holds characters that cannot be in an address")
        values[variable.wire_name] = value
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), server.url)


def _named(api: Api, name: str) -> Server:
    for server in api.servers:
        if server.name == name:
            return server
    raise ValueError(
        f"server must be one of {', '.join(server.name for server in api.servers) or '(none: give base_url)'}"
    )


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the server's address is not a whole http or https URL: give base_url")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("a base URL is scheme, host and path: no credentials, query or fragment")
    return address.rstrip("/")

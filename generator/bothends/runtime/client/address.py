"""Where a client's requests go: a server of the contract, or a base URL of the user's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from bothends.runtime.errors import RequestError
from bothends.runtime.operation import Api, Operation, Server, Variable

IN_PROCESS = "http://localhost"
_HEAD = re.compile(r"\A((?:[^/]*://)?[^/]*)")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Addresses:
    """Where the requests of one client go.

    ValueError for a server, a variable or a base URL that is none.

    An app in process is addressed at its root, without the path of the contract's server: base URL
    and mount are the user's to choose.
    """

    def __init__(
        self,
        api: Api,
        server: str,
        variables: Mapping[str, str | None],
        base_url: str | None,
        *,
        in_process: bool,
    ) -> None:
        self._environment, self._variables = server, variables
        self._is_chosen = in_process or base_url is not None
        chosen = IN_PROCESS if base_url is None else base_url
        self._shared = (
            chosen if self._is_chosen else server_url(_find_server(api, server), variables)
        )
        if self._is_chosen or not api.operation_servers:  # else it may be that no call needs it
            _checked(self._shared)

        self._known: dict[Operation[Any], str] = {}

    def base_url(self, operation: Operation[Any]) -> str:
        """The URL that the path is appended to, without a slash at its end.

        An operation with servers of its own (OpenAPI 3.1 §4.8.10) is sent to the one of the chosen
        name, else to the first, but never past an app or a base URL. RequestError when the contract
        states no whole address.
        """
        if operation not in self._known:
            try:
                self._known[operation] = _checked(self._address(operation))
            except ValueError as error:
                raise RequestError("server", "address", str(error)) from None

        return self._known[operation]

    def _address(self, operation: Operation[Any]) -> str:
        if self._is_chosen or not operation.servers:
            return self._shared
        chosen = [server for server in operation.servers if server.name == self._environment]
        return server_url([*chosen, *operation.servers][0], self._variables)


def server_url(server: Server, variables: Mapping[str, str | None]) -> str:
    """The URL of a server with its variables (by wire name) filled in."""
    values: dict[str, str] = {}
    for variable in server.variables:
        provided = variables.get(variable.wire_name)
        value = variable.default if provided is None else provided
        if variable.enum and value not in variable.enum:
            raise ValueError(f"{variable.name} must be one of {', '.join(variable.enum)}")
        # An `@` would make the host before it a user name, and send credentials to the rest.
        if re.search(r"[\s@?#\\]", value):
            raise ValueError(f"{variable.name} holds characters that cannot be in an address")

        values[variable.wire_name] = value

    for variable in server.variables:
        if values[variable.wire_name] not in (variable.default, *variable.enum):
            _check_chosen(server, variable, values)

    return _filled(server.url, values)


def _check_chosen(server: Server, variable: Variable, values: Mapping[str, str]) -> None:
    """Check a value of the user's own for a server variable.

    A value that ends the host, as `evil.example/` does, would send credentials elsewhere. A
    variable that is all of scheme and host, as in `{base}/v1`, is an address of the user's own.
    """
    head = _head(server)
    tail, pointer = server.url[len(head) :], f"{{{variable.wire_name}}}"
    if pointer in head and pointer != head and not _HOST.fullmatch(_filled(head, values)):
        raise ValueError(
            f"{variable.name} must be a part of a host's name, or a host, as the contract has it"
        )

    path = _filled(tail, values)
    is_other = path[:1] not in ("", "/") or any(
        unquote(segment) in (".", "..") for segment in path.split("/")
    )
    if pointer in tail and is_other:
        raise ValueError(f"{variable.name} must be a part of a path, without dot segments")


def _head(server: Server) -> str:
    """The scheme and host of a server's URL, variables unfilled.

    One whose default begins with a slash begins the path.
    """
    head = _HEAD.split(server.url)[1]
    for variable in server.variables:
        if variable.default.startswith("/"):
            head = head.partition(f"{{{variable.wire_name}}}")[0]
    return head


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _find_server(api: Api, name: str) -> Server:
    for server in api.servers:
        if server.name == name:
            return server
    names = ", ".join(server.name for server in api.servers)
    raise ValueError(f"server must be one of {names or '(none: give base_url)'}")


_LONGEST = 8_000


def _checked(address: str) -> str:
    # `urlsplit` drops line breaks in silence; another reader would end a header there.
    if len(address) > _LONGEST or not address.isprintable():
        raise ValueError(
            f"a base URL has at most {_LONGEST:,} characters, and no space or control character"
        )

    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise ValueError("the server's address is not a URL: give base_url") from None

    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the server's address is not a whole http or https URL: give base_url")
    # Credentials in a URL reach logs and error texts.
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("a base URL is scheme, host and path: no credentials, query or fragment")
    return address.rstrip("/")

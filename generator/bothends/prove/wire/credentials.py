"""Credentials for a proof: made up, and the only ones that the server under proof takes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from bothends.prove.wire.masks import Masks
from bothends.prove.wire.message import Request
from bothends.runtime.answer import Authenticate, Credential
from bothends.runtime.operation import Api, ApiKey, Basic, Operation, Parameter


@dataclass(frozen=True, slots=True)
class Credentials:
    """A secret for each security scheme, by its name.

    That of basic authentication is `user:password`.

    `headers` go with every request, for what a server wants and the contract does not have.
    """

    secrets: Mapping[str, str]
    are_made_up: bool = False
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    _masks: dict[str, Masks] = field(
        default_factory=dict[str, Masks], init=False, repr=False, compare=False
    )

    @staticmethod
    def made_up(api: Api) -> Credentials:
        """Secrets that nobody would guess by chance."""
        return Credentials(
            {
                name: f"prover:known-to-{name}" if isinstance(scheme, Basic) else f"known-to-{name}"
                for name, scheme in api.security.items()
            },
            are_made_up=True,
        )

    def authenticate(self) -> Authenticate:
        """A function for the server that takes these credentials and no others."""

        def judge(presented: Mapping[str, Credential]) -> bool:
            return all(
                self._secret(credential) == self.secrets.get(name)
                for name, credential in presented.items()
            )

        return judge

    def _secret(self, credential: Credential) -> str:
        return (
            f"{credential.username}:{credential.secret}"
            if credential.username
            else credential.secret
        )

    def chosen(self, operation: Operation[Any]) -> tuple[str, ...]:
        """Choose the schemes to sign with: the first set of which all secrets are known."""
        # Alternatives in the contract's order (OpenAPI 3.1 §4.8.30): any one set suffices.
        for names in operation.security:
            if all(self.secrets.get(name) for name in names):
                return names

        return next(iter(operation.security), ())

    def lacking(self, operation: Operation[Any]) -> tuple[str, ...]:
        """The schemes that the operation takes and no secret is known of."""
        used = dict.fromkeys(name for names in operation.security for name in names)
        return tuple(name for name in used if not self.secrets.get(name))

    def masks(self, api: Api) -> Masks:
        """Return the masks for reports.

        Made-up secrets are not masked. Each failed check asks for them, so they are made once.
        """
        if api.name not in self._masks:
            secrets: Mapping[str, str] = {} if self.are_made_up else self.secrets
            self._masks[api.name] = Masks(api, secrets, self.headers)
        return self._masks[api.name]

    def lines(self, api: Api, names: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """What a set of schemes puts on the wire: location, name, text."""
        found: dict[str, dict[str, str]] = {"header": {}, "query": {}, "cookie": {}}
        for name in names:
            scheme, secret = api.security[name], self.secrets.get(name, "")
            if isinstance(scheme, ApiKey):
                found[scheme.location][scheme.wire_name] = secret
            elif isinstance(scheme, Basic):
                # RFC 7617 §2: user name and password, with a colon between them.
                coded = base64.b64encode(secret.encode()).decode()
                found["header"]["Authorization"] = f"Basic {coded}"
            else:
                found["header"]["Authorization"] = f"{scheme.word} {secret}"

        return found

    def sign(
        self, operation: Operation[Any], request: Request, names: tuple[str, ...] | None = None
    ) -> Request:
        """The request with the credentials of one set of schemes, by default those of `chosen`."""
        chosen = names if names is not None else self.chosen(operation)
        lines = self.lines(operation.api, chosen)
        for name, value in (*self.headers.items(), *lines["header"].items()):
            request = request.with_header(name, value)

        if lines["query"]:
            path, _, query = request.target.partition("?")
            pairs = _merged(query.split("&"), quote, lines["query"])
            request = request.with_target(f"{path}?{'&'.join(pairs)}")

        if lines["cookie"]:
            pairs = _merged((request.header("cookie") or "").split("; "), str, lines["cookie"])
            request = request.with_header("cookie", "; ".join(pairs))

        return request

    def are_in(self, operation: Operation[Any], url: str, headers: Mapping[str, str]) -> bool:
        """Whether a request has those that it would be signed with; headers by lower-case name."""
        lines = self.lines(operation.api, self.chosen(operation))
        sent = {
            "header": dict(headers),
            "query": dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)),
            "cookie": dict(parse_qsl(headers.get("cookie", "").replace("; ", "&"))),
        }
        for location, own in lines.items():
            for name, value in own.items():
                key = name.lower() if location == "header" else name
                if sent[location].get(key) != value:
                    return False
        return True


def _merged(pairs: list[str], write: Callable[[str], str], lines: dict[str, str]) -> list[str]:
    """Pairs `name=value` with those of credentials.

    A parameter of a key's name is the key itself.
    """
    remaining = [pair for pair in pairs if pair and pair.partition("=")[0] not in map(write, lines)]
    return [*remaining, *(f"{write(name)}={write(value)}" for name, value in lines.items())]


def is_credential(operation: Operation[Any], parameter: Parameter) -> bool:
    """Whether a parameter is the place of an API key of the operation: one value is both."""
    schemes = (operation.api.security[name] for names in operation.security for name in names)
    return any(
        isinstance(scheme, ApiKey)
        and (scheme.location, scheme.wire_name) == (parameter.location, parameter.wire_name)
        for scheme in schemes
    )

"""Credentials for a proof: made up, and the only ones that the server under proof takes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bothends.prove.wire.masks import Masks
from bothends.prove.wire.message import Request
from bothends.runtime.answer import Authenticate, Credential
from bothends.runtime.operation import Api, ApiKey, Basic, Operation


@dataclass(frozen=True, slots=True)
class Credentials:
    """A secret for each security scheme, by its name; that of basic authentication is `user:password`."""

    secrets: Mapping[str, str]
    are_made_up: bool = False

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
        """The set of schemes to sign an operation with: the first whose secrets are all known, else the first."""
        known = [
            names for names in operation.security if all(self.secrets.get(name) for name in names)
        ]
        return next(iter([*known, *operation.security]), ())

    def lacking(self, operation: Operation[Any]) -> tuple[str, ...]:
        """The schemes that the operation takes and no secret is known of."""
        taken = dict.fromkeys(name for names in operation.security for name in names)
        return tuple(name for name in taken if not self.secrets.get(name))

    def masks(self, api: Api) -> Masks:
        """What keeps the secrets out of reports. Those that are made up are none, and are told."""
        return Masks(api, {} if self.are_made_up else self.secrets)

    def lines(self, api: Api, names: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """What a set of schemes puts on the wire: location, name, text."""
        found: dict[str, dict[str, str]] = {"header": {}, "query": {}, "cookie": {}}
        for name in names:
            scheme, secret = api.security[name], self.secrets.get(name, "")
            if isinstance(scheme, ApiKey):
                found[scheme.location][scheme.wire_name] = secret
            elif isinstance(scheme, Basic):
                found["header"]["Authorization"] = "Basic " + _coded(secret)
            else:
                found["header"]["Authorization"] = f"{scheme.word} {secret}"

        return found

    def sign(
        self, operation: Operation[Any], request: Request, names: tuple[str, ...] | None = None
    ) -> Request:
        """The request with the credentials of one set of schemes, by default those of `chosen`."""
        chosen = names if names is not None else self.chosen(operation)
        lines = self.lines(operation.api, chosen)
        for name, value in lines["header"].items():
            request = request.with_header(name, value)

        query = "&".join(f"{quote(name)}={quote(value)}" for name, value in lines["query"].items())
        if query:
            request = request.with_target(
                request.target + ("&" if "?" in request.target else "?") + query
            )

        cookies = [f"{name}={value}" for name, value in lines["cookie"].items()]
        if cookies:
            known = request.header("cookie")
            request = request.with_header(
                "cookie", "; ".join([*([known] if known else []), *cookies])
            )

        return request


def _coded(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()

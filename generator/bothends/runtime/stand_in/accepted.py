"""The credentials that a stand-in without code of its own accepts: those of its seed, else any."""

from __future__ import annotations

from collections.abc import Mapping

from bothends.runtime.answer import Authenticate, Credential
from bothends.runtime.json.pointer import join
from bothends.runtime.operation import Api, Basic

from .seed import SeedError

Accepted = Mapping[str, frozenset[str]]
"""By the name of a security scheme: its tokens or keys, or `user:password`.

A scheme that is not named accepts any.
"""


def check_accepted(api: Api, accepted: Accepted) -> None:
    """Raise SeedError for an undeclared scheme, or a value that is no credential of it."""
    faults: list[tuple[str, str]] = []
    for name, secrets in accepted.items():
        pointer = join("credentials", name)
        if name not in api.security:
            existing = ", ".join(api.security) or "none"
            faults.append(
                (pointer, f"the contract has no such security scheme; it has: {existing}")
            )
        elif not all(secrets):
            faults.append((pointer, "a credential cannot be empty"))
        elif isinstance(api.security[name], Basic) and not all(":" in secret for secret in secrets):
            faults.append((pointer, "basic authentication takes user:password"))

    if faults:
        raise SeedError(faults)


def judge_of(accepted: Accepted) -> Authenticate:
    """A function for the server that takes these."""

    def authenticate(presented: Mapping[str, Credential]) -> bool:
        for name, credential in presented.items():
            if name in accepted and _text(credential) not in accepted[name]:
                return False
        return True

    return authenticate


def _text(credential: Credential) -> str:
    return (
        f"{credential.username}:{credential.secret}" if credential.username else credential.secret
    )

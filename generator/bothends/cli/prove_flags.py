"""The flags of `bothends prove`, judged before anything is served or sent."""

from __future__ import annotations

import os
import re
from enum import Enum
from typing import TYPE_CHECKING

from bothends.cli.arguments import is_address
from bothends.config import misuse

if TYPE_CHECKING:
    from bothends.prove import Package, Shard


class ProvedStandIn(Enum):
    """Which stand-in is proved."""

    OWN = "stand-in"
    DEFAULT = "default"
    REMEMBERING = "remember"


def stand_in_of(default: bool, remember: bool) -> ProvedStandIn:
    """Which stand-in `--default` and `--remember` ask for; Misuse where both are given."""
    if default and remember:
        raise misuse(
            "default-and-remember",
            "--default and --remember name two stand-ins",
            hint="leave one out",
        )
    if remember:
        return ProvedStandIn.REMEMBERING
    return ProvedStandIn.DEFAULT if default else ProvedStandIn.OWN


def check_flags(
    url: str | None,
    chosen: int,
    credentials: list[str],
    headers: list[str],
    stand_in: ProvedStandIn,
) -> None:
    """Refuse flags that do not go together, by Misuse; `chosen` counts the packages to prove."""
    if url is not None and chosen != 1:
        raise misuse(
            "url-and-packages",
            "--url proves one server",
            hint="name the one package it is made from",
        )
    if url is not None and stand_in is not ProvedStandIn.OWN:
        raise misuse(
            "url-and-default",
            f"--{stand_in.value} is for a server that is started here, not for --url",
        )
    if url is None and credentials:
        raise misuse(
            "credential",
            "--credential is for --url: a server that is started here has its own",
        )
    if url is None and headers:
        raise misuse("header", "--header is for --url: a server that is started here needs none")


def check_address(url: str) -> None:
    """Refuse what is no address, or has a password in it that reports would show. Misuse."""
    if re.match(r"https?://[^/?#]*@", url):
        raise misuse(
            "url",
            "the address holds credentials",
            hint="--credential SCHEME=VARIABLE keeps them out of reports",
        )

    if not is_address(url):
        raise misuse("url", f"{url} is not an address", hint="such as http://127.0.0.1:8000")


def credential_of(package: Package, text: str) -> tuple[str, str]:
    """The security scheme of `SCHEME=VARIABLE` and its secret, from the environment. Misuse."""
    scheme, _, variable = text.partition("=")
    if scheme not in package.api.security:
        existing = ", ".join(package.api.security) or "none"
        raise misuse(
            "credential",
            f"the contract has no security scheme {scheme}",
            hint=f"it has: {existing}",
        )

    secret = os.environ.get(variable, "")
    if not secret:
        raise misuse(
            "credential",
            f"the environment variable {variable or '(no name given)'} is not set, or empty",
        )
    from bothends.runtime import Basic

    if isinstance(package.api.security[scheme], Basic) and ":" not in secret:
        raise misuse(
            "credential",
            f"the environment variable {variable} must hold user:password for {scheme}",
        )

    return scheme, secret


def header_of(text: str) -> tuple[str, str]:
    """The name of `NAME: VARIABLE` and the value, from the environment. Misuse."""
    name, colon, variable = (part.strip() for part in text.partition(":"))
    if not colon or re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) is None:
        raise misuse("header", f"{text} names no header", hint="such as 'X-Tenant: TENANT_ID'")

    value = os.environ.get(variable, "")
    if not value:
        raise misuse(
            "header",
            f"the environment variable {variable or '(no name)'} is not set, or empty",
            hint="what follows the colon is the name of a variable that holds the value",
        )
    return name, value


def shard_of(text: str) -> Shard:
    """The part of a run that `I/N` names. Misuse."""
    from bothends.prove import Shard

    found = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise misuse("shard", f"{text} is no part of a run", hint="the second of four parts is 2/4")
    return Shard(int(found[1]), int(found[2]))

"""HTTP digest: the answer to a server's challenge (RFC 7616 §3.4).

GET /tides                             401, WWW-Authenticate: Digest realm="t", nonce="n1"
GET /tides                             200
Authorization: Digest username="ann", nonce="n1", response="8ca5…"
GET /tides                             200, with the same nonce counted on
Authorization: Digest username="ann", nonce="n1", nc=00000002, response="6629…"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2

from bothends.runtime.operation import Digest, Operation


@dataclass(slots=True)
class Digests:
    """What a client remembers of challenges, for each login."""

    _known: dict[tuple[str, str], httpx2.DigestAuth] = field(
        default_factory=dict[tuple[str, str], httpx2.DigestAuth], repr=False
    )

    def find(
        self, operation: Operation[Any], values: Mapping[str, Any]
    ) -> httpx2.DigestAuth | None:
        """Return what answers challenges with one of these credentials, if one is a login."""
        for name, value in values.items():
            if isinstance(operation.api.security[name], Digest) and isinstance(value, tuple):
                login = cast("tuple[str, str]", value)
                return self._known.setdefault(login, httpx2.DigestAuth(*login))
        return None

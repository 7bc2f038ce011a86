"""The subject of a proof: a package served on a free port, or a running server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bothends.prove.evidence.complaint import Complaint
from bothends.prove.evidence.facts import fact_of
from bothends.prove.evidence.record import Failure
from bothends.prove.evidence.subjects import SERVED_AGAIN
from bothends.prove.target.known_ids import KnownIds
from bothends.prove.target.packages import Package
from bothends.prove.target.server_log import ServerLog
from bothends.prove.wire.credentials import Credentials
from bothends.prove.wire.message import Request


@dataclass(frozen=True, slots=True)
class Subject:
    """A server under proof, at an address.

    `always_succeeds`: it answers each valid request with a success.

    `remembers`: what one request makes or removes is there, or gone, for the next. `ours`: it is a
    generated one, with the bounds of our own. A server that others wrote is held to what the
    contract and the RFCs say, and to nothing else. `known_ids` are ids that its answers have named.
    `constants` stand in the source of its handler, so that a branch that is taken for one value
    only is taken. `log` is what it logs, where it runs in this process.
    """

    package: Package
    name: str
    address: str
    credentials: Credentials
    always_succeeds: bool = False
    remembers: bool = True
    ours: bool = True
    known_ids: KnownIds = field(default_factory=KnownIds)
    constants: tuple[Any, ...] = ()
    log: ServerLog = field(default_factory=ServerLog)

    @property
    def told_address(self) -> str:
        """The address for reports.

        A server of ours is gone after the proof, so the report names where to serve it again.
        """
        return SERVED_AGAIN if self.ours else self.address

    def curl(self, request: Request) -> str:
        """The command that sends a request to this server again, or to one that takes its place."""
        return self.credentials.masks(self.package.api).curl(self.told_address, request)

    def failure(
        self,
        operation: str,
        part: str,
        check: str,
        message: str,
        curl: str = "",
        cause: Complaint | None = None,
    ) -> Failure:
        """A failed check of this server.

        `cause` is what it comes from, where the server has failed itself. Of a server that
        others wrote it is the fact that the check shows, because nobody sees its log.
        """
        same, reason = (cause.cause, cause.text) if cause is not None else ("", "")
        if not self.ours:
            same, reason = fact_of(check, message), ""
        return Failure(
            self.package.name,
            self.name,
            operation,
            part,
            check,
            message,
            curl,
            cause=same,
            reason=reason,
        )

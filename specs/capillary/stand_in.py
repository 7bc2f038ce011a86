"""A stand-in for Capillary: the behaviour that its document describes and no schema can say.

It plays one organisation and knows its messages by their ids. Where the document is silent it does what openapi.yaml
assumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bothends.runtime import App, Credential, keeps
from bothends.runtime.stand_in import State
from capillary.models import MessageNotFound, MessageNotFoundError, ResendRequest, ResentMessage
from capillary.server import create_app


@dataclass
class StandIn:
    """The handler. Without `logins` and `tokens`, all credentials are good. `last_id` is the last message that was sent.

    `logins` are hashed passwords by user name, `messages` the ids of messages that were sent. All of it lives in the state.
    """

    seeds: ClassVar[tuple[str, ...]] = ("logins", "tokens", "org_id", "messages", "last_id")

    logins: Mapping[str, str] | None = None
    tokens: frozenset[str] | None = None
    org_id: int = 100737
    messages: set[int] = field(default_factory=lambda: {1746061653596})
    last_id: int = 1748743190123
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        """Take up what the state remembers."""
        logins = [f"{name}:{password}" for name, password in (self.logins or {}).items()]
        self._logins = self.state.by_secret(
            "logins", bool, None if self.logins is None else dict.fromkeys(logins, True)
        )
        self._tokens = self.state.by_secret(
            "tokens", bool, None if self.tokens is None else dict.fromkeys(self.tokens, True)
        )
        self.org_id = self.state.value("org_id", int, self.org_id)
        self.last_id = self.state.value("last_id", int, self.last_id)
        # By id: the message that it was sent anew for, or itself.
        self._sent = self.state.records(
            "messages", int, {str(id_): id_ for id_ in sorted(self.messages)}
        )

    def app(self) -> App:
        """The server that answers by this stand-in."""
        return create_app(self, authenticate=self.authenticate)

    @keeps("C5", "C101")
    def authenticate(self, credentials: Mapping[str, Credential]) -> bool:
        """Whether the login or the token is good: either is enough."""
        if self._logins is None and self._tokens is None:
            return True
        login, token = credentials.get("basicAuth"), credentials.get("accessToken")
        if login is not None:
            return self._logins is not None and f"{login.username}:{login.secret}" in self._logins
        return token is not None and self._tokens is not None and token.secret in self._tokens

    @keeps("C4", "C8", "C14", "C15", "C16", "C18")
    async def resend_message(self, body: ResendRequest) -> ResentMessage | MessageNotFound:
        """Send the message anew, under an id that was never used."""
        if str(body.message_id) not in self._sent:
            return self._not_found(body.message_id)
        self.last_id += 1
        self.state.put("last_id", int, self.last_id)
        self._sent[str(self.last_id)] = body.message_id
        return ResentMessage(
            org_id=self.org_id,
            undelivered_message_id=body.message_id,
            resent_message_id=self.last_id,
            warnings=[],
        )

    @keeps("C20", "C21", "C22")
    def _not_found(self, message_id: int) -> MessageNotFound:
        message = f"Failed to resend message : Message not found for orgId: {self.org_id} and messageId: {message_id}"
        return MessageNotFound(
            errors=[MessageNotFoundError(status=False, code=4223, message=message)]
        )

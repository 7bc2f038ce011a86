"""A stand-in for Capillary: the behaviour that its document describes and no schema can say.

It plays one organisation and knows its messages by their ids. Where the document is silent it does what openapi.yaml
assumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bothends.runtime import App, Credential, keeps
from capillary.models import MessageNotFound, MessageNotFoundError, ResendRequest, ResentMessage
from capillary.server import create_app


@dataclass
class StandIn:
    """The handler. Without `logins` and `tokens`, all credentials are good. `last_id` is the last message that was sent."""

    logins: Mapping[str, str] | None = None
    tokens: frozenset[str] | None = None
    org_id: int = 100737
    messages: set[int] = field(default_factory=lambda: {1746061653596})
    last_id: int = 1748743190123

    def app(self) -> App:
        """The server that answers by this stand-in."""
        return create_app(self, authenticate=self.authenticate)

    @keeps("C5", "C101")
    def authenticate(self, credentials: Mapping[str, Credential]) -> bool:
        """Whether the login or the token is good: either is enough."""
        if self.logins is None and self.tokens is None:
            return True
        login, token = credentials.get("basicAuth"), credentials.get("accessToken")
        if login is not None:
            return (self.logins or {}).get(login.username) == login.secret
        return token is not None and token.secret in (self.tokens or ())

    @keeps("C4", "C8", "C14", "C15", "C16", "C18")
    async def resend_message(self, body: ResendRequest) -> ResentMessage | MessageNotFound:
        """Send the message anew, under an id that was never used."""
        if body.message_id not in self.messages:
            return self._not_found(body.message_id)
        self.last_id += 1
        self.messages.add(self.last_id)
        return ResentMessage(
            org_id=self.org_id, undelivered_message_id=body.message_id, resent_message_id=self.last_id, warnings=[]
        )

    @keeps("C20", "C21", "C22")
    def _not_found(self, message_id: int) -> MessageNotFound:
        message = f"Failed to resend message : Message not found for orgId: {self.org_id} and messageId: {message_id}"
        return MessageNotFound(errors=[MessageNotFoundError(status=False, code=4223, message=message)])

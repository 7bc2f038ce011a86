"""A stand-in for Leegality: the behaviour that its document describes and no schema can say.

It knows invitees by the UUIDs of their sign URLs. Where the document is silent it does what openapi.yaml assumes.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from bothends.runtime import App, Credential, keeps
from bothends.runtime.stand_in import State
from leegality.models import InvitationOutcome, Message, ResendData, ResendReply, ResendRequest
from leegality.server import create_app

RESENT = "Invitation(s) sent successfully. Please ask invitees to check their inbox."
ALREADY_SIGNED = "Document(s) already signed by the invitee."
NO_ACCESS = "You do not have access to the document."
TOO_OFTEN = "You have already resent invitation mail 5 times. Please contact support@leegality.com for help."
MOST_RESENDS = 5


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person who is asked to sign. `resends` counts the invitations after the first."""

    name: str
    email: str
    phone: str | None = None
    signed: bool = False
    resends: int = 0


def _sample() -> MutableMapping[str, Invitee]:
    return {
        "2bdcc3ef-661f-440c-b059-82c0ff6ce4d8": Invitee(
            "Abhishek Sharma", "signer@example.com", "9876543210"
        ),
        "5f0c3b1e-2a4d-4c6f-8e97-1b2d3f405162": Invitee(
            "Abhishek Sharma", "signer@example.com", signed=True
        ),
    }


@dataclass
class StandIn:
    """The handler. Without `tokens`, every token is good. Sign URLs begin with `address`, and end with the key of an invitee.

    All of it lives in the state.
    """

    seeds: ClassVar[tuple[str, ...]] = ("tokens", "invitees", "address")

    tokens: frozenset[str] | None = None
    invitees: MutableMapping[str, Invitee] = field(default_factory=_sample)
    address: str = "https://sandbox.leegality.com/sign/"
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        """Take up what the state remembers."""
        tokens = None if self.tokens is None else dict.fromkeys(self.tokens, True)
        self._tokens = self.state.by_secret("tokens", bool, tokens)
        self.address = self.state.value("address", str, self.address)
        self.invitees = self.state.records("invitees", Invitee, self.invitees)

    def app(self) -> App:
        """The server that answers by this stand-in."""
        return create_app(self, authenticate=self.authenticate)

    @keeps("L3")
    def authenticate(self, credentials: Mapping[str, Credential]) -> bool:
        """Whether the token is good."""
        return self._tokens is None or credentials["authToken"].secret in self._tokens

    @keeps("L15", "L21", "L29", "L31")
    async def resend_notifications(self, body: ResendRequest) -> ResendReply:
        """One outcome per sign URL, in their order; status 1 whatever the outcomes are."""
        invitations = [self._resend(sign_url) for sign_url in body.sign_urls]
        sent = any(invitation.status == 1 for invitation in invitations)
        done = [Message(code="simpleWorkFlow.success", message="Invitations sent successfully.")]
        return ResendReply(
            status=1, messages=done if sent else [], data=ResendData(invitations=invitations)
        )

    @keeps("L22", "L23", "L24", "L25", "L28")
    def _resend(self, sign_url: str) -> InvitationOutcome:
        url = self._full(sign_url)
        uuid = url.removeprefix(self.address) if url.startswith(self.address) else ""
        invitee = self.invitees.get(uuid)
        if invitee is None:
            return InvitationOutcome(
                status=0, name=None, email=None, phone=None, sign_url=url, message=NO_ACCESS
            )
        message = self._invite(uuid, invitee)
        return InvitationOutcome(
            status=1 if message == RESENT else 0,
            name=invitee.name,
            email=invitee.email,
            phone=invitee.phone,
            sign_url=url,
            message=message,
        )

    @keeps("L10", "L26")
    def _full(self, sign_url: str) -> str:
        """The full URL of what may be a URL or only its UUID."""
        return sign_url if "/" in sign_url else f"{self.address}{sign_url}"

    @keeps("L2", "L27", "L28")
    def _invite(self, uuid: str, invitee: Invitee) -> str:
        """Invite again if that is still possible; the message says which it was."""
        if invitee.signed:
            return ALREADY_SIGNED
        if invitee.resends >= MOST_RESENDS:
            return TOO_OFTEN
        self.invitees[uuid] = replace(invitee, resends=invitee.resends + 1)
        return RESENT

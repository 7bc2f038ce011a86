"""A stand-in for Zuora: the behaviour that its documents describe and no schema can say.

It knows tenants by their tokens and e-mail notifications by their ids. Where the documents are silent it does what
openapi.yaml assumes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from starlette.middleware.gzip import GZipMiddleware

from bothends.runtime import Credential, Response, keeps
from bothends.runtime.idempotency import (
    Idempotency,
    IdempotencyStore,
    KeyOfAnotherRequest,
    KeyStillRunning,
)
from bothends.runtime.stand_in import State
from zuora.models import FailedNotification, Refusal
from zuora.operations import RESEND_EMAIL_NOTIFICATIONS
from zuora.server import create_app

MOST_PLAIN = 1000  # bytes of a reply that is not compressed
UNKNOWN = FailedNotification(code="ObjectNotFound", message="Email history does not exist.")


@dataclass(frozen=True, slots=True)
class Tenant:
    """A customer of Zuora. Multi-entity is on where there are `entities`, Multi-Org where there are `orgs`.

    Both are what the token opens.
    """

    name: str
    entities: frozenset[str] = frozenset()
    orgs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Notification:
    """An e-mail notification of the past. With a `failure` it is known and still cannot be resent."""

    org: str = ""
    failure: FailedNotification | None = None


def _samples() -> MutableMapping[str, Notification]:
    """The three ids of the vendor's sample request that its sample reply does not list as failed."""
    ids = (
        "a02ea6d76931475bb73fcd339b5f6ht8g",
        "40dbbc5f2cfb4e2fa236db11ea1dfghht",
        "a3fd8e81c20a4ac0a1eb3747339asdfef",
    )
    return dict.fromkeys(ids, Notification())


async def _send_nothing(_: str) -> None:
    await asyncio.sleep(0)


@dataclass
class StandIn:
    """The handler. Without `tenants`, which go by their tokens, each token opens a tenant of its own.

    `send` is given the id of each notification that is resent, and `sent` lists these ids. `clock` counts seconds. Tenants,
    notifications and idempotency keys live in the state; the keys elsewhere if `idempotency` says so.
    """

    seeds: ClassVar[tuple[str, ...]] = ("tenants", "notifications")

    tenants: Mapping[str, Tenant] | None = None
    notifications: MutableMapping[str, Notification] = field(default_factory=_samples)
    send: Callable[[str], Awaitable[None]] = _send_nothing
    clock: Callable[[], float] = time.time
    sent: list[str] = field(default_factory=list[str])
    state: State = field(default_factory=State)
    idempotency: IdempotencyStore | None = None
    _tenant: ContextVar[Tenant] = field(
        default_factory=lambda: ContextVar[Tenant]("tenant"), init=False
    )

    @keeps("Z111")
    def __post_init__(self) -> None:
        """Take up what the state remembers. A key is kept for a day, which is what Idempotency does by itself."""
        self._tenants = self.state.by_secret("tenants", Tenant, self.tenants)
        self.notifications = self.state.records("notifications", Notification, self.notifications)
        store = self.idempotency or self.state.idempotency_store()
        self._keys = Idempotency(store, clock=self.clock)

    @keeps("Z12", "Z13")
    def app(self) -> GZipMiddleware:
        """The server that answers by this stand-in, compressed for callers who ask for it."""
        return GZipMiddleware(
            create_app(self, authenticate=self.authenticate), minimum_size=MOST_PLAIN + 1
        )

    @keeps("Z8", "Z102")
    async def authenticate(self, credentials: Mapping[str, Credential]) -> bool:
        """Whether the token opens a tenant. Async, so that the handler runs in the context that remembers it."""
        token = credentials["bearerAuth"].secret
        tenant = Tenant(token) if self._tenants is None else self._tenants.get(token)
        if tenant is None:
            return False
        self._tenant.set(tenant)
        return True

    @keeps("Z16", "Z108", "Z109")
    async def resend_email_notifications(
        self,
        notification_ids: Sequence[str],
        *,
        idempotency_key: str | None,
        zuora_track_id: str | None,
        zuora_entity_ids: str | None,
        zuora_org_ids: str | None,
        **_: object,
    ) -> Response[Any]:
        """Resend, and say under which identifiers: Zuora's own, and the caller's if there is one."""
        tenant = self._tenant.get()

        async def work() -> Response[Any]:
            answer = await self._work(tenant, notification_ids, zuora_entity_ids, zuora_org_ids)
            return Response(answer.body, answer.status, {"Zuora-Request-Id": str(uuid4())})

        answer = await (
            work() if idempotency_key is None else self._once(idempotency_key, tenant, work)
        )
        return Response(
            answer.body, answer.status, {**answer.headers, "Zuora-Track-Id": zuora_track_id}
        )

    @keeps("Z11", "Z104", "Z105", "Z110")
    async def _once(
        self, key: str, tenant: Tenant, work: Callable[[], Awaitable[Response[Any]]]
    ) -> Response[Any]:
        """Do the work for a new key, and give the stored answer for one that is known, whatever the answer was."""
        operation = RESEND_EMAIL_NOTIFICATIONS
        try:
            return await self._keys.once(key, (tenant.name, operation.method, operation.path), work)
        except KeyOfAnotherRequest:
            return Response(
                Refusal(message="This idempotency key belongs to another request."), 422
            )
        except KeyStillRunning:
            return Response(
                Refusal(message="A request with this idempotency key is still running."), 409
            )

    async def _work(
        self, tenant: Tenant, ids: Sequence[str], entity: str | None, orgs: str | None
    ) -> Response[Any]:
        refusal = self._wrong_entity(tenant, entity) or self._closed_org(tenant, orgs)
        if refusal is not None:
            return Response(refusal, 403)
        named = _names(orgs or "") if tenant.orgs else frozenset[str]()
        return await self._resend(dict.fromkeys(ids), named or tenant.orgs)

    @keeps("Z19", "Z103")
    def _wrong_entity(self, tenant: Tenant, entity: str | None) -> Refusal | None:
        """A token for several entities needs one of them named; elsewhere the header has no effect."""
        if len(tenant.entities) > 1 and entity not in tenant.entities:
            return Refusal(message="Name one of the entities that the token is valid for.")
        return None

    @keeps("Z20", "Z21", "Z103")
    def _closed_org(self, tenant: Tenant, orgs: str | None) -> Refusal | None:
        if tenant.orgs and orgs is not None and not _names(orgs) <= tenant.orgs:
            return Refusal(message="The user has no access to one of the organisations.")
        return None

    @keeps("Z3", "Z4", "Z5", "Z6", "Z22", "Z29", "Z30")
    async def _resend(self, ids: Mapping[str, None], orgs: frozenset[str]) -> Response[Any]:
        """Send each once. Organisations narrow what is found; without any, everything is."""
        failed: dict[str, FailedNotification] = {}
        for id_ in ids:
            found = self.notifications.get(id_)
            if found is None or (orgs and found.org not in orgs):
                failed[id_] = UNKNOWN
            elif found.failure is not None:
                failed[id_] = found.failure
            else:
                await self.send(id_)
                self.sent.append(id_)
        return Response(failed, 400 if failed and len(failed) == len(ids) else 202)


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())

"""The two parts of a package: calls to the vendor, and calls from it (webhooks and callbacks).

Both consist of the same three modules and share models and errors:

    client.py, server.py, operations.py
        HarbourClient, HarbourHandler, create_app
    webhook_client.py, webhook_server.py, webhook_operations.py
        HarbourWebhookClient, HarbourWebhookHandler, create_webhook_app
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bothends import ir


@dataclass(frozen=True, slots=True)
class Part:
    """One direction of calls.

    `api.operations` are the operations of this direction alone. `client`, `server` and `operations`
    name the modules, `create_app` the function that makes the ASGI application.
    """

    api: ir.Api
    client: ir.Identifier
    server: ir.Identifier
    operations: ir.Identifier
    create_app: ir.Identifier
    are_webhooks: bool = False

    @property
    def names(self) -> dict[str, list[str]]:
        """The public names of the part by module."""
        own = self.api.name
        return {
            str(self.client): [f"{own}Client", f"Async{own}Client"],
            str(self.server): [f"{own}Handler", str(self.create_app)],
        }


def parts(api: ir.Api) -> tuple[Part, ...]:
    """Return the calls to the vendor and, if the contract has webhooks, those from the vendor."""
    calls = Part(
        api,
        client=ir.Identifier("client"),
        server=ir.Identifier("server"),
        operations=ir.Identifier("operations"),
        create_app=ir.Identifier("create_app"),
    )
    return (calls, _webhooks(api)) if api.webhooks else (calls,)


def with_servers_alone(part: Part) -> Part:
    """The part with one operation for each choice of servers of its own.

    That is all that the modules of the whole ask of operations, of which there may be thousands.
    """
    first: dict[tuple[ir.Server, ...], ir.Operation] = {}
    for operation in part.api.operations:
        if operation.servers:
            first.setdefault(operation.servers, operation)

    return replace(part, api=replace(part.api, operations=tuple(first.values()), webhooks=()))


def _webhooks(api: ir.Api) -> Part:
    used = {name for o in api.webhooks for alternative in o.security for name in alternative}
    # No contract says where a receiver is: its URL is given to the client as `base_url`.
    receiver = replace(api.default_server, url="/", variables=(), description="")

    webhooks = replace(
        api,
        name=api.webhook_name,
        title=f"{api.title} webhooks",
        servers=(receiver,),
        security_schemes=tuple(s for s in api.security_schemes if s.wire_name in used),
        operations=api.webhooks,
        webhooks=(),
    )
    return Part(
        webhooks,
        client=ir.Identifier("webhook_client"),
        server=ir.Identifier("webhook_server"),
        operations=ir.Identifier("webhook_operations"),
        create_app=ir.Identifier("create_webhook_app"),
        are_webhooks=True,
    )

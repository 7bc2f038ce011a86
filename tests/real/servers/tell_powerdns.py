"""A zone in PowerDNS: made, changed, exported and removed, by the contract that the server gives."""

from __future__ import annotations

import os
import uuid

import powerdns.models as m
from powerdns import AsyncPowerdnsClient, PowerdnsClient
from story import tell

HERE = "localhost"


def story(client, step):
    name = f"z{uuid.uuid4().hex[:8]}.example."
    address = m.RRSet(
        name=f"www.{name}",
        type="A",
        ttl=60,
        changetype="REPLACE",
        comments=[],
        records=[m.Record(content="192.0.2.1", disabled=False)],
    )
    zone = m.Zone(name=name, kind="Native", nameservers=["ns1.example."], rrsets=[address])
    mail = m.RRSet(
        name=f"mail.{name}",
        type="MX",
        ttl=300,
        changetype="REPLACE",
        comments=[],
        records=[m.Record(content="10 mx.example.", disabled=False)],
    )

    step("servers", lambda: [server.version for server in client.list_servers()])
    step("server", lambda: client.list_server(HERE).daemon_type)
    step("zone create", lambda: client.create_zone(HERE, zone).id)
    step("zone list", lambda: len(client.list_zones(HERE)))
    step("zone", lambda: client.list_zone(HERE, name).name)
    step("zone patch", lambda: client.patch_zone(HERE, name, m.Zone(rrsets=[mail])))
    step("zone put", lambda: client.put_zone(HERE, name, m.Zone(kind="Master", account="acc")))
    step("zone export", lambda: client.axfr_export_zone(HERE, name))
    step("zone notify", lambda: client.notify_zone(HERE, name))
    step("zone rectify", lambda: client.rectify_zone(HERE, name))
    step("metadata list", lambda: [one.kind for one in client.list_metadata(HERE, name)])
    step("search", lambda: [r.name for r in client.search_data(HERE, q=f"*{name[:6]}*", max=5)])
    step("statistics", lambda: len(client.get_stats(HERE)))
    step("config", lambda: len(client.get_config(HERE)))
    step("no such zone", lambda: client.list_zone(HERE, "nope.example."), "ClientError")
    step("zone delete", lambda: client.delete_zone(HERE, name))


tell(
    story,
    PowerdnsClient,
    AsyncPowerdnsClient,
    base_url=f"{os.environ['URL']}/api/v1",
    **{os.environ["CREDENTIAL"]: "secret"},
)

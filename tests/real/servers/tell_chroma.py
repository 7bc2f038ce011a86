"""A collection of vectors in Chroma: made, filled, searched and removed."""

from __future__ import annotations

import os
import uuid

import chroma.models as m
from chroma import AsyncChromaClient, ChromaClient
from story import tell

WHERE = ("default_tenant", "default_database")
VECTORS = [[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]]


def story(client, step):
    name = "c" + uuid.uuid4().hex[:8]
    step("heartbeat", client.heartbeat)
    step("version", client.version)
    step("checks", client.pre_flight_checks)
    step("identity", client.get_user_identity)

    step("tenant create", lambda: client.create_tenant(m.CreateTenantPayload(name=name + "t")))
    step("tenant", lambda: client.get_tenant(name + "t"))
    step("database list", lambda: len(client.list_databases(WHERE[0], limit=2, offset=0)))

    metadata = {"a": 1, "b": "x", "f": 1.5, "t": True}
    payload = m.CreateCollectionPayload(name=name, metadata=metadata)
    collection = step("collection create", lambda: client.create_collection(*WHERE, payload))
    if collection is None:
        return

    key = str(collection.id)
    added = m.AddCollectionRecordsPayload(
        ids=["1", "2"],
        embeddings=VECTORS,
        documents=["one", None],
        metadatas=[{"k": 1.5, "s": "ü"}, None],
    )
    wanted = m.GetRequestPayload(ids=["1"], include=["documents", "metadatas", "embeddings"])
    query = m.QueryRequestPayload(query_embeddings=VECTORS[:1], n_results=2, include=["distances"])

    step("collection", lambda: client.get_collection(*WHERE, name).id)
    step("collection list", lambda: [c.name for c in client.list_collections(*WHERE, limit=2)])
    step("collection count", lambda: client.count_collections(*WHERE))
    step("add", lambda: client.collection_add(*WHERE, key, added))
    step("count", lambda: client.collection_count(*WHERE, key))
    step("get", lambda: client.collection_get(*WHERE, key, wanted))
    step("query", lambda: client.collection_query(*WHERE, key, query))
    step(
        "update",
        lambda: client.collection_update(
            *WHERE, key, m.UpdateCollectionRecordsPayload(ids=["1"], metadatas=[{"k": 2.5}])
        ),
    )
    step(
        "delete records",
        lambda: client.collection_delete(*WHERE, key, m.DeleteCollectionRecordsPayload(ids=["2"])),
    )
    step("no such collection", lambda: client.get_collection(*WHERE, "nope"), "NotFoundError")
    step("collection delete", lambda: client.delete_collection(*WHERE, name))


# The contract asks for an API key that this server does not want, and its `oneOf` of integer and
# number forbids integers: both are said to the client.
tell(
    story,
    ChromaClient,
    AsyncChromaClient,
    base_url=os.environ["URL"],
    anonymous=True,
    requests="off",
)

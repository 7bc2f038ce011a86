"""Requests byte by byte, as no client would send them."""

import asyncio
import json
from dataclasses import dataclass


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def send(app, method, target, *, headers=(), body=b"", root_path=""):
    """One request in process: the target is path and query as they stand on the wire."""
    raw_path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": raw_path,
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "root_path": root_path,
    }
    sent = []
    chunks = [body] if isinstance(body, bytes) else list(body)

    async def receive():
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def take(message):
        sent.append(message)

    asyncio.run(app(scope, receive, take))
    lines = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Got(sent[0]["status"], lines, sent[1]["body"])

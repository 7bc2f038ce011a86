"""Form bodies: undeclared fields, fields given twice, and texts that a lenient parser would take."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bothends.prove.probe import ANSWERED, Expect, Ground, Probe
from bothends.prove.refusal import BODY
from bothends.runtime.contract import load_contract
from bothends.runtime.schema_view import SchemaView


def probes(ground: Ground) -> Iterator[Probe]:
    """For urlencoded bodies."""
    if not ground.valid.media_type.startswith("application/x-www-form-urlencoded"):
        return
    request = ground.valid.request
    view = SchemaView(load_contract(ground.operation.api), (ground.valid.schema,))
    schemas = view.schemas()
    closed = any(schema.get("additionalProperties") is False for schema in schemas)
    more = Expect.refused(BODY) if closed else ANSWERED
    yield Probe("an undeclared field", request.with_body(request.body + b"&undeclaredHere=1"), more)
    yield Probe("invalid UTF-8", request.with_body(request.body + b"&a=%ff"), Expect.refused(BODY))
    for name in sorted({name for schema in schemas for name in schema.get("required", [])}):
        kept = [part for part in request.body.split(b"&") if not part.startswith(quote(name).encode() + b"=")]
        yield Probe(f"without {name}", request.with_body(b"&".join(kept)), Expect.refused(BODY))
    for name in view.property_names():
        types = view.property(name).types
        kept = [part for part in request.body.split(b"&") if not part.startswith(quote(name).encode() + b"=")]
        for text in ("0", "1", "yes", "True", "on") if types == frozenset({"boolean"}) else ():
            field = f"{quote(name)}={text}".encode()
            yield Probe(f"{name} is {text}", request.with_body(b"&".join([*kept, field])), Expect.refused(BODY))

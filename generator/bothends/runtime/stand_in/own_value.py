"""Values that the contract itself has for an item or a reply."""

from __future__ import annotations

from typing import Any

from bothends.runtime.media import MediaCodec
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.value import sample
from bothends.runtime.schema.schema_view import SchemaView


def template_of(contract: Contract, codec: MediaCodec) -> Any:
    """The body that the contract itself has for a reply: its example, else made from the schema."""
    node = contract.find_object(codec.pointer)
    examples = [entry.get("value", MISSING) for entry in node.get("examples", {}).values()]
    for value in (node.get("example", MISSING), *examples):
        if value is not MISSING and contract.accepts(codec.schema, value):
            return value
    return sample(contract, codec.schema)


def own_value(contract: Contract, view: SchemaView) -> Any:
    """A value of a view that the contract states or that is made from its schema."""
    values = [sample(contract, pointer) for pointer in view.pointers]
    return values[0] if values else MISSING

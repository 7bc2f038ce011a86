"""Collect bodies from examples and schemas, in the form a media type writes."""

from __future__ import annotations

from typing import Any

from bothends.prove.values.drawn import draw_one
from bothends.prove.values.json_values import json_values
from bothends.runtime.json.value import is_array
from bothends.runtime.media import MediaCodec
from bothends.runtime.media.codec import in_range
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.sample.value import sample


def declared_examples(node: dict[str, Any]) -> list[tuple[str, Any]]:
    """The examples of a media type or parameter object, by name."""
    examples: dict[str, Any] = node.get("examples", {})
    found = [(name, entry["value"]) for name, entry in examples.items() if "value" in entry]
    return [*([("example", node["example"])] if "example" in node else []), *found]


def example_bodies(codec: MediaCodec) -> list[tuple[str, Any]]:
    """The valid examples of a media type by name; of a stream each is a list of items."""
    found = declared_examples(codec.contract.find_object(codec.pointer))
    judged = [(name, _judged(codec, value)) for name, value in found]
    return [(name, value) for name, value in judged if value is not MISSING]


def sample_bodies(codec: MediaCodec) -> list[Any]:
    """Values made from the schema: the least, then one with all that may be there.

    Text where nothing is said.
    """
    if codec.contract.find(codec.schema) is None:
        proposed: list[Any] = ["made", {}]
    else:
        proposed = [
            sample(codec.contract, codec.schema),
            sample(codec.contract, codec.schema, full=True),
        ]
        if proposed == [MISSING, MISSING]:
            proposed = [draw_one(json_values(codec.contract.strict, codec.schema))]

    judged = [
        _judged(codec, [entry] if codec.is_stream else entry)
        for entry in proposed
        if entry is not MISSING
    ]
    return [value for value in judged if value is not MISSING]


def python_value(codec: MediaCodec, value: Any) -> Any:
    """What a caller passes, or a handler answers, for such a value."""
    return [codec.decode(item) for item in value] if codec.is_stream else codec.decode(value)


def concrete_type(codec: MediaCodec) -> str:
    """The media type itself; where the contract has a range, one of it."""
    if "*" not in codec.range:
        return codec.media_type
    return (
        codec.concrete
        if in_range(codec.concrete, codec.range)
        # RFC 6838 §3.4: an unregistered type, so that no reader has a rule of its own for it.
        else codec.range.replace("*", "x-any")
    )


def _judged(codec: MediaCodec, value: Any) -> Any:
    """The value in the form that is judged, if it is valid and can be written; else MISSING."""
    items = value if codec.is_stream and is_array(value) else [value]
    try:
        # Examples are judged again: vendors publish some that their own schema rejects.
        judged = [codec.from_example(entry) for entry in items]
        if any(codec.fault(entry) is not None for entry in judged):
            return MISSING
        complete = judged if codec.is_stream else judged[0]
        codec.write(complete, concrete_type(codec))
    except (ValueError, TypeError, AttributeError):
        return MISSING

    return complete

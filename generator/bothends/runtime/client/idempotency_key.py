"""Idempotency keys: what makes it safe to send a request again that changes something."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from bothends.runtime.operation import Operation
from bothends.runtime.parameters.parameter import parameter_codecs


def with_key(operation: Operation[Any], arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of one call, with a fresh idempotency key where the caller gave none.

    Made once per call, so that all attempts carry the same. A contract whose schema takes no UUID
    gets no key.
    """
    name = operation.idempotency_key
    if name is None or arguments.get(name) is not None:
        return arguments

    codec = next(
        codec for parameter, codec in parameter_codecs(operation) if parameter.name == name
    )
    result = uuid.uuid4()
    key = next(
        # A pattern of the contract may allow a UUID without its hyphens only.
        (key for key in (str(result), result.hex) if codec.contract.accepts(codec.pointer, key)),
        None,
    )

    return arguments if key is None else {**arguments, name: key}

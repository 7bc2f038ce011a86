"""The scalars that a text may stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from bothends.prove.oracle.schemas import types_at
from bothends.runtime.schema.contract import Contract

# The grammar of JSON (RFC 8259 §6): `01`, `+1` and `.5` are text.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def scalars_at(contract: Contract, pointers: Sequence[str], text: str) -> list[Any]:
    """The readings of a text that one of its own schemas takes; if there is none, all."""
    found = list(scalars(types_at(contract, *pointers), text)) or [text]

    def is_accepted(item: Any) -> bool:
        return any(contract.accepts(pointer, item) for pointer in pointers)

    return list(filter(is_accepted, found)) or found


def scalars(types: AbstractSet[str], text: str) -> Iterator[Any]:
    """The scalars of these types; of all if there are none.

    A text with a fraction is none of an integer.
    """
    if not types or "string" in types:
        yield text

    if text in ("true", "false") and (not types or "boolean" in types):
        yield text == "true"

    number = _NUMBER.fullmatch(text)
    if number and (
        not types or "number" in types or ("integer" in types and not (number[2] or number[3]))
    ):
        try:
            value = json.loads(text)
        except ValueError:  # more digits than a number may have
            return
        # 1e400 has no value in a double, and what a server makes of it is undecided.
        if abs(value) != float("inf"):
            yield value

    if text == "null" and (not types or "null" in types):
        yield None

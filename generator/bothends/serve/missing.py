"""Handler methods that a stand-in does not have, said when it starts.

class StandIn:                       stand-in: StandIn has no get_balance (501);
    def get_balence(self): ...   ->      did you mean get_balence?
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from bothends.runtime import Operation
from bothends.runtime.server.handling import handler_method


def missing_methods(stand_in: object, operations: Iterable[Operation[Any]]) -> list[str]:
    """Return a sentence for each operation that the stand-in answers with 501.

    A stand-in that makes its own app from another object, and has no method of the interface
    itself, is not looked at.
    """
    every = list(operations)
    missing = [operation.name for operation in every if handler_method(stand_in, operation) is None]
    if hasattr(stand_in, "app") and len(missing) == len(every):
        return []

    interface = {operation.name for operation in every}
    own = [
        name for name in dir(type(stand_in)) if not name.startswith("_") and name not in interface
    ]
    sentences: list[str] = []
    for name in missing:
        sentence = f"{type(stand_in).__name__} has no {name}: it is answered with 501"
        if near := difflib.get_close_matches(name, own, n=1):
            sentence += f"; did you mean {near[0]}?"
        sentences.append(sentence)

    return sentences

"""Which of the values that texts may mean the alternatives of a schema allow.

In `oneOf: [{properties: {size: {type: integer}}}, {properties: {size: {type: string}, unit: …}}]`
only the whole shows what the text `5` of `size` is: beside a `unit` it is a text.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product
from typing import Any, Final

MOST_READINGS: Final = 64
"""So many combinations are tried."""


def choose_reading(
    readings: dict[str, list[Any]], accepts: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Return the object of likeliest readings, or the first other one that is accepted.

    Args:
        readings: The values that each property may have, likeliest first.
        accepts: Whether the schema allows an object.
    """
    value = {name: found[0] for name, found in readings.items()}
    ambiguous = [name for name, found in readings.items() if len(found) > 1]
    if not ambiguous or accepts(value):
        return value

    others = product(*(readings[name] for name in ambiguous))
    for chosen in islice(others, 1, MOST_READINGS):
        another = value | dict(zip(ambiguous, chosen, strict=True))
        if accepts(another):
            return another
    return value

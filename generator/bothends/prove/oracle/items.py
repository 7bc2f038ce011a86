"""Read the items of a list, and tell where the sender may have encoded the commas between them.

For example, `ids=1%2C2` of an array of integers: OpenAPI's tables have a plain comma between the
items, and several SDKs encode it. No integer has a comma, so a list of two may be meant, and a
server may take it. Of an array of texts it is the one text `1,2`, as the tables have it.
"""

from __future__ import annotations

from itertools import islice, product
from typing import Any

from bothends.prove.oracle.scalars import scalars_at
from bothends.prove.oracle.schemas import item_schemas
from bothends.runtime.schema.contract import Contract

# Ten items with two readings each are 1,024 already: the product has to end somewhere.
MOST = 256
"""So many readings are tried; of more the first."""


class Unsettled(Exception):
    """The tables do not say what the text means."""


def readings_of_items(contract: Contract, places: list[str], texts: list[str]) -> list[Any]:
    """The readings of each item by the schemas of the list."""
    found: list[Any] = []
    for index, text in enumerate(texts):
        described = item_schemas(contract, places, index)
        found.append(scalars_at(contract, described, text))
    return found


def doubt_encoded_commas(contract: Contract, schema: str, texts: list[str]) -> None:
    """Check that the only item of a refused list is not several with encoded commas between them.

    Raises:
        Unsettled: It may be. Servers that read it so help such callers, and others are right too.
    """
    pieces = texts[0].split(",") if len(texts) == 1 else []
    if not pieces[1:]:
        return

    as_it_is = map(list, product(*readings_of_items(contract, [schema], texts)))
    if any(contract.accepts(schema, value) for value in (texts[0], *as_it_is)):
        return
    for index, text in enumerate(pieces):
        places = item_schemas(contract, [schema], index)
        # Where an item may have a comma, nobody can tell the two apart.
        if any(contract.accepts(place, f"{text},{text}") for place in places) or not places:
            return

    between = map(list, product(*readings_of_items(contract, [schema], pieces)))
    if any(contract.accepts(schema, value) for value in islice(between, MOST)):
        raise Unsettled

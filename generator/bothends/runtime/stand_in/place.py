"""Where a created item is: the header `Location` of the reply to its creation (RFC 9110 §15.3.2).

POST http://127.0.0.1:8000/v2/messages   ->  201, Location: http://127.0.0.1:8000/v2/messages/m1
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from bothends.runtime.answer import Response
from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.schema.contract import Contract

from .resources import Resource


def tell_place(
    contract: Contract,
    requested: Asked,
    resource: Resource,
    key: str,
    answer: Response[Any],
    id_: Any,
) -> None:
    """Write the item's own URL into `Location`, if the contract documents it and allows the value.

    Args:
        contract: The contract of the answer.
        requested: The request that creates.
        resource: What the item is one of.
        key: The key of the reply in `responses`.
        answer: The reply, whose headers are changed.
        id_: The id of the item.
    """
    operation = requested.operation
    is_below = resource.item == f"{operation.path}/{{{resource.id_parameter}}}"
    if not is_below or not requested.url:
        return

    url = f"{requested.url.partition('?')[0].rstrip('/')}/{quote(str(id_), safe='')}"
    for header in operation.replies[key].headers:
        at = operation.pointer + join("responses", key, "headers", header.wire_name)
        pointer = f"{at}/schema"
        # A header that the contract derives from the request keeps that value.
        derived = contract.find_object(at).keys() | contract.find_object(pointer).keys()
        if header.wire_name.lower() != "location" or "x-equals" in derived:
            continue
        for value in (url, urlsplit(url).path):
            if contract.accepts(pointer, value):
                answer.headers[header.wire_name] = value
                break

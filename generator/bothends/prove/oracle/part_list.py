"""Lists in parts, read by the document (OpenAPI 3.2 §4.14.3.2, §4.15; RFC 2046 §5.1).

Only what is plainly framed is read; how a reader takes the rest is for the probes to say.
"""

from __future__ import annotations

from itertools import islice, product
from typing import Any

from bothends.prove.oracle.items import MOST, Unsettled
from bothends.prove.oracle.multipart import DescribedPart, plain_parts
from bothends.prove.oracle.schemas import item_schemas
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError
from bothends.runtime.schema.contract import Contract


def judge_part_list(contract: Contract, media: str, boundary: str, body: bytes) -> bool | None:
    """Whether the contract allows these parts as the list at the media type object `media`.

    None where that is undecided.
    """
    encoded = len(contract.find_array(f"{media}/prefixEncoding"))
    try:
        mark = boundary.encode("latin-1")
        # RFC 2046 §5.1 wants one part at least; a list without items has none.
        is_empty = body.strip(b"\r\n") == b"--" + mark + b"--"
        readings: list[list[Any]] = []
        for index, part in enumerate([] if is_empty else plain_parts(mark, body)):
            # `itemEncoding` is for all positions that have no encoding of their own.
            by_position = join("prefixEncoding", index) if index < encoded else "/itemEncoding"
            places = item_schemas(contract, [f"{media}/schema"], index)
            described = DescribedPart(contract, media + by_position, places, is_item=True)
            readings.append(described.item(part, index))

        combined = list(islice(product(*readings), MOST + 1))
        if any(contract.accepts(f"{media}/schema", list(values)) for values in combined):
            return True
    except (UnicodeDecodeError, JsonTextError):
        return False
    except (UnicodeEncodeError, Unsettled):
        return None
    return None if len(combined) > MOST else False

"""What a long list costs: text to models, and models to text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bothends.runtime.media import body_media
from bothends.runtime.media_type import ContentType

from .contract import made_package
from .rows import Row
from .server import Item

CONTRACT = """
paths:
  /items:
    put:
      operationId: putItems
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Item:
      type: object
      required: [sku, count]
      properties: {sku: {type: string}, count: {type: integer}, price: {type: number}}
"""
COUNT = 22_000  # about a megabyte
TEXT = json.dumps(
    [{"sku": f"s{number}", "count": number + 1, "price": 1.5} for number in range(COUNT)],
    separators=(",", ":"),
).encode()


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured: reading judges nothing here, as that of pydantic alone."""
    package = made_package(folder / "decoding", CONTRACT)
    operations: dict[str, Any] = {entry.id: entry for entry in package.app(object()).operations}
    (codec,) = body_media(operations["putItems"])
    plain = TypeAdapter(list[Item])
    json_type = ContentType("application/json", {})

    mine: Any = codec.decode(codec.read(TEXT, json_type))
    its = plain.validate_json(TEXT)
    yield Row(
        "Decoding a list of 1 MB, pydantic",
        _timed(lambda: codec.decode(codec.read(TEXT, json_type))),
        _timed(lambda: plain.validate_json(TEXT)),
        1.2,
        "ms",
        9,
    )
    yield Row(
        "Encoding a list of 1 MB, pydantic",
        _timed(lambda: codec.write(codec.encode(mine), "application/json")),
        _timed(lambda: plain.dump_json(its, exclude_unset=True)),
        1.2,
        "ms",
        9,
    )


def _timed(work: Callable[[], Any]) -> Callable[[], float]:
    def measure() -> float:
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1e3

    return measure

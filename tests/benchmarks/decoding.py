"""What a long list costs: text to models, and models to text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bothends.runtime.media import body_media
from bothends.runtime.media_type import ContentType

from .contract import made_package
from .peers import importable
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
    decoding = _timed(lambda: codec.decode(codec.read(TEXT, json_type)))
    peer = _timed(lambda: plain.validate_json(TEXT))
    yield Row("Decoding a list of 1 MB, pydantic", decoding, peer, 1.2, "ms", 9)
    encoding = _timed(lambda: codec.write(codec.encode(mine), "application/json"))
    peer = _timed(lambda: plain.dump_json(its, exclude_unset=True))
    yield Row("Encoding a list of 1 MB, pydantic", encoding, peer, 1.2, "ms", 9)

    for name, (read, write) in {"msgspec": _msgspec(), "json": (json.loads, _json_bytes)}.items():
        values = read(TEXT)
        peer = _timed(partial(read, TEXT))
        yield Row(f"Decoding a list of 1 MB, {name}", decoding, peer, None, "ms", 9)
        peer = _timed(partial(write, values))
        yield Row(f"Encoding a list of 1 MB, {name}", encoding, peer, None, "ms", 9)


def _msgspec() -> tuple[Callable[[bytes], Any], Callable[[Any], bytes]]:
    """Reading and writing with msgspec's structures of the same properties."""
    importable()
    msgspec = import_module("msgspec")
    properties = [("sku", str), ("count", int), ("price", float | msgspec.UnsetType, msgspec.UNSET)]
    items = list.__class_getitem__(msgspec.defstruct("Item", properties))
    return msgspec.json.Decoder(items).decode, msgspec.json.Encoder().encode


def _json_bytes(value: Any) -> bytes:
    """Plain data, with no models at all."""
    return json.dumps(value, separators=(",", ":")).encode()


def _timed(work: Callable[[], Any]) -> Callable[[], float]:
    def measure() -> float:
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1e3

    return measure

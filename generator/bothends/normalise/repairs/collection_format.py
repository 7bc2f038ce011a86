"""`collectionFormat` of Swagger 2.0 in a parameter of OpenAPI 3, which has `style` and `explode`.

    {name: ids, in: query, collectionFormat: pipes, schema: {type: array, items: {type: string}}}

is read as `style: pipeDelimited, explode: false`. Where a style is written too, that one holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bothends.normalise.repairs.edit import Edit
from bothends.normalise.v2_0.parameter import COLLECTION_FORMAT, style_of
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.pointer import below

_WORD: Final = "collectionFormat"


def repair_collection_format(contract: Contract, node: Node) -> Iterator[Edit]:
    """Find the word beside the schema of a parameter or header, and in it."""
    schema, pointer = node.value, node.pointer
    if "schema" in node.value:
        schema, pointer = contract.resolve(node.value["schema"], below(node.pointer, "schema"))
    if _WORD not in schema:
        schema, pointer = {**schema, _WORD: node.value.get(_WORD)}, node.pointer
    if schema[_WORD] is None:
        return

    # A style that is written holds; of what is no array there is none.
    has_style = {"style", "explode", COLLECTION_FORMAT} & node.value.keys()
    read = {} if has_style else style_of({**schema, "in": node.value.get("in", "header")})
    message = f"OpenAPI 3 has no {_WORD}; it is read as {shorten(read)}."
    if not read:
        message = f"OpenAPI 3 has no {_WORD}; it is ignored."
    yield Edit("collection-format", below(pointer, _WORD), message)
    for key, value in read.items():
        yield Edit("collection-format", below(node.pointer, key), "", value)

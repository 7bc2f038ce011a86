"""The contract that is measured, its generated package, and requests for it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.packages import Package, import_files, make

CONTRACT = """
paths:
  /orders:
    post:
      operationId: order
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Receipt'}}}}
  /shops/{shop}/orders:
    get:
      operationId: find
      parameters:
        - {name: shop, in: path, required: true, schema: {type: integer}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, maxLength: 20}}
      responses:
        '200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Receipt'}}}}
components:
  schemas:
    Order:
      type: object
      required: [customer, items]
      properties: {customer: {type: string, minLength: 1}, items: {type: array, items: {$ref: '#/components/schemas/Item'}}}
    Item:
      type: object
      required: [sku, count]
      properties: {sku: {type: string, maxLength: 20}, count: {type: integer, minimum: 1}, price: {type: number}}
    Receipt:
      type: object
      required: [id, lines]
      properties: {id: {type: string}, lines: {type: array, items: {type: string}}}
"""

ITEMS = [{"sku": f"s{number}", "count": number + 1, "price": 1.5} for number in range(10)]
VALID = json.dumps({"customer": "c", "items": ITEMS}).encode()
INVALID = json.dumps({"customer": "c", "items": [*ITEMS[:9], {"sku": "s9", "count": 0}]}).encode()


def made_package(folder: Path, contract: str = CONTRACT) -> Package:
    """Generate and import the package of a contract."""
    generated = make(folder / "specs", contract)
    return Package(import_files(folder, generated.files), generated)


def contract_of_paths(count: int) -> str:
    """A contract of as many templated paths, the last of which is asked for."""
    operation = "responses: {'204': {description: Done.}}"
    parameters = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"
    paths = (
        f"  /things{index % 7}/{{id}}/parts{index}:\n"
        f"    get: {{operationId: get{index}, {parameters}, {operation}}}"
        for index in range(count)
    )
    return "\n".join(["paths:", *paths])

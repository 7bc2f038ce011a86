"""The contract of the recordings, and an exchange of it."""

from __future__ import annotations

import json
from typing import Any

from bothends.record import Exchange

CONTRACT = """
servers: [{url: 'https://tides.example/v1'}]
security: [{key: []}]
paths:
  /tides/{id}:
    get:
      operationId: getTide
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: day, in: query, schema: {type: string, maxLength: 3}}
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
        '404': {description: None.}
  /tides:
    post:
      operationId: addTide
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
      responses: {'204': {description: Added.}, '401': {description: Unknown.}}
components:
  schemas:
    Tide: {type: object, required: [height], properties: {height: {type: number}, owner: {type: string}}}
  securitySchemes: {key: {type: apiKey, in: header, name: Api-Key}}
"""


def exchange(
    method: str = "GET",
    target: str = "/tides/7",
    status: int = 200,
    answer: Any = None,
    body: Any = None,
) -> Exchange:
    json_type = (("content-type", "application/json"),)
    return Exchange(
        method,
        "https://tides.example/v1" + target,
        (("Api-Key", "Zq7-x"), *(json_type if body is not None else ())),
        b"" if body is None else json.dumps(body).encode(),
        status,
        json_type if answer is not None else (),
        b"" if answer is None else json.dumps(answer).encode(),
    )

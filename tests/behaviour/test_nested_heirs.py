"""Bases whose heirs are bases themselves: each discriminator leads on to the next, in every version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from tests.packages import Package, handler, import_files, make
from tests.strict_mypy import run_strict_mypy

PATHS = """
paths:
  /marks:
    get:
      operationId: listMarks
      responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Mark'}}}}}}
    post:
      operationId: addMark
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Mark'}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Mark'}}}}}
"""


class Nested(NamedTuple):
    """Schemas, and the class that each value of a Mark is of."""

    schemas: str
    values: list[tuple[dict[str, Any], str]]


BESIDE = Nested(
    """
    Mark:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {buoy: '#/components/schemas/Buoy', beacon: Beacon}}
    Beacon: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {light: {type: string}}}]}
    Buoy:
      allOf: [{$ref: '#/components/schemas/Mark'}]
      type: object
      required: [light]
      properties: {light: {type: string}}
      discriminator: {propertyName: light, mapping: {none: Spar, some: '#/components/schemas/Lit'}}
    Spar: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {since: {type: string, format: date}}}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {flashes: {type: integer}}}]}
""",
    [
        ({"kind": "buoy", "light": "none", "since": "2026-01-02"}, "Spar"),
        ({"kind": "buoy", "light": "some"}, "Lit"),
        ({"kind": "buoy", "light": "blue"}, "Buoy"),
        ({"kind": "beacon", "light": "none"}, "Beacon"),
        ({"kind": "wreck"}, "Mark"),
    ],
)
WITHIN = BESIDE._replace(
    schemas=BESIDE.schemas.replace(
        """      allOf: [{$ref: '#/components/schemas/Mark'}]
      type: object
      required: [light]
      properties: {light: {type: string}}
      discriminator:""",
        """      allOf:
      - $ref: '#/components/schemas/Mark'
      - type: object
        required: [light]
        properties: {light: {type: string}}
        discriminator:""",
    )
)
IN_BOTH_DIRECTIONS = BESIDE._replace(
    schemas=BESIDE.schemas.replace("[kind]", "[kind, no]").replace(
        "properties: {kind:",
        "properties: {no: {type: integer, format: int32, readOnly: true}, kind:",
        1,
    ),
    values=[({"no": 1, **value}, name) for value, name in BESIDE.values],
)
THREE_LEVELS = Nested(
    """
    Mark:
      type: object
      properties: {a: {type: string}}
      discriminator: {propertyName: a, mapping: {buoy: Buoy}}
    Buoy: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {b: {type: string}}, discriminator: {propertyName: b, mapping: {lit: Lit}}}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {c: {type: string}}, discriminator: {propertyName: c}}]}
    Red: {allOf: [{$ref: '#/components/schemas/Lit'}]}
    Green: {allOf: [{$ref: '#/components/schemas/Lit'}]}
""",
    [
        ({"a": "buoy", "b": "lit", "c": "Green"}, "Green"),
        ({"a": "buoy", "b": "lit", "c": "Red"}, "Red"),
        ({"a": "buoy", "b": "lit", "c": "White"}, "Lit"),
        ({"a": "buoy", "b": "dark", "c": "Red"}, "Buoy"),
        ({"a": "wreck", "b": "lit", "c": "Red"}, "Mark"),
    ],
)
GRANDCHILD = Nested(
    """
    Mark:
      type: object
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {lit: '#/components/schemas/Lit', buoy: Buoy}}
    Buoy: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {no: {type: integer}}}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Buoy'}]}
    Spar: {allOf: [{$ref: '#/components/schemas/Buoy'}]}
""",
    [
        ({"kind": "lit"}, "Lit"),
        ({"kind": "Spar"}, "Spar"),
        ({"kind": "buoy"}, "Buoy"),
        ({"kind": "wreck"}, "Mark"),
    ],
)
ONE_PROPERTY = GRANDCHILD._replace(
    schemas=GRANDCHILD.schemas.replace(
        "properties: {no: {type: integer}}}]}",
        "discriminator: {propertyName: kind, mapping: {spar: Spar}}}]}",
    ),
    values=[*GRANDCHILD.values, ({"kind": "spar"}, "Spar")],
)
UNION = BESIDE._replace(
    schemas="""
    Mark:
      anyOf: [{$ref: '#/components/schemas/Beacon'}, {$ref: '#/components/schemas/Buoy'}]
      discriminator: {propertyName: kind, mapping: {beacon: Beacon, buoy: Buoy}}
    Beacon: {type: object, required: [kind], properties: {kind: {type: string}, light: {type: string}}}
    Buoy:
      type: object
      required: [kind, light]
      properties: {kind: {type: string}, light: {type: string}}
      discriminator: {propertyName: light, mapping: {none: Spar, some: Lit}}
    Spar: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {since: {type: string, format: date}}}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {flashes: {type: integer}}}]}
""",
    values=BESIDE.values[:-1],
)
BESIDE_AN_ERROR = Nested(
    """
    Mark: {oneOf: [{$ref: '#/components/schemas/Buoy'}, {$ref: '#/components/schemas/Fault'}]}
    Fault: {type: object, required: [error], properties: {error: {type: string}}}
    Buoy:
      type: object
      required: [light]
      properties: {light: {type: string}}
      discriminator: {propertyName: light, mapping: {none: Spar, some: Lit}}
    Spar: {allOf: [{$ref: '#/components/schemas/Buoy'}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Buoy'}, {type: object, properties: {flashes: {type: integer}}}]}
""",
    [
        ({"light": "some", "flashes": 2}, "Lit"),
        ({"light": "none"}, "Spar"),
        ({"light": "blue"}, "Buoy"),
        ({"error": "dark"}, "Fault"),
    ],
)
NOTHING_MORE = Nested(
    """
    Mark:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {buoy: Buoy, lit: Lit, lamp: Lamp}}
    Buoy: {allOf: [{$ref: '#/components/schemas/Mark'}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {flashes: {type: integer}}}]}
    Lamp: {$ref: '#/components/schemas/Lit', description: Another name of it.}
    Float: {allOf: [{$ref: '#/components/schemas/Lit'}], description: Nothing more.}
""",
    [
        ({"kind": "buoy"}, "Buoy"),
        ({"kind": "lit", "flashes": 2}, "Lit"),
        ({"kind": "lamp", "flashes": 2}, "Lit"),
        ({"kind": "Float", "flashes": 2}, "Float"),
        ({"kind": "wreck"}, "Mark"),
    ],
)
BARE_BASE = Nested(
    """
    Mark: {type: object, discriminator: {propertyName: kind, mapping: {buoy: Buoy, lit: Lit}}}
    Buoy: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {kind: {const: buoy}}}]}
    Lit: {allOf: [{$ref: '#/components/schemas/Mark'}, {type: object, properties: {kind: {const: lit}}}]}
""",
    [({"kind": "lit"}, "Lit"), ({"kind": "buoy"}, "Buoy"), ({"kind": "wreck"}, "Mark")],
)
HEAD = "openapi: {}\ninfo: {{title: Made, version: '1'}}\ncomponents:\n  schemas:{}"
CASES = {
    "beside allOf": ("3.1.0", BESIDE),
    "inside of allOf": ("3.1.0", WITHIN),
    "OpenAPI 3.0": ("3.0.3", WITHIN),
    "two directions": ("3.0.3", IN_BOTH_DIRECTIONS),
    "three levels": ("3.1.0", THREE_LEVELS),
    "grandchild": ("3.1.0", GRANDCHILD),
    "one property": ("3.1.0", ONE_PROPERTY),
    "member of a union": ("3.1.0", UNION),
    "beside an error": ("3.1.0", BESIDE_AN_ERROR),
    "nothing more": ("3.1.0", NOTHING_MORE),
    "base without properties": ("3.1.0", BARE_BASE),
}


@pytest.mark.parametrize(("version", "nested"), CASES.values(), ids=CASES)
def test_value_is_of_the_last_class_that_is_named(
    package: Callable[[str], Package], version: str, nested: Nested
) -> None:
    marks = package(HEAD.format(version, nested.schemas) + PATHS)
    values = [value for value, _ in nested.values]
    with marks.module.MadeClient(
        base_url="https://made.test",
        transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=values)),
        responses="strict",
    ) as client:
        received = client.list_marks()
    assert [type(mark).__name__ for mark in received] == [name for _, name in nested.values]

    heard: list[str] = []

    def add_mark(body: object) -> object:
        heard.append(type(body).__name__.removesuffix("Request"))
        return type(received[len(heard) - 1]).model_validate(body)

    with marks.client(handler(add_mark=add_mark)) as client:
        assert [client.add_mark(mark) for mark in received] == received
    assert heard == [name for _, name in nested.values]


SWAGGER = """
swagger: '2.0'
info: {title: Made, version: '1'}
definitions:
  Mark: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: kind}
  Buoy: {allOf: [{$ref: '#/definitions/Mark'}, {type: object, required: [light], properties: {light: {type: string}}, discriminator: light}]}
  Lit: {allOf: [{$ref: '#/definitions/Buoy'}, {type: object, properties: {flashes: {type: integer}}}]}
  Beacon: {allOf: [{$ref: '#/definitions/Mark'}]}
paths:
  /marks:
    post:
      operationId: addMark
      consumes: [application/json]
      produces: [application/json]
      parameters: [{name: mark, in: body, required: true, schema: {$ref: '#/definitions/Mark'}}]
      responses: {'200': {description: It., schema: {$ref: '#/definitions/Mark'}}}
"""


def test_swagger_names_the_schemas_themselves(package: Callable[[str], Package]) -> None:
    marks = package(SWAGGER.lstrip())
    models = marks.models
    sent = [
        models.Lit(kind="Buoy", light="Lit", flashes=2),
        models.Buoy(kind="Buoy", light="none"),
        models.Beacon(kind="Beacon"),
    ]
    with marks.client(handler(add_mark=lambda body: body)) as client:
        received = [client.add_mark(mark) for mark in sent]
    assert received == sent
    assert [type(mark) for mark in received] == [type(mark) for mark in sent]


CALLS = """
from datetime import date
from typing import assert_type

from {package} import Beacon, Buoy, Lit, MadeClient, Mark, Spar

with MadeClient(base_url="https://made.test") as client:
    spar = Spar(kind="buoy", light="none", since=date(2026, 1, 2))
    assert_type(client.add_mark(spar), Beacon | Buoy | Lit | Spar | Mark)
    marks: list[Beacon | Buoy | Lit | Spar | Mark] = [spar, Lit(kind="buoy", light="some")]
    assert_type(client.list_marks(), list[Beacon | Buoy | Lit | Spar | Mark])
"""


def test_heir_of_an_heir_has_the_type_of_the_base(tmp_path: Path) -> None:
    generated = make(tmp_path / "specs", HEAD.format("3.1.0", WITHIN.schemas) + PATHS)
    module = import_files(tmp_path, generated.files)
    (tmp_path / "calls.py").write_text(CALLS.format(package=module.__name__), "utf-8")
    done = run_strict_mypy(tmp_path, "calls.py")
    assert done.stdout == ""

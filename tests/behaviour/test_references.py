"""References by name and into any place: what they lead to has its type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.packages import Package, handler, import_files, make, write_contract

from bothends.diagnostics import Severity
from bothends.pipeline import generate, validate

HEAD = "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"


def replying(schema: str, components: str = "") -> str:
    """A contract with one operation, whose answer has this schema."""
    return (
        HEAD
        + "paths: {/a: {get: {operationId: getA, responses: {'200': {description: A., content: "
        + f"{{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n"
        + dedent(components)
    )


GENERIC = """
components:
  schemas:
    User: {type: object, required: [name], properties: {name: {type: string}}}
    Group: {type: object, required: [label], properties: {label: {type: string}}}
    Page:
      type: object
      required: [items]
      properties:
        items: {type: array, items: {$dynamicRef: '#item'}}
        next: {$ref: '#/components/schemas/Page'}
      $defs: {open: {$dynamicAnchor: item, type: object}}
    UserPage:
      $ref: '#/components/schemas/Page'
      $defs: {item: {$dynamicAnchor: item, $ref: '#/components/schemas/User'}}
    GroupPage:
      $ref: '#/components/schemas/Page'
      $defs: {item: {$dynamicAnchor: item, $ref: '#/components/schemas/Group'}}
    Both: {type: object, properties: {users: {$ref: '#/components/schemas/UserPage'}, groups: {$ref: '#/components/schemas/GroupPage'}}}
"""
VALUE: dict[str, Any] = {
    "users": {"items": [{"name": "a"}], "next": {"items": [{"name": "b"}]}},
    "groups": {"items": [{"label": "c"}]},
}


def test_generics_have_the_types_they_are_filled_with(package: Callable[[str], Package]) -> None:
    made = package(replying("{$ref: '#/components/schemas/Both'}", GENERIC))
    found = made.client(handler(get_a=lambda: VALUE)).get_a()
    assert type(found.users).__name__ == "UserPage"
    assert type(found.users.items[0]).__name__ == "User"
    assert found.users.next.items[0].name == "b"
    assert type(found.groups.items[0]).__name__ == "Group"


@pytest.mark.parametrize("way", ["users", "groups"])
def test_generics_are_judged_by_what_fills_them(
    package: Callable[[str], Package], way: str
) -> None:
    made = package(replying("{$ref: '#/components/schemas/Both'}", GENERIC))
    wrong = {**VALUE, way: {"items": [{"other": 1}]}}
    client = made.client(handler(get_a=lambda: wrong), responses="off")
    with pytest.raises(Exception, match="500"):
        client.get_a()


def test_a_strict_tree_is_strict_at_each_level(package: Callable[[str], Package]) -> None:
    made = package(
        replying(
            "{$ref: '#/components/schemas/Strict'}",
            """
            components:
              schemas:
                Tree:
                  $dynamicAnchor: node
                  type: object
                  properties: {value: {}, children: {type: array, items: {$dynamicRef: '#node'}}}
                Strict:
                  $dynamicAnchor: node
                  $ref: '#/components/schemas/Tree'
                  unevaluatedProperties: false
            """,
        )
    )
    good = {"value": 1, "children": [{"value": 2, "children": []}]}
    assert made.client(handler(get_a=lambda: good)).get_a().children[0].value == 2

    misspelt = {"value": 1, "children": [{"valeu": 2}]}
    with pytest.raises(Exception, match="500"):
        made.client(handler(get_a=lambda: misspelt)).get_a()


@pytest.mark.parametrize(
    ("reference", "components"),
    [
        ("#thing", "{T: {$anchor: thing, type: object, properties: {x: {type: integer}}}}"),
        (
            "https://a.example/thing",
            "{T: {$id: 'https://a.example/thing', type: object, properties: {x: {type: integer}}}}",
        ),
        (
            "https://a.example/thing#/$defs/In",
            "{T: {$id: 'https://a.example/thing', $defs: {In: {type: object, properties: {x: {type: integer}}}}}}",
        ),
        (
            "https://a.example/thing#in",
            "{T: {$id: 'https://a.example/thing', $defs: {In: {$anchor: in, type: object, properties: {x: {type: integer}}}}}}",
        ),
        (
            "#/components/schemas/T/properties/in",
            "{T: {type: object, properties: {in: {type: object, properties: {x: {type: integer}}}}}}",
        ),
        (
            "#/components/schemas/T/items",
            "{T: {type: array, items: {type: object, properties: {x: {type: integer}}}}}",
        ),
        (
            "#/components/schemas/T/$defs/In",
            "{T: {$defs: {In: {type: object, properties: {x: {type: integer}}}}}}",
        ),
        (
            "#/components/schemas/T/$defs/In",
            "{T: {$id: 'https://a.example/t', $defs: {In: {$ref: '#/$defs/X'}, X: {type: object, properties: {x: {type: integer}}}}}}",
        ),
        (
            "#/components/schemas/T/properties/in",
            "{T: {properties: {in: {$defs: {X: {type: object, properties: {x: {type: integer}}}}, $ref: '#/components/schemas/T/properties/in/$defs/X'}}}}",
        ),
    ],
)
def test_what_is_referred_to_has_its_type(
    package: Callable[[str], Package], reference: str, components: str
) -> None:
    contract = replying(f"{{$ref: '{reference}'}}", f"components: {{schemas: {components}}}")
    made = package(contract)
    assert made.made.findings == () or all("refused" not in f.code for f in made.made.findings)
    assert made.client(handler(get_a=lambda: {"x": 1})).get_a().x == 1


@pytest.mark.parametrize(
    ("reference", "part"), [("#item", "$anchor: item, "), ("#/$defs/open", "")]
)
def test_only_dynamic_anchors_are_filled(
    package: Callable[[str], Package], reference: str, part: str
) -> None:
    page = "{$id: 'https://a.example/page', properties: {item: {$dynamicRef: '%s'}}, $defs: {open: {%stype: string}}}"
    filled = (
        "{$ref: 'https://a.example/page', $defs: {item: {$dynamicAnchor: item, type: integer}}}"
    )
    made = package(
        replying(filled, f"components: {{schemas: {{Page: {page % (reference, part)}}}}}")
    )
    assert made.client(handler(get_a=lambda: {"item": "a"})).get_a().item == "a"


def test_references_into_other_operations_have_types(
    package: Callable[[str], Package],
) -> None:
    made = package(
        HEAD
        + """
paths:
  /a/{id}:
    post:
      operationId: addA
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody: {$ref: '#/components/requestBodies/A'}
      responses:
        '200': {$ref: '#/components/responses/A'}
        '404': {description: Gone., content: {application/json: {schema: {type: object, properties: {gone: {type: boolean}, by: {type: object, properties: {who: {type: string}}}}}}}}
  /b:
    get:
      operationId: getB
      responses:
        '200':
          description: B.
          content:
            application/json:
              schema:
                type: object
                properties:
                  gone: {$ref: '#/paths/~1a~1%7Bid%7D/post/responses/404/content/application~1json/schema'}
                  body: {$ref: '#/components/requestBodies/A/content/application~1json/schema'}
                  reply: {$ref: '#/components/responses/A/content/application~1json/schema'}
                  id: {$ref: '#/paths/~1a~1%7Bid%7D/post/parameters/0/schema'}
components:
  requestBodies: {A: {content: {application/json: {schema: {type: object, properties: {x: {type: integer}}}}}}}
  responses: {A: {description: A., content: {application/json: {schema: {type: object, properties: {y: {type: integer}}}}}}}
"""
    )
    value = {
        "gone": {"gone": True, "by": {"who": "w"}},
        "body": {"x": 1},
        "reply": {"y": 2},
        "id": "i",
    }
    found = made.client(handler(get_b=lambda: value)).get_b()
    assert (found.gone.gone, found.body.x, found.reply.y, found.id) == (True, 1, 2, "i")
    assert found.gone.by.who == "w"


def test_parts_of_referred_parts_have_types(package: Callable[[str], Package]) -> None:
    ship = "#/components/schemas/Fleet/properties/ship"
    made = package(
        replying(
            "{$ref: '#/components/schemas/Fleet'}",
            f"""
            components:
              schemas:
                Fleet:
                  type: object
                  properties:
                    flag: {{$ref: '{ship}'}}
                    way: {{$ref: '{ship}/properties/way'}}
                    end: {{$ref: '{ship}/properties/way/properties/end'}}
                    ship:
                      type: object
                      properties:
                        way:
                          type: object
                          properties:
                            start: {{$ref: '{ship}/properties/way/properties/end'}}
                            end: {{type: object, properties: {{port: {{type: string}}}}}}
            """,
        )
    )
    way = {"start": {"port": "a"}, "end": {"port": "b"}}
    value = {"flag": {"way": way}, "way": way, "end": {"port": "c"}, "ship": {"way": way}}
    found = made.client(handler(get_a=lambda: value)).get_a()
    assert found.flag.way.start.port == found.way.start.port == found.ship.way.start.port == "a"
    assert type(found.ship.way.start) is type(found.end) is type(found.way.end)


@pytest.mark.parametrize("word", ["definitions", "$defs"])
def test_definitions_in_an_older_schema_have_types(
    package: Callable[[str], Package], word: str
) -> None:
    pet = "#/components/schemas/Pet"
    made = package(
        replying(
            f"{{$ref: '{pet}'}}",
            f"""
            components:
              schemas:
                Pet:
                  type: object
                  properties: {{tag: {{$ref: '{pet}/{word}/Tag'}}}}
                  {word}:
                    Tag: {{type: object, properties: {{name: {{$ref: '{pet}/{word}/Name'}}, pet: {{$ref: '{pet}'}}}}}}
                    Name: {{type: object, properties: {{text: {{type: string, nullable: true}}}}}}
            """,
        ).replace("3.1.0", "3.0.3")
    )
    assert {
        finding.code for finding in made.made.findings if finding.severity is not Severity.INFO
    } == {"repaired-definitions"}
    value = {"tag": {"name": {"text": None}, "pet": {"tag": {"name": {"text": "a"}}}}}
    found = made.client(handler(get_a=lambda: value)).get_a()
    assert found.tag.name.text is None
    assert found.tag.pet.tag.name.text == "a"
    assert type(found) is type(found.tag.pet)


def test_reference_into_its_own_request_has_a_type(package: Callable[[str], Package]) -> None:
    made = package(
        HEAD
        + """
paths:
  /a:
    post:
      operationId: addA
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                inner: {type: object, properties: {x: {type: integer}, outer: {$ref: '#/paths/~1a/post/requestBody/content/application~1json/schema'}}}
      responses: {'204': {description: Done.}}
"""
    )
    seen: list[Any] = []

    def add_a(body: Any) -> None:
        seen.append(body)

    models = made.models
    body = models.AddARequest(
        inner=models.AddARequestInner(outer=models.AddARequest(inner=models.AddARequestInner(x=1)))
    )
    made.client(handler(add_a=add_a)).add_a(body)
    assert seen == [body]


def test_a_reference_renames_nothing(tmp_path: Path) -> None:
    schema = "{type: object, properties: {in: {type: object, properties: {x: {type: integer}}}}}"
    plain = replying(
        "{$ref: '#/components/schemas/T'}", f"components: {{schemas: {{T: {schema}}}}}"
    )
    more = plain.replace(
        "{schemas: {", "{schemas: {U: {$ref: '#/components/schemas/T/properties/in'}, "
    )
    before, after = make(tmp_path / "a", plain), make(tmp_path / "b", more)
    assert "class TIn(" in before.files["models.py"]
    assert "class TIn(" in after.files["models.py"]


def test_findings_in_a_copy_are_at_the_generic(tmp_path: Path) -> None:
    text = GENERIC.replace(
        "type: object\n      required: [items]", "type: object\n      required: [itms]"
    )
    contract = replying("{$ref: '#/components/schemas/Both'}", text)
    findings = validate(write_contract(tmp_path, contract)).findings
    lines = {f.location.line for f in findings if f.code == "required-undeclared" and f.location}
    expected = contract[: contract.index("required: [itms]")].count("\n") + 1
    assert lines == {expected}


def test_the_contracts_own_address_is_a_base(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    spec = write_contract(
        folder,
        "openapi: 3.2.0\n$self: https://a.example/api/openapi.yaml\n"
        "info: {title: Made, version: '1'}\n"
        "paths: {/a: {get: {operationId: getA, responses: {'200': {description: A., content: "
        "{application/json: {schema: {$ref: 'https://a.example/api/models/tide.yaml'}}}}}}}}\n"
        "components: {schemas: {Note: {type: object, properties: {text: {type: string}}}}}\n",
    )
    (folder / "models").mkdir()
    (folder / "models" / "tide.yaml").write_text(
        "type: object\nproperties:\n  note: {$ref: 'https://a.example/api/openapi.yaml#/components/schemas/Note'}\n"
    )
    generated = generate(spec)
    package = Package(import_files(tmp_path, generated.files), generated)
    found = package.client(handler(get_a=lambda: {"note": {"text": "x"}})).get_a()
    assert found.note.text == "x"

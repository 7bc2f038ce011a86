"""Legal contracts that the fuzzer reads otherwise: a proof of them blames nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Budget
from bothends.prove.agreement import prove_agreement
from bothends.prove.agreement.examples import prove_examples
from bothends.runtime.server import app
from tests.packages import HEAD

from .packages import Bug, make_package, prove_bug

CONTRACTS = {
    # In 3.1 `readOnly` is an annotation: what is required is so in requests, too.
    "read_only": """
paths:
  /crews:
    put:
      operationId: setCrew
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Crew'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Crew'}}}}
        '400': {description: Broken.}
components:
  schemas:
    Crew:
      type: object
      required: [id, name]
      properties: {id: {type: integer, readOnly: true}, name: {type: string, writeOnly: true}}
""",
    # The fuzzer writes `crew[ships]=a` of this object, whose properties are parameters of their own.
    "form_objects": """
paths:
  /crews:
    get:
      operationId: listCrews
      parameters:
        - name: crew
          in: query
          schema:
            type: object
            required: [ships, name]
            properties:
              name: {type: string}
              ships: {type: array, items: {type: string}}
              captain: {type: object, properties: {name: {type: string}, age: {type: integer}}}
              ranks: {type: array, items: {type: object, properties: {name: {type: string}}}}
      responses: {'204': {description: They.}, '400': {description: Broken.}}
""",
    # On the wire its letters are percent-encoded.
    "letters": """
paths:
  /höhe/größe-{name}:
    get:
      operationId: getHeight
      parameters: [{name: name, in: path, required: true, schema: {type: string, minLength: 1}}]
      responses: {'204': {description: It.}, '400': {description: Broken.}}
""",
    # OpenAPI ignores these three, however they are written (3.1 §4.8.12.2.1).
    "ignored_headers": """
paths:
  /crews:
    get:
      operationId: listCrews
      parameters:
        - {name: authorization, in: header, required: true, schema: {type: string}}
        - {name: Accept, in: header, required: true, schema: {type: string, enum: [application/json]}}
        - {name: content-type, in: header, required: true, schema: {type: string}}
        - {name: X-Crew, in: header, required: true, schema: {type: string}}
      responses: {'204': {description: They.}, '400': {description: Broken.}}
""",
    # HTTP writes them into each message, and the fuzzer's library has a User-Agent of its own.
    "message_headers": """
paths:
  /crews:
    post:
      operationId: addCrew
      parameters:
        - {name: Host, in: header, required: true, schema: {type: string, enum: [crews.example]}}
        - {name: Content-Length, in: header, required: true, schema: {type: integer}}
        - {name: User-Agent, in: header, required: true, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses:
        '200':
          description: It.
          headers: {Content-Length: {schema: {type: integer}}}
          content: {application/json: {schema: {type: integer}}}
        '400': {description: Broken.}
""",
    # A vendor's own words: the key is a security scheme, and a parameter of each operation too.
    "key_as_parameter": """
security: [{key: []}]
paths:
  /crews:
    get:
      operationId: listCrews
      parameters: [{name: key, in: query, required: true, schema: {type: string}, example: abc}]
      responses: {'204': {description: They.}, '400': {description: Broken.}, '401': {description: Who?}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: key}}}
""",
    # A number that is cut short is another number.
    "numbers": """
paths:
  /counts:
    put:
      operationId: setCount
      requestBody: {required: true, content: {application/json: {schema: {enum: [12, 1]}}}}
      responses: {'204': {description: Set.}, '400': {description: Broken.}}
""",
    "tuples": """
paths:
  /crews:
    post:
      operationId: addCrew
      parameters: [{name: box, in: query, schema: {type: array, prefixItems: [{type: number}, {type: boolean}], items: false}}]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {pair: {type: array, prefixItems: [{type: integer}, {type: string}]}}}
      responses: {'204': {description: Added.}, '400': {description: Broken.}}
""",
    "charset": """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody: {required: true, content: {text/plain; charset=iso-8859-1: {schema: {type: string, maxLength: 20}}}}
      responses: {'204': {description: Added.}, '400': {description: Broken.}, '415': {description: Unread.}}
""",
    # Bytes in one charset are no text of another; XML says its own by its first bytes.
    "charsets": """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          text/plain: {schema: {type: string}}
          text/plain; charset=utf-16: {schema: {type: string}}
          application/xml: {schema: {$ref: '#/components/schemas/Note'}}
          application/xml; charset=utf-16: {schema: {$ref: '#/components/schemas/Note'}}
      responses: {'204': {description: Added.}, '400': {description: Broken.}, '415': {description: Unread.}}
components:
  schemas: {Note: {type: object, required: [text], properties: {text: {type: string}}}}
""",
    # The fuzzer knows one application/json, and takes the first schema for it.
    "versions": """
paths:
  /tide:
    get:
      operationId: getTide
      responses:
        '200':
          description: It, in the version that is asked for.
          content:
            application/json;version=1: {schema: {type: object, required: [one], properties: {one: {type: string}}}}
            application/json;version=2: {schema: {type: object, required: [two], properties: {two: {type: string}}}}
""",
    # What one alternative describes, another leaves open: `y=a` is text there.
    "form_of_alternatives": """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              anyOf:
              - {type: object, required: [x], properties: {x: {type: string}}}
              - {type: object, required: [y], properties: {y: {type: integer}}}
      responses: {'204': {description: Added.}, '400': {description: Broken.}}
""",
    # The vendor's own example is a relative reference, where the schema says `uri`.
    "formats": """
paths:
  /page:
    get:
      operationId: getPage
      responses:
        '200':
          description: A page.
          content:
            application/json:
              schema: {type: object, properties: {next: {type: string, format: uri}}}
              example: {next: /page?after=2}
""",
    "lists_in_lists": """
paths:
  /grid:
    post:
      operationId: setGrid
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {rows: {type: array, items: {type: array, items: {type: integer}}}}}
            encoding: {rows: {style: deepObject, explode: true}}
      responses: {'204': {description: Set.}, '400': {description: Broken.}}
""",
    # `;id` is one empty item, which is no integer; an empty list has no form at all (RFC 6570 §3.2.7).
    "matrix_of_integers": """
paths:
  /boats/{id}:
    get:
      operationId: getBoats
      parameters:
        - {name: id, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
      responses: {'204': {description: They., content: {application/json: {schema: {type: object}}}}}
""",
    # `/tides` takes what `/tides?day=1` refuses, and alternatives tell parts in another charset.
    "operations_at_one_path": """
paths:
  /tides: {get: {operationId: all, responses: {'204': {description: They.}, '400': {description: Broken.}}}}
  /tides?day=1: {get: {operationId: first, responses: {'204': {description: They.}, '400': {description: Broken.}}}}
  /tides?day=2: {get: {operationId: second, responses: {'204': {description: They.}, '400': {description: Broken.}}}}
  /boats:
    post:
      operationId: addBoat
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              oneOf:
              - {type: object, required: [size], additionalProperties: false, properties: {size: {type: integer}, tags: {type: array, items: {enum: [a, b]}}}}
              - {type: object, required: [size, unit], additionalProperties: false, properties: {size: {type: string}, unit: {enum: [m]}, tags: {type: string}}}
            encoding: {tags: {explode: false}}
      responses: {'204': {description: It.}, '400': {description: Broken.}}
""",
    # An empty list is a request of each of the first two, and the third is another path to the fuzzer.
    "same_body_at_one_path": """
paths:
  /marks#add: {put: {operationId: addMarks, requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: integer}}, example: []}}}, responses: &set {'204': {description: Set.}, '400': {description: Broken.}}}}
  /marks#set: {put: {operationId: setMarks, requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}, example: []}}}, responses: *set}}
  /marks: {get: {operationId: getMarks, responses: {'204': {description: None.}, '400': {description: Broken.}}}}
""",
    # What the first refuses, the second takes; both have a parameter before the `#`.
    "body_of_another_at_one_path": """
paths:
  /boats/{id}#add: {put: {operationId: addLink, parameters: &id [{name: id, in: path, required: true, schema: {type: string, minLength: 1}}], requestBody: {required: true, content: {application/json: {schema: {type: object, required: [link], properties: {link: {type: string}}}}}}, responses: &set {'204': {description: Set.}, '400': {description: Broken.}}}}
  /boats/{id}#remove: {put: {operationId: removeLink, parameters: *id, requestBody: {required: true, content: {application/json: {schema: {type: object, required: [link], properties: {link: {type: 'null'}}}}}}, responses: *set}}
""",
    # The first that is asked refuses in its own words: 401 and 415, where the second has 403 and 400.
    "refusals_of_another_at_one_path": """
security: [{key: []}]
paths:
  /boats/{id}#link:
    parameters: [&id {name: id, in: path, required: true, schema: {type: string, minLength: 1}}]
    get: {operationId: getLink, parameters: [{name: fields, in: query, required: true, schema: {type: string}}], responses: {'204': {description: It.}, '401': {description: Who?}, '400': {description: Broken.}}}
    put: {operationId: setLink, parameters: [{name: fields, in: query, required: true, schema: {type: string}}], requestBody: {required: true, content: {application/json: {schema: {type: object}}}}, responses: &told {'204': {description: Set.}, '415': {description: Unread.}, '422': {description: Broken.}, '401': {description: Who?}}}
  /boats/{id}:
    parameters: [*id]
    get: {operationId: getBoat, responses: {'204': {description: It.}, '403': {description: Who?}, '400': {description: Broken.}}}
    put: {operationId: setBoat, requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 9}}}}, responses: {'204': {description: Set.}, '400': {description: Broken.}, '403': {description: Who?}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
""",
    # Without its query a request is one of the other operation, which answers with its own schema.
    "answers_of_another_at_one_path": """
paths:
  /tides?full=true: {get: {operationId: full, responses: {'200': {description: All., content: {application/json: {schema: {type: object, required: [all], properties: {all: {type: integer}}}}}}, '400': {description: Broken.}}}}
  /tides: {get: {operationId: brief, responses: {'200': {description: Few., content: {application/json: {schema: {type: object, required: [few], properties: {few: {type: integer}}}}}}, '400': {description: Broken.}}}}
""",
    # The value `mine` makes another path of it, whose operations have other keys, bodies and refusals.
    "values_that_are_another_path": """
security: [{key: []}]
paths:
  /boats/{id}:
    parameters: [{name: id, in: path, required: true, schema: {enum: [mine, other]}}]
    get: {operationId: getBoat, responses: {'204': {description: It.}, '403': {description: Who?}, '400': {description: Broken.}}}
    put: {operationId: setBoat, requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 9}}}}, responses: {'204': {description: Set.}, '400': {description: Broken.}, '403': {description: Who?}}}
    delete: {operationId: dropBoat, responses: {'204': {description: Gone.}, '403': {description: Who?}}}
  /boats/mine:
    get: {operationId: getMine, parameters: [{name: fields, in: query, required: true, schema: {type: string}}], responses: {'204': {description: It.}, '401': {description: Who?}, '400': {description: Broken.}}}
    put: {operationId: setMine, requestBody: {required: true, content: {application/json: {schema: {type: object}}}}, responses: {'204': {description: Set.}, '415': {description: Unread.}, '422': {description: Broken.}, '401': {description: Who?}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
""",
    # Of two keys each operation has one, and the third operation asks for none.
    "keys_of_another_at_one_path": """
paths:
  /boats#one: {get: {operationId: one, security: [{one: []}], parameters: [{name: fields, in: query, required: true, schema: {type: string}}], responses: &any {'204': {description: It.}, '401': {description: Who?}, '400': {description: Broken.}}}}
  /boats#two: {get: {operationId: two, security: [{two: []}], responses: *any}}
  /crews#own: {get: {operationId: own, security: [{one: []}], parameters: [{name: fields, in: query, required: true, schema: {type: string}}], responses: *any}}
  /crews: {get: {operationId: open, responses: *any}}
components: {securitySchemes: {one: {type: apiKey, in: header, name: X-One}, two: {type: apiKey, in: header, name: X-Two}}}
""",
    # Of `a.b.json` the last dot separates, by the enum; of `12m` nothing but the types.
    "several_in_a_segment": """
paths:
  /charts/{name}.{format}:
    get:
      operationId: getChart
      parameters:
      - {name: name, in: path, required: true, schema: {type: string, maxLength: 9}}
      - {name: format, in: path, required: true, schema: {enum: [json, tar.gz]}}
      responses: &any {'204': {description: It.}, '400': {description: Broken.}}
  /depths/{metres}{unit}/now.json:
    get:
      operationId: getDepth
      parameters:
      - {name: metres, in: path, required: true, schema: {type: integer, minimum: 10}}
      - {name: unit, in: path, required: true, schema: {enum: [m, ft]}}
      responses: *any
  /tides/of-{day}.json:
    get:
      operationId: getTide
      parameters: [{name: day, in: path, required: true, schema: {type: integer}}]
      responses: *any
""",
    # A part of one text, of a list of one, or of an object, by what it looks like.
    "parts_of_several_types": """
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                either: {oneOf: [{type: string, maxLength: 5}, {type: array, maxItems: 3, items: {type: string}}]}
                about: {oneOf: [{type: integer}, {type: object, required: [k], properties: {k: {type: integer}}}]}
                listed: {anyOf: [{enum: [all]}, {type: array, maxItems: 3, items: {type: object, required: [k], properties: {k: {type: integer}}}}]}
      responses: {'204': {description: It.}, '400': {description: Broken.}}
""",
    # OpenAPI has no form for null in a part: whether the JSON `null` is one, it leaves open.
    "lists_or_null_in_parts": """
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody: {required: true, content: {multipart/form-data: {schema: {anyOf: [{$ref: '#/components/schemas/Boat'}, {$ref: '#/components/schemas/Named'}]}}}}
      responses: {'204': {description: It.}, '400': {description: Broken.}}
  /crews:
    post:
      operationId: addCrew
      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Boat'}}}}
      responses: {'204': {description: It.}, '400': {description: Broken.}}
components:
  schemas:
    Boat: {type: object, properties: {masts: &masts {type: [array, 'null'], maxItems: 3, items: {type: object, required: [k], properties: {k: {type: integer}}}}}}
    Named: {type: object, properties: {masts: *masts, name: {type: string, maxLength: 5}}}
""",
    # `deep[` is no name of `deep`, and a property of the other object.
    "objects_side_by_side": """
paths:
  /boats:
    get:
      operationId: listBoats
      parameters:
        - {name: wide, in: query, schema: {$ref: '#/components/schemas/Range'}}
        - {name: deep, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Range'}}
      responses: {'204': {description: They.}}
components:
  schemas: {Range: {type: object, required: [min], properties: {min: {type: integer}}}}
""",
    # What one of them lacks is in the query as a property of the other.
    "open_objects_side_by_side": """
paths:
  /boats:
    get:
      operationId: listBoats
      parameters:
        - {name: about, in: query, required: true, schema: &open {type: object, minProperties: 1, additionalProperties: {type: string}}}
        - {name: more, in: query, required: true, schema: *open}
      responses: {'204': {description: They.}, '400': {description: Broken.}}
""",
    # What one alternative requires, another does not; what one closes, another leaves open.
    **{
        name: f"""
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody:
        required: true
        content:
          {media_type}:
            schema:
              anyOf:
              - {{type: object, required: [name, mast], additionalProperties: false, properties: {{name: {{type: string}}, mast: {{type: integer}}}}}}
              - {{type: object, required: [name], properties: {{name: {{type: string}}}}}}
      responses: {{'204': {{description: It.}}, '400': {{description: Broken.}}}}
"""
        for name, media_type in {
            "alternatives_in_parts": "multipart/form-data",
            "alternatives_in_a_form": "application/x-www-form-urlencoded",
        }.items()
    },
    # No form, whatever its media type says: the body is one text.
    "text_as_a_form": """
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: It.}, '400': {description: Broken.}}
""",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONTRACTS)
def test_honest_server_is_not_blamed(name: str, tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(HEAD + CONTRACTS[name], encoding="utf-8")
    package = make_package(tmp_path, f"blameless_{name}", file)
    evidence = prove_bug(tmp_path, package, Bug("none", max_examples=15))
    prove_agreement(package, package.operations, Budget(1, 5), evidence)
    prove_examples(package, package.operations, evidence)
    assert [f"{one.check}: {one.message}\n{one.curl}" for one in evidence.failures] == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["refusals_of_another_at_one_path", "keys_of_another_at_one_path"])
def test_server_that_asks_the_first_operation_alone_is_blamed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one operation of a path refuses, another one takes: its refusal is no excuse."""
    monkeypatch.setattr(app, "_OF_ANOTHER", frozenset())
    file = tmp_path / "contract.yaml"
    file.write_text(HEAD + CONTRACTS[name], encoding="utf-8")
    package = make_package(tmp_path, f"blamed_{name}", file)
    assert prove_bug(tmp_path, package, Bug("first alone", max_examples=15)).failures

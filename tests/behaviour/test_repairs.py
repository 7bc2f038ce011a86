"""What is illegal and has one plain meaning is read in it; what has none costs its place only (laws 4 and 8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.packages import handler, write_contract

from bothends.check.rules import list_rules
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.problem import Problem
from bothends.pipeline import Generated, generate, validate

OPERATION = """
paths:
  /tides:
    get:
      operationId: listTides
      parameters: [{name: since, in: query, schema: {type: string}}]
      responses: {'200': {description: The tides., content: {application/json: {schema: SCHEMA}}}}
components:
  schemas: {Tide: {type: object, properties: {height: {type: number}}}}
"""
PLAIN = OPERATION.replace("SCHEMA", "{type: string}")


def make(folder: Path, contract: str, version: str = "3.1.0") -> Generated:
    head = f"openapi: {version}\ninfo: {{title: Made, version: '1'}}"
    return without_notes(generate(write_contract(folder, head + contract)))


def without_notes(made: Generated) -> Generated:
    """Notes say what could be better in a contract; a repair is a warning."""
    serious = tuple(one for one in made.findings if one.severity is not Severity.INFO)
    return replace(made, findings=serious)


@pytest.mark.parametrize(
    ("schema", "read", "version"),
    [
        ("{type: String}", {"type": "string"}, "3.1.0"),
        ("{type: strin}", {"type": "string"}, "3.1.0"),
        ("{type: int}", {"type": "integer"}, "3.0.3"),
        ("{type: [string, null]}", {"type": ["string", "null"]}, "3.1.0"),
        ("{type: null}", {"type": "null"}, "3.1.0"),
        ("{type: [string, 'null']}", {"type": ["string", "null"]}, "3.0.3"),
        ("{type: string, nullable: true}", {"type": ["string", "null"]}, "3.1.0"),
        (
            "{type: number, minimum: 0, exclusiveMinimum: true}",
            {"type": "number", "exclusiveMinimum": 0},
            "3.1.0",
        ),
        (
            "{type: number, exclusiveMaximum: 3}",
            {"type": "number", "exclusiveMaximum": 3},
            "3.0.3",
        ),
        ("{type: string, minLength: '2'}", {"type": "string", "minLength": 2}, "3.1.0"),
        ("{type: string, maxLength: 2.0}", {"type": "string", "maxLength": 2}, "3.0.3"),
        (r"{type: string, pattern: '[\w-.]'}", {"type": "string", "pattern": r"[\w\-.]"}, "3.1.0"),
        ("{type: string, enum: []}", {"type": "string"}, "3.1.0"),
        ("{type: string, enum: [1, true]}", {"type": "string", "enum": ["1", "true"]}, "3.1.0"),
        ("{type: integer, enum: ['1', '-2']}", {"type": "integer", "enum": [1, -2]}, "3.0.3"),
        ("{type: number, enum: ['1', '2.5']}", {"type": "number", "enum": [1, 2.5]}, "3.1.0"),
        (
            "{type: [boolean, 'null'], enum: ['true', null]}",
            {"type": ["boolean", "null"], "enum": [True, None]},
            "3.1.0",
        ),
        (
            "{type: array, enum: [low, high], items: {type: string}}",
            {"type": "array", "items": {"type": "string", "enum": ["low", "high"]}},
            "3.0.3",
        ),
        ("{type: array, enum: [low]}", {"type": "array", "items": {"enum": ["low"]}}, "3.1.0"),
        (
            "{oneOf: [{$ref: '#/components/schemas/Tide'}, {type: string}, {$ref: '#/components/schemas/Tide'}]}",
            {"oneOf": [{"$ref": "#/components/schemas/Tide"}, {"type": "string"}]},
            "3.0.3",
        ),
        ("{type: object, required: []}", {"type": "object"}, "3.0.3"),
        ("{type: object, required: null}", {"type": "object"}, "3.1.0"),
        (r"{type: string, pattern: '\Aa+\Z'}", {"type": "string", "pattern": "^a+$"}, "3.1.0"),
        ("{type: string, pattern: '(?>a)b(*SKIP)'}", {"type": "string"}, "3.1.0"),
        ("{type: string, const: low}", {"type": "string", "const": "low"}, "3.0.3"),
        ("{type: string, description: null}", {"type": "string"}, "3.1.0"),
        ("{type: string, title: 5}", {"type": "string", "title": "5"}, "3.0.3"),
        ("{$ref: '#/components/schemas/Nothing'}", {}, "3.1.0"),
        ("{$ref: '#/definitions/Tide'}", {"$ref": "#/components/schemas/Tide"}, "3.0.3"),
        ("{$ref: '#Tide'}", {"$ref": "#/components/schemas/Tide"}, "3.0.3"),
        ("{type: tide}", {}, "3.1.0"),
    ],
)
def test_schema_is_read_in_its_meaning(
    tmp_path: Path, schema: str, read: dict[str, object], version: str
) -> None:
    made = make(tmp_path, OPERATION.replace("SCHEMA", schema), version)
    contract = json.loads(made.files["contract.json"])
    reply = contract["paths"]["/tides"]["get"]["responses"]["200"]

    assert reply["content"]["application/json"]["schema"] == read
    (repair, *_) = json.loads(made.files["coverage.json"])["repairs"]
    assert repair["place"].startswith("openapi.yaml:")
    assert all(one.severity is Severity.WARNING for one in made.findings)
    assert made.api.refusals == ()


@pytest.mark.parametrize(
    "schema",
    [
        "{type: string, enum: [low, 2]}",
        "{type: string, enum: [1.10]}",
        "{type: integer, enum: ['1', one]}",
        "{type: integer, enum: ['01']}",
        "{type: array, enum: [[low]], items: {type: string}}",
        "{type: array, enum: [low], items: {enum: [high]}}",
    ],
)
def test_values_without_one_plain_meaning_are_told_and_not_changed(
    tmp_path: Path, schema: str
) -> None:
    made = make(tmp_path, OPERATION.replace("SCHEMA", schema))
    assert "repairs" not in json.loads(made.files["coverage.json"])


def test_pattern_of_both_halves_is_read_in_silence(tmp_path: Path) -> None:
    characters = r"[a-z\uD800\uDC00-\uDBFF\uDFFF]"
    made = make(tmp_path, OPERATION.replace("SCHEMA", f"{{pattern: '^{characters}+$'}}"))
    assert made.findings == ()
    read = json.loads(made.files["contract.json"])
    schema = read["paths"]["/tides"]["get"]["responses"]["200"]["content"]["application/json"]
    assert schema["schema"] == {"pattern": r"^[a-z\u{10000}-\u{10FFFF}]+$"}


@pytest.mark.parametrize(
    ("schema", "read"),
    [
        ("{pattern: '^.{0,65536}$'}", {"pattern": "^.*$", "maxLength": 65536}),
        (
            "{pattern: '^[a-z]{2,99999}$', minLength: 1, maxLength: 9}",
            {"pattern": "^[a-z]*$", "minLength": 2, "maxLength": 9},
        ),
        (
            r"{pattern: '^\w{2,99999}$'}",
            {"pattern": r"^\w*$", "minLength": 2, "maxLength": 99999},
        ),
        (
            "{pattern: '^.{65536}$'}",
            {"pattern": "^.*$", "minLength": 65536, "maxLength": 65536},
        ),
    ],
)
def test_pattern_that_counts_bounds_the_length(
    tmp_path: Path, schema: str, read: dict[str, object]
) -> None:
    made = make(tmp_path, OPERATION.replace("SCHEMA", schema))
    assert made.findings == ()
    contract = json.loads(made.files["contract.json"])
    reply = contract["paths"]["/tides"]["get"]["responses"]["200"]
    assert reply["content"]["application/json"]["schema"] == read


def test_pattern_that_counts_backwards_is_left_out(tmp_path: Path) -> None:
    made = make(tmp_path, OPERATION.replace("SCHEMA", "{pattern: '^.{99999,2}$'}"))
    assert [finding.code for finding in made.findings] == ["left-out-pattern"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'200':", "'2xx':"),
        ("{description: The tides., content", "{content"),
        ("operationId: listTides", "operationId: listTides\n      tag: tides"),
        ("operationId: listTides", "operationId: listTides\n      deprecated: 'true'"),
        ("in: query, schema", "in: query, style: simple, schema"),
        ("in: query, schema", "in: Query, schema"),
        ("{name: since", "{name: since, required: optional"),
        ("components:", "servers: [{url: 'https://h', variables: {}}]\ncomponents:"),
        (
            "components:",
            "servers: [{url: 'https://h:{p}', variables: {p: {enum: [80], default: 80}}}]\ncomponents:",
        ),
        ("components:", "security: [{nobody: []}]\ncomponents:"),
        ("components:", "tags: {name: tides}\ncomponents:"),
        ("{Tide:", "{'Tide`1': {type: object}, Tide:"),
        ("/tides:", "/tides/{day}:"),
        ("/tides:", "tides:"),
        ("/tides:", "/tides{?since}:"),
        ("in: query, schema", "in: path, required: true, schema"),
        ("in: query, schema: {type: string}", "in: query, type: string"),
        ("content: {application/json: {schema: {type: string}}}", "schema: {type: string}"),
        ("parameters: [", "parameters: [{in: query}, "),
        ("responses:", "requestBody: {required: false}\n      responses:"),
        ("responses:", "externalDocs: https://tides.example\n      responses:"),
        ("{Tide: {type: object", "{Tide: {type: object, additionalProperties: 'false'"),
        ("{Tide: {type: object", "{Tide: {type: object, maxProperties: -1"),
        ("{Tide: {type: object", "{Text: x, Tide: {type: object"),
        ("{name: since", "{name: since, required: [since]"),
        ("{name: since", "{name: since, deprecated: 1"),
        ("in: query, schema", "in: query, content: {text/plain: {}}, schema"),
        (
            "in: query, schema: {type: string}",
            "in: query, content: {application/xml: {}, application/json: {}}",
        ),
        ("content: {application/json", "content: {json"),
        ("content: {application/json", "content: {plain/text"),
        ("{name: since, in: query", "{name: since, in: path, required: false"),
        ("responses:", "security: [{k: []}]\n      responses:"),
        (
            "{description: The tides., content",
            "{description: The tides., links: {none: {}}, content",
        ),
    ],
)
def test_trifle_costs_no_operation(tmp_path: Path, old: str, new: str) -> None:
    assert old in PLAIN
    made = make(tmp_path, PLAIN.replace(old, new))
    assert [operation.wire_name for operation in made.api.operations] == ["listTides"]
    assert made.api.refusals == ()


def test_object_without_a_media_type_is_json(tmp_path: Path) -> None:
    old = "content: {application/json: {schema: {type: string}}}"
    made = make(tmp_path, PLAIN.replace(old, "content: {'': {schema: {type: object}}}"))
    assert [finding.code for finding in made.findings] == ["repaired-media-type"]
    contract = json.loads(made.files["contract.json"])
    reply = contract["paths"]["/tides"]["get"]["responses"]["200"]
    assert list(reply["content"]) == ["application/json"]


@pytest.mark.parametrize("version", ["3.1", "v3.0.2", "3.0"])
def test_version_is_read_without_its_last_part(tmp_path: Path, version: str) -> None:
    made = make(tmp_path, PLAIN, version)
    assert [finding.code for finding in made.findings] == ["repaired-version"]
    assert made.api.operations


def test_webhooks_of_an_older_version_are_read(tmp_path: Path) -> None:
    webhook = (
        "webhooks: {rings: {post: {operationId: rings, responses: {'204': {description: Rung.}}}}}"
    )
    made = make(tmp_path, f"\n{webhook}{PLAIN}", "3.0.3")
    assert [operation.wire_name for operation in made.api.webhooks] == ["rings"]


def test_extension_of_another_tool_is_ignored(tmp_path: Path) -> None:
    paged = "operationId: listTides\n      x-pagination: {style: pages, rows: tides}"
    made = make(tmp_path, PLAIN.replace("operationId: listTides", paged))
    (finding,) = made.findings
    assert (finding.code, finding.severity) == ("extension-shape", Severity.WARNING)
    assert "x-pagination" not in made.files["contract.json"]


def test_long_spelling_of_an_extension_is_ours(tmp_path: Path) -> None:
    right = "operationId: listTides\n      x-bothends-assumption: They are few."
    made = make(tmp_path / "right", PLAIN.replace("operationId: listTides", right))
    assert made.findings == ()
    assert '"x-assumption": "They are few."' in made.files["contract.json"]

    wrong = right.replace("They are few.", "5")
    spec = write_contract(tmp_path / "wrong", PLAIN.replace("operationId: listTides", wrong))
    serious = [f for f in validate(spec).findings if f.severity is not Severity.INFO]
    assert [(f.code, f.severity) for f in serious] == [("extension-shape", Severity.ERROR)]


def test_schema_of_renamed_key_keeps_its_discriminating_value(tmp_path: Path) -> None:
    members = "oneOf: [{$ref: '#/components/schemas/Low%601'}, {$ref: '#/components/schemas/Tide'}]"
    schema = f"{{{members}, discriminator: {{propertyName: kind}}}}"
    text = OPERATION.replace("SCHEMA", schema).replace(
        "{Tide:", "{'Low`1': {type: object, properties: {kind: {type: string}}}, Tide:"
    )
    contract = json.loads(make(tmp_path, text).files["contract.json"])
    reply = contract["paths"]["/tides"]["get"]["responses"]["200"]
    union = reply["content"]["application/json"]["schema"]
    assert union["discriminator"]["mapping"] == {"Low`1": "#/components/schemas/Low_1"}


def test_fault_of_ours_in_a_rule_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(contract: Contract) -> Iterator[Problem]:
        yield Problem(contract.document.data["tide"], "never said")

    broken = tuple(rule._replace(check=fail) for rule in list_rules())
    monkeypatch.setattr("bothends.check.rules.list_rules", lambda: broken)
    findings = validate(write_contract(tmp_path, PLAIN)).findings
    assert {finding.code for finding in findings} == {"internal-error"}
    assert len(findings) == len(broken)
    assert "This is a fault of bothends" in findings[0].message


def test_merge_key_is_read_as_keys_written_out(tmp_path: Path) -> None:
    contract = """
paths:
  /tides:
    get:
      operationId: listTides
      responses: &tides
        '200': {description: The tides.}
        '400': &refused {description: Refused., <<: {x-note: {<<: {deep: 1}}, description: Hidden.}}
  /waves:
    get:
      operationId: listWaves
      responses: {'200': {description: The waves., <<: [*refused, {x-other: 2}]}, <<: *tides}
"""
    made = make(tmp_path, contract)
    found = [one for one in made.findings if one.code == "repaired-merge-key"]
    document = json.loads(made.files["contract.json"])
    responses = document["paths"]["/waves"]["get"]["responses"]

    assert [one.location.line for one in found if one.location] == [9, 13, 13]
    assert responses["400"] == {
        "description": "Refused.",
        "x-note": {"deep": 1},
    }
    assert responses["200"] == {
        "description": "The waves.",
        "x-note": {"deep": 1},
        "x-other": 2,
    }


@pytest.mark.parametrize(
    ("declared", "read"),
    [
        ("collectionFormat: csv, schema: {type: array, items: {type: string}}", ("form", False)),
        (
            "collectionFormat: tsv, schema: {type: array, items: {type: string}}",
            ("tabDelimited", False),
        ),
        ("type: array, items: {type: string}, collectionFormat: multi", ("form", True)),
        (
            "schema: {type: array, collectionFormat: pipes, items: {type: string}}",
            ("pipeDelimited", False),
        ),
        (
            "style: form, collectionFormat: ssv, schema: {type: array, items: {type: string}}",
            ("form", True),
        ),
    ],
)
def test_collection_format_is_read_as_style(
    tmp_path: Path, declared: str, read: tuple[str, bool]
) -> None:
    made = make(
        tmp_path, PLAIN.replace("in: query, schema: {type: string}", f"in: query, {declared}")
    )
    (operation,) = made.api.operations
    (parameter,) = operation.parameters
    assert (parameter.style, parameter.explode) == read
    assert "repaired-collection-format" in {finding.code for finding in made.findings}


@pytest.mark.parametrize(
    ("written", "location", "read"),
    [
        ("/tides/:day", "path", "/tides/{day}"),
        ("/tides/*day", "path", "/tides/{day}"),
        ("/tides/*day", "query", "/tides/*day"),
        ("/tides/{day:[0-9]{4}}/x", "path", "/tides/{day}/x"),
        ("/tides/{day/x", "path", "/tides/{day}/x"),
        ("/tides?day={day}", "query", "/tides"),
        ("/tides/{day=years/*/days/*}:read", "path", "/tides/{day}:read"),
        ("/tides:day", "query", "/tides:day"),
        ("/tides/:day", "query", "/tides/:day"),
    ],
)
def test_path_of_a_router_is_read_as_template(
    tmp_path: Path, written: str, location: str, read: str
) -> None:
    declared = f"{{name: day, in: {location}, required: true, schema: {{type: string}}}}"
    text = PLAIN.replace("/tides:", f"'{written}':")
    made = make(tmp_path, text.replace("parameters: [", f"parameters: [{declared}, "))
    (operation,) = made.api.operations
    assert operation.path == read
    assert [p.location for p in operation.parameters if p.wire_name == "day"] == [location]


def test_path_item_is_read_with_its_reference(tmp_path: Path) -> None:
    item = "/waves: {$ref: '#/paths/~1tides', post: {operationId: addWave, responses: {'204': {description: Kept.}}}}"
    made = make(tmp_path, PLAIN.replace("paths:", f"paths:\n  {item}"))
    found = {(operation.method, operation.path) for operation in made.api.operations}
    assert found == {("GET", "/tides"), ("GET", "/waves"), ("POST", "/waves")}
    assert "repaired-path-item-reference" in {finding.code for finding in made.findings}


def test_sections_of_swagger_are_components(tmp_path: Path) -> None:
    contract = """
definitions: {Tide: {type: object, properties: {height: {type: number}}}}
securityDefinitions: {key: {type: apiKey, in: header, name: X-Key}, basic: {type: basic}}
paths:
  /tides:
    get:
      operationId: listTides
      security: [{key: []}, {basic: []}]
      responses: {'200': {description: T., content: {application/json: {schema: {$ref: '#/definitions/Tide'}}}}}
"""
    made = make(tmp_path, contract)
    assert "class Tide(" in made.files["models.py"]
    assert [scheme.kind for scheme in made.api.security_schemes] == ["apiKey", "basic"]


def test_type_oauth_with_flows_is_oauth2(package):
    flows = "{clientCredentials: {tokenUrl: 'https://tides.example/token', scopes: {}}}"
    made = package(f"""
security: [{{harbour: []}}]
paths:
  /tides:
    get: {{operationId: listTides, responses: {{'204': {{description: They.}}, '401': {{description: Who.}}}}}}
components:
  securitySchemes: {{harbour: {{type: OAuth, flows: {flows}}}}}
""")
    assert [str(operation.name) for operation in made.made.api.operations] == ["list_tides"]
    assert "repaired-security-scheme" in {finding.code for finding in made.made.findings}


WITHOUT_BODY = """
paths:
  /tides:
    delete:
      operationId: dropTides
      responses:
        '204': {description: They are gone., content: {application/json: {schema: {type: object}}}}
    post:
      operationId: resetTides
      responses:
        '205': {$ref: '#/components/responses/Done'}
        '400': {$ref: '#/components/responses/Done'}
components:
  responses: {Done: {description: Done., content: {text/plain: {schema: {type: string}}}}}
"""


def test_status_without_a_body_has_no_content(package):
    made = package(WITHOUT_BODY)
    codes = [finding.code for finding in made.made.findings]
    assert codes.count("repaired-content-of-status") == 2

    calls: list[str] = []

    def reset_tides() -> None:
        calls.append("reset")
        if len(calls) > 1:
            raise made.errors.ResetTidesBadRequest("not now")

    with made.client(handler(drop_tides=lambda: None, reset_tides=reset_tides)) as client:
        assert client.drop_tides() is None
        assert client.reset_tides() is None
        with pytest.raises(made.errors.ResetTidesBadRequest, match="not now"):
            client.reset_tides()


def test_security_scheme_may_have_any_key(package):
    made = package(
        OPERATION.replace("SCHEMA", "{type: string}").replace(
            "components:",
            """security: [{'API Key': []}]
components:
  securitySchemes: {'API Key': {type: apiKey, in: header, name: X-Key}}""",
        )
    )
    receiver = handler(list_tides=lambda since: "high")
    app = made.app(receiver, authenticate=lambda presented: "API_Key" in presented)
    client = made.client(receiver, app=app, api_key="secret")
    assert client.list_tides() == "high"
    assert "repaired-component-key" in {finding.code for finding in made.made.findings}


HEADS = """
paths:
  /tides:
    head:
      operationId: seekTides
      parameters:
        - {name: 'X-Since: ', in: header, schema: {type: string}}
      responses:
        '200':
          description: There are some.
          headers: {'X-Count ': {schema: {type: integer}}, 'X Last': {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {type: string}}}}
        '404': {$ref: '#/components/responses/None'}
    get: {operationId: listTides, responses: {'404': {$ref: '#/components/responses/None'}}}
components:
  responses: {None: {description: None., content: {text/plain: {schema: {type: string}}}}}
"""


def test_answer_to_head_has_no_content(package):
    made = package(HEADS)
    client = made.client(handler(seek_tides=lambda x_since: None))
    assert client.seek_tides(x_since="may") is None

    def seek_tides(x_since):
        raise made.errors.SeekTidesNotFound

    with pytest.raises(made.errors.SeekTidesNotFound):
        made.client(handler(seek_tides=seek_tides)).seek_tides()
    assert made.errors.ListTidesNotFound("none").body == "none"


def test_illegal_header_names_cost_no_operation(package):
    made = package(HEADS)
    codes = [finding.code for finding in made.made.findings]
    assert (codes.count("repaired-header-name"), codes.count("left-out-header-name")) == (2, 1)
    (seek, _) = made.made.api.operations
    assert [parameter.wire_name for parameter in seek.parameters] == ["X-Since"]
    assert [header.wire_name for header in seek.replies[0].headers] == ["X-Count"]

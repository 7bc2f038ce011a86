"""What covers what: statuses and ranges, media types, servers with variables, renamed schemes, webhooks."""

from __future__ import annotations

import pytest

from bothends.diff import Verdict, compare, without_unchanged
from bothends.load import Document, parse_document
from bothends.normalise import normalise
from tests.packages import HEAD

BASE = """
servers: [{url: 'https://{area}.tides.example/v1', variables: {area: {default: eu, enum: [eu, us]}}}]
security: [{key: []}]
paths:
  /tides:
    get:
      operationId: tides
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {type: number}}}}}
        4XX: {description: Yours., content: {application/json: {schema: {type: string}}}}
        default: {description: Ours., content: {application/json: {schema: {type: integer}}}}
    post:
      operationId: tell
      requestBody:
        content:
          application/json: {schema: {type: string}}
          text/*: {schema: {type: string}}
      responses: {'204': {description: Done.}}
webhooks:
  turned:
    post:
      parameters:
        - {name: X-Sign, in: header, required: true, schema: {type: string}}
        - {name: X-Try, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json: {schema: {type: integer}}
          text/plain: {schema: {type: string}}
      responses:
        '200': {description: Heard., headers: {X-Next: {schema: {type: string}}}}
        '204': {description: Heard.}
        '500': {description: Failed.}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    spare: {type: http, scheme: basic}
"""
FOUND = (
    "        4XX: {description: Yours., content: {application/json: {schema: {type: string}}}}\n"
)
ALL = "'200': {description: All., content"
SIGN = "        - {name: X-Sign, in: header, required: true, schema: {type: string}}\n"
TRY = "        - {name: X-Try, in: header, schema: {type: string}}\n"
NEXT = "X-Next: {schema"
WITH_404 = FOUND + FOUND.replace("4XX", "'404'")


def contract(text: str) -> Document:
    head = "" if text.startswith("openapi:") else HEAD
    return parse_document((head + text).encode(), "tides.yaml")


def changes(old: str, new: str) -> list[str]:
    """What changes between two texts: `code verdict`, of the parts that differ and of the whole."""
    pair = contract(old), contract(new)
    different = without_unchanged(*pair)
    assert different is not None
    reduced, whole = (
        compare(normalise(before), normalise(after)) for before, after in (different, pair)
    )
    assert {(change.code, change.message) for change in reduced} == {
        (change.code, change.message) for change in whole
    }
    for change in whole:
        assert (change.witness is not None) == (change.verdict is Verdict.BREAKING)
        assert "the the" not in change.message + str(change.witness)
    return [f"{change.code} {change.verdict}" for change in whole]


CASES: dict[str, tuple[str, str, list[str]]] = {
    "status that its range described alike": (FOUND, WITH_404, ["reply-status-added note"]),
    "status that its range described otherwise": (
        FOUND,
        WITH_404.replace(
            "'404': {description: Yours., content: {application/json: {schema: {type: string",
            "'404': {description: Yours., content: {application/json: {schema: {type: boolean",
        ),
        ["reply-changed breaking", "reply-status-added note"],
    ),
    "status that its range described without its body": (
        FOUND,
        FOUND + "        '404': {description: None.}\n",
        ["reply-body-gone breaking", "reply-status-added note"],
    ),
    "range that is left to default": (
        FOUND,
        "",
        ["reply-changed breaking", "reply-status-gone note"],
    ),
    "success that became its range": (
        ALL,
        ALL.replace("'200'", "2XX"),
        ["reply-success-added breaking", "reply-status-gone note"],
    ),
    "success beside default": (
        FOUND,
        FOUND + "        '202': {description: Later.}\n",
        ["reply-success-added breaking"],
    ),
    "range of a request with fewer in it": (
        "text/*:",
        "text/plain:",
        ["request-media-type-gone breaking"],
    ),
    "range of a request with more in it": (
        "text/*:",
        "'*/*':",
        ["request-media-type-added compatible"],
    ),
    "media type in another spelling": (
        "requestBody:\n        content:\n          application/json:",
        "requestBody:\n        content:\n          Application/JSON; charset=UTF-8:",
        [],
    ),
    "media type that a range of the other describes": (
        "text/*: {schema: {type: string}}",
        "text/*: {schema: {type: string}}\n          text/csv: {schema: {type: string, minLength: 2}}",
        ["request-narrowed breaking"],
    ),
    "media type of a reply that became a range": (
        "All., content: {application/json:",
        "All., content: {application/*:",
        ["reply-media-type-added unknown"],
    ),
    "value of a variable gone": ("enum: [eu, us]", "enum: [eu]", ["server-gone breaking"]),
    "value of a variable written out": (
        "[{url: 'https://{area}.tides.example/v1', variables: {area: {default: eu, enum: [eu, us]}}}]",
        "[{url: https://eu.tides.example/v1/}, {url: https://US.tides.example/v1}]",
        [],
    ),
    "variable of any value": (
        "enum: [eu, us]",
        "description: Any.",
        ["server-added compatible"],
    ),
    "server of an operation": (
        "operationId: tell",
        "operationId: tell\n      servers: [{url: https://eu.tides.example/v1}]",
        ["server-gone breaking"],
    ),
    "scheme under another name": (
        "    key: {type",
        "    token: {type",
        ["security-scheme-renamed note"],
    ),
    "scheme that nobody asks for": (
        "scheme: basic",
        "scheme: digest",
        ["security-scheme-changed note"],
    ),
    "scheme that the contract asks for": (
        "in: header, name: X-Key",
        "in: query, name: key",
        ["security-scheme-changed breaking"],
    ),
    "header of a key in another case": ("name: X-Key", "name: x-key", []),
    "header of a webhook that was always there": (SIGN, "", ["request-parameter-gone breaking"]),
    "header of a webhook that could be there": (TRY, "", ["request-parameter-gone compatible"]),
    "header of a webhook new": (
        TRY,
        TRY + TRY.replace("Try", "Id"),
        ["request-parameter-added compatible"],
    ),
    "header of a webhook new and required": (
        TRY,
        TRY + SIGN.replace("Sign", "Id"),
        ["request-parameter-required compatible"],
    ),
    "header of a webhook became optional": (
        "X-Sign, in: header, required: true",
        "X-Sign, in: header",
        ["request-optional breaking"],
    ),
    "header of a webhook became required": (
        "X-Try, in: header",
        "X-Try, in: header, required: true",
        ["request-required compatible"],
    ),
    "media type of a webhook gone": (
        "          text/plain: {schema: {type: string}}\n",
        "",
        ["reply-media-type-gone compatible"],
    ),
    "media type of a webhook new": (
        "          text/plain: {schema: {type: string}}\n",
        "          text/plain: {schema: {type: string}}\n          text/csv: {schema: {type: string}}\n",
        ["reply-media-type-added breaking"],
    ),
    "answer of a receiver gone": (
        "        '204': {description: Heard.}\n",
        "",
        ["reply-status-gone breaking"],
    ),
    "failure of a receiver gone": (
        "        '500': {description: Failed.}\n",
        "",
        ["reply-status-gone note"],
    ),
    "answer of a receiver new": (
        "        '204': {description: Heard.}\n",
        "        '204': {description: Heard.}\n        '202': {description: Later.}\n",
        ["reply-success-added compatible"],
    ),
    "header of a receiver became required": (
        NEXT,
        NEXT.replace("{schema", "{required: true, schema"),
        ["reply-header-required breaking"],
    ),
    "webhook gone": (
        "  turned:\n    post:",
        "  turned:\n    put:",
        ["operation-gone breaking", "operation-added compatible"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_covers_what_is_compared(case: str) -> None:
    old, new, wanted = CASES[case]
    assert BASE.count(old) == 1
    text = BASE.replace(old, new)
    if case == "scheme under another name":
        text = text.replace("{key: []}", "{token: []}")
    assert changes(BASE, text) == wanted


DEFAULT_ALONE = """
paths:
  /tides: {get: {operationId: tides, responses: {default: {description: All., content: {application/json: {schema: {type: string}}}}}}}
"""


@pytest.mark.parametrize(
    ("type_", "wanted"),
    [
        ("string", ["reply-status-added note"]),
        ("integer", ["reply-changed breaking", "reply-status-added note"]),
    ],
)
def test_default_alone_describes_successes_too(type_: str, wanted: list[str]) -> None:
    default = "default: {description: All., content: {application/json: {schema: {type: string}}}}"
    success = default.replace("default", "'200'").replace("string", type_)
    new = DEFAULT_ALONE.replace(default, f"{success}, {default}")
    assert changes(DEFAULT_ALONE, new) == wanted


def test_one_change_of_all_operations_is_one() -> None:
    found = compare(
        normalise(contract(BASE)),
        normalise(contract(BASE.replace("security: [{key: []}]", "security: [{key: []}, {}]"))),
    )
    assert [change.subjects for change in found] == [("GET /tides", "POST /tides")]


FORMS = """
paths:
  /tides:
    post:
      operationId: tell
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Tide'}
          multipart/form-data:
            schema: {allOf: [{$ref: '#/components/schemas/Tide'}, {type: object, properties: {chart: {type: string, format: binary}}}]}
            encoding: {chart: {contentType: image/png}}
      callbacks:
        turned: {'{$request.body#/url}': {post: {responses: {'200': {description: Heard.}}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Tide: {type: object, properties: {days: {type: array, items: {$ref: '#/components/schemas/Day'}}, at: {$ref: '#/components/schemas/Place'}, note: {type: string}}}
    Place: {type: object, properties: {harbour: {type: string}}}
    Day: {type: string}
"""
CHART = "encoding: {chart: {contentType: image/png}}"
TIDE = "            schema: {$ref: '#/components/schemas/Tide'}\n"
ENCODED = TIDE + "            encoding: "

QUERY_STRING = """
paths:
  /tides:
    get:
      operationId: find
      parameters:
      - {name: where, in: querystring, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Tide: {type: object, properties: {days: {type: array, items: {type: string}}}}
"""


def test_form_in_a_query_string_is_written_otherwise() -> None:
    new = QUERY_STRING.replace("Tide'}}", "Tide'}, encoding: {days: {explode: false}}}")
    found = [
        (change.code, change.verdict) for change in compare(*map(contract, (QUERY_STRING, new)))
    ]
    assert found == [("request-field-style", Verdict.BREAKING)]


FORM_CASES: dict[str, tuple[str, str, list[str]]] = {
    "list not exploded": (
        TIDE,
        ENCODED + "{days: {explode: false}}\n",
        ["request-field-style breaking"],
    ),
    "list as it was written": (TIDE, ENCODED + "{days: {style: form, explode: true}}\n", []),
    "object in brackets": (
        TIDE,
        ENCODED + "{at: {style: deepObject, explode: true}}\n",
        ["request-field-style breaking"],
    ),
    "object in another type": (
        TIDE,
        ENCODED + "{at: {contentType: application/xml}}\n",
        ["request-field-style breaking"],
    ),
    "list in JSON": (
        TIDE,
        ENCODED + "{days: {contentType: application/json}}\n",
        ["request-field-style breaking"],
    ),
    "text in JSON": (
        TIDE,
        ENCODED + "{note: {contentType: application/json}}\n",
        ["request-field-style breaking"],
    ),
    "text as it was": (TIDE, ENCODED + "{note: {contentType: text/plain}}\n", []),
    "object in JSON as it was": (TIDE, ENCODED + "{at: {contentType: application/json}}\n", []),
    "list in one part": (
        CHART,
        CHART.replace("chart: {", "days: {style: pipeDelimited, explode: false}, chart: {"),
        ["request-field-style breaking"],
    ),
    "list in parts as it was": (
        CHART,
        CHART.replace("chart: {", "days: {style: form}, chart: {"),
        [],
    ),
    "part of another type": (CHART, CHART.replace("png", "gif"), ["request-part-type breaking"]),
    "part of one type more": (
        CHART,
        CHART.replace("image/png", "'image/png, image/gif'"),
        ["request-part-type compatible"],
    ),
    "part of a range": (
        CHART,
        CHART.replace("image/png", "image/*"),
        ["request-part-type compatible"],
    ),
    "part of any type": (CHART, "encoding: {}", ["request-part-type compatible"]),
    "text of another type": (
        CHART,
        CHART.replace("chart: {", "note: {contentType: text/csv}, chart: {"),
        ["request-part-type breaking"],
    ),
    "part with a required header": (
        CHART,
        CHART.replace("png", "png, headers: {X-Sum: {required: true, schema: {type: string}}}"),
        ["request-part-header breaking"],
    ),
    "callback to another place": (
        "$request.body#/url",
        "$request.body#/to",
        ["callback-moved breaking"],
    ),
    "callback of another name": ("turned: {'{", "heard: {'{", []),
    "operation of a callback renamed": ("operationId: tell", "operationId: say", []),
    "field of another type": (
        "Place: {type: object, properties: {harbour: {type: string}}}",
        "Place: {type: array, maxItems: 2, items: {type: string}}",
        ["request-changed breaking"],
    ),
    "field of another name in XML": (
        "note: {type: string",
        "note: {type: string, xml: {name: remark}",
        ["xml-changed note"],
    ),
    "field with text of another encoding": (
        "note: {type: string",
        "note: {type: string, contentEncoding: base64",
        ["encoding-changed note"],
    ),
}


@pytest.mark.parametrize("case", FORM_CASES)
def test_forms_and_callbacks_are_compared(case: str) -> None:
    old, new, wanted = FORM_CASES[case]
    assert FORMS.count(old) == 1
    assert changes(FORMS, FORMS.replace(old, new)) == wanted


PLACES = """
paths:
  /places:
    get:
      operationId: listPlaces
      responses:
        "200":
          description: Fine.
          content:
            application/xml: {schema: {$ref: '#/components/schemas/Place'}}
            application/json: {schema: {$ref: '#/components/schemas/Place'}}
components:
  schemas:
    Place: {type: object, xml: {name: place}, properties: {note: {type: string, xml: {prefix: a}}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "{prefix: a}",
            "{prefix: a, attribute: true}",
            ["xml-changed breaking"],
        ),
        ("{prefix: a}", "{prefix: b}", []),
        ("name: place", "name: spot", ["xml-changed breaking"]),
    ],
)
def test_form_in_xml_is_what_readers_of_xml_rest_on(old: str, new: str, wanted: list[str]) -> None:
    assert changes(PLACES, PLACES.replace(old, new)) == wanted


@pytest.mark.parametrize("place", ["", "      "], ids=["contract", "operation"])
def test_answer_to_invalid_requests_is_a_note(place: str) -> None:
    start = "paths:\n" if not place else "      operationId: tell\n"
    old = FORMS.replace(start, f"{place}x-on-invalid: {{status: 400}}\n{start}")
    assert changes(FORMS, old) == ["on-invalid-changed note"]
    assert changes(old, old.replace("status: 400", "status: 422")) == ["on-invalid-changed note"]
    example = old.replace("status: 400", "status: 400, example: {why: it}")
    assert changes(old, example) == ["on-invalid-changed note"]


PICTURES = """
paths:
  /pictures:
    post:
      operationId: keep
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {files: {type: array, items: {type: string}}}}
            encoding: {files: {contentType: image/png, explode: false}}
      responses: {'204': {description: Kept.}}
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("image/png", "image/gif", ["request-part-type breaking"]),
        ("image/png", "image/*", ["request-part-type compatible"]),
        (", explode: false", "", []),
        (", explode: false", ", style: pipeDelimited", []),
        ("image/png", "text/csv", ["request-field-style breaking", "request-part-type breaking"]),
    ],
)
def test_files_of_a_list_are_parts_whatever_their_style(
    old: str, new: str, wanted: list[str]
) -> None:
    assert changes(PICTURES, PICTURES.replace(old, new)) == wanted


LETTERS = """\
openapi: 3.2.0
info: {title: Letters, version: '1'}
paths:
  /letters:
    post:
      operationId: send
      requestBody:
        content:
          multipart/mixed:
            schema: {type: array, prefixItems: [{type: object}], items: {type: string}}
            prefixEncoding: [{contentType: application/json}]
            itemEncoding: {contentType: text/csv, headers: {X-Page: {schema: {type: integer}}}}
      responses: {'204': {description: Sent.}}
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("text/csv", "text/html", ["request-part-type breaking"]),
        ("text/csv", "text/*", ["request-part-type compatible"]),
        ("application/json", "application/vnd.a+json", ["request-part-type breaking"]),
        ("{contentType: application/json}", "", ["request-part-type breaking"]),
        ("[{contentType: application/json}]", "[{}]", []),
        ("X-Page: {", "X-Page: {required: true, ", ["request-part-header breaking"]),
        ("type: integer", "type: boolean", ["request-changed breaking"]),
    ],
)
def test_parts_by_position_are_compared(old: str, new: str, wanted: list[str]) -> None:
    assert changes(LETTERS, LETTERS.replace(old, new)) == wanted

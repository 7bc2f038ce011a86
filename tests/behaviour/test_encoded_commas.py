"""Lists whose sender encoded the comma between the items: read where nothing else can be meant."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

LISTS = """
paths:
  /at/{days}:
    post:
      operationId: send
      parameters:
        - {name: days, in: path, required: true, schema: {type: array, items: {type: integer}}}
        - {name: no, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: kind, in: query, explode: false, schema: {type: array, items: {enum: [a, b]}}}
        - {name: word, in: query, explode: false, schema: {type: array, items: {type: string, pattern: '^[a-z]+$'}}}
        - {name: id, in: query, explode: false, schema: {type: array, items: {type: string, format: uuid}}}
        - {name: free, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: two, in: query, explode: false, schema: {type: array, minItems: 2, items: {type: string}}}
        - {name: short, in: query, explode: false, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: pairs, in: query, explode: false, schema: {type: array, items: {type: string, pattern: '^\\d+(,\\d+)?$'}}}
        - {name: exploded, in: query, schema: {type: array, items: {type: integer}}}
        - {name: either, in: query, explode: false, schema: {anyOf: [{type: string, maxLength: 2}, {type: array, items: {type: integer}}]}}
        - {name: X-No, in: header, schema: {type: array, items: {type: integer}}}
        - {name: crumb, in: cookie, explode: false, schema: {type: array, items: {type: integer}}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {sizes: {type: array, items: {type: integer}}}}
            encoding: {sizes: {explode: false}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""
ID = "12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module")
def lists(made_once):
    return made_once(LISTS)


def heard(lists, query, days="1", **request):
    """The arguments of the handler, or None where the server refuses."""
    seen = []
    app = lists.app(handler(send=lambda **arguments: seen.append(arguments)))
    status = send(app, "POST", f"/at/{days}?{query}", **request).status_code
    assert status == (204 if seen else 400)
    return seen[0] if seen else None


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("no=1%2C2", "no", [1, 2]),
        ("no=1%2c2", "no", [1, 2]),
        ("kind=a%2Cb%2Ca", "kind", ["a", "b", "a"]),
        ("word=red%2Cgreen", "word", ["red", "green"]),
        ("id=" + ID + "%2C" + ID, "id", 2),
        ("either=1%2C23", "either", [1, 23]),
    ],
)
def test_encoded_comma_is_a_delimiter_where_no_item_has_one(lists, query, name, expected):
    value = heard(lists, query)[name]
    assert (len(value) if expected == 2 else value) == expected


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("free=a%2Cb", "free", ["a,b"]),
        ("short=a%2C", "short", ["a,"]),
        ("pairs=1%2C2", "pairs", ["1,2"]),
        ("no=1,2", "no", [1, 2]),
        ("two=a,b%2Cc", "two", ["a", "b,c"]),
        ("either=1%2C", "either", "1,"),
    ],
)
def test_what_was_accepted_stays_as_it_was(lists, query, name, expected):
    assert heard(lists, query)[name] == expected


@pytest.mark.parametrize(
    "query",
    [
        "two=a%2Cb",  # items may have commas, so it is one item
        "short=ab%2Ccd",
        "pairs=1%2C2%2C3",
        "no=1,2%2C3",
        "no=1%2C",
        "kind=a%2Cc",
        "exploded=1%2C2",
    ],
)
def test_comma_that_may_be_of_an_item_is_no_delimiter(lists, query):
    assert heard(lists, query) is None


def test_paths_cookies_and_forms_read_it_and_headers_do_not(lists):
    assert heard(lists, "", days="1%2C2")["days"] == [1, 2]
    assert heard(lists, "", headers={"Cookie": "crumb=1%2C2"})["crumb"] == [1, 2]
    assert heard(lists, "", headers={"X-No": "1%2C2"}) is None
    sizes = heard(lists, "", content=b"sizes=1%2C2", headers=FORM)["body"].sizes
    assert sizes == [1, 2]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}

"""YAML bodies: the same values as JSON, chosen by `Content-Type` and `Accept` (RFC 9512)."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import growth
from tests.packages import handler, send

from bothends.runtime.json.value import same
from bothends.runtime.media.yaml_text import YamlTextError, read_yaml, write_yaml

CONTRACT = """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/yaml: {schema: {$ref: '#/components/schemas/Note'}}
          application/json: {schema: {$ref: '#/components/schemas/Note'}}
      responses:
        '200':
          description: The same.
          content:
            application/yaml: {schema: {$ref: '#/components/schemas/Note'}}
            application/json: {schema: {$ref: '#/components/schemas/Note'}}
    put:
      operationId: setNote
      requestBody:
        required: true
        content: {text/x-yaml: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: The same.
          content: {application/vnd.notes+yaml: {schema: {$ref: '#/components/schemas/Note'}}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string}, size: {type: integer}}}
"""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), inner)
    ),
)


@pytest.fixture(scope="module")
def notes(made_once):
    return made_once(CONTRACT)


def echo(body: Any) -> Any:
    return body


@pytest.mark.parametrize("method", ["add_note", "set_note"])
def test_client_and_server_agree(notes, method):
    note = notes.models.Note(text="no\u2028: [é]", size=2**70)
    assert getattr(notes.client(handler(**{method: echo})), method)(note) == note


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/yaml", "application/yaml"),
        ("application/json;q=0.5, application/yaml", "application/yaml"),
    ],
)
def test_accept_chooses_the_text(notes, accept, content_type):
    headers = {"content-type": "application/yaml", **({"accept": accept} if accept else {})}
    app = notes.app(handler(add_note=echo))
    got = send(app, "POST", "/notes", content=b"text: 'yes'\nsize: 0x10\n", headers=headers)
    assert got.headers["content-type"] == content_type
    assert yaml.safe_load(got.content) == {"text": "yes", "size": 16}


@pytest.mark.parametrize("text", ["text: yes\nsize: '3'", "text: 12", "size: 1", "text: [", ""])
def test_yaml_is_held_to_the_schema(notes, text):
    app = notes.app(handler(add_note=echo))
    headers = {"content-type": "application/yaml"}
    assert send(app, "POST", "/notes", content=text.encode(), headers=headers).status_code == 400


@given(JSON)
def test_every_json_value_survives(value):
    assert same(read_yaml(write_yaml(value)), value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[&a 1, *a]", "an anchor"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "an anchor"),
        ("!!set {a}", "a tag"),
        ("!!python/object/apply:os.getcwd []", "a tag"),
        (".inf", "an infinity"),
        (".nan", "no number"),
        ("1e999", "beyond the range"),
        ("1" * 5_000, "too many digits"),
        ("0.1000000000000000055511151231257827021181583404541015625123", "more digits"),
        ("--- 1\n--- 2", "several documents"),
        ("%YAML 1.1\n--- no", "a directive"),
        ("{1: a}", "key that is no text"),
        ("{true: a}", "key that is no text"),
        ("{[1]: a}", "key that is no text"),
        ("{<<: {a: 1}}", "key that is no text"),
        ("{a: 1, a: 2}", "same name twice"),
        ("'a\x85b'", "U+0085"),
        ("'a\u2028b'", "U+2028"),
        ("# nothing", "no value"),
        ("[" * 5_000, "too deeply"),
        ("- 1\n" * 100_001, "more than 100000"),
        ("a: b: c", "line 1, column 5"),
    ],
)
def test_what_is_not_exactly_json_is_refused(text, reason):
    with pytest.raises(YamlTextError, match=reason.replace("+", "[+]")):
        read_yaml(text)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a" * 1_000: 1}, "a name of more than 1000 characters"),
        ([1] * 100_001, "too many values"),
        (10**5_000, "an integer of more than 4300 digits"),
        (float("nan"), "holds NaN"),
    ],
    ids=["name", "values", "digits", "nan"],
)
def test_what_no_reader_takes_is_not_written(value, reason):
    with pytest.raises(YamlTextError, match=reason):
        write_yaml(value)


@pytest.mark.parametrize("entry", ["- {a: 1}\n", "- 'a b'\n", "# note\n", "- |\n  text\n"])
def test_cost_grows_with_the_text(entry):
    assert growth(lambda size: read_yaml("- 1\n" + entry * size), 2_000, 8_000) < 10


def test_yaml_loads_with_the_first_text():
    code = "import sys, bothends.runtime.media; assert 'yaml' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_pure_parser_reads_the_same(monkeypatch):
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert read_yaml('{"a":1, b: [no, ~, "\\u00e9"]}') == {"a": 1, "b": ["no", None, "é"]}


@pytest.mark.parametrize("media_type", ["application/vnd.yaml", "text/vnd.yaml", "text/yaml"])
def test_older_names_of_yaml_are_yaml(made_once: Any, media_type: str) -> None:
    made = made_once(CONTRACT.replace("text/x-yaml", media_type))
    note = made.models.Note(text="low water")
    assert made.client(handler(set_note=lambda body: body)).set_note(note) == note

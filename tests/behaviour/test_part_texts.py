"""Parts of a form, or of a list, that are objects in XML or YAML (OpenAPI 3.1 §4.8.15)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime.errors import RequestError

CONTRACT = """\
openapi: 3.2.0
info: {title: Forms, version: '1'}
paths:
  /forms:
    post:
      operationId: addForm
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                about: {type: object, required: [to], properties: {to: {type: string, xml: {nodeType: attribute}}, days: {type: integer, maximum: 9}}}
                cover: {$ref: '#/components/schemas/Cover'}
                plan: {type: object, properties: {to: {type: string}}}
                stops: {type: array, items: {type: object, properties: {at: {type: integer}}}}
                either: {type: object, properties: {to: {type: string}}}
                odd: {type: object, additionalProperties: {type: array, items: {type: array, items: {type: string}}}}
            encoding:
              about: {contentType: application/xml}
              cover: {contentType: text/xml; charset=utf-8}
              plan: {contentType: application/yaml}
              stops: {contentType: application/xml}
              either: {contentType: 'application/xml, application/json'}
              odd: {contentType: application/pdf}
      responses: &done {'204': {description: Done.}, '400': {description: Refused.}}
  /letters:
    post:
      operationId: addLetter
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema: {type: array, prefixItems: [{$ref: '#/components/schemas/Cover'}], items: {type: object, properties: {to: {type: string}}}}
            prefixEncoding: [{contentType: application/xml}]
            itemEncoding: {contentType: application/yaml}
      responses: *done
components:
  schemas:
    Cover: {type: object, required: [to], properties: {to: {type: string}}}
"""


@pytest.fixture(scope="module")
def forms(made_once):
    return made_once(CONTRACT)


def parts(*entries):
    return [(name, (None, text, kind)) for name, kind, text in entries]


@pytest.mark.parametrize(
    ("name", "value", "kind", "text"),
    [
        (
            "about",
            {"to": "A & B", "days": 3},
            "application/xml",
            '<about to="A &amp; B"><days>3</days></about>',
        ),
        ("cover", {"to": "Ada"}, "text/xml", "<Cover><to>Ada</to></Cover>"),
        ("plan", {"to": "1"}, "application/yaml", "to: '1'"),
        ("stops", [{"at": 1}], "application/xml", "<stops><at>1</at></stops>"),
        ("either", {"to": "Ada"}, "application/json", '{"to": "Ada"}'),
    ],
)
def test_object_is_written_and_read_in_the_media_type_of_its_part(forms, name, value, kind, text):
    seen: list[Any] = []
    app = forms.app(handler(add_form=lambda body: seen.append(getattr(body, name))))
    with forms.client(None, app=app) as client:
        client.add_form(forms.models.AddFormRequest(**{name: value}))
    entries = parts((name, kind, text))
    assert send(app, "POST", "/forms", files=entries).status_code == 204
    own = forms.models.AddFormRequest(**{name: value})
    assert seen == [getattr(own, name)] * 2


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("about", "application/xml", '<about to="A"><days>10</days></about>'),
        ("about", "application/xml", "<about><days>1</days></about>"),
        ("about", "application/xml", '<other to="A"/>'),
        ("about", "application/xml", '<about to="A">'),
        ("about", "application/json", '{"to": "A"}'),
        ("about", "application/xml; charset=latin-1", '<about to="A"/>'),
        ("about", "application/xml", '<!DOCTYPE a [<!ENTITY b "c">]><about to="A"/>'),
        ("plan", "application/yaml", "to: [1"),
        ("plan", "application/yaml", "to: 1"),
        ("either", "application/yaml", "to: Ada"),
    ],
)
def test_part_that_is_no_value_in_its_media_type_is_refused(forms, name, kind, text):
    app = forms.app(handler(add_form=lambda body: None))
    assert send(app, "POST", "/forms", files=parts((name, kind, text))).status_code == 400


def test_value_without_a_form_in_xml_is_not_sent(forms):
    with forms.client(handler(add_form=lambda body: None)) as client:
        with pytest.raises(RequestError, match="part about"):
            client.add_form(forms.models.AddFormRequest(about={"to": "\x01"}))
        with pytest.raises(RequestError, match="part odd"):
            client.add_form(forms.models.AddFormRequest(odd={"a": [["b"]]}))


def test_part_that_nobody_can_send_is_a_loss(forms):
    assert [loss.reason for loss in forms.made.api.losses] == [
        "Part `odd` has no form in application/pdf, so nobody can send it."
    ]


def test_items_of_a_list_in_parts_have_texts_too(forms):
    seen: list[Any] = []

    def add_letter(body):
        seen.extend(body)

    app = forms.app(handler(add_letter=add_letter))
    with forms.client(None, app=app) as client:
        client.add_letter([forms.models.Cover(to="Ada"), {"to": "1"}])
    assert [item.to for item in seen] == ["Ada", "1"]

"""XML bodies in other charsets than UTF-8 (RFC 7303 §3)."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError


def echo(body):
    return body


CHARSETS = """
paths:
  /notes:
    put:
      operationId: setNote
      requestBody:
        required: true
        content: {application/xml; charset=iso-8859-1: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: The same.
          content: {application/xml; charset=utf-16: {schema: {$ref: '#/components/schemas/Note'}}}
components:
  schemas:
    Note:
      type: object
      properties:
        text: {type: string}
        inner: {type: object, properties: {data: {type: string, xml: {nodeType: cdata}}}}
"""


def test_other_charsets(made_once):
    notes = made_once(CHARSETS)
    client = notes.client(handler(set_note=echo))
    note = notes.models.Note.model_validate({"text": "é\u20ac", "inner": {"data": "é<"}})
    assert client.set_note(note) == note

    # In a CDATA section there are no references.
    euro = notes.models.Note.model_validate({"inner": {"data": "\u20ac"}})
    with pytest.raises(RequestError, match="arrives unchanged"):
        client.set_note(euro)


@pytest.mark.parametrize("byte_order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("media_type", ["application/xml", "application/xml;charset=utf-8"])
def test_byte_order_mark_decides_the_charset(made_once, byte_order, media_type):
    contract = CHARSETS.replace("; charset=iso-8859-1", "")
    app = made_once(contract).app(handler(set_note=echo))
    text = '\ufeff<?xml version="1.0" encoding="utf-16"?><Note><text>é\u20ac</text></Note>'
    headers = {"content-type": media_type}
    got = send(app, "PUT", "/notes", content=text.encode(byte_order), headers=headers)
    assert got.status_code == 200
    assert "é\u20ac" in got.content.decode("utf-16")

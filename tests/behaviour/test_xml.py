"""XML bodies: JSON's values, by the `xml` objects of the contract (OpenAPI 3.1 §4.8.26)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.growth import growth
from tests.packages import handler, send

from bothends.runtime import RequestError, StatusError
from bothends.runtime.media.xml.mapping import XmlMapping, XmlMappings
from bothends.runtime.media.xml.name import NotExactError
from bothends.runtime.media.xml.text import XmlTextError, read_xml
from bothends.runtime.media.xml.writer import write_xml
from bothends.runtime.schema.contract import Contract

CONTRACT = """
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        required: true
        content:
          application/xml: {schema: {$ref: '#/components/schemas/Pet'}}
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
      responses:
        '200':
          description: The same.
          content:
            application/xml: {schema: {$ref: '#/components/schemas/Pet'}}
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
    put:
      operationId: setPet
      requestBody:
        required: true
        content: {text/xml: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        '200':
          description: The same.
          content: {application/vnd.pets+xml: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Pet:
      type: object
      required: [name, photos]
      properties:
        id: {type: integer, xml: {attribute: true}}
        name: {type: [string, 'null'], maxLength: 20}
        weight: {type: number}
        sold: {type: boolean}
        kind: {enum: [cat, dog]}
        photos: {type: array, items: {type: string}}
        tags: {type: array, items: {$ref: '#/components/schemas/Tag'}, xml: {wrapped: true}}
        mother: {$ref: '#/components/schemas/Pet'}
    Tag:
      type: object
      additionalProperties: false
      xml: {name: tag, namespace: 'urn:tags', prefix: t}
      properties: {word: {type: string}, sign: {type: integer}}
"""
TAG = '<t:tag xmlns:t="urn:tags"><word>x</word></t:tag>'


@pytest.fixture(scope="module")
def pets(made_once):
    return made_once(CONTRACT)


def echo(body: Any) -> Any:
    return body


@pytest.mark.parametrize("method", ["add_pet", "set_pet"])
def test_client_and_server_agree(pets, method):
    models = pets.models
    mother = models.Pet(name=None, photos=[], kind="cat", weight=1.5, sold=False)
    tags = [models.Tag(word=" a < b & c\r\n"), models.Tag(sign=-7), models.Tag()]
    pet = models.Pet(id=2**70, name="", photos=["", "é\U0001f600"], tags=tags, mother=mother)
    assert getattr(pets.client(handler(**{method: echo})), method)(pet) == pet


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/xml", "application/xml"),
        ("application/json;q=0.5, application/xml", "application/xml"),
    ],
)
def test_accept_chooses_the_text(pets, accept, content_type):
    headers = {"content-type": "application/xml", **({"accept": accept} if accept else {})}
    app = pets.app(handler(add_pet=echo))
    body = b'<?xml version="1.0"?><Pet id="3"><name>Mia</name></Pet>'
    got = send(app, "POST", "/pets", content=body, headers=headers)
    assert got.headers["content-type"] == content_type
    if content_type == "application/json":
        assert got.json() == {"id": 3, "name": "Mia", "photos": []}
    else:
        assert b'<Pet id="3"><name>Mia</name></Pet>' in got.content


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<Pet><photos/></Pet>", "name"),
        ("<pet><name/></pet>", "its root element is &lt;pet&gt;, not &lt;Pet&gt;"),
        ("<Pet><name/><name/></Pet>", "element <name> is there twice"),
        ("<Pet><name>a<b/></name></Pet>", "element <name> holds an element"),
        ("<Pet>x<name/></Pet>", "element <Pet> has text beside elements"),
        ("<Pet><name/><id>3</id></Pet>", "<id>, which is the name of a property"),
        ("<Pet><name l='e'/></Pet>", "element <name> has the attribute l"),
        ("<Pet><name/><weight>heavy</weight></Pet>", "/weight"),
        ("<Pet><name/><weight>1,5</weight></Pet>", "/weight"),
        ("<Pet id='1.5'><name/></Pet>", "/id"),
        ("<Pet id='01'><name/></Pet>", "/id"),
        ("<Pet><name/><sold>TRUE</sold></Pet>", "/sold"),
        ("<Pet><name/><kind>cow</kind></Pet>", "/kind"),
        ("<Pet><name/><tags><tag/></tags></Pet>", "<tag> of the namespace urn:tags may be there"),
        (f"<Pet><name/><tags>{TAG}x</tags></Pet>", "element <tags> has text"),
        (f"<Pet><name/>{TAG}</Pet>", None),
        ("<Pet><name/><tags><t:tag xmlns:t='urn:tags'><more/></t:tag></tags></Pet>", "more"),
        ("<Pet><name/><tags/><tags/></Pet>", "element <tags> is there twice"),
        ("<!DOCTYPE Pet><Pet><name/></Pet>", "a document type declaration"),
        ("<?php x?><Pet><name/></Pet>", "a processing instruction"),
        ("<Pet><name>&x;</name></Pet>", "not XML at line 1"),
        ("<Pet><name/>", "not XML at line 1"),
        (" ", "not XML"),
    ],
)
def test_xml_is_held_to_the_schema(pets, text, rule):
    app = pets.app(handler(add_pet=echo))
    headers = {"content-type": "application/xml"}
    got = send(app, "POST", "/pets", content=text.encode(), headers=headers)
    assert got.status_code == (200 if rule is None else 400)
    assert rule is None or rule.replace("&lt;", "<").replace("&gt;", ">") in str(got.json())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<Pet><name/><colour>red</colour></Pet>", {"colour": "red"}),
        ("<Pet shade='x'><name/></Pet>", {"shade": "x"}),
        (
            "<Pet><name/><a>1</a><a/><b c='2'><d/></b></Pet>",
            {"a": ["1", ""], "b": {"c": "2", "d": ""}},
        ),
        ("<Pet><name/><a b='1'>x</a></Pet>", {"a": {"b": "1", "#text": "x"}}),
        ("<Pet><!-- note --><name>&#x4d;<![CDATA[ia]]></name></Pet>", {"name": "Mia"}),
        ("<p:Pet xmlns:p='urn:p'><p:name>Mia</p:name></p:Pet>", {"name": "Mia"}),
        ("<Pet xmlns='urn:p'>\n <name>\n</name>\n</Pet>", {"name": "\n"}),
    ],
)
def test_nothing_that_arrived_is_dropped(pets, text, value):
    app = pets.app(handler(add_pet=echo))
    headers = {"content-type": "application/xml"}
    got = send(app, "POST", "/pets", content=text.encode(), headers=headers)
    assert got.json() == {"name": "", "photos": [], **value}


@pytest.mark.parametrize(
    "more", [{"colour": 3}, {"a b": "x"}, {"name": "\x01"}, {"name": "\ufffe"}, {"one": ["x"]}]
)
def test_what_has_no_form_is_not_sent(pets, more):
    pet = pets.models.Pet.model_validate({"name": "", "photos": [], **more})
    with pytest.raises(RequestError):
        pets.client(handler(set_pet=echo)).set_pet(pet)

    # Beside JSON it is sent in JSON, also to those who would rather have XML.
    assert pets.client(handler(add_pet=echo)).add_pet(pet) == pet
    app = pets.app(handler(add_pet=lambda body: pet))
    headers = {"content-type": "application/xml", "accept": "application/xml, application/json"}
    got = send(app, "POST", "/pets", content=b"<Pet><name/></Pet>", headers=headers)
    assert got.headers["content-type"] == "application/json"


def mapping(root: dict[str, Any], **schemas: Any) -> XmlMapping:
    contract = Contract({"components": {"schemas": {"Root": root, **schemas}}})
    return XmlMappings(contract).mapping_of("/components/schemas/Root", "Root")


def of(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"animals": schema}, **more}


TEXT = {"type": "string"}
ANIMALS = {"type": "array", "items": TEXT}
ANIMAL = {"type": "array", "items": {**TEXT, "xml": {"name": "animal"}}}


@pytest.mark.parametrize(
    ("schema", "inside"),
    [
        # The examples of OpenAPI 3.1 §4.8.26.2.
        (ANIMALS, "<animals>a</animals><animals>b</animals>"),
        (ANIMAL, "<animal>a</animal><animal>b</animal>"),
        ({**ANIMAL, "xml": {"name": "aliens"}}, "<animal>a</animal><animal>b</animal>"),
        (
            {**ANIMALS, "xml": {"wrapped": True}},
            "<animals><animals>a</animals><animals>b</animals></animals>",
        ),
        (
            {**ANIMAL, "xml": {"wrapped": True}},
            "<animals><animal>a</animal><animal>b</animal></animals>",
        ),
        (
            {**ANIMAL, "xml": {"wrapped": True, "name": "aliens"}},
            "<aliens><animal>a</animal><animal>b</animal></aliens>",
        ),
        (
            {**ANIMALS, "xml": {"wrapped": True, "name": "aliens"}},
            "<aliens><aliens>a</aliens><aliens>b</aliens></aliens>",
        ),
        ({**ANIMAL, "xml": {"nodeType": "none"}}, "<animal>a</animal><animal>b</animal>"),
        (
            {**ANIMAL, "xml": {"nodeType": "element"}},
            "<animals><animal>a</animal><animal>b</animal></animals>",
        ),
    ],
)
def test_arrays_are_written_as_the_standard_shows(schema, inside):
    value, found = {"animals": ["a", "b"]}, mapping(of(schema))
    text = write_xml(found, value)
    assert text == f'<?xml version="1.0" encoding="UTF-8"?>\n<Root>{inside}</Root>\n'
    assert read_xml(found, text) == value


@pytest.mark.parametrize(
    ("schema", "value", "inside"),
    [
        ({**TEXT, "xml": {"nodeType": "text"}}, "a]]>b", "<Root>a]]&gt;b</Root>"),
        ({**TEXT, "xml": {"nodeType": "cdata"}}, "<b>", "<Root><![CDATA[<b>]]></Root>"),
        ({**TEXT, "xml": {"nodeType": "cdata"}}, "]]>\r", "<Root>]]&gt;&#13;</Root>"),
        ({**TEXT, "xml": {"nodeType": "attribute"}}, '\t\n"', '<Root animals="&#9;&#10;&quot;"/>'),
        (
            {**TEXT, "xml": {"attribute": True, "namespace": "urn:x", "prefix": "x"}},
            "1",
            '<Root xmlns:x="urn:x" x:animals="1"/>',
        ),
        (
            {**TEXT, "xml": {"namespace": "urn:x"}},
            "1",
            '<Root><animals xmlns="urn:x">1</animals></Root>',
        ),
        (
            {"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]},
            {"x": "1"},
            "<Root><other><x>1</x></other></Root>",
        ),
        (
            {"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]},
            None,
            '<Root><other xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></Root>',
        ),
    ],
)
def test_nodes_are_written_as_the_contract_says(schema, value, inside):
    other = {"type": "object", "properties": {"x": TEXT}, "xml": {"name": "other"}}
    found = mapping(of(schema), Other=other)
    text = write_xml(found, {"animals": value})
    assert inside in text
    assert read_xml(found, text) == {"animals": value}


TIDES = {"name": "tides", "wrapped": True}


@pytest.mark.parametrize(
    ("schema", "value", "inside"),
    [
        # The items of a wrapped array have its name (OpenAPI 3.1 §4.8.26.2).
        ({**ANIMALS, "xml": TIDES}, ["a", "b"], "<tides><tides>a</tides><tides>b</tides></tides>"),
        ({**ANIMALS, "xml": TIDES}, [], "<tides/>"),
        ({**ANIMAL, "xml": TIDES}, ["a"], "<tides><animal>a</animal></tides>"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"low": 1, "high": 2},
            "<Root><low>1</low><high>2</high></Root>",
        ),
        ({"type": "object", "additionalProperties": TEXT}, {}, "<Root/>"),
        (
            {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Point"}},
            {"a": {"x": 1}, "b": {}},
            "<Root><a><x>1</x></a><b/></Root>",
        ),
        (
            of({"type": "object", "additionalProperties": {"type": "boolean"}}),
            {"animals": {"a": True}},
            "<Root><animals><a>true</a></animals></Root>",
        ),
    ],
)
def test_roots_that_are_arrays_or_maps(schema, value, inside):
    point = {"type": "object", "properties": {"x": {"type": "integer"}}}
    found = mapping(schema, Point=point)
    text = write_xml(found, value)
    assert inside in text
    assert read_xml(found, text) == value


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (of({}), "of any type"),
        (of({"type": ["string", "integer"]}), "of several types"),
        (of({"type": "object"}), "any properties"),
        (of({"anyOf": [of(TEXT), of(TEXT)]}), "one of several alternatives"),
        (of({"type": "array", "items": ANIMALS}), "items of an array have no element"),
        (of({"type": "array"}), "of any type"),
        (of({"type": "array", "prefixItems": [TEXT]}), "differ by their position"),
        (of({**ANIMALS, "xml": {"attribute": True}}), "an array is no node of the type attribute"),
        (of({**of(TEXT), "xml": {"attribute": True}}), "only one value can be attribute"),
        (of({**TEXT, "xml": {"name": "##default"}}), "`##default` is no name"),
        (of({**TEXT, "xml": {"name": "a b='c'"}}), "is no name of XML"),
        (of({**TEXT, "xml": {"prefix": "p"}}), "the prefix `p` has no namespace"),
        (of({**TEXT, "xml": {"prefix": "xml", "namespace": "urn:x"}}), "a meaning of its own"),
        (of({**TEXT, "xml": {"attribute": True, "namespace": "urn:x"}}), "has a prefix"),
        (of(TEXT, patternProperties={"^a": TEXT}), "described by a pattern"),
        (of(TEXT, then=of(TEXT)), "a condition"),
        (of(TEXT, discriminator={"propertyName": "animals"}), "a discriminator"),
        (of(TEXT, additionalProperties=ANIMALS), "other properties are more than elements"),
        ({"type": "array", "items": TEXT}, "no root element"),
        ({**ANIMALS, "xml": {"wrapped": True}}, "the items of an array have no name"),
        (
            {"type": "object", "properties": {"a": {**TEXT, "xml": {"name": "b"}}, "b": TEXT}},
            "two properties are the element <b>",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {**TEXT, "xml": {"nodeType": "text"}}, "b": TEXT},
            },
            "text beside elements",
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/Named"}, of(TEXT)]},
            "a part of `allOf`, `anyOf` or `oneOf` has a name",
        ),
    ],
)
def test_what_is_not_exact_has_no_mapping(schema, reason):
    named = {"type": "object", "properties": {"x": TEXT}, "xml": {"name": "other"}}
    with pytest.raises(NotExactError, match=reason.replace("?", "[?]").replace("|", "[|]")):
        mapping(schema, Named=named)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><Root>&c;</Root>', "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><Root/>', "document type"),
        ('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/x">%p;]><Root/>', "document type"),
        ("<Root>" + "<a>" * 5_000, "too deeply"),
        ("<Root>" + "<a/>" * 100_001 + "</Root>", "more than 100000"),
        ("<Root " + " ".join(f"a{n}=''" for n in range(100_001)) + "/>", "more than 100000"),
        ("<Root " + " ".join(f"xmlns:a{n}='u'" for n in range(100_001)) + "/>", "more than 100000"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><Root/>', "another charset"),
        ('<?xml version="1.0" encoding="utf-16"?><Root/>', "another charset"),
        ('<?xml version="1.1"?><Root>&#1;</Root>', "not XML"),
        ("<Root/><Root/>", "not XML"),
        ("<Root a='1' a='2'/>", "not XML"),
        ("<x:Root/>", "not XML"),
        ("<Root>\x00</Root>", "not XML"),
        ("<Root>\ud800</Root>", "surrogate"),
        ("<Root xml:lang='en'/>", "the attribute lang"),
        (
            "<Root xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='maybe'/>",
            "neither true nor false",
        ),
        (
            "<Root xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1'><a/></Root>",
            "is nil and holds something",
        ),
    ],
)
def test_dangerous_text_is_refused(text, reason):
    with pytest.raises(XmlTextError, match=reason):
        read_xml(mapping(of(TEXT)), text)


@pytest.mark.parametrize(
    "entry",
    [
        "<a/>",
        "<a>x</a>",
        "<b c='d'>&lt;</b>",
        "<!-- note -->",
        "<e xmlns='u'/>",
        "&#13;",
        "<![CDATA[ ]]>",
    ],
)
def test_cost_grows_with_the_text(entry):
    found = mapping(of(TEXT))

    def read(size: int) -> None:
        read_xml(found, f"<Root><a>{entry * size}</a></Root>")

    assert growth(read, 2_000, 8_000) < 10


@pytest.mark.parametrize(
    "token", ["<a>{}</a>", "<!--{}-->", "<a b='{}'/>", "<a><![CDATA[{}]]></a>"]
)
def test_long_tokens_cost_their_length(token):
    found = mapping(of(TEXT))
    assert (
        growth(
            lambda size: read_xml(found, f"<Root>{token.format('x' * size)}</Root>"),
            200_000,
            800_000,
        )
        < 10
    )


NAMED = """
openapi: {version}
info: {{title: Made, version: '1'}}
paths:
  /pets:
    put:
      operationId: setPet
      requestBody: {{required: true, content: {{application/xml: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
      responses: {{'204': {{description: Set.}}}}
components:
  schemas:
    Pet: {{type: object, properties: {{tag: {{$ref: '#/components/schemas/Tag'}}, list: {{$ref: '#/components/schemas/List'}}}}}}
    Tag: {{type: object, properties: {{word: {{type: string}}}}}}
    List: {{type: array, items: {{type: string}}}}
    Never: false
"""


@pytest.mark.parametrize(
    ("version", "name"), [("3.0.3", "tag"), ("3.1.0", "tag"), ("3.2.0", "Tag")]
)
def test_the_name_of_a_component_is_its_own_in_3_2(made_once, version, name):
    text = NAMED if version != "3.0.3" else NAMED.replace("    Never: false\n", "")
    package = made_once(text.format(version=version).lstrip())
    seen: list[Any] = []

    def keep(body: Any) -> None:
        seen.append(body)

    app = package.app(handler(set_pet=keep))
    body = f"<Pet><{name}><word>x</word></{name}><list>a</list></Pet>".encode()
    headers = {"content-type": "application/xml"}
    assert send(app, "PUT", "/pets", content=body, headers=headers).status_code == 204
    assert seen == [package.models.Pet(tag=package.models.Tag(word="x"), list=["a"])]


WHOLE = """
paths:
  /tides:
    put:
      operationId: setTides
      requestBody:
        required: true
        content: {application/xml: {schema: {$ref: '#/components/schemas/Tides'}}}
      responses:
        '200':
          description: By name.
          content: {application/xml: {schema: {$ref: '#/components/schemas/Levels'}}}
components:
  schemas:
    Tides: {type: array, xml: {name: tides, wrapped: true}, items: {$ref: '#/components/schemas/Tide'}}
    Tide: {type: object, required: [name], properties: {name: {type: string}, level: {type: integer}}}
    Levels: {type: object, xml: {name: levels}, additionalProperties: {type: integer}}
"""


def test_array_and_map_go_over_the_wire(made_once):
    package = made_once(WHOLE)
    assert package.made.api.losses == ()

    def levels(body):
        return {tide.name: tide.level for tide in body}

    client, tide = package.client(handler(set_tides=levels)), package.models.Tide
    assert client.set_tides([tide(name="a", level=1), tide(name="b", level=2)]) == {"a": 1, "b": 2}
    with pytest.raises(StatusError, match="500"):
        client.set_tides([tide(name="a b", level=1)])


def test_swagger_2_0_consumes_xml(made_once):
    package = made_once(
        """
swagger: '2.0'
info: {title: Made, version: '1'}
consumes: [application/xml]
produces: [application/xml]
paths:
  /pets:
    put:
      operationId: setPet
      parameters: [{in: body, name: body, required: true, schema: {$ref: '#/definitions/Pet'}}]
      responses: {'200': {description: The same., schema: {$ref: '#/definitions/Pet'}}}
definitions:
  Pet: {type: object, xml: {name: pet}, properties: {id: {type: integer, xml: {attribute: true}}}}
""".lstrip()
    )
    pet = package.models.Pet(id=3)
    assert package.client(handler(set_pet=echo)).set_pet(pet) == pet
    headers = {"content-type": "application/xml"}
    got = send(
        package.app(handler(set_pet=echo)),
        "PUT",
        "/pets",
        content=b'<pet id="3"/>',
        headers=headers,
    )
    assert got.content.endswith(b'<pet id="3"/>\n')

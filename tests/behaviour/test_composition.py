"""Schemas that describe one value together: each property has the type that all of them leave."""

from __future__ import annotations

from datetime import date

import pytest
from tests.packages import handler

from bothends.runtime.errors import RequestError

BOATS = """
paths:
  /m: {post: {operationId: sendMixed, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Mixed'}}}}, responses: {'200': {description: Same., content: {application/json: {schema: {$ref: '#/components/schemas/Mixed'}}}}}}}
  /a: {post: {operationId: sendAny, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/AnyBoat'}}}}, responses: {'200': {description: Same., content: {application/json: {schema: {$ref: '#/components/schemas/AnyBoat'}}}}}}}
  /b: {post: {operationId: sendBase, requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Base'}}}}}, responses: {'200': {description: Same., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Base'}}}}}}}}
  /p: {post: {operationId: sendPage, requestBody: {required: true, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Page'}, {properties: {data: {items: {$ref: '#/components/schemas/Buoy'}}}}]}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Page: {type: object, properties: {total: {type: integer}, data: {type: array}, state: {enum: [open, shut]}}}
    Buoy: {properties: {depth: {type: integer}}, required: [depth]}
    Sail: {type: object, required: [kind], properties: {kind: {const: 1}, sails: {type: integer}}}
    Motor: {type: object, required: [kind], properties: {kind: {type: integer}, power: {type: integer}}}
    AnyBoat:
      anyOf: [{$ref: '#/components/schemas/Motor'}, {$ref: '#/components/schemas/Sail'}]
      discriminator: {propertyName: kind, mapping: {'1': Sail, '2': '#/components/schemas/Motor'}}
    Mixed:
      type: object
      required: [name]
      properties: {name: {type: string}, day: {type: string, format: date}}
      oneOf: [{required: [left], properties: {left: {type: string, format: date}}}, {required: [right], properties: {left: false, right: {type: integer}}}]
    Base: {type: object, required: [what], properties: {what: {type: string}, size: {type: integer}}, discriminator: {propertyName: what}}
    Small: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {what: {enum: [Small]}, size: {enum: [1, 2]}, on: {type: string, format: date}}}]}
    Large: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {crew: {type: array, items: {$ref: '#/components/schemas/Base'}}}}]}
"""


def echo(body):
    return body


def receiving(boats):
    """What a handler received, and a client that calls it."""
    received = []

    def send_page(body):
        received.append(body)

    return received, boats.client(handler(send_page=send_page))


@pytest.fixture(scope="module")
def boats(made_once):
    return made_once(BOATS)


def test_alternatives_beside_properties_are_one_class(boats):
    client, mixed = boats.client(handler(send_mixed=echo)), boats.models.Mixed
    day = date(2026, 1, 2)
    for value in (mixed(name="a", left=day, day=day), mixed(name="b", right=3)):
        assert client.send_mixed(value) == value


def test_the_discriminator_names_the_member(boats):
    client, models = boats.client(handler(send_any=echo)), boats.models
    for value in (models.Sail(kind=1, sails=2), models.Motor(kind=2, power=3)):
        answer = client.send_any(value)
        assert (type(answer), answer) == (type(value), value)


def test_a_base_decodes_to_its_heirs(boats):
    client, models = boats.client(handler(send_base=echo)), boats.models
    small = models.Small(what="Small", size=1, on=date(2026, 1, 2))
    large = models.Large(what="Large", crew=[small])
    sent = [small, large, models.Base(what="unknown", size=9)]
    answer = client.send_base(sent)
    assert answer == sent
    assert [type(item).__name__ for item in answer] == ["Small", "Large", "Base"]


def test_a_partial_override_narrows_the_property(boats):
    text = boats.made.files["models.py"]
    assert 'what: Literal["Small"]\n' in text
    assert "size: Literal[1, 2] | None = None\n" in text


def test_items_of_a_page_are_typed(boats):
    received, client = receiving(boats)
    page = boats.models.SendPageRequest
    client.send_page(page(total=1, data=[boats.models.Buoy(depth=3), {"depth": 4}]))
    assert received[0].data == [boats.models.Buoy(depth=3), boats.models.Buoy(depth=4)]
    assert "data: list[Buoy | Any] | None = None\n" in boats.made.files["models.py"]


def test_a_schema_without_type_takes_any_value(boats):
    received, client = receiving(boats)
    client.send_page(boats.models.SendPageRequest(data=[None, "text", 3]))
    assert received[0].data == [None, "text", 3]


LOOSE = """
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}
      responses: {'204': {description: Added.}}
components:
  schemas:
    Boat:
      type: object
      properties: {sails: {type: [integer, string]}, note: {type: [string, boolean]}}
      patternProperties: {'^x-': {const: x}}
      anyOf:
      - {required: [sails], properties: {sails: {type: integer}}}
      - {required: [name], properties: {name: {type: string}}}
"""


def test_undescribed_alternatives_narrow_no_property(made_once):
    boat = made_once(LOOSE).models.Boat
    assert boat.model_fields["sails"].annotation == int | str | None
    assert boat.model_fields["note"].annotation == str | bool | None
    value = {"sails": "two", "name": "Ada", "note": True}
    assert boat(**value).model_dump() == value


RESOURCES = """
paths:
  /articles: {post: {operationId: addArticle, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Article'}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Resource: {type: object, properties: {attributes: {$ref: '#/components/schemas/Attributes'}, links: {type: array, items: {$ref: '#/components/schemas/Link'}}}}
    Attributes: {type: object, properties: {made: {type: string, format: date}, source: {$ref: '#/components/schemas/Link'}}}
    Link: {type: object, properties: {href: {type: string}, next: {$ref: '#/components/schemas/Link'}}}
    Note: {type: object, properties: {text: {type: string}, next: {$ref: '#/components/schemas/Note'}}}
    Article:
      allOf:
      - $ref: '#/components/schemas/Resource'
      - required: [attributes]
        properties:
          attributes: {type: object, required: [title], properties: {title: {type: string}, source: {$ref: '#/components/schemas/Note'}}}
          links: {type: array, items: {$ref: '#/components/schemas/Note'}}
    Essay: {allOf: [{$ref: '#/components/schemas/Article'}, {$ref: '#/components/schemas/Resource'}, {properties: {attributes: {$ref: '#/components/schemas/Note'}}}]}
"""


def test_a_property_of_two_classes_is_both(made_once):
    made = made_once(RESOURCES)
    models, received = made.models, []

    def add_article(body):
        received.append(body)

    client = made.client(handler(add_article=add_article))
    source = models.ArticleAttributesSource(
        href="/a", text="b", next=models.ArticleAttributesSource(text="c")
    )
    client.add_article(
        models.Article(
            attributes=models.ArticleAttributes(title="t", made=date(2026, 1, 2), source=source),
            links=[models.ArticleLinks(href="/d", text="e")],
        )
    )
    (article,) = received
    assert article.attributes.made == date(2026, 1, 2)
    assert article.attributes.source.next.text == "c"
    assert (article.links[0].href, article.links[0].text) == ("/d", "e")
    # An heir has what its base made of the two, and what it says itself.
    assert models.Essay.model_fields["attributes"].annotation == models.EssayAttributes
    assert {"title", "made", "text"} <= models.EssayAttributes.model_fields.keys()
    assert made.made.api.losses == ()


LINKS = """
paths:
  /t: {get: {operationId: getTide, responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}}}
components:
  schemas:
    Link: {type: object, required: [href], properties: {href: {type: string}}}
    Links: {type: object, additionalProperties: {$ref: '#/components/schemas/Link'}}
    Named: {type: object, properties: {self: {type: object, properties: {href: {}, title: {type: string}}}}}
    Texts: {allOf: [{type: object, additionalProperties: {type: object, additionalProperties: {type: string}}}, {properties: {self: {type: object, properties: {href: {}}}}}]}
    Tide:
      type: object
      properties:
        _links: {allOf: [{$ref: '#/components/schemas/Links'}, {$ref: '#/components/schemas/Named'}]}
        texts: {$ref: '#/components/schemas/Texts'}
        marks: {allOf: [{$ref: '#/components/schemas/Link'}, {type: object, additionalProperties: {type: string, format: date}}]}
"""


def test_a_map_beside_a_class_types_its_properties_and_others(package):
    made = package(LINKS)
    value = {
        "_links": {"self": {"href": "/a", "title": "b"}, "next": {"href": "/c"}},
        "texts": {"self": {"href": "/d", "lang": "e"}},
    }
    with made.client(handler(get_tide=lambda: value)) as client:
        tide = client.get_tide()

    assert (tide.links.self_.href, tide.links.self_.title) == ("/a", "b")
    assert tide.links.model_extra == {"next": made.models.Link(href="/c")}
    assert made.models.TideLinksSelf.model_fields["href"].annotation is str
    assert made.models.TextsSelf.model_fields["href"].annotation == str | None
    assert "__extras__: ClassVar[dict[str, date]]" in made.made.files["models.py"]
    assert made.made.api.losses == ()


FORMATS = """
paths:
  /t: {post: {operationId: sendTide, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Rough: {type: object, properties: {at: {type: string}, marks: {type: object, additionalProperties: {type: string}}}}
    Tide: {allOf: [{$ref: '#/components/schemas/Rough'}, {properties: {at: {format: date}, marks: {additionalProperties: {format: date}}}}]}
"""


def test_a_format_alone_narrows_the_text_beside(package):
    made, received = package(FORMATS), []
    day = date(2026, 1, 2)
    tide = made.models.Tide(at=day, marks={"low": day})

    def keep(body):
        received.append(body)

    made.client(handler(send_tide=keep)).send_tide(tide)
    assert received[0].at == received[0].marks["low"] == day


CLOSED = """
paths:
  /t: {post: {operationId: addTide, requestBody: {required: true, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Tide'}, {$ref: '#/components/schemas/Open'}, {$ref: '#/components/schemas/Matched'}, {$ref: '#/components/schemas/Dated'}]}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Level: {type: object, properties: {level: {type: integer}}}
    Tide: {allOf: [{$ref: '#/components/schemas/Level'}], properties: {note: {type: string}}, unevaluatedProperties: false}
    Open: {allOf: [{$ref: '#/components/schemas/Level'}, {additionalProperties: true}], properties: {kind: {type: string}}, unevaluatedProperties: false}
    Matched: {patternProperties: {'^x-': {type: string}}, properties: {note: {type: string}}, unevaluatedProperties: false}
    Dated: {allOf: [{$ref: '#/components/schemas/Level'}], required: [since], properties: {since: {type: string}}, unevaluatedProperties: {type: string, format: date}}
"""


def test_what_unevaluated_properties_forbid_is_told(package):
    models = package(CLOSED).models
    assert models.Tide(level=1, note="a").level == 1
    with pytest.raises(TypeError, match="no field 'levle'"):
        models.Tide(levle=1)
    assert models.Tide(level=1, colour="red").model_extra == {"colour": "red"}
    assert models.Open(more=1).model_extra == {"more": 1}
    assert models.Matched(**{"x-a": "b"}).model_extra == {"x-a": "b"}
    dated = models.Dated(since="now", level=1, until="2026-01-02")
    assert dated.model_extra == {"until": date(2026, 1, 2)}


CONDITIONS = """
paths:
  /payments: {post: {operationId: addPayment, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Payment'}}}}, responses: {'200': {description: Same., content: {application/json: {schema: {$ref: '#/components/schemas/Payment'}}}}}}}
components:
  schemas:
    Payer: {type: object, required: [name], properties: {name: {type: string}}}
    Payment:
      type: object
      required: [method]
      properties: {method: {enum: [card, cash]}}
      if: {properties: {method: {const: card}}}
      then: {required: [day], properties: {day: {type: string, format: date}, limit: {type: integer}}}
      else: {properties: {day: {type: 'null'}}}
      dependentSchemas: {limit: {required: [payer], properties: {payer: {$ref: '#/components/schemas/Payer'}}}}
"""


def test_branches_of_a_condition_have_fields(made_once):
    package = made_once(CONDITIONS)
    client, models = package.client(handler(add_payment=echo)), package.models
    day = date(2026, 1, 2)
    card = models.Payment(method="card", day=day, limit=5, payer=models.Payer(name="Ada"))
    for payment in (card, models.Payment(method="cash"), models.Payment(method="cash", day=None)):
        got = client.add_payment(payment)
        assert (got, type(got.day), type(got.payer)) == (
            payment,
            type(payment.day),
            type(payment.payer),
        )
    assert models.Payment.model_validate(card.model_dump()) == card
    with pytest.raises(RequestError):
        client.add_payment(models.Payment(method="card", day=day, limit=5))


ONLY_PARTS = """
paths:
  /boats:
    post:
      operationId: addBoat
      requestBody: {required: true, content: {application/json: {schema: {allOf: [{type: object, required: [name], properties: {name: {type: string}}}]}}}}
      responses:
        '200': {description: It., content: {application/json: {schema: {allOf: [{allOf: [{properties: {id: {type: integer}}}]}]}}}}
        '404': {description: Not., content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Fault'}]}}}}
components:
  schemas:
    Fault: {type: object, properties: {detail: {type: string}, where: {allOf: [{type: object, properties: {line: {type: integer}}}]}}}
"""


def test_an_object_that_is_the_only_part_is_a_class(package):
    boats = package(ONLY_PARTS)
    models = boats.models
    client = boats.client(handler(add_boat=lambda body: models.AddBoat200(id=len(body.name))))
    assert client.add_boat(models.AddBoatRequest(name="Ida")) == models.AddBoat200(id=3)
    assert models.Fault(where=models.FaultWhere(line=1)).where.line == 1
    assert "`.body` is `Fault`" in (boats.module.MadeClient.add_boat.__doc__ or "")

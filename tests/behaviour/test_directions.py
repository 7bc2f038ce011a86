"""`readOnly` and `writeOnly`: what is required in which direction, as each version of OpenAPI says."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError

HEAD_3_0 = "openapi: 3.0.4\ninfo: {title: Made, version: '1'}\n"
PEOPLE = """
paths:
  /people:
    post:
      operationId: create
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}
      responses:
        '201': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}
        '400': {description: Refused.}
  /pets:
    post:
      operationId: pet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201':
          description: Made.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: Refused.}
components:
  schemas:
    Person:
      type: object
      required: [id, name, password]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        password: {type: string, writeOnly: true}
    Cat: {allOf: [{$ref: '#/components/schemas/Kept'}], type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}}}
    Dog: {allOf: [{$ref: '#/components/schemas/Kept'}], type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}}}
    Kept: {type: object, required: [owner], properties: {owner: {$ref: '#/components/schemas/Person'}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: Cat, dog: '#/components/schemas/Dog'}}
"""


@pytest.fixture(scope="module")
def people(made_once):
    return made_once(HEAD_3_0 + PEOPLE)


def test_each_direction_has_its_own_class(people):
    models, seen = people.models, []

    def create(body):
        seen.append(body)
        return models.Person(id=1, name=body.name)

    with people.client(handler(create=create)) as client:
        answer = client.create(models.PersonRequest(name="Ada", password="p"))

    assert answer == models.Person(id=1, name="Ada")
    assert seen == [models.PersonRequest(name="Ada", password="p")]
    assert list(models.Person.model_fields) == ["id", "name"]
    assert models.Person.model_fields["id"].is_required()
    assert not models.PersonRequest.model_fields["id"].is_required()


def test_an_answer_can_be_changed_and_sent(people):
    models, seen = people.models, []

    def create(body):
        seen.append(body)
        return models.Person(id=7, name=body.name)

    with people.client(handler(create=create)) as client:
        answer = client.create(models.PersonRequest(name="Ada", password="p"))
        answer.name = "Eva"
        answer.password = "q"
        client.create(answer)
        client.create(models.PersonRequest.model_validate(answer))

    changed = models.PersonRequest(id=7, name="Eva", password="q")
    assert seen[1:] == [changed, changed]


def test_a_nested_class_of_answers_says_how(people):
    models = people.models
    owner = models.Person(id=1, name="Ada")
    with pytest.raises(ValueError, match=r"PersonRequest\.model_validate"):
        models.CatRequest(kind="cat", owner=owner)
    owner.password = "p"
    answer = models.Cat(kind="cat", owner=owner)
    cat = models.CatRequest.model_validate(answer)
    assert cat.owner == models.PersonRequest(id=1, name="Ada", password="p")


def test_request_requires_write_only_properties_alone(people):
    models, seen = people.models, []

    def create(body):
        seen.append(body)
        return models.Person(id=2, name="Ada")

    app = people.app(handler(create=create))
    assert send(app, "POST", "/people", json={"name": "Ada"}).status_code == 400
    body = {"id": 7, "name": "Ada", "password": "p"}
    assert send(app, "POST", "/people", json=body).status_code == 201
    assert seen == [models.PersonRequest(id=7, name="Ada", password="p")]
    assert send(app, "POST", "/people", json={**body, "id": "7"}).status_code == 400
    with pytest.raises(RequestError, match="password"):
        people.client(handler(), app=app).create(models.Person(id=7, name="Ada"))


def test_reply_requires_read_only_properties_alone(people):
    person = people.models.Person
    body = {"name": "Ada", "password": "p"}

    for wrong in (person.model_validate(body | {"id": 1}), {"name": "Ada"}):
        app = people.app(handler(create=lambda body, wrong=wrong: wrong))
        answer = send(app, "POST", "/people", json=body)
        assert answer.status_code == 500
        assert '"p"' not in answer.text


def test_what_contains_such_an_object_has_both_directions_too(people):
    models = people.models
    new = {"kind": "cat", "owner": {"name": "Ada", "password": "p"}}
    app = people.app(
        handler(
            pet=lambda body: [
                models.Dog(kind="dog", owner=models.Person(id=1, name=body.owner.name))
            ]
        )
    )
    assert send(app, "POST", "/pets", json=new).json() == [
        {"kind": "dog", "owner": {"id": 1, "name": "Ada"}}
    ]
    assert send(app, "POST", "/pets", json={**new, "owner": {"name": "Ada"}}).status_code == 400
    wrong = people.app(handler(pet=lambda body: [body]))
    assert send(wrong, "POST", "/pets", json=new).status_code == 500


def test_directions_are_annotations_since_3_1(package):
    made = package(PEOPLE)
    person = made.models.Person
    app = made.app(handler(create=lambda body: body))
    assert send(app, "POST", "/people", json={"name": "Ada", "password": "p"}).status_code == 400
    whole = {"id": 1, "name": "Ada", "password": "p"}
    assert send(app, "POST", "/people", json=whole).json() == whole
    assert made.client(handler(), app=app).create(person(**whole)) == person(**whole)
    assert {finding.code for finding in made.made.findings} >= {"required-one-way"}


SECRET_ALONE = """
paths:
  /keys:
    post:
      operationId: issue
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}
      responses:
        '200': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}
        '400': {description: Refused.}
components:
  schemas:
    Key: {type: object, properties: {secret: {type: integer, writeOnly: true}}}
"""


def test_class_without_properties_in_answers_is_whole(package):
    """Its class of answers has an empty body in Python."""
    made = package(HEAD_3_0 + SECRET_ALONE)
    models = made.models
    with made.client(handler(issue=lambda body: models.Key())) as client:
        assert client.issue(models.KeyRequest(secret=1)) == models.Key()

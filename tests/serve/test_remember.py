"""The default stand-in with memory: resources are seen in the contract, and every answer is valid by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bothends.prove import Budget, Credentials, Evidence
from bothends.prove import Package as Proved
from bothends.prove.fuzz.run import prove_conformance
from bothends.prove.target.serve import serve
from bothends.prove.target.subject import Subject
from bothends.runtime import MISSING, NotFoundError, StatusError
from bothends.runtime.media import body_media
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import documented, method_of
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.sample.value import sample
from bothends.runtime.stand_in import State, remembering_stand_in
from tests.corpus.contracts import CORPUS
from tests.packages import Package, import_files, make, send

MESSAGES = """
servers: [{url: "https://pigeon.example/v2"}]
paths:
  /messages:
    get:
      operationId: listMessages
      x-pagination: {items: $response.body#/data, cursor: $response.body#/next, parameter: after}
      parameters:
      - {name: after, in: query, schema: {type: string}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1}}
      - {name: status, in: query, schema: {$ref: '#/components/schemas/Status'}}
      responses:
        '200':
          description: A page.
          content:
            application/json:
              schema:
                type: object
                required: [data, next]
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/Message'}}
                  next: {type: [string, 'null']}
                  total: {type: integer}
    post:
      operationId: sendMessage
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewMessage'}}}
      responses:
        '201': {$ref: '#/components/responses/Message'}
        '400': {$ref: '#/components/responses/Problem'}
  /messages/{messageId}:
    parameters: [{name: messageId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getMessage
      responses:
        '200': {$ref: '#/components/responses/Message'}
        '404': {$ref: '#/components/responses/Problem'}
    put:
      operationId: replaceMessage
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewMessage'}}}
      responses:
        '200': {$ref: '#/components/responses/Message'}
        '404': {$ref: '#/components/responses/Problem'}
    patch:
      operationId: changeMessage
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {text: {type: string}}}}
      responses:
        '200': {$ref: '#/components/responses/Message'}
        '404': {$ref: '#/components/responses/Problem'}
    delete:
      operationId: deleteMessage
      responses:
        '204': {description: Gone.}
        default: {$ref: '#/components/responses/Problem'}
  /messages/{messageId}/cancel:
    post:
      operationId: cancelMessage
      parameters: [{name: messageId, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {$ref: '#/components/responses/Message'}
        '404': {$ref: '#/components/responses/Problem'}
components:
  responses:
    Message:
      description: A message.
      headers: {Location: {schema: {type: string, format: uri}}}
      content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}
    Problem:
      description: It went wrong.
      content:
        application/json: {schema: {type: object, required: [code], properties: {code: {type: string}}}}
  schemas:
    Status: {enum: [queued, sent]}
    NewMessage:
      type: object
      required: [to, text]
      properties:
        to: {type: string}
        text: {type: string, maxLength: 20}
        note: {type: [string, 'null']}
      additionalProperties: false
    Message:
      type: object
      required: [id, status, to, text]
      properties:
        id: {type: string, pattern: '^msg_[0-9a-f]{6}$', readOnly: true}
        status: {$ref: '#/components/schemas/Status'}
        to: {type: string}
        text: {type: string, maxLength: 20}
        note: {type: [string, 'null']}
      additionalProperties: false
"""


def stand_in(package: Package, **options: Any) -> Any:
    operations = package.part("operations")
    return remembering_stand_in(operations.API, operations.OPERATIONS)(**options)


def remembering_client(package: Package, **options: Any) -> Any:
    app = stand_in(package, **options).app()
    return package.module.MadeClient(app=app, responses="strict")


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("messages")
    made = make(folder / "spec", MESSAGES)
    return Package(import_files(folder, made.files), made)


@pytest.fixture
def client(messages: Package) -> Iterator[Any]:
    with remembering_client(messages) as client:
        yield client


def new(messages: Package, **fields: Any) -> Any:
    return messages.models.NewMessage(**{"to": "+1", "text": "Hello", **fields})


class TestItems:
    def test_what_was_created_is_read_back(self, messages: Package, client: Any) -> None:
        first = client.send_message(new(messages))
        second = client.send_message(new(messages, text="Bye", note="n"))
        assert first.id != second.id
        assert client.get_message(second.id) == second
        assert (second.to, second.text, second.note) == ("+1", "Bye", "n")

    def test_list_has_all_in_order(self, messages: Package, client: Any) -> None:
        assert client.list_messages().data == []
        sent = [client.send_message(new(messages, text=str(n))) for n in range(3)]
        assert client.list_messages().data == sent
        assert list(client.iterate_messages()) == sent

    def test_cursor_leads_through_all_pages(self, messages: Package, client: Any) -> None:
        sent = [client.send_message(new(messages, text=str(n))) for n in range(5)]
        first = client.list_messages(limit=2)
        assert (first.data, first.next) == (sent[:2], sent[2].id)
        assert list(client.iterate_messages(limit=2)) == sent
        last = client.list_messages(limit=2, after=sent[4].id)
        assert (last.data, last.next) == (sent[4:], None)
        assert client.list_messages().next is None

    def test_whoever_deletes_the_listed_meets_all(self, messages: Package, client: Any) -> None:
        for number in range(5):
            client.send_message(new(messages, text=str(number)))
        met = 0
        for message in client.iterate_messages(limit=2):
            client.delete_message(message.id)
            met += 1
        assert (met, client.list_messages().data) == (5, [])

    def test_action_on_an_item_gives_that_item(self, messages: Package, client: Any) -> None:
        sent = client.send_message(new(messages))
        assert client.cancel_message(sent.id) == sent
        with pytest.raises(NotFoundError):
            client.cancel_message("msg_ffffff")

    def test_list_is_filtered_by_properties(self, messages: Package, client: Any) -> None:
        sent = client.send_message(new(messages))
        others = {"queued", "sent"} - {sent.status}
        assert client.list_messages(status=sent.status).data == [sent]
        assert client.list_messages(status=others.pop()).data == []

    def test_patch_changes_and_put_replaces(self, messages: Package, client: Any) -> None:
        sent = client.send_message(new(messages, note="n"))
        body = messages.models.ChangeMessageRequest(text="Again")
        changed = client.change_message(sent.id, body)
        assert (changed.id, changed.text, changed.note) == (sent.id, "Again", "n")
        replaced = client.replace_message(sent.id, new(messages, text="New"))
        assert (replaced.id, replaced.text, replaced.note) == (sent.id, "New", None)
        assert client.get_message(sent.id) == replaced

    def test_deleted_item_is_unknown(self, messages: Package, client: Any) -> None:
        sent = client.send_message(new(messages))
        client.delete_message(sent.id)
        assert client.list_messages().data == []
        for call in (client.get_message, client.delete_message):
            with pytest.raises(NotFoundError):
                call(sent.id)
        with pytest.raises(NotFoundError):
            client.replace_message(sent.id, new(messages))

    def test_prefer_still_chooses_a_reply(self, messages: Package) -> None:
        app = stand_in(messages).app()
        answer = send(app, "GET", "/messages", headers={"prefer": "code=200"})
        assert answer.headers["preference-applied"] == "code=200"


def test_created_item_is_where_location_says(messages: Package, client: Any) -> None:
    raw = client.with_raw_response.send_message(new(messages))
    assert raw.headers["location"] == f"http://localhost/messages/{raw.body.id}"
    assert "location" not in client.with_raw_response.get_message(raw.body.id).headers


def test_remembering_stand_in_is_proved(messages: Package) -> None:
    """What was deleted is gone, and what was created is there: the fuzzer's two checks of it as well."""
    operations = messages.part("operations")
    proved = Proved(operations.API, tuple(operations.OPERATIONS))
    evidence = Evidence()
    with serve(stand_in(messages).app()) as address:
        subject = Subject(proved, "stand-in", address, Credentials({}))
        prove_conformance(subject, proved.operations, Budget(1, 5), evidence)

    assert [str(failure) for failure in evidence.failures] == []
    checks = {key[4] for key in evidence.tallies}
    assert {"use_after_free", "ensure_resource_availability"} <= checks


def test_state_survives_a_restart(messages: Package, tmp_path: Path) -> None:
    with remembering_client(messages, state=State(tmp_path / "s.db", "made")) as client:
        sent = client.send_message(new(messages))
    with remembering_client(messages, state=State(tmp_path / "s.db", "made")) as client:
        assert client.get_message(sent.id) == sent
        assert client.send_message(new(messages)).id != sent.id


def test_repeated_key_gets_the_same_answer(tmp_path: Path) -> None:
    keyed = MESSAGES.replace(
        "      operationId: sendMessage\n",
        "      operationId: sendMessage\n      parameters: [{name: Idempotency-Key, in: header, "
        "x-idempotency-key: true, schema: {type: string}}]\n",
    )
    made = make(tmp_path / "spec", keyed)
    messages = Package(import_files(tmp_path, made.files), made)
    state = tmp_path / "s.db"
    with remembering_client(messages, state=State(state, "made")) as client:
        first = client.with_raw_response.send_message(new(messages), idempotency_key="k")
        client.change_message(first.body.id, messages.models.ChangeMessageRequest(text="New"))
        other = client.send_message(new(messages, text="Other"), idempotency_key="k")
        assert other.id != first.body.id

    # Also after a restart: a client tries again after the connection broke.
    with remembering_client(messages, state=State(state, "made")) as client:
        again = client.with_raw_response.send_message(new(messages), idempotency_key="k")
        assert (again.body, again.status) == (first.body, first.status)
        assert again.headers["location"] == first.headers["location"]
        assert len(client.list_messages().data) == 2
        assert client.send_message(new(messages)).id != first.body.id


class TestStated:
    def resources(self, tmp_path: Path, text: str) -> list[str]:
        made = make(tmp_path / "spec", text)
        package = Package(import_files(tmp_path, made.files), made)
        return [resource.describe() for resource in stand_in(package).memory.resources]

    def test_what_was_understood_is_described(self, tmp_path: Path) -> None:
        assert self.resources(tmp_path, MESSAGES) == [
            "/messages/{messageId} by id: create, list, get, replace, update, delete, cancel"
        ]

    @pytest.mark.parametrize("parameter", ["message", "message_identifier"])
    def test_parameter_need_not_name_the_id(self, tmp_path: Path, parameter: str) -> None:
        text = MESSAGES.replace("messageId", parameter)
        assert self.resources(tmp_path, text) == [
            f"/messages/{{{parameter}}} by id: create, list, get, replace, update, delete, cancel"
        ]

    def test_parameter_of_another_kind_is_no_id(self, tmp_path: Path) -> None:
        assert self.resources(tmp_path, MESSAGES.replace("messageId", "recipient")) == []

    def test_false_denies_a_resource(self, tmp_path: Path) -> None:
        denied = MESSAGES.replace("  /messages:\n", "  /messages:\n    x-resource: false\n")
        assert self.resources(tmp_path, denied) == []

    def test_id_and_items_are_stated(self, tmp_path: Path) -> None:
        text = MESSAGES.replace("id: {type: string, pattern", "ref: {type: string, pattern")
        text = text.replace("required: [id,", "required: [ref,")
        assert self.resources(tmp_path, text) == []
        stated = "  /messages:\n    x-resource: {id: ref, items: data}\n"
        text = text.replace("  /messages:\n", stated)
        assert self.resources(tmp_path / "stated", text) == [
            "/messages/{messageId} by ref: create, list, get, replace, update, delete, cancel"
        ]


@pytest.mark.parametrize(
    "contract",
    [
        "oai-archive/petstore-expanded.yaml",
        "omicron/nexus/nexus-2026081901.0.0-e5e4f5.json",
        "box/box-openapi.json",
    ],
)
def test_resources_of_others_are_remembered(tmp_path: Path, contract: str) -> None:
    """Create, read back, list, change and delete through the generated client, whose responses are strict."""
    file = CORPUS / contract
    if not file.is_file():
        pytest.skip(f"the corpus is not here: {file}")

    made = make(tmp_path / "spec", file.read_text(encoding="utf-8"))
    package = Package(import_files(tmp_path, made.files), made)
    made_stand_in = stand_in(package)
    options = {"app": made_stand_in.app(), "anonymous": True, "responses": "strict"}
    options["headers"] = {"Authorization": "Bearer t"}
    with package.module.MadeClient(**options) as client:
        lived = [lives(client, resource) for resource in made_stand_in.memory.resources]
    assert sum(lived) > len(lived) / 2 > 0


def lives(client: Any, resource: Any) -> bool:
    """Whether an item can be created; if so, it is read back, listed and deleted."""
    operations, names = resource.operations, (resource.id_parameter, resource.id_property)
    if call(client, operations["create"], {}) is MISSING:
        return False

    created = item_of(client, resource, operations["create"], {})
    place = {names[0]: created[names[1]]}
    for task in {"get", "update", "replace"} & operations.keys():
        read = item_of(client, resource, operations[task], place)
        if read is not MISSING:
            assert str(read[names[1]]) == str(created[names[1]]), (resource.item, task)

    if "list" in operations:
        page = encode(call(client, operations["list"], created))
        items = page[resource.list_property] if resource.list_property else page
        listed = [str(item[names[1]]) for item in items]
        assert str(created[names[1]]) in listed, resource.item

    if "delete" in operations:
        call(client, operations["delete"], place)
        if documented(404, operations["get"].replies):
            with pytest.raises(StatusError):
                call(client, operations["get"], place)
    return True


def item_of(client: Any, resource: Any, operation: Any, values: dict[str, Any]) -> Any:
    answer = call(client, operation, values)
    if answer is MISSING:
        return MISSING

    found = encode(answer)
    return found[resource.envelope] if resource.envelope else found


def call(client: Any, operation: Any, values: dict[str, Any]) -> Any:
    """Call an operation with what it requires; MISSING if no JSON body can be made for it."""
    contract = load_contract(operation.api)
    declared = contract.find_array(f"{operation.pointer}/parameters")
    arguments = dict[str, Any]()
    for parameter in operation.parameters:
        wire = (parameter.wire_name, parameter.location)
        index = [(entry["name"], entry["in"]) for entry in declared].index(wire)
        pointer = f"{operation.pointer}/parameters/{index}/schema"
        if declared[index].get("required"):
            made = sample(contract, pointer)
            arguments[parameter.name] = values.get(parameter.wire_name, made)

    if operation.body is not None:
        codec = body_media(operation)[0]
        value = sample(contract, codec.schema)
        if "json" not in codec.range or value is MISSING:
            return MISSING
        arguments[operation.body.name] = codec.from_example(value)
    return method_of(client, operation)(**arguments)


THINGS = """
servers: [{url: 'https://things.example/v1'}]
paths:
  /things:
    get:
      operationId: listThings
      x-pagination: {items: $response.body#/data, page: page}
      parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1}}
      - {name: kind, in: query, schema: {type: string}}
      responses:
        '200':
          description: A page.
          content:
            application/json:
              schema:
                type: object
                required: [data]
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/Thing'}}
                  total: {type: integer}
                  next: {type: string, format: uri}
              example: {data: [], total: 0, next: 'https://things.example/v1/things?page=2'}
    post:
      operationId: addThing
      requestBody:
        required: true
        content: {application/json: {schema: {type: object}}}
      responses:
        '201':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  /things/{thingId}:
    parameters: [{name: thingId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getThing
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '404': {description: Unknown.}
    patch:
      operationId: changeThing
      requestBody:
        required: true
        content: {application/merge-patch+json: {schema: {type: object}}}
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '404': {description: Unknown.}
    delete:
      operationId: removeThing
      responses: {'204': {description: Gone.}, '404': {description: Unknown.}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string}
        kind: {type: string}
        address: {type: object, properties: {street: {type: string}, city: {type: string}}}
"""


class TestOnTheWire:
    @pytest.fixture
    def send(self, tmp_path: Path) -> Callable[..., tuple[int, Any]]:
        made = make(tmp_path / "specs", THINGS)
        package = Package(import_files(tmp_path, made.files), made)
        app = stand_in(package).app()

        def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            kind = "application/merge-patch+json" if method == "PATCH" else "application/json"

            async def answer() -> tuple[int, Any]:
                transport = httpx2.ASGITransport(app=app)
                async with httpx2.AsyncClient(transport=transport, base_url="http://here") as http:
                    content = None if body is None else json.dumps(body)
                    headers = {} if body is None else {"content-type": kind}
                    got = await http.request(method, path, content=content, headers=headers)
                    return got.status_code, got.json() if got.content else None

            return asyncio.run(answer())

        return send

    def test_every_page_has_its_items(self, send: Callable[..., tuple[int, Any]]) -> None:
        for number in range(5):
            send("POST", "/things", {"kind": str(number)})
        pages = [send("GET", f"/things?limit=2&page={page}")[1] for page in (1, 2, 3, 4)]
        kinds = [[item["kind"] for item in page["data"]] for page in pages]
        assert kinds == [["0", "1"], ["2", "3"], ["4"], []]

    def test_total_counts_what_was_asked_for(self, send: Callable[..., tuple[int, Any]]) -> None:
        for kind in "aab":
            send("POST", "/things", {"kind": kind})
        assert send("GET", "/things?kind=a")[1]["total"] == 2

    def test_links_lead_to_the_stand_in(self, send: Callable[..., tuple[int, Any]]) -> None:
        assert send("GET", "/things")[1]["next"].startswith("http://here/")

    def test_deleted_id_is_not_given_again(self, send: Callable[..., tuple[int, Any]]) -> None:
        made = [send("POST", "/things", {})[1]["id"] for _ in range(3)]
        assert send("DELETE", f"/things/{made[-1]}")[0] == 204
        assert send("POST", "/things", {})[1]["id"] not in made

    def test_patch_keeps_what_is_inside(self, send: Callable[..., tuple[int, Any]]) -> None:
        made = send("POST", "/things", {"address": {"street": "S", "city": "C"}})[1]
        changed = send("PATCH", f"/things/{made['id']}", {"address": {"city": "D"}})[1]
        assert changed["address"] == {"street": "S", "city": "D"}

    def test_odd_ids_are_no_faults(self, send: Callable[..., tuple[int, Any]]) -> None:
        status, made = send("POST", "/things", {"id": 5, "kind": "x"})
        assert (status, made["id"]) == (201, "5")
        assert send("GET", f"/things/{'9' * 5000}")[0] == 404

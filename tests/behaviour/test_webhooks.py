"""Webhooks and callbacks: the vendor's double sends them, the user's handler receives them."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

HARBOUR = """
security: [{key: []}]
paths:
  /alarms:
    post:
      operationId: setAlarm
      requestBody:
        content: {application/json: {schema: {type: object, properties: {url: {type: string}}}}}
      responses: {'201': {description: Set.}}
      callbacks:
        rings:
          '{$request.body#/url}':
            post:
              requestBody:
                required: true
                content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
              responses: {'200': {description: Heard.}}
webhooks:
  tideTurned:
    post:
      parameters: [{name: X-Signature, in: header, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
      responses:
        '204': {description: Heard.}
        '410': {description: No longer wanted., content: {application/json: {schema: {type: string}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Tide: {type: object, required: [level], properties: {level: {type: number, minimum: 0}}}
"""


@pytest.fixture
def harbour(package):
    return package(HARBOUR)


def sender(harbour, **methods):
    """A client of the vendor's side whose calls reach a handler with these methods."""
    app = harbour.module.create_webhook_app(handler(**methods))
    return harbour.module.MadeWebhookClient(app=app, responses="strict")


def test_handler_receives_a_sent_webhook(harbour):
    received = []

    def tide_turned(body, *, x_signature):
        received.append((body.level, x_signature))

    tide = harbour.models.Tide(level=2.5)
    assert sender(harbour, tide_turned=tide_turned).tide_turned(tide, x_signature="s") is None
    assert received == [(2.5, "s")]


def test_handler_receives_a_sent_callback(harbour):
    received = []
    client = sender(harbour, set_alarm_rings=lambda body: received.append(body.level))
    client.set_alarm_rings(harbour.models.Tide(level=1))
    assert received == [1]


def test_receiver_refuses_what_contract_forbids(harbour):
    app = harbour.module.create_webhook_app(handler(tide_turned=lambda body, x_signature: None))

    def post(level, **headers):
        return send(app, "POST", "/webhooks/tideTurned", json={"level": level}, headers=headers)

    assert post(0, **{"X-Signature": "s"}).status_code == 204
    assert post(-1, **{"X-Signature": "s"}).status_code == 400
    assert post(0).status_code == 400


def test_sender_sees_a_documented_error(harbour):
    gone = harbour.errors.TideTurnedGone

    def tide_turned(body, *, x_signature):
        raise gone("stop")

    with pytest.raises(gone) as caught:
        sender(harbour, tide_turned=tide_turned).tide_turned(
            harbour.models.Tide(level=1), x_signature="s"
        )
    assert caught.value.body == "stop"


def test_api_credentials_are_not_asked_of_vendor(harbour):
    # Had the root's `security` applied, the calls above would have been refused with 401.
    operations = harbour.part("webhook_operations")
    assert [operation.security for operation in operations.OPERATIONS] == [(), ()]
    assert dict(operations.API.security) == {}


def test_webhooks_leave_calls_as_they_are(harbour):
    paths = [operation.path for operation in harbour.part("operations").OPERATIONS]
    assert paths == ["/alarms"]


def test_path_of_the_same_spelling_stays(package):
    real = "{get: {operationId: real, responses: {'204': {description: Real.}}}}"
    made = package(HARBOUR.replace("paths:", f"paths:\n  /webhooks/tideTurned: {real}", 1))
    first, _ = made.part("webhook_operations").OPERATIONS
    assert first.path == "/webhooks/tideTurned_"
    assert "/webhooks/tideTurned" in [o.path for o in made.part("operations").OPERATIONS]


def test_path_parameter_of_a_callback_is_ignored(package):
    made = package("""
paths:
  /alarms:
    post:
      operationId: setAlarm
      responses: {'204': {description: Set.}}
      callbacks:
        rings:
          '{url}':
            post:
              parameters: [{name: url, in: path, required: true, schema: {type: string}}]
              responses: {'204': {description: Heard.}}
""")
    assert [str(one.wire_name) for one in made.made.api.webhooks] == ["setAlarm rings"]
    assert "repaired-path-parameter" in {finding.code for finding in made.made.findings}


HEARD = "{post: {responses: {'204': {description: Heard.}}}}"


def test_callback_of_a_referenced_path_is_received(package):
    called = f"callbacks: {{rings: {{'{{$url}}': {HEARD}}}}}"
    made = package(f"""
paths:
  /alarms: {{$ref: '#/components/pathItems/Alarms'}}
components:
  pathItems:
    Alarms: {{post: {{operationId: setAlarm, responses: {{'204': {{description: Set.}}}}, {called}}}}}
""")
    received = []
    sender(made, set_alarm_rings=lambda: received.append("rung")).set_alarm_rings()
    assert received == ["rung"]


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
def test_broken_webhook_is_refused_alone(package, version):
    made = package(f"""openapi: {version}
info: {{title: Made, version: '1'}}
paths: {{/alarms: {{get: {{operationId: listAlarms, responses: {{'204': {{description: None.}}}}}}}}}}
webhooks:
  text: rings
  broken: {{post: {{parameters: 3, requestBody: 4, responses: {{'204': {{description: Heard.}}}}}}}}
  heard: {HEARD}
""")
    assert [str(one.wire_name) for one in made.made.api.webhooks] == ["heard"]
    assert [str(one.wire_name) for one in made.made.api.operations] == ["listAlarms"]
    refused = [refusal.operation for refusal in made.made.api.refusals]
    assert refused == ["/webhooks/text", "POST /webhooks/broken"]


@pytest.mark.parametrize(
    ("callbacks", "code"),
    [
        ("{rings: hello, heard: HEARD}", "left-out-annotation"),
        ("{rings: {'{$url}': hello}, heard: HEARD}", "left-out-annotation"),
        ("{rings: {'{$url}': {post: {requestBody: 4}}}, heard: HEARD}", "left-out-annotation"),
        ("{x-note: hello, heard: HEARD}", "left-out-annotation"),
        ("{heard: {x-note: hello, '{$url}': POST}}", ""),
        ("{heard: {'{$url}': {post: {callbacks: {deep: HEARD}, RESPONSES}}}}", "left-out-callback"),
    ],
)
def test_callback_costs_no_operation(package, callbacks, code):
    responses = "responses: {'204': {description: Heard.}}"
    callbacks = callbacks.replace("HEARD", "{'{$url}': POST}").replace("POST", HEARD)
    callbacks = callbacks.replace("RESPONSES", responses)
    operation = f"{{operationId: set, callbacks: {callbacks}, {responses}}}"
    made = package(f"paths: {{/alarms: {{post: {operation}}}}}")
    assert [str(one.wire_name) for one in made.made.api.operations] == ["set"]
    assert [str(one.wire_name) for one in made.made.api.webhooks] == ["set heard"]
    assert [repair.code for repair in made.made.repairs if "left" in repair.code] == [code][
        : bool(code)
    ]

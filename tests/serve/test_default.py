"""The stand-in that needs no code: it answers from the contract, and whatever it answers keeps the contract."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

from bothends.runtime.json.pointer import join
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.server.asgi import ASGIApp
from bothends.runtime.stand_in import DefaultStandIn
from capillary.client import CapillaryClient
from capillary.models import MessageNotFound, ResendRequest, ResentMessage
from leegality.client import LeegalityClient
from leegality.models import ResendRequest as LeegalityRequest
from zuora.client import ZuoraClient
from zuora.errors import ResendEmailNotificationsBadRequest, ResendEmailNotificationsConflict

ZUORA = "/notifications/email-histories/resend"
TOKEN = {"Authorization": "Bearer token"}
MISSING_IDS = ["a00000000000000000000000000000000", "a00000000000000000000000000000001"]


def app_of(package: str) -> ASGIApp:
    operations = import_module(f"{package}.operations")
    return DefaultStandIn(operations.API, operations.OPERATIONS).app()


def ask(app: ASGIApp, method: str, path: str, **request: Any) -> httpx2.Response:
    async def call() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://vendor.test") as client:
            return await client.request(method, path, **request)

    return asyncio.run(call())


def test_named_example_request_gets_its_reply():
    client = ZuoraClient(bearer_auth="token", app=app_of("zuora"), responses="strict")
    with pytest.raises(ResendEmailNotificationsBadRequest) as caught:
        client.resend_email_notifications(MISSING_IDS)
    assert list(caught.value.body) == MISSING_IDS
    known = ["a02ea6d76931475bb73fcd339b5f6ht8g", "40dbbc5f2cfb4e2fa236db11ea1dfghht"]
    assert client.resend_email_notifications([*known, "a3fd8e81c20a4ac0a1eb3747339asdfef"]) == {}


def test_other_requests_get_first_success_example():
    client = ZuoraClient(bearer_auth="token", app=app_of("zuora"), responses="strict")
    assert list(client.resend_email_notifications(["whatever"])) == MISSING_IDS[:1]


def test_vendor_replies_satisfy_a_strict_client():
    capillary = CapillaryClient(access_token="token", app=app_of("capillary"), responses="strict")
    resent = capillary.resend_message(ResendRequest(message_id=1746061653596))
    assert isinstance(resent, ResentMessage)
    assert isinstance(
        capillary.resend_message(ResendRequest(message_id=174606165)), MessageNotFound
    )
    leegality = LeegalityClient(auth_token="token", app=app_of("leegality"), responses="strict")
    reply = leegality.resend_notifications(
        LeegalityRequest(sign_urls=["5f0c3b1e-2a4d-4c6f-8e97-1b2d3f405162"])
    )
    assert reply.messages == []


def test_x_equals_holds_in_body_and_headers():
    capillary = CapillaryClient(access_token="token", app=app_of("capillary"), responses="strict")
    resent = capillary.resend_message(ResendRequest(message_id=7))
    assert isinstance(resent, ResentMessage)
    assert resent.undelivered_message_id == 7
    answer = ask(
        app_of("zuora"), "POST", ZUORA, json=["a"], headers={**TOKEN, "Zuora-Track-Id": "mine"}
    )
    assert answer.headers["Zuora-Track-Id"] == "mine"
    assert (
        "Zuora-Track-Id"
        not in ask(app_of("zuora"), "POST", ZUORA, json=["a"], headers=TOKEN).headers
    )


@pytest.mark.parametrize(
    ("prefer", "status", "applied"),
    [
        ("code=409", 409, "code=409"),
        ("Code = 409 , respond-async", 409, "code=409"),
        ('wait=10, code="409"', 409, "code=409"),
        ("code=400, example=allFailed", 400, "code=400, example=allFailed"),
        ("example=requestRefused", 400, "example=requestRefused"),
        ('code=202; x=1, example="noneFailed"', 202, "code=202, example=noneFailed"),
        ("code=409, code=429", 409, "code=409"),
        ("code=499", 202, None),
        ("code=202, example=allFailed", 202, None),
        ("example=nothing", 202, None),
        ("code=abc, =, ;;", 202, None),
    ],
)
def test_prefer_chooses_the_reply(prefer: str, status: int, applied: str | None):
    answer = ask(app_of("zuora"), "POST", ZUORA, json=["a"], headers={**TOKEN, "Prefer": prefer})
    assert (answer.status_code, answer.headers.get("Preference-Applied")) == (status, applied)


def test_preferred_error_is_typed_for_client():
    client = ZuoraClient(
        bearer_auth="token", app=app_of("zuora"), responses="strict", headers={"Prefer": "code=409"}
    )
    with pytest.raises(ResendEmailNotificationsConflict):
        client.resend_email_notifications(["a"])


def test_what_the_contract_refuses_is_refused():
    assert ask(app_of("zuora"), "POST", ZUORA, json=[1], headers=TOKEN).status_code == 400
    assert ask(app_of("zuora"), "POST", ZUORA, json=["a"]).status_code == 401


CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Buoys", "version": "1"},
    "paths": {
        "/logs": {
            "get": {
                "responses": {
                    "200": {
                        "description": "the log",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["at"],
                                    "properties": {"at": {"type": "string", "format": "date"}},
                                }
                            },
                            "text/plain": {"schema": {"type": "string"}, "example": "all is well"},
                            "application/octet-stream": {},
                            "application/jsonl": {
                                "schema": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {"n": {"type": "integer"}},
                                    },
                                },
                                "examples": {"two": {"value": [{"n": 1}, {"n": 2}]}},
                            },
                            "text/event-stream": {
                                "schema": {
                                    "type": "object",
                                    "required": ["data"],
                                    "properties": {"data": {"type": "string"}},
                                }
                            },
                        },
                    }
                }
            }
        },
        "/buoys/{id}": {
            "get": {
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                        "examples": {"far": {"value": 9}},
                    },
                    {"name": "unit", "in": "query", "schema": {"type": "string"}},
                ],
                "responses": {
                    "404": {"description": "none"},
                    "200": {
                        "description": "one",
                        "headers": {
                            "X-Unit": {
                                "schema": {"type": "string"},
                                "x-equals": "$request.query.unit",
                            },
                            "X-Count": {
                                "required": True,
                                "schema": {"type": "integer", "minimum": 3},
                            },
                        },
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Buoy"},
                                "examples": {"far": {"value": {"id": 1, "code": "ZZ"}}},
                            }
                        },
                    },
                },
            },
            "put": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {
                    "200": {
                        "description": "one",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Buoy"}}
                        },
                    }
                },
            },
            "delete": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {
                    "200": {
                        "description": "one",
                        "content": {"application/json": {"schema": {"not": {}}}},
                    }
                },
            },
        },
    },
    "components": {
        "schemas": {
            "Buoy": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "x-equals": "$request.path.id"},
                    "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
                },
            }
        }
    },
}
OPERATIONS = """
from bothends.runtime.operation import Api, Binary, Events, Json, JsonLines, Operation, Path, Query, Reply, ResponseHeader, Text
API = Api(package=__package__, title="Buoys")
ID = Path("id", "id", int)
OPERATIONS = (
    Operation(api=API, id="logs", name="logs", method="GET", path="/logs", replies={"200": Reply(
        Json(dict), Text(), Binary(), JsonLines(dict), Events(dict))}),
    Operation(api=API, id="get", name="get", method="GET", path="/buoys/{id}",
              parameters=(ID, Query("unit", "unit", str, required=False)),
              replies={"404": Reply(), "200": Reply(Json(dict), headers=(
                  ResponseHeader("x_unit", "X-Unit", str), ResponseHeader("x_count", "X-Count", int, required=True)))}),
    Operation(api=API, id="put", name="put", method="PUT", path="/buoys/{id}", parameters=(ID,),
              replies={"200": Reply(Json(dict))}),
    Operation(api=API, id="delete", name="delete", method="DELETE", path="/buoys/{id}", parameters=(ID,),
              replies={"200": Reply(Json(dict))}),
)
"""


@pytest.fixture(scope="module")
def buoys(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder: Path = tmp_path_factory.mktemp("buoys") / "made_buoys"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "operations.py").write_text(OPERATIONS, encoding="utf-8")
    (folder / "contract.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
    sys.path.insert(0, str(folder.parent))

    try:
        return import_module("made_buoys.operations")
    finally:
        sys.path.remove(str(folder.parent))


def buoy_app(buoys: ModuleType) -> ASGIApp:
    return DefaultStandIn(buoys.API, buoys.OPERATIONS).app()


def test_parameters_can_name_the_example_too(buoys: ModuleType):
    assert ask(buoy_app(buoys), "GET", "/buoys/9").json() == {"id": 9, "code": "ZZ"}


def test_reply_headers_follow_request_or_schema(buoys: ModuleType):
    headers = ask(buoy_app(buoys), "GET", "/buoys/1?unit=m%2Fs").headers
    assert (headers["X-Unit"], headers["X-Count"]) == ("m/s", "3")
    assert "X-Unit" not in ask(buoy_app(buoys), "GET", "/buoys/1").headers


def test_value_follows_schema_without_examples(buoys: ModuleType):
    answers = [ask(buoy_app(buoys), "PUT", "/buoys/5") for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"id": 5, "code": "AB"}] * 2


@pytest.mark.parametrize(
    ("accept", "content_type", "content"),
    [
        (None, "application/json", b'{"at":"2000-01-01"}'),
        ("text/*", "text/plain", b"all is well"),
        ("application/octet-stream", "application/octet-stream", b""),
        ("application/jsonl, application/json;q=0.5", "application/jsonl", b'{"n":1}\n{"n":2}\n'),
        ("text/event-stream", "text/event-stream", b"data: data\n\n"),
    ],
)
def test_accept_chooses_the_media_type(
    buoys: ModuleType, accept: str | None, content_type: str, content: bytes
):
    answer = ask(buoy_app(buoys), "GET", "/logs", headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (
        200,
        content_type,
    )
    assert answer.content == content


def test_log_reports_value_nobody_can_make(buoys: ModuleType, caplog: pytest.LogCaptureFixture):
    answer = ask(buoy_app(buoys), "DELETE", "/buoys/5")
    assert answer.status_code == 501
    assert "and no value can be made from its schema" in caplog.text


def test_log_has_verdicts_and_no_secrets(caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO", "bothends")
    app = app_of("zuora")
    for body, headers in (
        (["a"], TOKEN),
        ([1], TOKEN),
        (["a"], {"Authorization": "Basic c2VjcmV0"}),
    ):
        ask(app, "POST", ZUORA + "?key=secret", json=body, headers=headers)

    ask(app, "GET", ZUORA)
    told = [record.getMessage() for record in caplog.records if record.name == "bothends.zuora"]
    assert told == [
        "credentials are not tried: any of the right form will do, no `authenticate` was given",
        f"POST {ZUORA}: accepted, answered 202",
        f"POST {ZUORA}: refused: body at /0: must be string, got integer, answered 400",
        f"POST {ZUORA}: refused: credentials: are required: Authorization: Bearer, answered 401",
        f"GET {ZUORA}: refused: the contract has no GET at {ZUORA}; it has POST, OPTIONS, answered 405",
    ]
    assert "secret" not in caplog.text


BODIES: dict[str, tuple[str, Any]] = {
    "zuora": (ZUORA, ["a"]),
    "capillary": ("/v2/communications/resend", {"messageId": 1}),
    "leegality": ("/v3.0/sign/request/resend", {"signUrls": ["x"]}),
}
CREDENTIALS = {**TOKEN, "CAP-API-ACCESS-TOKEN": "t", "X-Auth-Token": "t"}


@pytest.mark.parametrize("vendor", BODIES)
def test_every_documented_reply_is_valid_on_request(vendor: str):
    (operation,) = import_module(f"{vendor}.operations").OPERATIONS
    path, body = BODIES[vendor]
    contract = load_contract(operation.api)

    for status, reply in operation.replies.items():
        answer = ask(
            app_of(vendor),
            "POST",
            path,
            json=body,
            headers={**CREDENTIALS, "Prefer": f"code={status}"},
        )
        assert answer.status_code == int(status)
        assert bool(answer.content) == bool(reply.media)
        for media in reply.media:
            schema = operation.pointer + join(
                "responses", status, "content", media.media_type, "schema"
            )
            assert contract.accepts(schema, answer.json())

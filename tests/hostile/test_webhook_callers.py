"""Senders of webhooks that mean harm: a signature is of the bytes, the moment and the secret, or refused."""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from bothends.runtime import HmacSignature, StandardWebhooks
from tests.packages import handler, send

from .served import package_of

CONTRACT = """\
paths: {}
webhooks:
  tide:
    post:
      operationId: tideTurned
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: Thanks.}, '400': {description: Wrong.}}
"""
SCHEME = StandardWebhooks("whsec_" + base64.b64encode(b"s" * 32).decode())
HMAC = HmacSignature("secret", header="X-Signature", prefix="sha256=")
BODY = b'{"level": 1}'
CHANGES: dict[str, Callable[[int], dict[str, Any]]] = {
    "no headers": lambda now: dict.fromkeys(SCHEME.sign({}, BODY, now), ""),
    "epoch": lambda _: {"webhook-timestamp": "0"},
    "long ago": lambda now: {"webhook-timestamp": str(now - 400)},
    "later": lambda now: {"webhook-timestamp": str(now + 1_000)},
    "another moment": lambda now: {"webhook-timestamp": str(now + 1)},
    "many digits": lambda _: {"webhook-timestamp": "9" * 5_000},
    "other digits": lambda _: {"webhook-timestamp": "\u0661".encode()},
    "underscores": lambda now: {"webhook-timestamp": f"{now:_}"},
    "a long signature": lambda _: {"webhook-signature": "v1,AAAA " * 100_000},
    "no UTF-8": lambda _: {"webhook-signature": b"v1,\xff\xfe"},
    "another version": lambda now: {
        "webhook-signature": "v2," + SCHEME.sign({}, BODY, now)["webhook-signature"][3:]
    },
    "another id": lambda _: {"webhook-id": "msg_other"},
    "a long id": lambda _: {"webhook-id": "a" * 1_000_000},
}


@pytest.fixture
def now() -> int:
    # Not when the tests are collected: that may be long before.
    return int(time.time())


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Any:
    package = package_of(tmp_path_factory.mktemp("tides"), CONTRACT)
    return import_module(f"{package.__name__}.webhook_server")


def answer(module: Any, signed_by: Any, headers: Any, body: bytes = BODY) -> tuple[int, int]:
    """The status, and how often the handler was asked."""
    received: list[Any] = []

    async def keep(body: Any) -> None:
        received.append(body)

    app = module.create_webhook_app(handler(tide_turned=keep), signed_by=signed_by)
    lines = [(b"content-type", b"application/json")]
    lines += [
        (name.encode(), value.encode() if isinstance(value, str) else value)
        for name, value in headers
    ]
    status = send(app, "POST", "/webhooks/tide", headers=lines, content=body).status_code
    return status, len(received)


def test_what_is_signed_arrives(module: Any, now: int) -> None:
    assert answer(module, SCHEME, SCHEME.sign({}, BODY, now).items()) == (204, 1)
    assert answer(module, HMAC, HMAC.sign({}, BODY, now).items()) == (204, 1)


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_signature_is_refused(module: Any, now: int, name: str) -> None:
    headers: dict[str, Any] = {**SCHEME.sign({}, BODY, now), **CHANGES[name](now)}
    assert answer(module, SCHEME, headers.items()) == (401, 0)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_a_repeated_header_is_refused(module: Any, now: int, header: str) -> None:
    headers = [*SCHEME.sign({}, BODY, now).items(), (header, str(now))]
    assert answer(module, SCHEME, headers) == (401, 0)
    twice = [*HMAC.sign({}, BODY, now).items()] * 2
    assert answer(module, HMAC, twice) == (401, 0)


@pytest.mark.parametrize("body", [b'{"level": 2}', gzip.compress(BODY), b""])
def test_a_changed_body_is_refused(module: Any, now: int, body: bytes) -> None:
    headers = [*SCHEME.sign({}, BODY, now).items(), ("content-encoding", "gzip")]
    assert answer(module, SCHEME, headers[: 3 if body == b"" else 4], body) == (401, 0)
    assert answer(module, HMAC, HMAC.sign({}, BODY, now).items(), body) == (401, 0)


def test_a_signed_bomb_is_not_inflated_whole(module: Any, now: int) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    headers = [*SCHEME.sign({}, bomb, now).items(), ("content-encoding", "gzip")]
    status, count = answer(module, SCHEME, headers, bomb)
    assert (status in (400, 413), count) == (True, 0)

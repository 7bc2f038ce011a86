"""Webhooks that are signed: the receiver refuses what is not, before it reads it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import (
    Clock,
    HmacSignature,
    RequestError,
    Signature,
    StandardWebhooks,
    StatusError,
)

CONTRACT = """
webhooks:
  tideTurned:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
      responses: {'204': {description: Heard.}, '400': {description: Broken.}}
  chartDrawn:
    post:
      parameters: [{name: webhook-id, in: header, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Heard.}, '401': {description: Who?}}
components:
  schemas: {Tide: {type: object, required: [level], properties: {level: {type: integer}}}}
"""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret").decode()
HUB = HmacSignature("s", header="X-Signature", prefix="sha256=")
SCHEMES = [StandardWebhooks(SECRET), HUB, HmacSignature("s", header="X-S", encoding="base64")]


class At(Clock):
    """A clock that has stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture(scope="module")
def tides(made_once: Any) -> Any:
    return made_once(CONTRACT)


def receiver(tides: Any, signature: Signature, received: list[Any]) -> Any:
    def keep(body: Any, webhook_id: str = "") -> None:
        received.append(body)

    methods = handler(tide_turned=keep, chart_drawn=keep)
    return tides.module.create_webhook_app(methods, signed_by=signature)


@pytest.mark.parametrize("signature", SCHEMES)
def test_signed_webhook_arrives_and_others_do_not(tides: Any, signature: Signature) -> None:
    received: list[Any] = []
    app = receiver(tides, signature, received)
    sender = tides.module.MadeWebhookClient(app=app, signed_by=signature)
    tide = tides.models.Tide(level=2)
    sender.tide_turned(tide)
    sender.chart_drawn(b"png", webhook_id="msg_1")
    assert received == [tide, b"png"]

    for other in (
        tides.module.MadeWebhookClient(app=app),
        tides.module.MadeWebhookClient(app=app, signed_by=StandardWebhooks(OTHER)),
        tides.module.MadeWebhookClient(app=app, signed_by=HmacSignature("x", header="X-Signature")),
    ):
        with pytest.raises(StatusError, match="401"):
            other.tide_turned(tide)
    # Who is not known learns nothing of what is wrong with the body.
    path = "/webhooks/tideTurned"
    assert send(app, "POST", path, json={"level": "x"}).status_code == 401
    assert len(received) == 2


def test_standard_webhooks_agrees_with_its_specification() -> None:
    scheme, content = StandardWebhooks(SECRET), b'{"test": 2432232314}'
    headers = scheme.sign({"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek"}, content, 1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert scheme.fault(headers, content, 1614265330) is None
    assert scheme.fault(headers, content + b" ", 1614265330) == "is not made with the secret"

    # Several are sent while a secret is replaced; other versions are passed over.
    several = {**headers, "webhook-signature": f"v1a,x v1,eA== {headers['webhook-signature']}"}
    assert scheme.fault(several, content, 1614265330) is None
    assert StandardWebhooks(OTHER, SECRET).fault(headers, content, 1614265330) is None
    for word in headers:
        assert scheme.fault({**headers, word: ""}, content, 1614265330)


def test_hmac_agrees_with_a_known_one() -> None:
    scheme = HmacSignature(
        "It's a Secret to Everybody", header="X-Hub-Signature-256", prefix="sha256="
    )
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": expected}
    assert scheme.sign({}, b"Hello, World!", 0) == headers
    assert scheme.fault(headers, b"Hello, World!", 0) is None
    assert scheme.fault({"x-hub-signature-256": expected[7:]}, b"Hello, World!", 0)
    assert scheme.fault(headers, b"Hello, World", 0)


@pytest.mark.parametrize(
    ("late", "is_taken"), [(0, True), (290, True), (310, False), (-310, False)]
)
def test_old_webhook_is_not_taken_again(tides: Any, late: int, is_taken: bool) -> None:
    received: list[Any] = []
    scheme = StandardWebhooks(SECRET)
    sent_at = datetime.now(UTC).timestamp() - late
    sender = tides.module.MadeWebhookClient(
        app=receiver(tides, scheme, received), signed_by=scheme, clock=At(sent_at)
    )
    try:
        sender.tide_turned(tides.models.Tide(level=2))
    except StatusError:
        assert not is_taken
    assert len(received) == is_taken


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1e9", "9" * 5000, "\u0661"])
def test_odd_timestamp_is_a_refusal(timestamp: str) -> None:
    scheme = StandardWebhooks(SECRET)
    headers = {**scheme.sign({}, b"", 0), "webhook-timestamp": timestamp}
    assert scheme.fault(headers, b"", 0)


def test_what_cannot_be_signed_is_not_sent(tides: Any, tmp_path: Any) -> None:
    file = tmp_path / "chart.png"
    file.write_bytes(b"png")
    sender = tides.module.MadeWebhookClient(app=receiver(tides, HUB, []), signed_by=HUB)
    with file.open("rb") as opened, pytest.raises(RequestError, match="pass its bytes"):
        sender.chart_drawn(opened, webhook_id="msg_1")


def test_wrong_secrets_and_options_are_errors(tides: Any) -> None:
    for secret in ("whsec_", "whsec_?", ""):
        with pytest.raises(ValueError, match="base64"):
            StandardWebhooks(secret)
    with pytest.raises(TypeError, match="needs a secret"):
        StandardWebhooks()
    with pytest.raises(ValueError, match="needs a secret"):
        HmacSignature("", header="X")
    with pytest.raises(TypeError, match="must be a Signature"):
        tides.module.create_webhook_app(handler(), signed_by=SECRET)
    with pytest.raises(TypeError, match="must be a Signature"):
        tides.module.MadeWebhookClient(signed_by=SECRET)

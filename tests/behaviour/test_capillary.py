"""The Capillary client reaches the Capillary stand-in: each documented outcome, and each claim that the stand-in keeps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.vendors.stand_ins import post, stand_in

from bothends.runtime import RequestError
from capillary import errors
from capillary.client import CapillaryClient
from capillary.models import (
    InvalidInput,
    InvalidInputError,
    MessageNotFound,
    MessageNotFoundError,
    ResendOutcome,
    ResendRequest,
    ResentMessage,
)
from capillary.server import create_app

PATH = "/v2/communications/resend"
KNOWN = 1746061653596
UNKNOWN = 174606165
BAD_INPUT = "Input is invalid, Please check request parameters or input xml/json"

capillary = stand_in("capillary")


def client_of(vendor: Any) -> CapillaryClient:
    return CapillaryClient(access_token="token", app=vendor.app(), responses="strict")


def test_a_message_is_resent_under_a_new_id_c16_c17_c18():
    answer = client_of(capillary.StandIn()).resend_message(ResendRequest(message_id=KNOWN))
    assert isinstance(answer, ResentMessage)
    assert (answer.org_id, answer.undelivered_message_id, answer.warnings) == (100737, KNOWN, [])
    assert answer.resent_message_id == 1748743190124


def test_each_call_makes_another_id_c18():
    client = client_of(capillary.StandIn())
    answers = [client.resend_message(ResendRequest(message_id=KNOWN)) for _ in range(3)]
    ids = {answer.resent_message_id for answer in answers if isinstance(answer, ResentMessage)}
    assert len(ids) == 3
    assert KNOWN not in ids


def test_an_unknown_message_is_a_typed_outcome_c20_c21_c22():
    answer = client_of(capillary.StandIn()).resend_message(ResendRequest(message_id=UNKNOWN))
    assert isinstance(answer, MessageNotFound)
    (error,) = answer.errors
    assert (error.status, error.code) == (False, 4223)
    assert (
        error.message
        == "Failed to resend message : Message not found for orgId: 100737 and messageId: 174606165"
    )


def test_the_reply_to_an_unknown_message_has_no_warnings_c20():
    answer = post(
        capillary.StandIn().app(),
        PATH,
        json={"messageId": UNKNOWN},
        headers={"CAP-API-ACCESS-TOKEN": "t"},
    )
    assert answer.status_code == 200
    assert answer.json().keys() == {"errors"}


@pytest.mark.parametrize(
    "body", [{"messageId": "x"}, {"messageId": None}, {}, [], {"messageId": 2**63}]
)
def test_bad_input_is_answered_as_documented_c23_c24(body: object):
    answer = post(capillary.StandIn().app(), PATH, json=body, headers={"CAP-API-ACCESS-TOKEN": "t"})
    assert answer.status_code == 400
    assert answer.json()["warnings"] == []
    (error,) = answer.json()["errors"]
    assert (error["status"], error["code"]) == (False, 400)


NOT_UNDERSTOOD = InvalidInput(
    warnings=[], errors=[InvalidInputError(status=False, code=400, message=BAD_INPUT)]
)
NOT_FOUND = MessageNotFound(
    errors=[MessageNotFoundError(status=False, code=4223, message="Message not found")]
)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("failure", [NOT_UNDERSTOOD, NOT_FOUND])
def test_either_failure_is_typed_under_either_status_c29(
    failure: InvalidInput | MessageNotFound, status: int
):
    class Failing:
        async def resend_message(self, body: ResendRequest) -> ResendOutcome:
            if status == 400:
                raise errors.ResendMessageBadRequest(failure)
            return failure

    client = CapillaryClient(access_token="token", app=create_app(Failing()), responses="strict")
    try:
        outcome: object = client.resend_message(ResendRequest(message_id=KNOWN))
    except errors.ResendMessageBadRequest as caught:
        outcome = caught.body

    assert type(outcome) is type(failure)
    assert outcome == failure


def test_an_id_beyond_64_bits_is_not_sent_c12_c13():
    with pytest.raises(RequestError):
        client_of(capillary.StandIn()).resend_message(ResendRequest(message_id=2**63))


def with_credentials() -> Any:
    return capillary.StandIn(logins={"till": "hash"}, tokens=frozenset({"token"})).app()


def test_a_login_or_a_token_is_enough_c5():
    app = with_credentials()
    for client in (
        CapillaryClient(app=app, basic_auth=("till", "hash")),
        CapillaryClient(app=app, access_token="token"),
    ):
        assert isinstance(client.resend_message(ResendRequest(message_id=KNOWN)), ResentMessage)


def test_a_wrong_login_or_token_is_refused_c5():
    app = with_credentials()
    for client in (
        CapillaryClient(app=app, basic_auth=("till", "wrong")),
        CapillaryClient(app=app, access_token="no"),
    ):
        with pytest.raises(errors.ResendMessageUnauthorized):
            client.resend_message(ResendRequest(message_id=KNOWN))

"""The Leegality client reaches the Leegality stand-in: each documented outcome, and each claim that the stand-in keeps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.vendors.stand_ins import post, stand_in

from bothends.runtime import RequestError
from leegality import errors
from leegality.client import LeegalityClient
from leegality.models import InvitationOutcome, ResendRequest

PATH = "/v3.0/sign/request/resend"
HOST = "https://sandbox.leegality.com/sign/"
OPEN = "2bdcc3ef-661f-440c-b059-82c0ff6ce4d8"
SIGNED = "5f0c3b1e-2a4d-4c6f-8e97-1b2d3f405162"
STRANGE = "00000000-0000-4000-8000-000000000000"

leegality = stand_in("leegality")


def client_of(vendor: Any) -> LeegalityClient:
    return LeegalityClient(auth_token="token", app=vendor.app(), responses="strict")


def outcomes(client: LeegalityClient, *sign_urls: str) -> list[InvitationOutcome]:
    reply = client.resend_notifications(ResendRequest(sign_urls=list(sign_urls)))
    assert reply.status == 1
    assert reply.data is not None
    assert reply.data.invitations is not None
    return reply.data.invitations


def test_the_samples_of_the_document_meet_l12_l29():
    answer = post(
        leegality.StandIn().app(),
        PATH,
        json={"signUrls": [HOST + OPEN]},
        headers={"X-Auth-Token": "t"},
    )
    assert answer.json() == {
        "status": 1,
        "messages": [
            {"code": "simpleWorkFlow.success", "message": "Invitations sent successfully."}
        ],
        "data": {
            "invitations": [
                {
                    "status": 1,
                    "name": "Abhishek Sharma",
                    "email": "signer@example.com",
                    "phone": "9876543210",
                    "signUrl": HOST + OPEN,
                    "message": "Invitation(s) sent successfully. Please ask invitees to check their inbox.",
                }
            ]
        },
    }


def test_an_invitation_is_resent_to_who_has_not_signed_l2_l27():
    (outcome,) = outcomes(client_of(leegality.StandIn()), HOST + OPEN)
    assert (outcome.status, outcome.name, outcome.phone) == (1, "Abhishek Sharma", "9876543210")
    assert (
        outcome.message
        == "Invitation(s) sent successfully. Please ask invitees to check their inbox."
    )


def test_a_bare_uuid_is_answered_with_the_full_url_l10_l26():
    (outcome,) = outcomes(client_of(leegality.StandIn()), OPEN)
    assert (outcome.status, outcome.sign_url) == (1, HOST + OPEN)


def test_who_has_signed_is_not_invited_again_l2_l25_l28():
    (outcome,) = outcomes(client_of(leegality.StandIn()), SIGNED)
    assert (outcome.status, outcome.message) == (0, "Document(s) already signed by the invitee.")
    assert outcome.phone is None


@pytest.mark.parametrize("sign_url", [STRANGE, "https://elsewhere.test/sign/" + OPEN, ""])
def test_an_unknown_url_is_a_failure_without_a_name_l23_l24_l25_l28(sign_url: str):
    (outcome,) = outcomes(client_of(leegality.StandIn()), sign_url)
    assert (outcome.status, outcome.message) == (0, "You do not have access to the document.")
    assert (outcome.name, outcome.email, outcome.phone) == (None, None, None)
    assert {"name", "email", "phone"} <= outcome.model_fields_set


def test_after_five_resends_there_is_no_sixth_l28():
    client = client_of(leegality.StandIn())
    assert [outcomes(client, OPEN)[0].status for _ in range(5)] == [1] * 5
    (outcome,) = outcomes(client, OPEN)
    assert outcome.status == 0
    assert outcome.message == (
        "You have already resent invitation mail 5 times. Please contact support@leegality.com for help."
    )


def test_there_is_one_outcome_per_sign_url_in_their_order_l21_l31():
    found = outcomes(client_of(leegality.StandIn()), SIGNED, OPEN, STRANGE, OPEN)
    assert [outcome.status for outcome in found] == [0, 1, 0, 1]
    assert [outcome.sign_url for outcome in found] == [
        HOST + uuid for uuid in (SIGNED, OPEN, STRANGE, OPEN)
    ]


def test_the_status_is_1_when_every_invitation_failed_l15_l31():
    reply = client_of(leegality.StandIn()).resend_notifications(ResendRequest(sign_urls=[SIGNED]))
    assert (reply.status, reply.messages) == (1, [])


@pytest.mark.parametrize(
    "body", [{"signUrls": []}, {"signUrls": [OPEN] * 16}, {"signUrls": [1]}, []]
)
def test_a_request_that_fails_as_a_whole_is_a_200_with_status_0_l14_l17_l19(body: object):
    answer = post(leegality.StandIn().app(), PATH, json=body, headers={"X-Auth-Token": "t"})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["data"]) == (0, {})
    (message,) = answer.json()["messages"]
    assert message["code"] == "validator.invalid"
    assert message["message"]


@pytest.mark.parametrize("body", [b"{}", b'{"other": 1}', b""])
def test_a_missing_list_is_answered_with_a_null_code_l18_l19(body: bytes):
    headers = {"X-Auth-Token": "t", "Content-Type": "application/json"}
    answer = post(leegality.StandIn().app(), PATH, content=body, headers=headers)
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["data"]) == (0, {})
    (message,) = answer.json()["messages"]
    assert message["code"] is None
    assert message["message"]


@pytest.mark.parametrize("count", [0, 16])
def test_none_or_too_many_sign_urls_are_not_sent_l9(count: int):
    with pytest.raises(RequestError, match="1" if count == 0 else "15"):
        client_of(leegality.StandIn()).resend_notifications(ResendRequest(sign_urls=[OPEN] * count))


def test_a_wrong_token_is_refused_l3():
    app = leegality.StandIn(tokens=frozenset({"good"})).app()
    with pytest.raises(errors.ResendNotificationsUnauthorized):
        LeegalityClient(auth_token="bad", app=app).resend_notifications(
            ResendRequest(sign_urls=[OPEN])
        )
    client = LeegalityClient(auth_token="good", app=app)
    assert client.resend_notifications(ResendRequest(sign_urls=[OPEN])).status == 1

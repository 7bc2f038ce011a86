"""The Zuora client reaches the Zuora stand-in: each documented outcome, and each claim that the stand-in keeps."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest
from tests.vendors.stand_ins import post, stand_in

from bothends.runtime import RequestError
from zuora import errors
from zuora.client import AsyncZuoraClient, ZuoraClient
from zuora.models import FailedNotification, Refusal
from zuora.server import create_app

PATH = "/notifications/email-histories/resend"
KNOWN = "a02ea6d76931475bb73fcd339b5f6ht8g"
ALSO_KNOWN = "40dbbc5f2cfb4e2fa236db11ea1dfghht"
UNKNOWN = "a00000000000000000000000000000000"
NOT_FOUND = {"code": "ObjectNotFound", "message": "Email history does not exist."}

zuora = stand_in("zuora")


def client_of(vendor: Any, token: str = "token") -> ZuoraClient:
    return ZuoraClient(bearer_auth=token, app=vendor.app(), responses="strict")


def test_a_blank_202_means_that_none_failed_z4():
    vendor = zuora.StandIn()
    assert client_of(vendor).resend_email_notifications([KNOWN, ALSO_KNOWN]) == {}
    assert vendor.sent == [KNOWN, ALSO_KNOWN]
    answer = post(vendor.app(), PATH, json=[KNOWN], headers={"Authorization": "Bearer token"})
    assert (answer.status_code, answer.content) == (202, b"")
    assert "Content-Type" not in answer.headers


def test_a_partial_success_lists_what_failed_and_why_z5_z30():
    vendor = zuora.StandIn()
    failed = client_of(vendor).resend_email_notifications([KNOWN, UNKNOWN])
    assert {id_: (why.code, why.message) for id_, why in failed.items()} == {
        UNKNOWN: tuple(NOT_FOUND.values())
    }
    assert vendor.sent == [KNOWN]


def test_the_samples_of_the_document_meet_z27_z30():
    ids = [KNOWN, ALSO_KNOWN, "a3fd8e81c20a4ac0a1eb3747339asdfef", UNKNOWN]
    answer = post(zuora.StandIn().app(), PATH, json=ids, headers={"Authorization": "Bearer token"})
    assert (answer.status_code, answer.json()) == (202, {UNKNOWN: NOT_FOUND})


def test_a_400_lists_every_one_z6():
    with pytest.raises(errors.ResendEmailNotificationsBadRequest) as caught:
        client_of(zuora.StandIn()).resend_email_notifications([UNKNOWN, "other"])
    assert {id_: why.code for id_, why in caught.value.body.items()} == dict.fromkeys(
        [UNKNOWN, "other"], "ObjectNotFound"
    )


def test_a_known_notification_can_fail_for_its_own_reason():
    why = FailedNotification(code="MailboxFull", message="The mailbox is full.")
    vendor = zuora.StandIn(
        notifications={KNOWN: zuora.Notification(), "full": zuora.Notification(failure=why)}
    )
    assert client_of(vendor).resend_email_notifications([KNOWN, "full"]) == {"full": why}


def test_no_ids_at_all_is_no_failure():
    assert client_of(zuora.StandIn()).resend_email_notifications([]) == {}


def test_more_than_a_thousand_ids_are_refused_by_both_ends_z26():
    vendor = zuora.StandIn()
    with pytest.raises(RequestError, match="1000"):
        client_of(vendor).resend_email_notifications(["a"] * 1001)
    answer = post(
        vendor.app(), PATH, json=[KNOWN] * 1001, headers={"Authorization": "Bearer token"}
    )
    assert (answer.status_code, answer.json().keys()) == (400, {"request"})
    assert client_of(vendor).resend_email_notifications([KNOWN] * 1000) == {}


def test_an_unknown_token_is_refused_z8_z102():
    vendor = zuora.StandIn(tenants={"good": zuora.Tenant("acme")})
    with pytest.raises(errors.ResendEmailNotificationsUnauthorized) as caught:
        client_of(vendor, "bad").resend_email_notifications([KNOWN])
    assert caught.value.body.message
    assert client_of(vendor, "good").resend_email_notifications([KNOWN]) == {}


def test_a_token_for_several_entities_needs_one_named_z19():
    vendor = zuora.StandIn(
        tenants={"token": zuora.Tenant("acme", entities=frozenset({"north", "south"}))}
    )
    client = client_of(vendor)
    for entity in (None, "west"):
        with pytest.raises(errors.ResendEmailNotificationsForbidden):
            client.resend_email_notifications([KNOWN], zuora_entity_ids=entity)
    assert client.resend_email_notifications([KNOWN], zuora_entity_ids="north") == {}


def of_orgs() -> Any:
    return zuora.StandIn(
        tenants={"token": zuora.Tenant("acme", orgs=frozenset({"red", "blue"}))},
        notifications={"of red": zuora.Notification("red"), "of blue": zuora.Notification("blue")},
    )


def test_an_organisation_that_is_not_open_makes_the_call_fail_z21():
    vendor = of_orgs()
    with pytest.raises(errors.ResendEmailNotificationsForbidden):
        client_of(vendor).resend_email_notifications(["of red"], zuora_org_ids="red,green")
    assert vendor.sent == []


def test_without_organisations_the_call_covers_all_that_are_open_z22():
    client = client_of(of_orgs())
    assert client.resend_email_notifications(["of red", "of blue"]) == {}
    assert client.resend_email_notifications(["of red", "of blue"], zuora_org_ids="") == {}
    assert client.resend_email_notifications(["of red", "of blue"], zuora_org_ids="red").keys() == {
        "of blue"
    }


def test_the_track_id_comes_back_and_nothing_else_does_z16_z109():
    app = zuora.StandIn().app()
    mine = {"Authorization": "Bearer token", "Zuora-Track-Id": "my call"}
    assert post(app, PATH, json=[KNOWN], headers=mine).headers["Zuora-Track-Id"] == "my call"
    answer = post(app, PATH, json=[KNOWN], headers={"Authorization": "Bearer token"})
    assert "Zuora-Track-Id" not in answer.headers
    assert len(answer.headers["Zuora-Request-Id"]) == 36


def test_the_track_id_of_a_failure_is_at_hand_z16():
    with pytest.raises(errors.ResendEmailNotificationsBadRequest) as caught:
        client_of(zuora.StandIn()).resend_email_notifications([UNKNOWN], zuora_track_id="my call")
    assert caught.value.headers["Zuora-Track-Id"] == "my call"


@pytest.mark.parametrize("track_id", ["a:b", "a;b", 'a"b', "a'b", "\u00e9", "a" * 65])
def test_a_track_id_outside_the_alphabet_is_not_sent_z15_z17(track_id: str):
    with pytest.raises(RequestError):
        client_of(zuora.StandIn()).resend_email_notifications([KNOWN], zuora_track_id=track_id)


def test_the_same_key_does_the_work_once_z11_z110():
    vendor = zuora.StandIn()
    client = client_of(vendor)
    for _ in range(2):
        assert client.resend_email_notifications([KNOWN, UNKNOWN], idempotency_key="k").keys() == {
            UNKNOWN
        }

    assert vendor.sent == [KNOWN]
    client.resend_email_notifications([KNOWN], idempotency_key="another")
    assert vendor.sent == [KNOWN, KNOWN]


def test_without_a_key_of_the_caller_each_call_has_its_own_z11():
    vendor = zuora.StandIn()
    client = client_of(vendor)
    client.resend_email_notifications([KNOWN])
    client.resend_email_notifications([KNOWN])
    assert vendor.sent == [KNOWN, KNOWN]


def test_a_failure_is_stored_too_with_its_headers_z110():
    vendor = zuora.StandIn()
    client = client_of(vendor)
    request_ids = set[str]()

    for _ in range(2):
        with pytest.raises(errors.ResendEmailNotificationsBadRequest) as caught:
            client.resend_email_notifications(["late"], idempotency_key="k")
        request_ids.add(caught.value.headers["Zuora-Request-Id"])
        vendor.notifications["late"] = zuora.Notification()

    assert len(request_ids) == 1
    assert client.resend_email_notifications(["late"], idempotency_key="new") == {}


def test_a_key_is_forgotten_after_a_day_z111():
    now = 0.0
    vendor = zuora.StandIn(clock=lambda: now)
    client = client_of(vendor)
    client.resend_email_notifications([KNOWN], idempotency_key="k")
    now = 24 * 3600 - 1.0
    client.resend_email_notifications([KNOWN], idempotency_key="k")
    assert vendor.sent == [KNOWN]
    now = 24 * 3600.0
    client.resend_email_notifications([KNOWN], idempotency_key="k")
    assert vendor.sent == [KNOWN, KNOWN]


def test_a_key_of_another_tenant_is_refused_z105():
    app = zuora.StandIn().app()
    ZuoraClient(bearer_auth="one", app=app).resend_email_notifications([KNOWN], idempotency_key="k")
    with pytest.raises(errors.ResendEmailNotificationsUnprocessableContent):
        ZuoraClient(bearer_auth="two", app=app).resend_email_notifications(
            [KNOWN], idempotency_key="k"
        )


def test_a_key_whose_first_request_is_running_is_refused_z104():
    async def scenario() -> list[str]:
        sending, done = asyncio.Event(), asyncio.Event()

        async def send(_: str) -> None:
            sending.set()
            await done.wait()

        vendor = zuora.StandIn(send=send)
        async with AsyncZuoraClient(bearer_auth="token", app=vendor.app()) as client:
            first = asyncio.create_task(
                client.resend_email_notifications([KNOWN], idempotency_key="k")
            )
            await sending.wait()
            with pytest.raises(errors.ResendEmailNotificationsConflict):
                await client.resend_email_notifications([KNOWN], idempotency_key="k")

            done.set()
            assert await first == {}
            assert await client.resend_email_notifications([KNOWN], idempotency_key="k") == {}

        sent: list[str] = vendor.sent
        return sent

    assert asyncio.run(scenario()) == [KNOWN]


def test_a_request_that_broke_off_frees_its_key():
    async def broken(_: str) -> None:
        raise OSError

    vendor = zuora.StandIn(send=broken)
    app = vendor.app()
    headers = {"Authorization": "Bearer token", "Idempotency-Key": "k"}
    assert post(app, PATH, json=[KNOWN], headers=headers).status_code == 500
    vendor.send = zuora.StandIn().send
    assert post(app, PATH, json=[KNOWN], headers=headers).status_code == 202


def test_a_compressed_request_is_read_z14():
    headers = {
        "Authorization": "Bearer token",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    content = gzip.compress(json.dumps([UNKNOWN, KNOWN]).encode())
    answer = post(zuora.StandIn().app(), PATH, content=content, headers=headers)
    assert (answer.status_code, answer.json()) == (202, {UNKNOWN: NOT_FOUND})


def test_a_reply_of_more_than_1000_bytes_is_compressed_on_request_z12_z13():
    vendor = zuora.StandIn()
    many = [f"{number:033}" for number in range(20)]
    headers = {"Authorization": "Bearer token", "Accept-Encoding": "gzip"}
    answer = post(vendor.app(), PATH, json=many, headers=headers)
    assert (answer.headers["Content-Encoding"], answer.json().keys()) == ("gzip", set(many))
    plain = post(vendor.app(), PATH, json=many, headers={**headers, "Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert (
        "Content-Encoding" not in post(vendor.app(), PATH, json=many[:2], headers=headers).headers
    )
    assert client_of(vendor).resend_email_notifications(
        [KNOWN, *many], accept_encoding="gzip"
    ).keys() == set(many)


def test_a_reply_of_exactly_1000_bytes_is_not_compressed_z13():
    def reply(padding: int) -> Any:
        why = FailedNotification(code="c", message="m" * padding)
        app = zuora.StandIn(notifications={"x": zuora.Notification(failure=why)}).app()
        headers = {"Authorization": "Bearer token", "Accept-Encoding": "gzip"}
        return post(app, PATH, json=["x"], headers=headers)

    padding = 1000 - len(reply(0).content)
    assert (len(reply(padding).content), "Content-Encoding" in reply(padding).headers) == (
        1000,
        False,
    )
    assert (len(reply(padding + 1).content), "Content-Encoding" in reply(padding + 1).headers) == (
        1001,
        True,
    )


def test_too_many_requests_say_how_long_to_wait_z106():
    class Busy:
        async def resend_email_notifications(
            self, notification_ids: list[str], **_: object
        ) -> dict[str, FailedNotification]:
            raise errors.ResendEmailNotificationsTooManyRequests(
                Refusal(message="Too many requests."),
                headers={"Retry-After": 7, "RateLimit-Remaining": 0},
            )

    client = ZuoraClient(bearer_auth="token", app=create_app(Busy()), responses="strict")
    with pytest.raises(errors.ResendEmailNotificationsTooManyRequests) as caught:
        client.resend_email_notifications([KNOWN])

    assert (caught.value.headers["Retry-After"], caught.value.body.message) == (
        "7",
        "Too many requests.",
    )

"""Every sample of the vendors' documents is an example of the contract, verbatim, and valid."""

from __future__ import annotations

from typing import Any

import pytest

from .documents import (
    VENDORS,
    document,
    examples,
    fits,
    json_samples,
    operation,
    reply_content,
    request_content,
)

ZUORA_IDS = [
    "a02ea6d76931475bb73fcd339b5f6ht8g",
    "40dbbc5f2cfb4e2fa236db11ea1dfghht",
    "a3fd8e81c20a4ac0a1eb3747339asdfef",
    "a00000000000000000000000000000000",
]
ZUORA_FAILED = {
    "a00000000000000000000000000000000": {
        "code": "ObjectNotFound",
        "message": "Email history does not exist.",
    }
}
CAPILLARY_REQUEST = {"messageId": 1746061653596}
CAPILLARY_RESENT: dict[str, Any] = {
    "orgId": 100737,
    "undeliveredMessageId": 1746061653596,
    "resentMessageId": 1748743190124,
    "warnings": [],
}
CAPILLARY_NOT_FOUND = {
    "errors": [
        {
            "status": False,
            "message": "Failed to resend message : Message not found for orgId: 100737 and messageId: 174606165",
            "code": 4223,
        }
    ]
}
CAPILLARY_BAD_INPUT = {
    "warnings": [],
    "errors": [
        {
            "status": False,
            "code": 400,
            "message": "Input is invalid, Please check request parameters or input xml/json",
        }
    ],
}
LEEGALITY_URL = "https://sandbox.leegality.com/sign/2bdcc3ef-661f-440c-b059-82c0ff6ce4d8"
LEEGALITY_REQUEST = {"signUrls": [LEEGALITY_URL]}
LEEGALITY_REPLY = {
    "status": 1,
    "messages": [{"code": "simpleWorkFlow.success", "message": "Invitations sent successfully."}],
    "data": {
        "invitations": [
            {
                "status": 1,
                "name": "Abhishek Sharma",
                "email": "signer@example.com",
                "phone": "9876543210",
                "signUrl": LEEGALITY_URL,
                "message": "Invitation(s) sent successfully. Please ask invitees to check their inbox.",
            }
        ]
    },
}

SAMPLES: dict[str, list[Any]] = {
    "zuora": [ZUORA_IDS, ZUORA_FAILED],
    "capillary": [
        CAPILLARY_REQUEST,
        CAPILLARY_REQUEST,
        CAPILLARY_RESENT,
        CAPILLARY_NOT_FOUND,
        CAPILLARY_BAD_INPUT,
    ],
    "leegality": [LEEGALITY_REQUEST, LEEGALITY_REPLY],
}

REQUESTS = [
    ("zuora", ZUORA_IDS),
    ("capillary", CAPILLARY_REQUEST),
    ("leegality", LEEGALITY_REQUEST),
]
REPLIES: list[tuple[str, str, object]] = [
    ("zuora", "202", ZUORA_FAILED),
    ("zuora", "400", ZUORA_FAILED),
    ("capillary", "200", CAPILLARY_RESENT),
    ("capillary", "200", CAPILLARY_NOT_FOUND),
    ("capillary", "400", CAPILLARY_NOT_FOUND),
    ("capillary", "200", CAPILLARY_BAD_INPUT),
    ("capillary", "400", CAPILLARY_BAD_INPUT),
    ("leegality", "200", LEEGALITY_REPLY),
]
REFUSED: list[tuple[str, object]] = [
    ("zuora", ["a"] * 1001),
    ("zuora", [1]),
    ("zuora", {"ids": []}),
    ("capillary", {}),
    ("capillary", {"messageId": "1746061653596"}),
    ("capillary", {"messageId": 1.5}),
    ("leegality", {}),
    ("leegality", {"signUrls": []}),
    ("leegality", {"signUrls": [LEEGALITY_URL] * 16}),
    ("leegality", {"signUrls": LEEGALITY_URL}),
]


@pytest.mark.parametrize("key", ["zuora", "capillary", "capillary-markdown", "leegality"])
def test_the_samples_here_are_those_of_the_document(key: str):
    assert json_samples(document(key)) == SAMPLES[key.partition("-")[0]]


@pytest.mark.parametrize(("vendor", "sample"), REQUESTS)
def test_a_request_of_the_document_is_an_example_and_valid(vendor: str, sample: object):
    content = request_content(vendor)
    assert sample in examples(content)
    assert fits(vendor, content, sample)


@pytest.mark.parametrize(("vendor", "status", "sample"), REPLIES)
def test_a_reply_of_the_document_is_valid(vendor: str, status: str, sample: object):
    assert fits(vendor, reply_content(vendor, status), sample)


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_reply_of_the_document_is_an_example(vendor: str):
    replies = [reply for reply in operation(vendor)["responses"].values() if "content" in reply]
    shown = [value for reply in replies for value in _values(reply["content"]["application/json"])]
    assert all(sample in shown for sampled, _, sample in REPLIES if sampled == vendor)


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_example_of_the_contract_is_valid(vendor: str):
    replies = [
        reply["content"]["application/json"]
        for reply in operation(vendor)["responses"].values()
        if "content" in reply
    ]
    for content in [request_content(vendor), *replies]:
        assert all(fits(vendor, content, value) for value in _values(content))


@pytest.mark.parametrize(("vendor", "request_body"), REFUSED)
def test_what_the_document_excludes_is_not_valid(vendor: str, request_body: object):
    assert not fits(vendor, request_content(vendor), request_body)


def test_the_largest_requests_of_the_documents_are_valid():
    assert fits("zuora", request_content("zuora"), ["a"] * 1000)
    assert fits(
        "leegality",
        request_content("leegality"),
        {"signUrls": [LEEGALITY_URL.rpartition("/")[2]] * 15},
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_reply_to_a_broken_request_is_valid(vendor: str):
    answer = operation(vendor)["x-on-invalid"]
    content = reply_content(vendor, str(answer["status"]))
    for name in (answer["example"], *answer.get("examples", {}).values()):
        assert fits(vendor, content, content["examples"][name]["value"])


def _values(content: dict[str, Any]) -> list[Any]:
    return examples(content) if "examples" in content else [content["example"]]
